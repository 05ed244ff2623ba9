//! What happened to one position, told as it happens.

use super::outcome::Cause;
use crate::money::{Cash, Price, Quantity};

/// One thing that happened, in the bar in which it did. Amounts are those of the whole position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Settlements due in a bar; `paid` below zero was received.
    Funding {
        bar: usize,
        paid: Cash,
        mark: Price,
    },
    /// The position became liquidatable.
    Trigger {
        bar: usize,
        mark: Price,
        last: Price,
        equity: Cash,
        maintenance: Cash,
        cause: Cause,
    },
    /// What the venue's procedure asks for. `rule` is its number in `docs/model`.
    Order {
        bar: usize,
        quantity: Quantity,
        limit: Option<Price>,
        rule: &'static str,
    },
    /// What the book gave.
    Fill {
        bar: usize,
        quantity: Quantity,
        price: Price,
        slippage: Cash,
    },
    /// What was taken over by the fund or a vault.
    Takeover {
        bar: usize,
        quantity: Quantity,
        price: Price,
        rule: &'static str,
    },
    Fee {
        bar: usize,
        amount: Cash,
    },
    Kept {
        bar: usize,
        amount: Cash,
    },
    Returned {
        bar: usize,
        amount: Cash,
    },
    Deficit {
        bar: usize,
        amount: Cash,
    },
    /// A part of the position lives on.
    Reduced {
        bar: usize,
        quantity_left: Quantity,
        margin_left: Cash,
        liquidation_price: Option<Price>,
        bankruptcy_price: Option<Price>,
    },
}

/// Where a simulation writes what happens. In bulk nothing listens.
pub trait Journal {
    /// Whether anybody listens: what is only told is not even computed otherwise.
    const LISTENS: bool = true;

    fn note(&mut self, event: Event);
}

/// Nobody listens.
pub struct Silent;

impl Journal for Silent {
    const LISTENS: bool = false;

    #[inline]
    fn note(&mut self, _: Event) {}
}

impl Journal for Vec<Event> {
    fn note(&mut self, event: Event) {
        self.push(event);
    }
}
