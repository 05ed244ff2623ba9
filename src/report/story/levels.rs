//! Liquidation and bankruptcy price as they move with funding and partial closes.

use super::Story;
use crate::engine::{Event, FundingPerUnit, Position};
use crate::money::Price;
use crate::venue::FundingPays;

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
    /// Settlements behind it, and what they sum up to per unit.
    settled: usize,
    paid: FundingPerUnit,
    pub levels: Levels,
}

impl<'a> Standing<'a> {
    pub fn at_entry(story: &'a Story<'a>) -> Self {
        let settled = story.market.funding.before_open(story.entry.first);
        let position = story.row.position;
        let paid = FundingPerUnit::NONE;
        let mut standing = Self { story, position, settled, paid, levels: Levels::default() };
        standing.price();
        standing
    }

    /// Takes one event in.
    pub fn after(&mut self, event: &Event) -> Levels {
        match *event {
            Event::Funding { .. } => self.settle(),
            Event::Reduced {
                quantity_left,
                margin_left,
                liquidation_price,
                bankruptcy_price,
                ..
            } => {
                self.position.quantity = quantity_left;
                self.position.margin = margin_left;
                self.levels =
                    Levels { liquidation: liquidation_price, bankruptcy: bankruptcy_price };
            }
            _ => {}
        }
        self.levels
    }

    fn settle(&mut self) {
        let book = self.story.market.funding;
        let step = book.sum(self.settled + 1).since(book.sum(self.settled));
        self.settled += 1;
        if self.story.rules.funding.pays == FundingPays::Margin {
            self.paid = self.paid.plus(step);
            self.price();
        }
    }

    fn price(&mut self) {
        let law = &self.story.market.law;
        self.levels = Levels {
            liquidation: law.liquidation_price(&self.position, self.paid),
            bankruptcy: law.bankruptcy_price(&self.position, self.paid),
        };
    }
}
