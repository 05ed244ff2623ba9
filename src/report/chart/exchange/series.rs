//! Values over time: lines, and bands of quantiles.

use plotters::style::RGBColor;

use super::market::Market;
use super::stage::Panel;
use crate::report::chart::ChartError;
use crate::report::chart::axis::widen;
use crate::report::chart::canvas::{Canvas, Point};
use crate::report::chart::parts::Swatch;
use crate::report::chart::thin::thin;
use crate::report::chart::{check, color};

/// Quantiles over the worlds, one value a bar each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Band {
    pub p5: Vec<f64>,
    pub p25: Vec<f64>,
    pub p75: Vec<f64>,
    pub p95: Vec<f64>,
}

/// Strengths of the outer and the inner band's colour.
pub const OUTER: f64 = 0.16;
pub const INNER: f64 = 0.34;

impl Band {
    pub fn check(&self, bars: usize) -> Result<(), ChartError> {
        let all = [&self.p5, &self.p25, &self.p75, &self.p95];
        all.into_iter().try_for_each(|values| check::series("quantile", values, bars))
    }

    /// What the bands are; `outer` are the words for the wider one.
    pub fn key(ink: RGBColor, outer: &str) -> [(Swatch, String); 2] {
        let block = |strength| Swatch::Block(color::tint(ink, strength));
        [(block(INNER), "25–75 %".to_owned()), (block(OUTER), outer.to_owned())]
    }

    pub fn values(&self) -> impl Iterator<Item = f64> {
        [&self.p5, &self.p95].into_iter().flatten().copied()
    }

    /// Both bands, which begin at `start`.
    pub fn draw(
        &self,
        canvas: &Canvas<'_>,
        (panel, market): (&Panel, &Market),
        (start, ink): (f64, RGBColor),
    ) -> Result<(), ChartError> {
        let bands = [(&self.p5, &self.p95, OUTER), (&self.p25, &self.p75, INNER)];
        for (low, high, strength) in bands {
            let mut outline = points((panel, market), (start, high));
            outline.extend(points((panel, market), (start, low)).into_iter().rev());
            canvas.polygon(&outline, color::tint(ink, strength))?;
        }
        Ok(())
    }
}

/// What an axis spans: all values from `start` on, and zero where they come near it.
pub fn reach(start: f64, values: impl Iterator<Item = f64>) -> (f64, f64) {
    let wider = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
    let (low, high) = values.fold((start, start), wider);
    let low = if low < high * 0.6 { low.min(0.0) } else { low };
    widen((low, high), 0.06)
}

/// The line from `start` through the values at the ends of the bars.
pub fn points((panel, market): (&Panel, &Market), (start, values): (f64, &[f64])) -> Vec<Point> {
    let first = (panel.times.at(market.span().0), panel.y.at(start));
    let ends = market.ends().zip(values);
    let rest = ends.map(|(time, value)| (panel.times.at(time), panel.y.at(*value)));
    thin(std::iter::once(first).chain(rest))
}
