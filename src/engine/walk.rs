//! Time: when does the mark first reach the liquidation price?
//!
//! Within a bar the mark slides through its waypoints and a trigger fires at its own price;
//! between bars it jumps, and what was crossed by the jump fires at the open. Funding due in a
//! bar is applied before the bar's first waypoint, which is conservative for whoever pays.

use super::funding::FundingBook;
use super::margin::{FundingPerUnit, Law, Position, against};
use crate::history::{Bars, History};
use crate::money::Price;
use crate::scenario::{BarPath, FirstLeg, Side};

/// One history under one law.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    pub history: &'a History,
    pub funding: &'a FundingBook,
    pub law: Law<'a>,
    pub path: BarPath,
}

/// Which bars a position lives through: `first .. first + bars`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    pub first: usize,
    pub bars: usize,
}

/// The moment a position became liquidatable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    pub bar: usize,
    /// The mark that fired.
    pub mark: Price,
    /// The last traded price at the same point of the bar's path.
    pub last: Price,
}

/// How a position's exposure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// `None`: it lived through the whole exposure.
    pub trigger: Option<Trigger>,
    /// Funding paid per unit up to the end of this life.
    pub paid: FundingPerUnit,
    /// Worst mark while alive: lowest for a long, highest for a short.
    pub worst: Price,
}

/// Walks the bars of an exposure, from one funding settlement to the next.
pub fn walk(market: &Market, position: &Position, exposure: Exposure) -> Life {
    let end = exposure.first + exposure.bars;
    let base = market.funding.before_open(exposure.first);
    let mut settled = base;
    let mut bar = exposure.first;
    loop {
        while market.funding.bar_of(settled).is_some_and(|due| due <= bar) {
            settled += 1;
        }
        let paid = market.funding.sum(settled).since(market.funding.sum(base));
        let until = market.funding.bar_of(settled).map_or(end, |due| due.min(end));
        if let Some(level) = market.law.liquidation_price(position, paid)
            && let Some(hit) = first_touch(&market.history.mark, position.side, bar..until, level)
        {
            let trigger = trigger_in(market, position.side, hit, level);
            let before = worst_mark(market, position.side, exposure.first..hit);
            let worst =
                before.map_or(trigger.mark, |mark| worse(position.side, mark, trigger.mark));
            return Life { trigger: Some(trigger), paid, worst };
        }
        if until == end {
            let worst = worst_mark(market, position.side, exposure.first..end);
            return Life { trigger: None, paid, worst: worst.unwrap_or(position.entry) };
        }
        bar = until;
    }
}

/// First bar of a range whose adverse extreme reaches a level.
fn first_touch(
    mark: &Bars,
    side: Side,
    bars: std::ops::Range<usize>,
    level: Price,
) -> Option<usize> {
    let first = bars.start;
    let hit = match side {
        Side::Long => mark.low[bars].iter().position(|low| *low <= level),
        Side::Short => mark.high[bars].iter().position(|high| *high >= level),
    };
    hit.map(|offset| first + offset)
}

fn worst_mark(market: &Market, side: Side, bars: std::ops::Range<usize>) -> Option<Price> {
    match side {
        Side::Long => market.history.mark.low[bars].iter().min().copied(),
        Side::Short => market.history.mark.high[bars].iter().max().copied(),
    }
}

fn worse(side: Side, one: Price, other: Price) -> Price {
    match side {
        Side::Long => one.min(other),
        Side::Short => one.max(other),
    }
}

fn reaches(side: Side, mark: Price, level: Price) -> bool {
    match side {
        Side::Long => mark <= level,
        Side::Short => mark >= level,
    }
}

/// Where inside the bar the level was reached, on the mark and on the last traded price.
fn trigger_in(market: &Market, side: Side, bar: usize, level: Price) -> Trigger {
    let waypoints = |bars: &Bars| waypoints(bars, bar, market.path.first_leg());
    let (mark, last) = (waypoints(&market.history.mark), waypoints(&market.history.trade));
    if reaches(side, mark[0], level) {
        return Trigger { bar, mark: mark[0], last: last[0] };
    }
    let leg = if reaches(side, mark[1], level) { 0 } else { 1 };
    let along = (mark[leg], mark[leg + 1], level);
    Trigger { bar, mark: level, last: same_point(side, along, (last[leg], last[leg + 1])) }
}

/// Open, first extreme, second extreme: beyond the second extreme no adverse price is new.
fn waypoints(bars: &Bars, bar: usize, first: FirstLeg) -> [Price; 3] {
    let (open, high, low) = (bars.open[bar], bars.high[bar], bars.low[bar]);
    match first {
        FirstLeg::Down => [open, low, high],
        FirstLeg::Up => [open, high, low],
    }
}

/// The last price when the mark stands at `level` between two waypoints: the same fraction of the
/// leg, rounded against the position (down for a long that must sell, up for a short).
fn same_point(side: Side, mark: (Price, Price, Price), last: (Price, Price)) -> Price {
    let (from, to, level) = (mark.0.steps(), mark.1.steps(), mark.2.steps());
    let span = i128::from((to - from).abs());
    let done = i128::from((level - from).abs());
    let leg = i128::from(last.1.steps() - last.0.steps());
    let moved = against(side).div(leg * done, span);
    // Between two waypoints of the same bar, hence within i64 again.
    Price::from_steps(last.0.steps() + moved as i64)
}
