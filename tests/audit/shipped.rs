//! Whole worlds of the shipped scenarios, every event audited.

use super::auditor::{Auditor, Care};
use deleverage::exchange::{Market, Scratch, World, simulate};
use deleverage::population::{self, Ground, Listing};
use deleverage::run::load_exchange;
use deleverage::scenario;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Worlds of all scenarios together that `just audit` looks at.
const MANY: usize = 1_000;
/// Says how many instead.
const CASES: &str = "DELEVERAGE_CASES";

/// Scenario files whose study is an exchange.
fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "toml"));
    files.retain(|file| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines().any(|line| line.replace(' ', "") == "study=\"exchange\"")
    });
    files.sort();
    files
}

fn listing<'a>(market: &Market<'a>) -> Listing<'a> {
    let Market { history, rules, law, book, .. } = *market;
    Listing { history, rules, law, open_interest: book.open_interest }
}

/// What the auditor has against so many worlds of a scenario, with `accounts` in each at most.
fn objections(file: &Path, worlds: u32, accounts: u32) -> Vec<String> {
    let mut study = scenario::read(file, &[]).unwrap().exchange().unwrap();
    study.population.accounts = study.population.accounts.min(accounts);
    let inputs = load_exchange(&study, None).unwrap();
    let markets = inputs.markets();
    let scene = inputs.scene(&markets);
    let listings: Vec<Listing> = markets.iter().map(listing).collect();
    let book = population::read(scene.study, &listings, scene.first).unwrap();
    let ground = match book {
        Some(_) => None,
        None => Some(Ground::new(scene.study, &listings, scene.first).unwrap()),
    };
    let of = |number: u32| {
        let people = match (&ground, &book) {
            (Some(ground), _) => {
                population::draw(ground, number, &mut population::Scratch::default())
            }
            (None, book) => book.as_ref().unwrap().population.clone(),
        };
        let mut auditor = Auditor::of(&scene, number, Care::Bars(60));
        let world: World = simulate(scene, &people, number, &mut Scratch::default(), &mut auditor);
        let objections = auditor.close(&world);
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        objections.into_iter().map(move |one| format!("{name}, world {number}: {one}"))
    };
    (0..worlds).into_par_iter().flat_map_iter(of).collect()
}

#[test]
fn he_objects_to_no_world_of_the_demo() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/demo-exchange.toml");
    let wrong = objections(&file, 2, 500);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "a quarter of an hour of one core, 0.9 s a world: a thousand of all shipped scenarios"]
fn he_objects_to_none_of_a_thousand_shipped_worlds() {
    let files = scenarios();
    let many = std::env::var(CASES).map_or(MANY, |count| count.parse().unwrap());
    let each = many.div_ceil(files.len()) as u32;
    let mut some = Vec::new();
    for file in files {
        let wrong = objections(&file, each, u32::MAX);
        println!("{}: {each} worlds, {} objections", file.display(), wrong.len());
        some.extend(wrong.into_iter().take(8));
    }
    assert!(some.is_empty(), "{}", some.join("\n"));
}
