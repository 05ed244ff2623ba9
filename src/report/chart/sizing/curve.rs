//! Shares of scenarios over the size of the fund: steps with their interval.

use plotters::style::RGBColor;

use super::Spacing;
use crate::report::chart::axis::{Axis, around};
use crate::report::chart::canvas::{self, Canvas, Rect, Stroke};
use crate::report::chart::thin::thin;
use crate::report::chart::{ChartError, check};

/// A share of scenarios with its interval, from a fund on until the next point's.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    pub fund: f64,
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

impl Point {
    /// The share of all other scenarios.
    pub fn rest(self) -> Self {
        let Self { fund, share, low, high } = self;
        Self { fund, share: 1.0 - share, low: 1.0 - high, high: 1.0 - low }
    }
}

/// Points by ascending fund, the first without a fund: so that the share is known everywhere.
pub fn check(points: &[Point]) -> Result<(), ChartError> {
    let first = points.first().ok_or(ChartError::NoData("a curve without points"))?;
    if first.fund != 0.0 {
        return Err(check::bad_number("fund at the start of a curve, which must be 0", first.fund));
    }
    for point in points {
        check::amount("fund", point.fund)?;
        check::share("share of scenarios", point.share)?;
        interval(point.low, point.high)?;
    }
    ascending("fund, which must rise from point to point", points.iter().map(|point| point.fund))
}

pub fn interval(low: f64, high: f64) -> Result<(), ChartError> {
    check::share("lower end of an interval", low)?;
    check::share("upper end of an interval", high)?;
    ordered("upper end below the lower end of an interval", low, high)
}

pub fn ordered(what: &'static str, low: f64, high: f64) -> Result<(), ChartError> {
    if low <= high { Ok(()) } else { Err(check::bad_number(what, high)) }
}

/// Whether each value is above the one before it.
pub fn ascending(
    what: &'static str,
    values: impl Iterator<Item = f64> + Clone,
) -> Result<(), ChartError> {
    let fallen = values.clone().zip(values.skip(1)).find(|(before, after)| after <= before);
    fallen.map_or(Ok(()), |(_, after)| Err(check::bad_number(what, after)))
}

/// Which point holds at a fund.
pub fn at(points: &[Point], fund: f64) -> usize {
    points.partition_point(|point| point.fund <= fund).saturating_sub(1)
}

/// The point that holds at a fund.
pub fn reading(points: &[Point], fund: f64) -> Point {
    Point { fund, ..points[at(points, fund)] }
}

/// Needs below this part of the largest are dust.
const DECADES: f64 = 1e-6;

/// What an axis of funds spans: today's fund, and the needed ones but for the dust among them;
/// `None` where nothing is above 0.
pub fn reach(
    spacing: Spacing,
    needed: impl Iterator<Item = f64>,
    today: Option<f64>,
) -> Option<(f64, f64)> {
    let today = today.filter(|fund| *fund > 0.0);
    let above: Vec<f64> = needed.filter(|fund| *fund > 0.0).collect();
    let high = above.iter().copied().chain(today).reduce(f64::max)?;
    let low = above.iter().copied().fold(high, f64::min).max(high * DECADES);
    let low = today.map_or(low, |fund| low.min(fund));
    match spacing {
        Spacing::Linear => Some((0.0, high * 1.12)),
        Spacing::Log => Some(around(low / 1.3, high * 1.3)),
    }
}

/// What an axis of shares spans downwards from 1: below the least that is seen.
pub fn depth(shares: impl Iterator<Item = f64>) -> f64 {
    let least = shares.filter(|share| *share > 0.0).fold(0.1, f64::min);
    around(least / 2.5, 1.0).0
}

/// Neighbouring steps of a band overlap by so much, so that no seam is seen.
const OVERLAP: f64 = 0.4;

/// Pixels from one line of a hatching to the next.
const PITCH: f64 = 13.0;

/// The parts of the line `x + y = sum` that lie within the heights of the columns from `left` on.
fn diagonal(
    canvas: &Canvas<'_>,
    (left, sum): (f64, f64),
    columns: &[(f64, f64)],
    stroke: Stroke,
) -> Result<(), ChartError> {
    let at = |i: usize| (left + i as f64, sum - left - i as f64);
    let inside = |i: &usize| (columns[*i].0..=columns[*i].1).contains(&at(*i).1);
    let all: Vec<usize> = (0..columns.len()).collect();
    let runs = all.chunk_by(|a, b| inside(a) == inside(b)).filter(|run| inside(&run[0]));
    runs.into_iter().try_for_each(|run| canvas.line(at(run[0]), at(run[run.len() - 1]), stroke))
}

/// Steps on the page. Shares count what is beyond a fund, on an axis from `depth` to 1.
pub struct Steps<'a> {
    pub points: &'a [Point],
    pub x: Axis,
    pub y: Axis,
    /// Where the last step ends.
    pub right: f64,
}

impl Steps<'_> {
    /// The left and right end of each step, in pixels.
    fn ends(&self) -> impl Iterator<Item = (f64, f64)> {
        let next = self.points.iter().skip(1).map(|point| self.x.at(point.fund));
        let rights = next.chain(std::iter::once(self.right));
        self.points.iter().map(|point| self.x.at(point.fund)).zip(rights)
    }

    /// Shades from the low to the high end of each step.
    pub fn band(
        &self,
        canvas: &Canvas<'_>,
        intervals: impl Iterator<Item = (f64, f64)>,
        ink: RGBColor,
    ) -> Result<(), ChartError> {
        for ((left, right), (low, high)) in self.ends().zip(intervals) {
            let right = right + OVERLAP;
            let place = Rect { left, right, top: self.y.at(high), bottom: self.y.at(low) };
            let (top, bottom) = (place.top.min(place.bottom), place.top.max(place.bottom));
            canvas.rect(Rect { top, bottom, ..place }, ink)?;
        }
        Ok(())
    }

    /// Diagonal lines over the intervals.
    pub fn hatch(
        &self,
        canvas: &Canvas<'_>,
        intervals: impl Iterator<Item = (f64, f64)>,
        (place, stroke): (Rect, Stroke),
    ) -> Result<(), ChartError> {
        let mut columns = vec![(f64::INFINITY, f64::NEG_INFINITY); place.width().ceil() as usize];
        for ((left, right), (low, high)) in self.ends().zip(intervals) {
            let column = |x: f64| (x - place.left).max(0.0) as usize;
            let last = columns.len().min(column(right) + 1);
            for (top, bottom) in &mut columns[column(left).min(last)..last] {
                *top = top.min(self.y.at(high));
                *bottom = bottom.max(self.y.at(low));
            }
        }
        let lines = ((place.width() + place.height()) / PITCH) as usize;
        (1..=lines).try_for_each(|i| {
            let from = place.left + place.bottom + PITCH * i as f64 - place.height();
            diagonal(canvas, (place.left, from), &columns, stroke)
        })
    }

    /// The highest and the lowest pixel of intervals between two columns.
    pub fn cover(
        &self,
        (from, to): (f64, f64),
        intervals: impl Iterator<Item = (f64, f64)>,
    ) -> (f64, f64) {
        let here =
            self.ends().zip(intervals).filter(|((left, right), _)| *left <= to && *right >= from);
        let heights = here.flat_map(|(_, (low, high))| [self.y.at(low), self.y.at(high)]);
        heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(top, bottom), y| {
            (top.min(y), bottom.max(y))
        })
    }

    /// A line through one share a step. Steps without one are left out.
    pub fn line(
        &self,
        canvas: &Canvas<'_>,
        shares: impl Iterator<Item = Option<f64>>,
        stroke: Stroke,
    ) -> Result<(), ChartError> {
        let mut path: Vec<canvas::Point> = Vec::new();
        for ((left, right), share) in self.ends().zip(shares) {
            let Some(share) = share else { continue };
            let y = self.y.at(share);
            path.extend([(left, y), (right, y)]);
        }
        canvas.path(&thin(path.into_iter()), stroke)
    }

    /// The shares that were seen, and the upper bound where none was.
    pub fn estimate(&self, canvas: &Canvas<'_>, stroke: Stroke) -> Result<(), ChartError> {
        let seen = |point: &Point| (point.share > 0.0).then_some(point.share);
        self.line(canvas, self.points.iter().map(seen), stroke)?;
        let bound = |point: &Point| (point.share == 0.0).then_some(point.high);
        self.line(canvas, self.points.iter().map(bound), stroke.dashed(9.0, 6.0))
    }
}
