//! Laws of whole worlds, on random books under random venues, with an auditor that listens.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../audit/auditor/mod.rs"]
mod auditor;
#[path = "../differential/draw.rs"]
mod draw;
#[path = "../market/mod.rs"]
mod market;
#[path = "../differential/prices.rs"]
mod prices;
mod random;
#[path = "../reference/mod.rs"]
mod reference;
mod stage;
#[path = "../differential/vocabulary.rs"]
mod vocabulary;

use auditor::Care;
use draw::Draw;
use random::Size;
use rayon::prelude::*;
use stage::Stage;

/// Worlds of every run of the tests.
const USUAL: u64 = 10_000;
/// Worlds of `just soak`.
const MANY: u64 = 1_000_000;
/// Says how many instead.
const CASES: &str = "DELEVERAGE_CASES";

fn random_world(number: u64) -> Stage {
    Stage::draw(&mut Draw::of(2_025, number), Size { accounts: 60 })
}

/// What the auditor says of the first world that he objects to.
fn objections(worlds: std::ops::Range<u64>) -> Option<String> {
    worlds.into_par_iter().find_map_first(|number| {
        let (objections, ..) = random_world(number).audited(Care::Every);
        let lines: Vec<String> = objections.iter().map(ToString::to_string).collect();
        (!lines.is_empty()).then(|| format!("world {number}:\n{}", lines.join("\n")))
    })
}

#[test]
fn the_auditor_objects_to_no_random_world() {
    let wrong = objections(0..USUAL);
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
}

#[test]
#[ignore = "hours: a million random worlds, every event audited"]
fn the_auditor_objects_to_none_of_a_million() {
    let many = std::env::var(CASES).map_or(MANY, |count| count.parse().unwrap());
    let wrong = objections(0..many);
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
}
