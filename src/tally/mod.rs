//! Outcomes → what a reader wants to know: shares with intervals, survival, amounts owed.
//!
//! Counts and money are exact; statistics are `f64` from here on.

mod book;
mod cell;
mod interval;
mod quantile;

pub use book::Tally;
pub use cell::{Cell, Owed};
pub use interval::{Block, Estimate, estimate};
pub use quantile::LogHistogram;
