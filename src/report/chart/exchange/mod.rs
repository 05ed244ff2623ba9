//! The pictures of an exchange study: what a crash did to the fund, the book and the traders.
//!
//! Amounts are plain numbers of units (dollars or coins), times are milliseconds since 1970 UTC.
//! A series has one value a bar, at the end of the bar unless it says otherwise.

pub mod adl;
mod columns;
pub mod density;
pub mod drawdown;
pub mod fund;
mod ink;
mod market;
pub mod open_interest;
mod ratio;
mod scale;
mod series;
mod stage;
pub mod waterfall;

pub use market::{Market, Symbol};
pub use ratio::Ratio;
pub use series::Band;

pub use super::prices::Bar;
