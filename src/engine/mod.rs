//! The liquidation model: `(market, position, exposure) → Outcome`.
//!
//! Pure: no I/O, no clock, no error type. What cannot be computed exactly is refused before the
//! engine is entered ([`Law::holds`]).

mod account;
mod amount;
mod at_once;
mod close_out;
mod conditions;
mod critical;
mod depth;
mod drift;
mod edge;
pub mod fair_price;
mod funding;
pub mod funding_rate;
mod journal;
mod margin;
mod opening;
mod outcome;
mod position;
mod procedure;
mod protection;
mod quote;
mod rehearse;
mod sieve;
mod simulate;
mod slippage;
mod subaccount;
mod volatility;
mod walk;

pub use account::{Holding, Netted, cross_margin};
pub use at_once::{AtOnce, Ended};
pub use close_out::{Closed, Desk, Moment, Settlement, fee_rate, settle};
pub use conditions::Conditions;
pub use critical::{critical_leverage, is_critical};
pub(crate) use depth::{Curve, Taken, Taking};
pub(crate) use drift::Drift;
pub use funding::{FundingBook, FundingPerUnit};
pub use journal::{Event, Journal, Unread};
pub use margin::{Fine, Law};
pub use opening::{fixed_margin, opened};
pub use outcome::{Cause, Liquidation, Outcome};
pub use position::Position;
pub use procedure::{Demand, Extent, Progress, Stricken, demand};
pub use protection::{Cover, buffer_stop};
pub use quote::{Account, Backing, Bracket, Held, Leg, Quote, Requirement, Terms, Valuation};
pub use rehearse::{RehearsedStep, rehearse};
pub use sieve::{CriticalLevels, Look, Sieve, Sifted, Windows};
pub use simulate::{HAIRS, Scene, cooldown, liquidation, simulate, simulate_ahead, simulate_with};
pub use slippage::{Fill, ForcedOrder, fill};
pub(crate) use slippage::{allowed, displaced, notional, part};
pub use subaccount::{Perpetual, Subaccount};
pub use volatility::Raised;
pub use walk::{Exposure, Market, Outlook, Trigger};
pub(crate) use walk::{same_point, waypoints};
