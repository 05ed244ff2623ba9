//! How a fund works out a position that it has taken over.

use crate::money::{Quantity, Rate, Round};

/// Orders of a fund-held inventory, one a round (Vega, position resolution).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disposal {
    /// Share of what is held that one order offers.
    pub share: Rate,
    /// Up to this much everything is offered at once.
    pub all_up_to: Quantity,
    /// Largest share of the book's other side that one order takes.
    pub of_book: Rate,
}

impl Disposal {
    /// Size of the next order: both shares rounded down to the lot, but at least one lot is
    /// offered, so that the inventory comes to an end.
    pub fn order(&self, held: Quantity, book: Quantity) -> Quantity {
        let offered = if held <= self.all_up_to {
            held
        } else {
            part(held, self.share).max(Quantity::from_lots(1))
        };
        offered.min(part(book, self.of_book)).min(held)
    }
}

/// Rounded down; never more than the whole.
fn part(whole: Quantity, share: Rate) -> Quantity {
    let one = i128::from(Rate::ONE);
    let share = i128::from(share.steps()).clamp(0, one);
    let lots = Round::Floor.div(i128::from(whole.lots()) * share, one);
    Quantity::from_lots(lots as i64)
}
