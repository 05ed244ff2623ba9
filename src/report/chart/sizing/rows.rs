//! The names of rows, beside what the rows show.

use crate::report::chart::ChartError;
use crate::report::chart::canvas::{Canvas, Point, Type};
use crate::report::chart::frame::{TICK, wrap};

/// Distance between two lines of a name, in type sizes.
const PITCH: f64 = 1.2;

/// Room for a name: its width, and the height of its row.
pub type Room = (f64, f64);

/// The face in which all names fit: smaller where one needs two lines.
pub fn face<'a>(
    names: impl IntoIterator<Item = &'a str>,
    (width, height): Room,
) -> Result<Type, ChartError> {
    let face = Type::new((height * 0.42).clamp(13.0, TICK));
    for name in names {
        if face.width(name)? > width {
            return Ok(Type::new((height * 0.34).clamp(13.0, TICK)));
        }
    }
    Ok(face)
}

/// A name in one or two lines around `at`, cut where it does not fit.
pub fn name(
    canvas: &Canvas<'_>,
    (at, face): (Point, Type),
    (text, (width, height)): (&str, Room),
) -> Result<(), ChartError> {
    let lines = match height < 2.0 * PITCH * face.size {
        true => vec![text.to_owned()],
        false => wrap(text, face, width)?,
    };
    for (i, line) in lines.iter().enumerate() {
        let up = (lines.len() as f64 - 1.0) / 2.0 - i as f64;
        let at = (at.0, at.1 - up * face.size * PITCH);
        canvas.text(at, &face.cut(line, width)?, face)?;
    }
    Ok(())
}
