//! A whole exchange in a crash: `(scene, population) → world`. Rules `EXC` and `DEP` of
//! `docs/model`.
//!
//! Pure: no I/O, no clock, no error type.

mod journal;
mod ledger;
mod outcome;
mod queue;
mod scene;

pub use journal::{Event, Journal, LastPayer, Moment, Unread};
pub use ledger::{AccountId, Reason};
pub use outcome::{Sample, Waterfall, World};
pub use queue::{Due, Kind, Order, Queue, Slide, Tide, Watched, Way};
pub use scene::{Market, Scene};
