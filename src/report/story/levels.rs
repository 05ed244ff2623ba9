//! Liquidation and bankruptcy price as they move with funding and partial closes.

use super::Story;
use crate::engine::{Event, FundingPerUnit, Law, Position};
use crate::money::Price;
use crate::venue::VolatilityScope;

/// Both prices at one moment; `None`: no positive price does it, or nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Levels {
    pub liquidation: Option<Price>,
    pub bankruptcy: Option<Price>,
}

/// The position as it stands after the events so far.
pub struct Standing<'a> {
    story: &'a Story<'a>,
    position: Position,
    /// Settlements before the entry, and those behind the position now.
    base: usize,
    settled: usize,
    /// Taken out of the margin per unit.
    paid: FundingPerUnit,
    pub levels: Levels,
}

impl<'a> Standing<'a> {
    pub fn at_entry(story: &'a Story<'a>) -> Self {
        let base = story.market.funding.before_open(story.entry.first);
        let (position, paid) = (story.row.position, FundingPerUnit::NONE);
        let levels = Levels::default();
        let mut standing = Self { story, position, base, settled: base, paid, levels };
        standing.levels = standing.seen_from(story.entry.first, position.entry);
        standing
    }

    /// Takes one event in.
    pub fn after(&mut self, event: &Event) -> Levels {
        match *event {
            Event::Funding { bar, mark, .. } => self.settle(bar, mark),
            Event::Reduced {
                quantity_left,
                margin_left,
                liquidation_price,
                bankruptcy_price,
                ..
            } => {
                self.position = self.position.reduced(quantity_left, margin_left);
                self.levels =
                    Levels { liquidation: liquidation_price, bankruptcy: bankruptcy_price };
            }
            _ => {}
        }
        self.levels
    }

    /// A settlement at the open of a bar, where the mark stands at `mark`.
    fn settle(&mut self, bar: usize, mark: Price) {
        self.settled += 1;
        self.paid = self.story.market.funding.from_margin(self.base, self.settled);
        self.levels = self.seen_from(bar, mark);
    }

    fn seen_from(&self, bar: usize, mark: Price) -> Levels {
        let law = self.story.law_in(bar);
        Levels {
            liquidation: law.edge_from(&self.position, self.paid, mark),
            bankruptcy: law.bankruptcy_price(&self.position, self.paid),
        }
    }
}

impl Story<'_> {
    /// The law with what the venue requires of this position in a bar.
    fn law_in(&self, bar: usize) -> Law<'_> {
        let law = self.market.law;
        let tiers = self.market.raised.map_or(law.tiers, |raised| match raised.scope {
            VolatilityScope::NewPositions => raised.at(self.entry.first).0,
            VolatilityScope::AllPositions => raised.at(bar).0,
        });
        Law { tiers, ..law }
    }
}
