//! The auditor beside journals that are wrong, and beside whole worlds.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod auditor;
#[path = "../differential/draw.rs"]
mod draw;
#[path = "../exchange_laws/endless.rs"]
mod endless;
#[path = "../market/mod.rs"]
mod market;
mod mutants;
#[path = "../differential/prices.rs"]
mod prices;
#[path = "../exchange_laws/random.rs"]
mod random;
#[path = "../reference/mod.rs"]
mod reference;
mod shipped;
#[path = "../exchange_laws/stage.rs"]
mod stage;
#[path = "../differential/vocabulary.rs"]
mod vocabulary;

use auditor::{Auditor, Care, Objection};
use deleverage::exchange::{Event, Journal, World};
use draw::Draw;
use mutants::{FIGURES, MUTATIONS, Mutation};
use random::Size;
use rayon::prelude::*;
use stage::{Stage, Tape};

/// Worlds from which mutants are made.
const WORLDS: u64 = 150;

fn world(number: u64) -> Stage {
    Stage::draw(&mut Draw::of(2_025, number), Size { accounts: 60 })
}

/// What the auditor says of a tape and an account of the world.
fn heard(stage: &Stage, tape: &Tape, world: &World) -> Vec<Objection> {
    stage.scene(|scene| {
        let mut auditor = Auditor::of(&scene, stage.world, Care::Every);
        tape.0.iter().for_each(|(moment, event)| auditor.note(*moment, *event));
        auditor.close(world)
    })
}

/// Worlds that he has nothing against.
fn sound() -> Vec<(u64, Stage, World, Tape)> {
    let of = |number: u64| {
        let stage = world(number);
        let (objections, world, tape) = stage.audited(Care::Every);
        objections.is_empty().then_some((number, stage, world, tape))
    };
    (0..WORLDS).into_par_iter().filter_map(of).collect()
}

/// Mutants of a kind, and those that he let pass.
fn mutants(mutation: &Mutation, sound: &[(u64, Stage, World, Tape)]) -> (usize, Vec<String>) {
    let of = |(number, stage, world, tape): &(u64, Stage, World, Tape)| {
        let mutant = mutation.of(tape, &mut Draw::of(7, *number))?;
        let passes = heard(stage, &mutant, world).is_empty();
        let changed = || {
            let pairs = tape.0.iter().zip(&mutant.0).filter(|(one, other)| one != other);
            format!("world {number}: {:?}", pairs.map(|(one, _)| one).next())
        };
        Some(passes.then(changed))
    };
    let all: Vec<Option<String>> = sound.par_iter().filter_map(of).collect();
    (all.len(), all.into_iter().flatten().collect())
}

#[test]
fn he_objects_to_every_kind_of_mutant() {
    let sound = sound();
    let mut wrong = Vec::new();
    for mutation in &MUTATIONS {
        let (count, passed) = mutants(mutation, &sound);
        println!("{}: {count} mutants of {} worlds", mutation.name, sound.len());
        if count < 10 || !passed.is_empty() {
            wrong.push(format!("{}: {count}, let pass {passed:#?}", mutation.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn takes_over(event: &Event) -> bool {
    matches!(event, Event::Trade { reason: deleverage::exchange::Reason::Takeover, .. })
}

#[test]
fn he_objects_to_every_wrong_figure() {
    for (number, stage, world, tape) in sound().into_iter().take(40) {
        // A grid of prices that is coarse beside the price blurs what an inventory has cost.
        if tape.0.iter().any(|(_, event)| takes_over(event)) {
            continue;
        }
        for (figure, falsify) in FIGURES.iter().enumerate() {
            let mut told = world.clone();
            falsify(&mut told);
            let objections = heard(&stage, &tape, &told);
            assert!(!objections.is_empty(), "figure {figure} of world {number}");
        }
    }
}

/// ADL-007: of two who were closed whole one after the other, the second one first.
#[test]
fn he_objects_to_winners_out_of_order() {
    let (mut count, mut passed) = (0, 0);
    for (_, stage, world, tape) in sound() {
        if let Some(mutant) = mutants::out_of_order(&tape) {
            count += 1;
            passed += u32::from(heard(&stage, &mutant, &world).is_empty());
        }
    }
    assert!(count >= 10 && passed * 4 < count, "{passed} of {count} passed");
}

#[test]
fn he_objects_to_silence() {
    for (number, stage, world, tape) in sound().into_iter().take(20) {
        let quiet = |(_, event): &&(_, Event)| !matches!(event, Event::Post { .. });
        let silent = Tape(tape.0.iter().filter(quiet).copied().collect());
        if silent.0.len() < tape.0.len() {
            assert!(!heard(&stage, &silent, &world).is_empty(), "world {number}");
        }
    }
}
