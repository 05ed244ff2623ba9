//! The liquidation model: `(market, position, exposure) → Outcome`.
//!
//! Pure: no I/O, no clock, no error type. What cannot be computed exactly is refused before the
//! engine is entered ([`Law::holds`]).

mod close_out;
pub mod fair_price;
mod funding;
pub mod funding_rate;
mod margin;
mod outcome;
mod protection;
mod quote;
pub mod reduce;
mod slippage;
mod subaccount;
mod walk;

pub use close_out::{Settlement, settle};
pub use funding::FundingBook;
pub use margin::{Fine, FundingPerUnit, Law, Position};
pub use outcome::{Cause, Liquidation, Outcome, simulate};
pub use protection::{Cover, buffer_stop};
pub use quote::{Account, Backing, Bracket, Held, Leg, Quote, Requirement, Terms, Valuation};
pub use slippage::{Fill, fill};
pub use subaccount::{Holding, Subaccount};
pub use walk::{Exposure, Life, Market, Trigger, walk};
