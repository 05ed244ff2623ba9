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
const GAP: f64 = 14.0;
/// The same where there is no more room.
const TIGHT: f64 = 1.0;

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

/// A diamond at the crossing `at`, with words beside it: the first line is the reading. The words
/// stand clear of what `cover` says is drawn between two columns: its highest and lowest pixel.
pub fn reading(
    canvas: &Canvas<'_>,
    (place, at): (Rect, Point),
    lines: &[String],
    cover: impl Fn(f64, f64) -> (f64, f64),
) -> Result<(), ChartError> {
    let mut width: f64 = 0.0;
    for (i, line) in lines.iter().enumerate() {
        width = width.max(face(i).width(line)?);
    }
    let plate = clear((place, at), (width + 12.0, LINE * lines.len() as f64 + 8.0), cover);
    canvas.rect(plate, color::WHITE)?;
    for (i, line) in lines.iter().enumerate() {
        let y = plate.top + 4.0 + LINE * (i as f64 + 0.5);
        canvas.text((plate.left + 6.0, y), line, face(i))?;
    }
    parts::diamond(canvas, at, (9.0, INK))
}

fn face(line: usize) -> Type {
    match line {
        0 => Type::new(NAME).bold().color(INK),
        _ => Type::new(SMALL).color(color::MUTED),
    }
}

/// Of the places right and left of the crossing, above and below what is drawn there, the nearest.
fn clear(
    (place, at): (Rect, Point),
    (width, height): (f64, f64),
    cover: impl Fn(f64, f64) -> (f64, f64),
) -> Rect {
    let inner = place.inset(4.0, 4.0, 4.0, 4.0);
    let sides = [at.0 + GAP, at.0 - GAP - width];
    let sides = sides.into_iter().filter(|left| *left >= inner.left && left + width <= inner.right);
    let far = |(_, top): &(f64, f64)| (top + height / 2.0 - at.1).abs();
    let nearest = |gap: f64| {
        let tops = |left: f64| {
            let (top, bottom) = cover(left, left + width);
            [top.min(at.1) - gap - height, bottom.max(at.1) + gap].map(|top| (left, top))
        };
        let places = sides.clone().flat_map(tops);
        let places = places.filter(|(_, top)| *top >= inner.top && top + height <= inner.bottom);
        places.min_by(|one, other| far(one).total_cmp(&far(other)))
    };
    let (left, top) = nearest(GAP).or_else(|| nearest(TIGHT)).unwrap_or_else(|| {
        let highest = (inner.bottom - height).max(inner.top);
        (sides.clone().next().unwrap_or(inner.left), (at.1 + GAP).clamp(inner.top, highest))
    });
    Rect { left, top, right: left + width, bottom: top + height }
}
