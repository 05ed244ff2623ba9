//! The auditor beside good and bad journals, and beside whole worlds.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod auditor;
#[path = "../reference/mod.rs"]
mod reference;
