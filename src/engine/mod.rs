//! The liquidation model: `(market, position, exposure) → Outcome`.
//!
//! Pure: no I/O, no clock, no error type. What cannot be computed exactly is refused before the
//! engine is entered ([`Law::holds`]).

mod close_out;
mod funding;
mod journal;
mod margin;
mod opening;
mod outcome;
mod quote;
mod slippage;
mod walk;

pub use close_out::{Settlement, settle};
pub use funding::FundingBook;
pub use journal::{Event, Journal, Unread};
pub use margin::{Fine, FundingPerUnit, Law, Position};
pub use opening::opened;
pub use outcome::{Cause, Liquidation, Outcome, simulate, simulate_with};
pub use quote::{Bracket, Quote, Terms};
pub use slippage::{Fill, fill};
pub use walk::{Exposure, Life, Market, Trigger, walk};
