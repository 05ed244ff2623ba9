//! The prices at which something happens, derived from the predicate: liquidation, bankruptcy.

use super::funding::FundingPerUnit;
use super::margin::{Law, Line, RATE};
use super::position::Position;
use crate::money::{Cash, Price, Round};
use crate::scenario::Side;
use crate::venue::{Contract, Edge, Lookup};

/// Prices in steps, both ends included; empty where `low > high`.
#[derive(Debug, Clone, Copy)]
struct Span {
    low: i128,
    high: i128,
}

const HIGHEST: i128 = i64::MAX as i128;

impl Law<'_> {
    /// The edge of the predicate on the way from the entry against the position: `None` where no
    /// positive price liquidates. See [`Law::edge_from`].
    pub fn liquidation_price(&self, position: &Position, paid: FundingPerUnit) -> Option<Price> {
        self.edge_from(position, paid, position.entry)
    }

    /// The first mark that liquidates on the way from `from` against the position.
    ///
    /// Where the requirement is continuous this is the exact edge of the predicate wherever `from`
    /// lies: the highest mark that liquidates a long, the lowest that liquidates a short. Where it
    /// jumps, marks beyond the first one that liquidates may be safe again.
    pub fn edge_from(
        &self,
        position: &Position,
        paid: FundingPerUnit,
        from: Price,
    ) -> Option<Price> {
        self.edge_under(position, self.head(position, paid), from)
    }

    /// The same, with the part of the equity that does not depend on the mark.
    pub(super) fn edge_under(&self, position: &Position, head: i128, from: Price) -> Option<Price> {
        match self.tiers.lookup {
            Lookup::Marginal => self.continuous_edge(position, head),
            Lookup::WholeByContracts | Lookup::LinearInSize => {
                let tier = self.tier_index(position, position.entry);
                grid(position.side, self.solve(self.line(tier, position), position, head))
            }
            Lookup::WholeByNotional | Lookup::RiskSteps => self.jumping_edge(position, head, from),
        }
    }

    /// A mark such that nothing between two prices liquidates on this side of it, for a requirement
    /// that jumps; `None`: nothing between them does.
    pub(super) fn earliest_edge(
        &self,
        position: &Position,
        paid: FundingPerUnit,
        (lowest, highest): (Price, Price),
    ) -> Option<Price> {
        let line = self.line_between(position, lowest, highest);
        grid(position.side, self.solve(line, position, self.head(position, paid)))
    }

    /// Where equity is zero, rounded to the grid towards the venue (a long's up, a short's down);
    /// `None` where no positive price empties the margin.
    pub fn bankruptcy_price(&self, position: &Position, paid: FundingPerUnit) -> Option<Price> {
        let (sign, lots) = (position.side.sign(), position.lots());
        let head = sign * self.head(position, paid);
        let round = match position.side {
            Side::Long => Round::Ceil,
            Side::Short => Round::Floor,
        };
        let steps = match self.contract {
            Contract::Linear => round.div(-head, lots * RATE),
            Contract::Inverse if head <= 0 => return None,
            Contract::Inverse => round.div(lots * self.scale.steps_per_unit() * RATE, head),
        };
        positive(steps)
    }

    /// Marginal tiers are the upper envelope of their lines, so the edge lies on the line of the
    /// tier that it falls into: solve a line, and move on while its solution lies elsewhere.
    fn continuous_edge(&self, position: &Position, head: i128) -> Option<Price> {
        let mut at = self.tier_index(position, position.entry);
        let mut steps = self.solve(self.line(at, position), position, head);
        let mut heading = 0_isize;
        loop {
            let next = match self.side_of(at, position, steps) {
                -1 if heading <= 0 && at > 0 => at - 1,
                1 if heading >= 0 && at + 1 < self.tiers.steps.len() => at + 1,
                _ => return grid(position.side, steps),
            };
            heading = if next > at { 1 } else { -1 };
            at = next;
            steps = self.solve(self.line(at, position), position, head);
        }
    }

    /// Tier by tier on the way against the position: the first of the marks of a tier that its own
    /// line liquidates.
    fn jumping_edge(&self, position: &Position, head: i128, from: Price) -> Option<Price> {
        let from_steps = i128::from(from.steps());
        let mut at = self.tier_index(position, from);
        loop {
            let span = self.span_of(at, position);
            let steps = self.solve(self.line(at, position), position, head);
            let first = match position.side {
                Side::Long => steps.min(span.high).min(from_steps),
                Side::Short => steps.max(span.low).max(from_steps),
            };
            if (span.low..=span.high).contains(&first) {
                return positive(first);
            }
            at = self.next_tier(at, position.side)?;
        }
    }

    /// The first mark that liquidates on the way from a safe one in favour of the position: only
    /// where a requirement jumps is there one, at the start of a tier.
    pub(crate) fn edge_behind(
        &self,
        position: &Position,
        paid: FundingPerUnit,
        from: Price,
    ) -> Option<Price> {
        let head = self.head(position, paid);
        let mut at = Some(self.tier_index(position, from)).filter(|_| self.jumps())?;
        loop {
            at = self.next_tier(at, opposite(position.side))?;
            let span = self.span_of(at, position);
            let steps = self.solve(self.line(at, position), position, head);
            let (first, liquidates) = match position.side {
                Side::Long => (span.low, span.low <= steps),
                Side::Short => (span.high, span.high >= steps),
            };
            if liquidates && span.low <= span.high {
                return positive(first);
            }
        }
    }

    /// The tier that a mark comes to next as it moves against one side.
    fn next_tier(&self, at: usize, side: Side) -> Option<usize> {
        match (self.contract, side) {
            (Contract::Linear, Side::Long) | (Contract::Inverse, Side::Short) => at.checked_sub(1),
            _ => Some(at + 1).filter(|next| *next < self.tiers.steps.len()),
        }
    }

    /// The edge against one line, in price steps: beyond the grid where the line has none.
    fn solve(&self, line: Line, position: &Position, head: i128) -> i128 {
        let head = head.saturating_add(line.deduction);
        let (numerator, slope) = match (self.contract, position.side) {
            (Contract::Linear, Side::Long) => (-head, position.lots() * (RATE - line.rate)),
            (Contract::Linear, Side::Short) => (head, position.lots() * (RATE + line.rate)),
            (Contract::Inverse, Side::Long) if head <= 0 => return HIGHEST,
            (Contract::Inverse, Side::Short) if head >= 0 => return HIGHEST + 1,
            (Contract::Inverse, side) => {
                let size = position.lots() * self.scale.steps_per_unit();
                (size * (RATE + side.sign() * line.rate), head.abs())
            }
        };
        match (position.side, self.edge) {
            (Side::Long, Edge::AtOrBelow) => Round::Floor.div(numerator, slope),
            (Side::Long, Edge::Below) => Round::Ceil.div(numerator, slope) - 1,
            (Side::Short, Edge::AtOrBelow) => Round::Ceil.div(numerator, slope),
            (Side::Short, Edge::Below) => Round::Floor.div(numerator, slope) + 1,
        }
    }

    /// −1, 0 or 1: the position at a price lies below, inside or above a tier.
    fn side_of(&self, tier: usize, position: &Position, steps: i128) -> i8 {
        let floor = |tier: usize| i128::from(self.tiers.steps[tier].floor.atoms());
        let (scale, lots, price) = (self.scale.steps_per_unit(), position.lots(), steps.max(0));
        let beyond = |tier: usize| match self.contract {
            Contract::Linear => lots.saturating_mul(price).cmp(&(floor(tier) * scale)),
            Contract::Inverse => (lots * scale).cmp(&floor(tier).saturating_mul(price)),
        };
        if beyond(tier).is_lt() {
            -1
        } else if tier + 1 < self.tiers.steps.len() && beyond(tier + 1).is_gt() {
            1
        } else {
            0
        }
    }

    /// The prices at which a position lies in a tier.
    fn span_of(&self, tier: usize, position: &Position) -> Span {
        let floor = self.tiers.steps[tier].floor;
        let top = self.tiers.steps.get(tier + 1).map(|next| next.floor);
        match self.contract {
            Contract::Linear => Span {
                low: self.last_at(floor, position) + 1,
                high: top.map_or(HIGHEST, |top| self.last_at(top, position)),
            },
            Contract::Inverse => Span {
                low: top.map_or(1, |top| self.last_at(top, position)),
                high: match floor {
                    Cash::ZERO => HIGHEST,
                    floor => self.last_at(floor, position) - 1,
                },
            },
        }
    }

    /// The last price, as the value rises, at which a position is worth no more than a floor.
    fn last_at(&self, floor: Cash, position: &Position) -> i128 {
        let (floor, scale) = (i128::from(floor.atoms()), self.scale.steps_per_unit());
        match self.contract {
            Contract::Linear => Round::Floor.div(floor * scale, position.lots()),
            Contract::Inverse => Round::Ceil.div(position.lots() * scale, floor),
        }
    }
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Long => Side::Short,
        Side::Short => Side::Long,
    }
}

/// A short that every price liquidates has the lowest price, a long the highest.
fn grid(side: Side, steps: i128) -> Option<Price> {
    positive(match side {
        Side::Long => steps.min(HIGHEST),
        Side::Short => steps.max(1),
    })
}

fn positive(steps: i128) -> Option<Price> {
    i64::try_from(steps).ok().filter(|steps| *steps > 0).map(Price::from_steps)
}
