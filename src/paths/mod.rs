//! Paths beyond history: what a market might have done, made from what it did.
//!
//! | generator | what it changes | what it keeps |
//! |---|---|---|
//! | [`shock`] | log returns of a window | their order, what lies outside, the basis |
//! | [`speed`] | the time that a path takes | its levels, in their order |
//! | [`bootstrap`] | the order of blocks of bars | whole rows, all symbols of a row together |
//! | [`jumps`] | the level from stated bars on | every move within a bar |
//!
//! All are pure: recorded histories in, [`Generated`] ones out, the same bytes on every machine. A
//! generated price is a recorded one times the exponential of a displacement that belongs to its
//! point of the path, so last price and index stay as far from the mark, in logs, as they were.
//! What a generator may be used for is measured by [`facts`]. Rules: `docs/model/paths.md`.

pub mod betas;
mod bootstrap;
mod displace;
pub mod facts;
mod generated;
mod jumps;
mod shock;
mod speed;
mod window;

pub use bootstrap::{Blocks, bootstrap};
pub use generated::{Draws, Generated, Making};
pub use jumps::{Jumps, Size, Times, jumps};
pub use shock::{Shock, crash, shock};
pub use speed::speed;
