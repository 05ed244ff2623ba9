//! Deleverage replays real market crashes over leveraged perpetual-futures positions.
//!
//! One straight line: [`history`] → [`scenario`] → [`engine`] or [`population`] and [`exchange`] →
//! [`tally`] → [`report`], with
//! [`money`] and [`venue`] as the nouns they share. Inputs fail with a place ([`fault`]); the
//! middle is pure; outputs fail with a path. `ARCHITECTURE.md` holds the layer table.

pub mod cli;
pub mod engine;
pub mod exchange;
pub mod fault;
pub mod fetch;
pub mod history;
pub mod money;
pub mod passage;
pub mod paths;
pub mod population;
pub mod report;
pub mod run;
pub mod scenario;
pub mod tally;
pub mod venue;
pub mod waterfall;
