//! A whole exchange in a crash: `(scene, population) → world`. Rules `EXC` and `DEP` of
//! `docs/model`.
//!
//! Pure: no I/O, no clock, no error type.

mod branching;
mod journal;
mod ledger;
mod liquidity;
mod outcome;
mod path;
mod scene;

pub use branching::Density;
pub use journal::{Event, Journal, LastPayer, Moment, Unread};
pub use ledger::{AccountId, Reason};
pub use liquidity::{Impact, Liquidity};
pub use outcome::{Sample, Waterfall, World};
pub use path::{Path, Point, Substep, first_leg, last_at};
pub use scene::{Market, Scene};
