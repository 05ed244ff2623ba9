//! Today's fund in a plot over funds: an upright line, and what is read off where it crosses.

use plotters::style::RGBColor;

use crate::report::chart::ChartError;
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::frame::NAME;
use crate::report::chart::parts::{self, SMALL};

const INK: RGBColor = category(7);
/// Distance between two lines of a reading.
const LINE: f64 = 23.0;
/// From the line to the words beside it.
const GAP: f64 = 18.0;

/// The line at `x`, named above the plot.
pub fn line(canvas: &Canvas<'_>, (place, x): (Rect, f64), fund: &str) -> Result<(), ChartError> {
    let stroke = Stroke::solid(INK, 2.4);
    canvas.line((x, place.top - 4.0), (x, place.bottom), stroke)?;
    let text = format!("Today's fund {fund}");
    let face = Type::new(NAME).bold().color(INK).anchor(Anchor::Middle);
    let half = face.width(&text)? / 2.0;
    let middle = x.max(place.left + half).min(place.right - half);
    canvas.text((middle, place.top - 17.0), &text, face)
}

/// How a curve runs from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Falls,
    Rises,
}

/// A diamond at the crossing `at`, with words beside it: the first line is the reading.
pub fn reading(
    canvas: &Canvas<'_>,
    (place, at, course): (Rect, Point, Course),
    lines: &[String],
) -> Result<(), ChartError> {
    let face = |i: usize| match i {
        0 => Type::new(NAME).bold().color(INK),
        _ => Type::new(SMALL).color(color::MUTED),
    };
    let mut width: f64 = 0.0;
    for (i, line) in lines.iter().enumerate() {
        width = width.max(face(i).width(line)?);
    }
    let height = LINE * lines.len() as f64;
    let right = at.0 + GAP + width + 8.0 <= place.right;
    let left = if right { at.0 + GAP } else { at.0 - GAP - width };
    // At the right of a curve that falls there is room above it, at its left below.
    let above = right == (course == Course::Falls);
    let wanted = if above { at.1 - GAP - height } else { at.1 + GAP };
    let top = wanted.clamp(place.top + 6.0, (place.bottom - height - 6.0).max(place.top + 6.0));
    let plate = Rect { left, top, right: left + width, bottom: top + height };
    canvas.rect(plate.inset(-6.0, -4.0, -6.0, -4.0), color::WHITE)?;
    for (i, line) in lines.iter().enumerate() {
        canvas.text((left, top + LINE * (i as f64 + 0.5)), line, face(i))?;
    }
    parts::diamond(canvas, at, (9.0, INK))
}
