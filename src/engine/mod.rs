//! The liquidation model: `(market, position, exposure) → Outcome`.
//!
//! Pure: no I/O, no clock, no error type. What cannot be computed exactly is refused before the
//! engine is entered ([`Law::holds`]).

mod close_out;
mod funding;
mod margin;
mod outcome;
mod quote;
mod slippage;
mod walk;

pub use close_out::{Settlement, settle};
pub use funding::FundingBook;
pub use margin::{Fine, FundingPerUnit, Law, Position};
pub use outcome::{Cause, Liquidation, Outcome, simulate};
pub use quote::{Account, Backing, Bracket, Held, Leg, Quote, Requirement, Terms, Valuation};
pub use slippage::{Fill, fill};
pub use walk::{Exposure, Life, Market, Trigger, walk};
