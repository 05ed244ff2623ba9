//! Bars as they are drawn: what lies between low and high, and the line of closes.

use super::scale::condense;
use super::{Bar, span};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Canvas, Point, Rect, Stroke};
use crate::report::chart::time::Times;
use crate::report::chart::{ChartError, color};

/// Strength of the band of last prices; the other band has twice as much.
pub const LAST: f64 = 0.22;

/// Bars, joined where there are too many, with their place on the page.
pub struct Candles {
    bars: Vec<Bar>,
    /// Milliseconds that each spans.
    span: i64,
    x: Times,
    y: Axis,
}

impl Candles {
    /// `x` are the ends of the time axis in pixels.
    pub fn new((bars, interval): (&[Bar], i64), x: (f64, f64), y: Axis) -> Self {
        let x = Times::new(span(bars, interval), x);
        let (bars, span) = condense(bars, interval);
        Self { bars, span, x, y }
    }

    /// The left and right edge of a bar, at least a pixel apart.
    fn edges(&self, bar: &Bar) -> (f64, f64) {
        let (left, right) = (self.x.at(bar.time), self.x.at(bar.time + self.span));
        let pad = if right - left < 3.0 { 0.0 } else { ((right - left) * 0.18).min(3.0) };
        (left + pad, (right - pad).max(left + 1.0))
    }

    /// From low to high.
    pub fn ranges(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let band = |bar: &Bar, (low, high): (f64, f64), strength: f64| {
            let (left, right) = self.edges(bar);
            let rect = Rect { left, top: self.y.at(high), right, bottom: self.y.at(low) };
            canvas.rect(rect, color::tint(color::INK, strength))
        };
        for bar in &self.bars {
            bar.last.map_or(Ok(()), |last| band(bar, last, LAST))?;
        }
        self.bars.iter().try_for_each(|bar| band(bar, (bar.low, bar.high), 2.0 * LAST))
    }

    /// The line of closes, broken where bars are missing; a lone bar's close is a dash.
    pub fn closes(&self, canvas: &Canvas<'_>, stroke: Stroke) -> Result<(), ChartError> {
        let joined = |a: &Bar, b: &Bar| b.time - a.time <= self.span;
        for run in self.bars.chunk_by(joined) {
            let at = |bar: &Bar| (self.x.at(bar.time + self.span), self.y.at(bar.close));
            let mut points: Vec<Point> = run.iter().map(at).collect();
            if let [end] = points[..] {
                points.insert(0, (self.x.at(run[0].time), end.1));
            }
            canvas.path(&points, stroke)?;
        }
        Ok(())
    }
}
