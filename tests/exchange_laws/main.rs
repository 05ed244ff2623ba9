//! Laws of whole worlds, on random books under random venues, with an auditor that listens.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod agreement;
#[path = "../audit/auditor/mod.rs"]
mod auditor;
mod by_hand;
#[path = "../differential/draw.rs"]
mod draw;
mod endless;
mod laws;
#[path = "../market/mod.rs"]
mod market;
mod need;
#[path = "../differential/prices.rs"]
mod prices;
mod random;
#[path = "../reference/mod.rs"]
mod reference;
mod stage;
#[path = "../differential/vocabulary.rs"]
mod vocabulary;

use auditor::{Care, Objection};
use draw::Draw;
use random::Size;
use rayon::prelude::*;
use stage::Stage;
use std::collections::{BTreeMap, BTreeSet};

/// Worlds of every run of the tests; the other laws look at 5,500 more.
const USUAL: u64 = 20_000;
/// Worlds of `just soak`.
const MANY: u64 = 1_000_000;
/// Says how many instead.
const CASES: &str = "DELEVERAGE_CASES";

fn random_world(number: u64) -> Stage {
    Stage::draw(&mut Draw::of(2_025, number), Size { accounts: 60 })
}

/// For each law that was broken: in how many worlds, in which first, and how in the first of all.
fn objections(worlds: std::ops::Range<u64>) -> Vec<String> {
    let broken = |number: u64| {
        let stage = random_world(number);
        // To look at everybody after each sub-step costs most of the time.
        let care = if number.is_multiple_of(8) { Care::Every } else { Care::Bars(4) };
        let told = std::panic::catch_unwind(|| stage.audited(care).0);
        let objections = told.unwrap_or_else(|panic| vec![Objection::of_panic(&*panic)]);
        objections.into_iter().map(move |one| (one.law, (number, one.to_string())))
    };
    let all: Vec<_> = worlds.into_par_iter().flat_map_iter(broken).collect();
    let mut laws: BTreeMap<&str, Vec<(u64, String)>> = BTreeMap::new();
    all.into_iter().for_each(|(law, found)| laws.entry(law).or_default().push(found));
    let line = |(law, found): (&str, Vec<(u64, String)>)| {
        let worlds: BTreeSet<u64> = found.iter().map(|(number, _)| *number).collect();
        let first: Vec<u64> = worlds.iter().copied().take(8).collect();
        format!("{law} in {} worlds, first in {first:?}: {}", worlds.len(), found[0].1)
    };
    laws.into_iter().map(line).collect()
}

#[test]
fn the_auditor_objects_to_no_random_world() {
    let wrong = objections(0..USUAL);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "half an hour of one core, 1.6 ms a world: a million random worlds, all audited"]
fn the_auditor_objects_to_none_of_a_million() {
    let many = std::env::var(CASES).map_or(MANY, |count| count.parse().unwrap());
    let wrong = objections(0..many);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `DELEVERAGE_WORLD=7 cargo test --test exchange_laws tells -- --ignored --nocapture`
#[test]
#[ignore = "for a look at one world: its study, its journal, what the auditor says"]
fn tells_one_world() {
    let Ok(number) = std::env::var("DELEVERAGE_WORLD") else { return };
    let stage = random_world(number.parse().unwrap());
    let (objections, world, tape) = stage.audited(Care::Every);
    println!("{:#?}\n{:?}\n{:?}", stage.rules[0], stage.study.driver, stage.study.fund);
    for (moment, event) in &tape.0 {
        println!("{} {} {} {event:?}", moment.bar, moment.substep, moment.time);
    }
    println!("{world:?}");
    objections.iter().for_each(|one| println!("{one}"));
}
