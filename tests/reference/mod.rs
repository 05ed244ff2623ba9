//! A plain engine, written from `docs/model` and in exact decimals.
//!
//! It tests the predicate at every waypoint of every bar, finds the mark that fires by bisection
//! of the predicate, and charges each slice of a position its own tier's rate. It knows no
//! liquidation formula, no running sum and no skipping. Products are exact; every division names
//! its grid and its direction.
#![allow(dead_code, clippy::unwrap_used, reason = "every test file takes the part it needs")]

pub mod account;
mod book;
mod exact;
mod funding;
mod holding;
mod life;
mod procedure;
mod step;
pub mod terms;
mod volatility;
mod wide;

pub use exact::{Exact, GRID, RATE};
pub use step::Step;

use deleverage::engine::Cause;
use deleverage::history::History;
use deleverage::money::Price;
use deleverage::scenario::{BarPath, Side, Slippage};
use deleverage::venue::VenueRules;

/// The market and its venue.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    pub history: &'a History,
    pub rules: &'a VenueRules,
    pub slippage: &'a Slippage,
    pub path: BarPath,
}

/// A position as it is entered.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub side: Side,
    pub size: Exact,
    pub entry: Exact,
    pub margin: Exact,
    /// First exposed bar.
    pub first: usize,
    pub bars: usize,
}

/// The first step of a liquidation and all of them together.
#[derive(Debug, Clone, PartialEq)]
pub struct Death {
    pub bar: usize,
    pub mark: Exact,
    pub last: Exact,
    pub cause: Cause,
    /// Bar of the step that left nothing.
    pub last_bar: Option<usize>,
    pub steps: u32,
    /// Sums; the fill is the average.
    pub total: Step,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    pub liquidation_price: Option<Exact>,
    pub bankruptcy_price: Option<Exact>,
    pub death: Option<Death>,
    pub funding: Exact,
    pub fees: Exact,
    pub mae: Exact,
}

/// A price of a history on the usual grid.
pub fn price(price: Price) -> Exact {
    Exact::new(price.steps().into(), GRID)
}

impl World<'_> {
    /// One position from its entry to its end.
    pub fn run(&self, ask: &Ask) -> Ending {
        life::Life::begin(self, ask).lived()
    }
}

/// MRG-001, MRG-002, MRG-015: size and margin of a notional at a leverage.
pub fn sized(rules: &VenueRules, notional: Exact, leverage: Exact, entry: Exact) -> (Exact, Exact) {
    use deleverage::venue::Contract::{Inverse, Linear};
    match rules.contract {
        Linear => (notional.over(entry, GRID), notional.over_up(leverage, GRID)),
        Inverse => (notional, notional.over_up(entry * leverage, GRID)),
    }
}
