//! Time: when does the mark next reach the liquidation price?
//!
//! Within a bar the mark slides through its waypoints and a trigger fires at its own price;
//! between bars it jumps, and what was crossed by the jump fires at the open. Funding due in a
//! bar is applied before the bar's first waypoint, which is conservative for whoever pays.

use super::funding::{FundingBook, FundingPerUnit};
use super::margin::{Law, against};
use super::position::Position;
use super::volatility::Raised;
use crate::history::{Bars, History};
use crate::money::Price;
use crate::passage::Passage;
use crate::scenario::{BarPath, FirstLeg, Side};
use crate::venue::VolatilityScope;
use std::ops::Range;

/// One history under one law.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    pub history: &'a History,
    pub funding: &'a FundingBook,
    pub law: Law<'a>,
    /// `None`: the requirement never changes.
    pub raised: Option<&'a Raised>,
    pub path: BarPath,
    /// Of the marks of the history.
    pub passage: Passage<'a>,
}

/// Which bars a position lives through: `first .. first + bars`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    pub first: usize,
    pub bars: usize,
}

/// What is known of an exposure before it is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    Unknown,
    /// No bar liquidates.
    Quiet,
    /// No bar before this one liquidates.
    Looks {
        bar: usize,
    },
}

impl Outlook {
    /// The first bar that is worth a look, where it is known.
    pub fn bar(self) -> Option<usize> {
        match self {
            Self::Looks { bar } => Some(bar),
            Self::Unknown | Self::Quiet => None,
        }
    }
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

/// How far along the path a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cursor {
    /// Before the open of a bar.
    Before { bar: usize },
    /// At a point of a bar's path, on the leg that ends at waypoint `leg`.
    At { point: Trigger, leg: usize },
}

impl Cursor {
    pub fn bar(self) -> usize {
        match self {
            Self::Before { bar } => bar,
            Self::At { point, .. } => point.bar,
        }
    }
}

/// What was found, under which law, and where the search goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub trigger: Trigger,
    pub law: Law<'a>,
    /// Taken out of the margin per unit since the entry.
    pub paid: FundingPerUnit,
    pub cursor: Cursor,
}

/// The search of one position through its exposure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    market: &'a Market<'a>,
    /// Settlements before the entry.
    base: usize,
    first: usize,
    end: usize,
}

/// A mark before which nothing can happen in all of an exposure.
#[derive(Debug, Clone, Copy)]
enum Nearest {
    /// `None`: no mark liquidates.
    At(Option<Price>),
    /// The requirement itself changes from time to time or from mark to mark.
    Unknown,
}

/// A stretch of bars in which neither funding nor the requirement changes.
struct Stretch<'a> {
    law: Law<'a>,
    paid: FundingPerUnit,
    until: usize,
}

impl<'a> Search<'a> {
    pub fn new(market: &'a Market<'a>, exposure: Exposure) -> Self {
        let base = market.funding.before_open(exposure.first);
        let end = exposure.first + exposure.bars;
        Self { market, base, first: exposure.first, end }
    }

    /// Settlements before the entry.
    pub fn base(&self) -> usize {
        self.base
    }

    /// Settlements up to and in a bar.
    pub fn settled(&self, bar: usize) -> usize {
        self.market.funding.through(bar).max(self.base)
    }

    /// First bar of the exposure.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Bar after the last one of the exposure.
    pub fn end(&self) -> usize {
        self.end
    }

    /// The law in force in a bar, with what the venue requires then.
    pub fn law_in(&self, bar: usize) -> (Law<'a>, Option<usize>) {
        let law = self.market.law;
        match self.market.raised {
            None => (law, None),
            Some(raised) => match raised.scope {
                VolatilityScope::NewPositions => {
                    (Law { tiers: raised.at(self.first).0, ..law }, None)
                }
                VolatilityScope::AllPositions => {
                    let (tiers, next) = raised.at(bar);
                    (Law { tiers, ..law }, next)
                }
            },
        }
    }

    /// The first moment at which a position is liquidatable.
    pub fn begin(&self, position: &Position, outlook: Outlook) -> Option<Found<'a>> {
        match outlook {
            Outlook::Quiet => None,
            Outlook::Unknown => self.next(position, Cursor::Before { bar: self.first }),
            Outlook::Looks { bar } if bar >= self.end => None,
            Outlook::Looks { bar } => {
                let stretch = Stretch { until: bar + 1, ..self.stretch(bar) };
                let found = self.within(&stretch, position, Cursor::Before { bar });
                found.or_else(|| self.next(position, Cursor::Before { bar: bar + 1 }))
            }
        }
    }

    /// The next moment at which a position is liquidatable, from a point of the path on.
    pub fn next(&self, position: &Position, mut cursor: Cursor) -> Option<Found<'a>> {
        let nearest = self.nearest(position, cursor.bar());
        while cursor.bar() < self.end {
            if let Nearest::At(edge) = nearest {
                let rest = cursor.bar()..self.end;
                let bar = self.market.passage.first(position.side, rest, edge?)?;
                if bar > cursor.bar() {
                    cursor = Cursor::Before { bar };
                }
            }
            let stretch = self.stretch(cursor.bar());
            if let Some(found) = self.within(&stretch, position, cursor) {
                return Some(found);
            }
            cursor = Cursor::Before { bar: stretch.until };
        }
        None
    }

    /// The edge of a position that has paid, from the start, the most that it will have paid at any
    /// time of the exposure: funding only takes from the equity, and no other edge is nearer.
    fn nearest(&self, position: &Position, bar: usize) -> Nearest {
        if self.market.raised.is_some() || self.market.law.jumps() {
            return Nearest::Unknown;
        }
        let funding = self.market.funding;
        let (from, to) = (self.settled(bar), self.settled(self.end - 1));
        let paid = (from..=to).map(|settled| funding.from_margin(self.base, settled));
        let most = match position.side {
            Side::Long => paid.max(),
            Side::Short => paid.min(),
        };
        let law = self.market.law;
        Nearest::At(law.liquidation_price(position, most.unwrap_or_default()))
    }

    fn stretch(&self, bar: usize) -> Stretch<'a> {
        let settled = self.settled(bar);
        let (law, raise) = self.law_in(bar);
        let settlement = self.market.funding.bar_of(settled);
        let until = [settlement, raise].into_iter().flatten().fold(self.end, usize::min);
        Stretch { law, paid: self.market.funding.from_margin(self.base, settled), until }
    }

    fn within(
        &self,
        stretch: &Stretch<'a>,
        position: &Position,
        cursor: Cursor,
    ) -> Option<Found<'a>> {
        let (law, paid) = (stretch.law, stretch.paid);
        let found = |trigger: Trigger, leg: usize| {
            let cursor = Cursor::At { point: trigger, leg };
            Some(Found { trigger, law, paid, cursor })
        };
        if law.jumps() {
            return self.look_by_look(stretch, position, cursor);
        }
        let (from, bars) = match cursor {
            Cursor::Before { bar } => (self.market.history.mark.open[bar], bar..stretch.until),
            Cursor::At { point, .. } => (point.mark, point.bar + 1..stretch.until),
        };
        let level = law.edge_from(position, paid, from)?;
        if let Cursor::At { point, leg } = cursor {
            if law.is_liquidatable(position, paid, point.mark) {
                return found(point, leg);
            }
            if let Some((trigger, leg)) = self.market.slide(position.side, point.bar, leg, level) {
                return found(trigger, leg);
            }
        }
        let hit = self.market.passage.first(position.side, bars, level)?;
        let (trigger, leg) = self.market.touch(position.side, hit, level)?;
        found(trigger, leg)
    }

    /// Bar by bar and leg by leg, for requirements that jump: what liquidates at one mark may be
    /// safe at a worse one, so every mark is looked at in the order of the path; but for the bars
    /// that would be safe if all of the stretch had the requirement of its highest tier.
    fn look_by_look(
        &self,
        stretch: &Stretch<'a>,
        position: &Position,
        cursor: Cursor,
    ) -> Option<Found<'a>> {
        let (law, paid, side) = (stretch.law, stretch.paid, position.side);
        let passage = self.market.passage;
        let ahead = cursor.bar()..stretch.until;
        let lowest = passage.worst(Side::Long, ahead.clone())?;
        let highest = passage.worst(Side::Short, ahead)?;
        let level = law.earliest_edge(position, paid, (lowest, highest));
        let reached = |bars: Range<usize>| passage.first(side, bars, level?);
        let (mut point, mut leg) = match cursor {
            Cursor::Before { bar } => (self.market.open_of(reached(bar..stretch.until)?), 1),
            Cursor::At { point, leg } => (point, leg),
        };
        loop {
            if law.is_liquidatable(position, paid, point.mark) {
                let cursor = Cursor::At { point, leg };
                return Some(Found { trigger: point, law, paid, cursor });
            }
            let (mark, last) = self.market.waypoints(point.bar);
            let mut from = point.mark;
            for leg in leg..mark.len() {
                let level = law.edge_from(position, paid, from);
                from = mark[leg];
                let Some(level) = level.filter(|level| reaches(side, mark[leg], *level)) else {
                    continue;
                };
                let along = (mark[leg - 1], mark[leg], level);
                let last = same_point(side, along, (last[leg - 1], last[leg]));
                let trigger = Trigger { bar: point.bar, mark: level, last };
                return Some(Found {
                    trigger,
                    law,
                    paid,
                    cursor: Cursor::At { point: trigger, leg },
                });
            }
            (point, leg) = (self.market.open_of(reached(point.bar + 1..stretch.until)?), 1);
        }
    }

    /// Where the path turns next: the end of the leg, after the close the next open.
    pub fn next_waypoint(&self, cursor: Cursor) -> Cursor {
        let Cursor::At { point, leg } = cursor else { return cursor };
        let (mark, last) = self.market.waypoints(point.bar);
        let leg = leg + usize::from(mark.get(leg) == Some(&point.mark));
        match (mark.get(leg), last.get(leg)) {
            (Some(mark), Some(last)) => {
                let point = Trigger { bar: point.bar, mark: *mark, last: *last };
                Cursor::At { point, leg: leg + 1 }
            }
            _ => Cursor::Before { bar: point.bar + 1 },
        }
    }

    /// Worst mark up to a point of the path, or to the end of the exposure: lowest for a long,
    /// highest for a short; `None` where there is no mark.
    pub fn worst(&self, side: Side, until: Option<Cursor>) -> Option<Price> {
        let bars = self.first..until.map_or(self.end, Cursor::bar);
        let before = self.market.passage.worst(side, bars);
        let Some(Cursor::At { point, leg }) = until else { return before };
        let (waypoints, _) = self.market.waypoints(point.bar);
        let passed = waypoints.into_iter().take(leg).chain([point.mark]);
        match side {
            Side::Long => passed.chain(before).min(),
            Side::Short => passed.chain(before).max(),
        }
    }
}

impl Market<'_> {
    fn open_of(&self, bar: usize) -> Trigger {
        let (mark, trade) = (&self.history.mark, &self.history.trade);
        Trigger { bar, mark: mark.open[bar], last: trade.open[bar] }
    }

    fn waypoints(&self, bar: usize) -> ([Price; 4], [Price; 4]) {
        let waypoints = |bars: &Bars| waypoints(bars, bar, self.path.first_leg());
        (waypoints(&self.history.mark), waypoints(&self.history.trade))
    }

    /// Where the rest of a bar's path, from the leg that ends at waypoint `leg` on, reaches a
    /// level.
    fn slide(&self, side: Side, bar: usize, leg: usize, level: Price) -> Option<(Trigger, usize)> {
        let (mark, last) = self.waypoints(bar);
        let leg = (leg..mark.len()).find(|leg| reaches(side, mark[*leg], level))?;
        let along = (mark[leg - 1], mark[leg], level);
        let last = same_point(side, along, (last[leg - 1], last[leg]));
        Some((Trigger { bar, mark: level, last }, leg))
    }

    /// Where a bar's path first reaches a level, and the leg on which it does.
    pub(super) fn touch(&self, side: Side, bar: usize, level: Price) -> Option<(Trigger, usize)> {
        let point = self.open_of(bar);
        match reaches(side, point.mark, level) {
            true => Some((point, 1)),
            false => self.slide(side, bar, 1, level),
        }
    }
}

fn reaches(side: Side, mark: Price, level: Price) -> bool {
    match side {
        Side::Long => mark <= level,
        Side::Short => mark >= level,
    }
}

/// Open, first extreme, second extreme, close. The way to the close matters after an order that was
/// not filled whole, and where the requirement jumps.
pub(crate) fn waypoints(bars: &Bars, bar: usize, first: FirstLeg) -> [Price; 4] {
    let (open, high, low) = (bars.open[bar], bars.high[bar], bars.low[bar]);
    match first {
        FirstLeg::Down => [open, low, high, bars.close[bar]],
        FirstLeg::Up => [open, high, low, bars.close[bar]],
    }
}

/// The last price when the mark stands at `level` between two waypoints: the same fraction of the
/// leg, rounded against the position (down for a long that must sell, up for a short).
pub(crate) fn same_point(side: Side, mark: (Price, Price, Price), last: (Price, Price)) -> Price {
    if (mark.0, mark.1) == last {
        return mark.2;
    }
    let (from, to, level) = (mark.0.steps(), mark.1.steps(), mark.2.steps());
    let span = i128::from((to - from).abs()).max(1);
    let done = i128::from((level - from).abs());
    let leg = i128::from(last.1.steps() - last.0.steps());
    let moved = against(side).div(leg * done, span);
    // Between two waypoints of the same bar, hence within i64 again.
    Price::from_steps(last.0.steps() + moved as i64)
}
