//! The pictures of the exchange study: ink in every panel, no text on another, the edges of what
//! can happen. With `CHART_OUT=DIR` every variant is also written there, to be looked at.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod adl;
mod density;
mod drawdown;
mod fund;
#[path = "../shared/look.rs"]
mod look;
mod open_interest;
mod refused;
mod room;
mod samples;
mod waterfall;
