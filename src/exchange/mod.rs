//! A whole exchange in a crash: `(scene, population) → world`. Rules `EXC` and `DEP` of
//! `docs/model`.
//!
//! Pure: no I/O, no clock, no error type.

mod adl;
mod branching;
mod changes;
mod floor;
mod fund;
mod journal;
mod ledger;
mod liquidation;
mod liquidity;
mod need;
mod outcome;
mod path;
mod queue;
mod ranks;
mod reaction;
mod record;
mod rough;
mod rungs;
mod scattered;
mod scene;
mod world;

pub use branching::Density;
pub use floor::Scratch;
pub use journal::{Event, Journal, LastPayer, Moment, Unread};
pub use ledger::{AccountId, Reason};
pub use liquidity::{Impact, Liquidity};
pub use need::Need;
pub use outcome::{Sample, Waterfall, World};
pub use path::{Path, Point, Substep, first_leg, last_at};
pub use queue::{CrossWatch, Due, Kind, Order, Queue, Slide, Standing, Tide, Watched, Way};
pub use scene::{Market, Scene};
pub use world::simulate;
