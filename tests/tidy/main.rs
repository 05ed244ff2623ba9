//! The house rules that no compiler checks. Each test reads the repository as text and says,
//! where it fails, what to do. `CONTRIBUTING.md` states the same rules for people.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod calls;
mod data;
mod layers;
mod licences;
mod names;
mod rust;
mod signatures;
mod sizes;
mod tree;
mod words;

/// Fails with one line per violation and the remedy.
fn none(violations: Vec<String>, remedy: &str) {
    let list = violations.join("\n  ");
    assert!(violations.is_empty(), "{} violations\n  {list}\n{remedy}", violations.len());
}
