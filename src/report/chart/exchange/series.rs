//! Values over time: lines, and bands of quantiles.

use plotters::style::RGBColor;

use super::market::Market;
use super::parts::Swatch;
use super::stage::Panel;
use crate::report::chart::ChartError;
use crate::report::chart::axis::widen;
use crate::report::chart::canvas::{Canvas, Point};
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

/// Of the points in one column of pixels only the first, the lowest, the highest and the last.
fn thin(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let points: Vec<Point> = points.collect();
    let column = |point: &Point| point.0.floor();
    let mut kept = Vec::new();
    for run in points.chunk_by(|a, b| column(a) == column(b)) {
        let by_height = |a: &usize, b: &usize| run[*a].1.total_cmp(&run[*b].1);
        let lowest = (0..run.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..run.len()).max_by(by_height).unwrap_or(0);
        let mut wanted = [0, lowest, highest, run.len() - 1];
        wanted.sort_unstable();
        kept.extend(wanted.chunk_by(|a, b| a == b).map(|same| run[same[0]]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::thin;

    #[test]
    fn a_crowded_line_keeps_its_ends_and_its_spikes() {
        let height = |i: i32| if i == 777 { -50.0 } else { f64::from(i % 7) };
        let all = (0..10_000).map(|i| (f64::from(i) / 100.0, height(i)));
        let kept = thin(all.clone());
        assert!(kept.len() <= 400);
        assert_eq!((kept[0], kept.last().copied()), ((0.0, 0.0), all.clone().next_back()));
        assert!(kept.contains(&(7.77, -50.0)));
        assert!(kept.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_line_with_room_stays_as_it_is() {
        let all: Vec<_> = (0..50).map(|i| (f64::from(i) * 3.0, f64::from(i * i % 11))).collect();
        assert_eq!(thin(all.iter().copied()), all);
    }
}
