//! Outcomes → what a reader wants to know: shares with intervals, survival, amounts owed.
//!
//! Counts and money are exact; statistics are `f64` from here on.

mod binomial;
mod book;
mod cell;
mod critical;
mod distribution;
pub mod exchange;
pub mod figures;
mod interval;
mod needs;
mod quantile;
mod replay;
mod row;
pub mod sizing;
mod trial;

pub use book::Tally;
pub use cell::{Cell, Owed, OwedAmounts, Steps};
pub use critical::{Criticals, Distribution, Safe};
pub use interval::{Block, Estimate, Sums, estimate, of_independent};
pub use needs::{Needs, Standing};
pub use quantile::LogHistogram;
pub use replay::{Fate, Replay, worst_entry};
pub use row::Row;
pub use trial::Trial;
