//! What follows a loss that is larger than the margin: insurance fund, auto-deleveraging,
//! socialised loss.
//!
//! Pure functions on exact amounts; the numbered rules are in `docs/model/adl.md` and
//! `docs/model/fund.md`.

mod disposal;
mod fund;
mod queue;
mod share;
mod standing;
mod start;

pub use disposal::Disposal;
pub use fund::{credit, surplus};
pub use queue::{Candidate, Closed, Deleveraging, deleverage, fifths};
pub use share::{Shares, clawback, in_order, per_unit, pro_rata};
pub use standing::{Standing, score};
pub use start::{Adl, Pool, SymbolProfit};
