//! The names of rows, beside what the rows show.

use crate::report::chart::ChartError;
use crate::report::chart::canvas::{Anchor, Canvas, Point, Type};
use crate::report::chart::frame::{TICK, wrap};

/// Distance between two lines of a name, in type sizes.
const PITCH: f64 = 1.2;

/// Room for a name: its width, and the height of its row.
pub type Room = (f64, f64);

/// A name in one or two lines around `at`, cut where it does not fit.
pub fn name(
    canvas: &Canvas<'_>,
    (at, anchor): (Point, Anchor),
    (text, (width, height)): (&str, Room),
) -> Result<(), ChartError> {
    let face = Type::new((height * 0.42).clamp(13.0, TICK)).anchor(anchor);
    let small = Type { size: (height * 0.34).clamp(13.0, TICK), ..face };
    let single = face.width(text)? <= width || height < 2.0 * PITCH * small.size;
    let (face, lines) = match single {
        true => (face, vec![text.to_owned()]),
        false => (small, wrap(text, small, width)?),
    };
    for (i, line) in lines.iter().enumerate() {
        let up = (lines.len() as f64 - 1.0) / 2.0 - i as f64;
        let at = (at.0, at.1 - up * face.size * PITCH);
        canvas.text(at, &face.cut(line, width)?, face)?;
    }
    Ok(())
}
