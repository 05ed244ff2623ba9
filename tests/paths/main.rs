//! Paths beyond history: generators against closed forms and laws, facts against known answers.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../market/mod.rs"]
mod market;

mod betas;
mod bootstrap;
mod command;
mod facts;
mod jumps;
mod made;
mod shock;
mod speed;
mod verdicts;
