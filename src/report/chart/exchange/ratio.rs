//! The branching ratio by price, beside a picture that has the same price axis.

use plotters::style::RGBColor;

use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::frame::{NAME, TICK};
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::tags::{self, Tag};
use crate::report::chart::{ChartError, check, label, positive};

/// The branching ratio at one depth of the book.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ratio {
    /// Multiplier of the depth: 1, 0.25.
    pub depth: f64,
    /// (price, R) below the starting mark, where longs are liquidated; by ascending price.
    pub down: Vec<(f64, f64)>,
    /// The same above it, where shorts are. May be empty.
    pub up: Vec<(f64, f64)>,
    /// The first price on the way down at which R is 1 or more.
    pub first: Option<f64>,
}

/// The ends of the axis of R: what is beyond lands on them.
const LEAST: f64 = 0.01;
const MOST: f64 = 100.0;

impl Ratio {
    pub fn check(&self) -> Result<(), ChartError> {
        positive("multiplier of the depth", self.depth)?;
        for &(price, ratio) in self.down.iter().chain(&self.up) {
            positive("price of a branching ratio", price)?;
            check::amount("branching ratio", ratio)?;
        }
        self.first.map_or(Ok(()), |price| positive("first price of R", price).map(|_| ()))
    }

    /// `× 0.25 from 104,200`.
    fn text(&self) -> String {
        match self.first {
            Some(price) => format!("×{} from {}", self.depth, label::exact_price(price)),
            None => format!("×{} nowhere", self.depth),
        }
    }
}

/// Pixels that the names beside the curves need.
pub fn room(ratios: &[Ratio]) -> Result<f64, ChartError> {
    let texts: Vec<String> = ratios.iter().map(Ratio::text).collect();
    tags::room(texts.iter().map(String::as_str))
}

fn ink(index: usize) -> RGBColor {
    match index {
        0 => color::INK,
        1 => category(0),
        _ => category(index - 1),
    }
}

/// The deeper the book, the thicker.
fn stroke(index: usize) -> Stroke {
    Stroke::solid(ink(index), (3.6 - index as f64).max(1.4))
}

/// Curves over the price axis `y`, with the line of 1.
pub fn draw(
    canvas: &Canvas<'_>,
    ratios: &[Ratio],
    (place, y): (Rect, &Axis),
    sight: (f64, f64),
) -> Result<(), ChartError> {
    let x = Axis::log((LEAST, MOST), (place.left, place.right));
    header(canvas, ratios, place)?;
    for tick in [0.01, 0.1, 1.0, 10.0, 100.0] {
        let at = x.at(tick);
        canvas.line((at, place.top), (at, place.bottom), Stroke::solid(color::GRID, 1.0))?;
        let text = match tick {
            LEAST => "≤0.01".to_owned(),
            MOST => "≥100".to_owned(),
            _ => format!("{tick}"),
        };
        let face = Type::new(TICK).anchor(Anchor::Middle);
        canvas.text((at, place.bottom + 26.0), &text, face)?;
    }
    let bottom = (place.left, place.bottom);
    canvas.line(bottom, (place.right, place.bottom), Stroke::solid(color::AXIS, 1.5))?;
    let one = Stroke::solid(color::MUTED, 1.8).dashed(7.0, 4.0);
    canvas.line((x.at(1.0), place.top), (x.at(1.0), place.bottom), one)?;
    for (i, ratio) in ratios.iter().enumerate() {
        for half in [&ratio.down, &ratio.up] {
            let seen = half.iter().filter(|(price, _)| (sight.0..=sight.1).contains(price));
            let points: Vec<Point> = seen.map(|&(price, r)| (x.at(r), y.at(price))).collect();
            canvas.path(&points, stroke(i))?;
        }
    }
    firsts(canvas, ratios, (place, x.at(1.0)), |price| {
        (sight.0..=sight.1).contains(&price).then(|| y.at(price))
    })
}

fn header(canvas: &Canvas<'_>, ratios: &[Ratio], place: Rect) -> Result<(), ChartError> {
    let y = place.top - 58.0;
    canvas.text((place.left, y), "Branching ratio R by depth", Type::new(NAME).bold())?;
    let entry =
        |(i, ratio): (usize, &Ratio)| (Swatch::Line(stroke(i)), format!("×{}", ratio.depth));
    let key: Vec<_> = ratios.iter().enumerate().map(entry).collect();
    parts::key(canvas, (place.left, y + 30.0), &key)?;
    let face = Type::new(SMALL).color(color::MUTED).anchor(Anchor::Middle);
    canvas.text((place.middle().0, place.bottom + 58.0), "R; from 1 on it sustains itself", face)
}

/// Where each curve first reaches 1 on the way down; `height` is `None` out of sight.
fn firsts(
    canvas: &Canvas<'_>,
    ratios: &[Ratio],
    (place, x): (Rect, f64),
    height: impl Fn(f64) -> Option<f64>,
) -> Result<(), ChartError> {
    let mut tags = Vec::new();
    for (i, ratio) in ratios.iter().enumerate() {
        let seen = ratio.first.and_then(&height);
        if let Some(y) = seen {
            canvas.line((x, y), (place.right, y), Stroke::solid(color::tint(ink(i), 0.5), 1.2))?;
            canvas.ring((x, y), 6.0, Stroke::solid(ink(i), 3.0))?;
        }
        // Deeper books give way further down.
        let below = place.bottom - 1e-3 * i as f64;
        tags.push(Tag { y: seen.unwrap_or(below), text: ratio.text(), ink: ink(i) });
    }
    tags::draw(canvas, place, &tags)
}
