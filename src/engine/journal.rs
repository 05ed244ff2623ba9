//! What happened to one position, as it happens: for `deleverage explain`.
//!
//! The engine tells a [`Journal`] every event of a life in order. A journal changes nothing: the
//! outcome is the same with any of them.

use super::Cause;
use crate::money::{Cash, Price, Quantity};

/// Is told every event of one position's life, in order.
pub trait Journal {
    /// Whether anybody listens: what is only told is not even computed otherwise.
    const LISTENS: bool = true;

    fn note(&mut self, event: Event);
}

/// One event. `bar` is an index into the history; a rule is the number of a rule in `docs/model`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A settlement; `paid` below zero: received.
    Funding { bar: usize, paid: Cash, mark: Price },
    /// Equity reached the maintenance margin at this mark.
    Trigger {
        bar: usize,
        mark: Price,
        /// The last traded price at the same point of the bar's path.
        last: Price,
        equity: Cash,
        maintenance: Cash,
        cause: Cause,
    },
    /// The venue sends an order to close so much; `limit` is the worst price it may fill at.
    Order { bar: usize, quantity: Quantity, limit: Option<Price>, rule: &'static str },
    /// What the book gave; `slippage` is what its displacement cost, ≥ 0.
    Fill { bar: usize, quantity: Quantity, price: Price, slippage: Cash },
    /// What the fund or vault took over.
    Takeover { bar: usize, quantity: Quantity, price: Price, rule: &'static str },
    /// Liquidation fee.
    Fee { bar: usize, amount: Cash },
    /// What the fund keeps of the margin besides the fee.
    Kept { bar: usize, amount: Cash },
    /// What went back to the trader.
    Returned { bar: usize, amount: Cash },
    /// Loss beyond the margin.
    Deficit { bar: usize, amount: Cash },
    /// A part lives on, at other prices than before.
    Reduced {
        bar: usize,
        quantity_left: Quantity,
        margin_left: Cash,
        liquidation_price: Option<Price>,
        bankruptcy_price: Option<Price>,
    },
}

impl Event {
    /// The bar that it happened in.
    pub const fn bar(&self) -> usize {
        match *self {
            Self::Funding { bar, .. }
            | Self::Trigger { bar, .. }
            | Self::Order { bar, .. }
            | Self::Fill { bar, .. }
            | Self::Takeover { bar, .. }
            | Self::Fee { bar, .. }
            | Self::Kept { bar, .. }
            | Self::Returned { bar, .. }
            | Self::Deficit { bar, .. }
            | Self::Reduced { bar, .. } => bar,
        }
    }
}

/// A journal that nobody reads.
#[derive(Debug, Clone, Copy)]
pub struct Unread;

impl Journal for Unread {
    const LISTENS: bool = false;

    #[inline]
    fn note(&mut self, _: Event) {}
}

/// All events in order.
impl Journal for Vec<Event> {
    fn note(&mut self, event: Event) {
        self.push(event);
    }
}
