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
    /// A block with diagonal lines of a second colour.
    Hatched(RGBColor, RGBColor),
    Disc(RGBColor),
    Ring(RGBColor),
    Diamond(RGBColor),
    /// Words alone.
    Nothing,
}

impl Swatch {
    fn width(self) -> f64 {
        match self {
            Self::Line(_) => 34.0,
            Self::Block(_) | Self::Hatched(..) => 22.0,
            Self::Disc(_) | Self::Ring(_) | Self::Diamond(_) => 16.0,
            Self::Nothing => -8.0,
        }
    }

    /// Fills `place` as the swatch's block is; lines and marks fill nothing.
    pub fn fill(self, canvas: &Canvas<'_>, place: Rect) -> Result<(), ChartError> {
        match self {
            Self::Block(ink) => canvas.rect(place, ink),
            Self::Hatched(ground, ink) => {
                canvas.rect(place, ground)?;
                hatch(canvas, place, (Stroke::solid(ink, 1.6), 8.0))
            }
            _ => Ok(()),
        }
    }

    fn draw(self, canvas: &Canvas<'_>, (x, y): Point) -> Result<(), ChartError> {
        let middle = (x + self.width() / 2.0, y);
        match self {
            Self::Line(stroke) => canvas.line((x, y), (x + self.width(), y), stroke),
            Self::Block(_) | Self::Hatched(..) => {
                let right = x + self.width();
                self.fill(canvas, Rect { left: x, top: y - 8.0, right, bottom: y + 8.0 })
            }
            Self::Disc(ink) => canvas.disc(middle, 7.0, ink),
            Self::Ring(ink) => canvas.ring(middle, 6.0, Stroke::solid(ink, 2.6)),
            Self::Diamond(ink) => diamond(canvas, middle, (8.0, ink)),
            Self::Nothing => Ok(()),
        }
    }
}

/// Swatches with their names, from `at` to the right.
pub fn key(canvas: &Canvas<'_>, at: Point, entries: &[(Swatch, String)]) -> Result<(), ChartError> {
    wrapped_key(canvas, (at, f64::INFINITY), entries).map(|_| ())
}

/// Distance between two lines of a key.
pub const KEY_LINE: f64 = 26.0;

/// As [`key`], going on in a new line where `right` is reached; returns the height of the last.
pub fn wrapped_key(
    canvas: &Canvas<'_>,
    (at, right): (Point, f64),
    entries: &[(Swatch, String)],
) -> Result<f64, ChartError> {
    let (mut x, mut y) = at;
    let face = Type::new(SMALL).color(color::MUTED);
    for (swatch, name) in entries {
        let room = right - at.0 - swatch.width() - 8.0;
        let name = if room.is_finite() { face.cut(name, room)? } else { name.clone() };
        let width = swatch.width() + 8.0 + face.width(&name)?;
        if x > at.0 && x + width > right {
            (x, y) = (at.0, y + KEY_LINE);
        }
        swatch.draw(canvas, (x, y))?;
        canvas.text((x + swatch.width() + 8.0, y), &name, face)?;
        x += width + 24.0;
    }
    Ok(y)
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

/// From 5 to 95 % with the mean, or the like: dark on light so that it is seen on what lies below
/// and beside it.
pub fn whisker(
    canvas: &Canvas<'_>,
    (low, point, high): (f64, f64, f64),
    y: f64,
) -> Result<(), ChartError> {
    span(canvas, &[(low, y), (high, y)], &[low, high])?;
    dot(canvas, (point, y))
}

/// A whisker whose upper end lies beyond `edge`, without its point.
pub fn open_span(canvas: &Canvas<'_>, (low, edge): (f64, f64), y: f64) -> Result<(), ChartError> {
    span(canvas, &[(low, y), (edge - 2.0, y)], &[low])?;
    let head = [(edge + 8.0, y), (edge - 4.0, y - 6.0), (edge - 4.0, y + 6.0)];
    canvas.polygon(&head, color::INK)
}

fn span(canvas: &Canvas<'_>, ends: &[Point; 2], closed: &[f64]) -> Result<(), ChartError> {
    let y = ends[0].1;
    for stroke in [Stroke::solid(color::WHITE, 5.0), Stroke::solid(color::INK, 2.0)] {
        canvas.line(ends[0], ends[1], stroke)?;
        for end in closed {
            canvas.line((*end, y - 6.0), (*end, y + 6.0), stroke)?;
        }
    }
    Ok(())
}

pub fn dot(canvas: &Canvas<'_>, at: Point) -> Result<(), ChartError> {
    canvas.disc(at, 6.5, color::WHITE)?;
    canvas.disc(at, 4.5, color::INK)
}

/// Diagonal lines, `pitch` pixels apart.
pub fn hatch(
    canvas: &Canvas<'_>,
    place: Rect,
    (stroke, pitch): (Stroke, f64),
) -> Result<(), ChartError> {
    let (width, height) = (place.width(), place.height());
    for i in 1..((width + height) / pitch) as usize {
        let along = i as f64 * pitch;
        let (start, end) = ((along - height).max(0.0), along.min(width));
        let point = |x: f64| (place.left + x, place.top + along - x);
        canvas.line(point(start), point(end), stroke)?;
    }
    Ok(())
}
