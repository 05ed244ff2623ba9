//! Estimators of fund sizing: printed figures, worlds whose answer is known, laws.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod closed_form;
mod clustered;
mod covers;
mod figures;
mod laws;
mod world;
