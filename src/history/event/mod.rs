//! Hourly tables of real crashes.
//!
//! Each folder of `data/events` is one crash: `hourly.csv` and `funding.csv` hold figures that
//! exchanges published, `event.toml` says what happened and where each series comes from. The
//! tables live inside the binary ([`events`], [`series`], [`digest`]); [`tabulate`] makes them
//! from series of any finer interval.

mod about;
mod datasets;
mod publisher;
mod resample;
mod shipped;
mod source;
mod stamp;
mod table;
mod tabulate;

pub use about::{Contract, EventInfo, Figures, Instrument, Market, Origin};
pub use resample::{Bar, Hours, to_hours};
pub use shipped::{digest, events, first, series};
pub use tabulate::{Tables, Words, tabulate};
