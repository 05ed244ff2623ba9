//! Time inside the bars of a world. Rules `EXC-008` and `EXC-009`, and `σ/σ0` of `DEP-006`.
//!
//! A bar is a jump to its open and three legs, each cut into sub-steps of equal length. Where the
//! price goes in a sub-step and how turbulent it was when the sub-step began depends on nothing
//! that comes after it.

use super::journal::Moment;
use super::scene::Market;
use crate::engine::{same_point, waypoints};
use crate::history::Bars;
use crate::money::Price;
use crate::scenario::{FirstLeg, Side, exchange::PathOrder};
use std::ops::Range;

/// Usual sub-steps of a leg where some symbol's bar is wide.
const FINE: u8 = 4;
const LEGS: u8 = 3;

/// Where a world's bars lead first.
pub const fn first_leg(order: PathOrder, world: u32) -> FirstLeg {
    match order {
        PathOrder::LowFirst => FirstLeg::Down,
        PathOrder::HighFirst => FirstLeg::Up,
        PathOrder::Both if world.is_multiple_of(2) => FirstLeg::Down,
        PathOrder::Both => FirstLeg::Up,
    }
}

/// The way of every symbol through the bars of a scene; shared by all worlds with this first leg.
#[derive(Debug, Clone)]
pub struct Path<'a> {
    markets: &'a [Market<'a>],
    /// First bar that the worlds live through, ≥ 1.
    first: usize,
    first_leg: FirstLeg,
    /// `σ0` of each symbol; `None`: nothing moved before the start.
    calm: Vec<Option<f64>>,
    /// Sub-steps of a leg of a wide bar.
    fine: u8,
}

/// A stretch of time in which all prices go straight to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Substep {
    /// Its end, and its number in the bar: 0 is the jump to the open.
    pub moment: Moment,
    /// Since the end of the one before.
    pub millis: i64,
    /// Sub-steps of each leg of this bar.
    pub pieces: u8,
}

impl Substep {
    pub fn is_jump(&self) -> bool {
        self.moment.substep == 0
    }
}

/// Prices at one point of the path, as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub mark: Price,
    pub last: Price,
}

impl<'a> Path<'a> {
    /// Through the markets of a scene, from its first bar on.
    pub fn of(markets: &'a [Market<'a>], first: usize, first_leg: FirstLeg) -> Self {
        let calm = markets.iter().map(|market| median_range(market, first)).collect();
        Self { markets, first, first_leg, calm, fine: FINE }
    }

    /// With so many sub-steps in each leg of a wide bar, 1 to 60.
    #[must_use]
    pub fn in_steps(self, fine: u8) -> Self {
        Self { fine, ..self }
    }

    /// All bars that the worlds live through.
    pub fn bars(&self) -> Range<usize> {
        let bars = self.markets.first().map_or(0, |market| market.history.len());
        self.first..bars
    }

    /// The sub-steps of a bar: the jump, then the pieces of its legs.
    pub fn substeps(&self, bar: usize) -> impl Iterator<Item = Substep> + use<> {
        let history = self.markets[0].history;
        let (open, interval) = (history.time[bar], history.interval.millis());
        let since = open - (history.time[bar - 1] + interval);
        let pieces = if self.is_wide(bar) { self.fine } else { 1 };
        let count = i64::from(LEGS * pieces);
        let end = move |number: i64| open + interval * number / count;
        (0..=LEGS * pieces).map(move |substep| {
            let time = end(substep.into());
            let millis = if substep == 0 { since } else { time - end(i64::from(substep) - 1) };
            Substep { moment: Moment { bar, substep, time }, millis, pieces }
        })
    }

    /// Where a symbol is at the end of a sub-step.
    pub fn target(&self, step: &Substep, symbol: usize) -> Point {
        let history = self.markets[symbol].history;
        Point { mark: self.along(&history.mark, step), last: self.along(&history.trade, step) }
    }

    /// `σ/σ0` of a symbol when a sub-step begins: the larger of the last bar's range and of this
    /// bar's so far, over the median range before the start.
    pub fn turbulence(&self, step: &Substep, symbol: usize) -> f64 {
        let Some(calm) = self.calm[symbol] else { return 1.0 };
        let (trade, bar) = (&self.markets[symbol].history.trade, step.moment.bar);
        self.range_before(trade, step).max(range(trade, bar - 1)) / calm
    }

    /// Which settlements are due before the open of a bar: numbers of the symbol's funding book.
    pub fn settlements(&self, bar: usize, symbol: usize) -> Range<usize> {
        let book = self.markets[symbol].funding;
        let (opening, last) = (book.before_open(self.first), book.through(bar));
        let from = if bar == self.first { opening } else { book.through(bar - 1) };
        from..last.max(from)
    }

    /// Whether some symbol moves by more than 1 % in a bar.
    fn is_wide(&self, bar: usize) -> bool {
        let wide = |bars: &Bars| {
            let (high, low) = (bars.high[bar].steps(), bars.low[bar].steps());
            i128::from(high - low) * 100 > i128::from(bars.open[bar].steps())
        };
        self.markets
            .iter()
            .any(|Market { history, .. }| wide(&history.mark) || wide(&history.trade))
    }

    fn along(&self, bars: &Bars, step: &Substep) -> Price {
        let waypoints = waypoints(bars, step.moment.bar, self.first_leg);
        let Some(done) = step.moment.substep.checked_sub(1) else { return waypoints[0] };
        let (leg, piece) = (usize::from(done / step.pieces), done % step.pieces + 1);
        if piece == step.pieces {
            return waypoints[leg + 1];
        }
        let (from, to) = (waypoints[leg].steps(), waypoints[leg + 1].steps());
        let (piece, pieces) = (i64::from(piece), i64::from(step.pieces));
        // In two parts, because the product itself may not fit.
        let (whole, rest) = ((to - from).div_euclid(pieces), (to - from).rem_euclid(pieces));
        Price::from_steps(from + whole * piece + rest * piece / pieces)
    }

    /// Range of a bar's path up to the beginning of a sub-step.
    fn range_before(&self, bars: &Bars, step: &Substep) -> f64 {
        let Some(before) = step.moment.substep.checked_sub(1) else { return 0.0 };
        let moment = Moment { substep: before, ..step.moment };
        let now = self.along(bars, &Substep { moment, ..*step });
        let passed = usize::from(before.div_ceil(step.pieces)).max(1);
        let visited = &waypoints(bars, moment.bar, self.first_leg)[..passed];
        let low = visited.iter().fold(now, |low, price| low.min(*price));
        let high = visited.iter().fold(now, |high, price| high.max(*price));
        relative(high, low, visited[0])
    }
}

/// The last price when the mark stands at `level` on the way between two points, rounded against a
/// position of this side (`TIM-005`). A level that the way does not reach counts as its nearer end.
pub fn last_at(side: Side, from: Point, to: Point, level: Price) -> Price {
    let level = level.clamp(from.mark.min(to.mark), from.mark.max(to.mark));
    same_point(side, (from.mark, to.mark, level), (from.last, to.last))
}

fn range(bars: &Bars, bar: usize) -> f64 {
    relative(bars.high[bar], bars.low[bar], bars.open[bar])
}

fn relative(high: Price, low: Price, open: Price) -> f64 {
    (high.steps() - low.steps()) as f64 / open.steps() as f64
}

/// Of the bars that moved; the lower of the two in the middle.
fn median_range(market: &Market, end: usize) -> Option<f64> {
    let trade = &market.history.trade;
    let mut ranges: Vec<f64> = (0..end).map(|bar| range(trade, bar)).filter(|r| *r > 0.0).collect();
    let middle = ranges.len().checked_sub(1)? / 2;
    Some(*ranges.select_nth_unstable_by(middle, f64::total_cmp).1)
}
