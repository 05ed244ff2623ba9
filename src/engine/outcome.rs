//! What is known of a position when its horizon is over.

use super::close_out::Settlement;
use super::walk::Trigger;
use crate::money::{Cash, Price, Quantity, Rate};

/// Why a position became liquidatable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The price, or funding, under the venue's usual requirement.
    Price,
    /// Only because the venue had raised its requirement with volatility.
    RaisedMargin,
}

/// What forced closing did to a position, over all of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liquidation {
    /// The first step's.
    pub trigger: Trigger,
    /// The first step's.
    pub cause: Cause,
    /// Bars to the first step; 1 for the first exposed bar.
    pub first_bar: usize,
    /// Bars to the step that left nothing; `None`: a part lived on.
    pub last_bar: Option<usize>,
    pub steps: u32,
    /// Size closed by force; the whole position where `last_bar` is known.
    pub closed: Quantity,
    /// Sums over all steps; the fill is their average.
    pub settlement: Settlement,
}

impl Liquidation {
    /// Before its first step.
    pub(super) const fn begun(trigger: Trigger, cause: Cause, first_bar: usize) -> Self {
        let (steps, closed) = (0, Quantity::ZERO);
        let settlement = Settlement::open(trigger.mark);
        Self { trigger, cause, first_bar, last_bar: None, steps, closed, settlement }
    }

    /// Whether nothing of the position was left.
    pub fn is_full(&self) -> bool {
        self.last_bar.is_some()
    }
}

/// All that is known of one position at the end of its horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// At entry, before any funding.
    pub liquidation_price: Option<Price>,
    /// At entry, before any funding.
    pub bankruptcy_price: Option<Price>,
    /// `None`: still open at the end of the horizon.
    pub liquidation: Option<Liquidation>,
    /// Funding paid; below zero: received.
    pub funding: Cash,
    /// Entry fee, paid beside the margin, and the liquidation fee.
    pub fees: Cash,
    /// Maximum adverse excursion of the mark while alive, as a fraction of the entry price, ≥ 0.
    pub mae: Rate,
}
