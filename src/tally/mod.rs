//! Outcomes → what a reader wants to know: shares with intervals, survival, amounts owed.
//!
//! Counts and money are exact; statistics are `f64` from here on.

mod book;
mod cell;
pub mod exchange;
pub mod figures;
mod interval;
mod quantile;
mod replay;
mod row;

pub use book::Tally;
pub use cell::{Cell, Owed, OwedAmounts, Steps};
pub use interval::{Block, Estimate, estimate, of_independent};
pub use quantile::LogHistogram;
pub use replay::{Fate, Replay, worst_entry};
pub use row::Row;
