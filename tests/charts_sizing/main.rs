//! The pictures of fund sizing, reverse stress and validation: ink where it must be, no text on
//! another, the edges of what can happen. With `CHART_OUT=DIR` every variant is also written
//! there, to be looked at.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod coverage;
mod exceedance;
mod frontier;
mod ladder;
#[path = "../shared/look.rs"]
mod look;
mod refused;
mod room;
mod samples;
mod tornado;
mod validation;
