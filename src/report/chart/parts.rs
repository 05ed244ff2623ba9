//! Small parts of the pictures: keys, statements and bars.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use super::frame::NAME;
use super::{ChartError, color};

/// Size of the type in keys and notes.
pub const SMALL: f64 = 17.0;

/// How a thing looks in a picture.
#[derive(Debug, Clone, Copy)]
pub enum Swatch {
    Line(Stroke),
    Block(RGBColor),
    Disc(RGBColor),
    Diamond(RGBColor),
    /// Words alone.
    Nothing,
}

impl Swatch {
    fn width(self) -> f64 {
        match self {
            Self::Line(_) => 34.0,
            Self::Block(_) => 22.0,
            Self::Disc(_) | Self::Diamond(_) => 16.0,
            Self::Nothing => -8.0,
        }
    }

    fn draw(self, canvas: &Canvas<'_>, (x, y): Point) -> Result<(), ChartError> {
        let middle = (x + self.width() / 2.0, y);
        match self {
            Self::Line(stroke) => canvas.line((x, y), (x + self.width(), y), stroke),
            Self::Block(ink) => {
                let right = x + self.width();
                canvas.rect(Rect { left: x, top: y - 8.0, right, bottom: y + 8.0 }, ink)
            }
            Self::Disc(ink) => canvas.disc(middle, 7.0, ink),
            Self::Diamond(ink) => diamond(canvas, middle, (8.0, ink)),
            Self::Nothing => Ok(()),
        }
    }
}

/// Swatches with their names, from `at` to the right.
pub fn key(canvas: &Canvas<'_>, at: Point, entries: &[(Swatch, String)]) -> Result<(), ChartError> {
    let mut x = at.0;
    let face = Type::new(SMALL).color(color::MUTED);
    for (swatch, name) in entries {
        swatch.draw(canvas, (x, at.1))?;
        x += swatch.width() + 8.0;
        canvas.text((x, at.1), name, face)?;
        x += face.width(name)? + 24.0;
    }
    Ok(())
}

pub fn diamond(
    canvas: &Canvas<'_>,
    (x, y): Point,
    (reach, ink): (f64, RGBColor),
) -> Result<(), ChartError> {
    let around = |reach: f64| [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
    canvas.polygon(&around(reach + 2.0), color::WHITE)?;
    canvas.polygon(&around(reach), ink)
}

/// A statement in place of what would be an empty panel.
pub fn statement(canvas: &Canvas<'_>, place: Rect, text: &str) -> Result<(), ChartError> {
    canvas.rect(place, color::tint(color::NO_DATA, 0.5))?;
    let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::Middle);
    canvas.text(place.middle(), text, face)
}

/// Words within a panel that shows other things too.
pub fn note(canvas: &Canvas<'_>, place: Rect, text: &str) -> Result<(), ChartError> {
    let face = Type::new(SMALL).color(color::MUTED).anchor(Anchor::Middle);
    let (x, y) = place.middle();
    let half = face.width(text)? / 2.0 + 10.0;
    let plate = Rect { left: x - half, top: y - 11.0, right: x + half, bottom: y + 11.0 };
    canvas.rect(plate, color::WHITE)?;
    canvas.text((x, y), text, face)
}
