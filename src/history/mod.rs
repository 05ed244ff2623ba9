//! Price history: what was traded, what was marked, what funding was settled.
//!
//! A [`History`] is columns of exact prices on uniform steps of one interval. It is checked at
//! the door: whoever holds one may rely on strictly rising times, `low ≤ open, close ≤ high`,
//! positive prices, and gaps that were declared.

mod bars;
pub mod event;
mod raw;

pub use bars::{Bars, Funding, GapPolicy, History, Interval, MarkSource, Segment};
pub use raw::{Kind, RawSeries};
