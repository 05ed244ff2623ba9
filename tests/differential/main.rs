//! The engine beside the plain reference of `tests/reference`, on random markets and venues.
//!
//! Both know the same rules (`docs/model`), and nothing of each other. Everything must be equal:
//! who, when, which step, prices and money, to the last digit. A case follows from the name of its
//! combination and its number, so that a difference names the case that shows it.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod case;
mod critical;
mod draw;
mod ends;
mod engine;
mod engines;
mod laws;
#[path = "../market/mod.rs"]
mod market;
mod prices;
#[path = "../reference/mod.rs"]
mod reference;
mod vocabulary;

use case::{Case, Mode, Venue};
use deleverage::scenario::Side;
use deleverage::venue::{Contract, ResolveRequest, VenueRules, resolve, venues};
use draw::Draw;
use rayon::prelude::*;

/// Cases of each combination in every run of the tests.
const USUAL: u64 = 600;
/// Cases of each combination that `just differential` runs.
const MANY: u64 = 100_000;
/// Says how many instead: `just differential 10000`.
const CASES: &str = "DELEVERAGE_CASES";

/// Positions of one kind under the rules of one venue.
struct Combination<'a> {
    name: String,
    venue: Venue<'a>,
    side: Side,
    mode: Mode,
}

impl Combination<'_> {
    fn case(&self, number: u64) -> Case {
        let seed = self.name.bytes().fold(7, |seed: u64, byte| {
            seed.wrapping_mul(1_099_511_628_211).wrapping_add(byte.into())
        });
        Case::draw(&mut Draw::of(seed, number), &self.venue, self.side, self.mode)
    }

    /// Where the two engines disagree in the first case in which they do.
    fn difference(&self, cases: u64) -> Option<String> {
        let differs = |number: u64| {
            let case = self.case(number);
            let (expected, simulated) = (case.expected(), engine::simulated(&case));
            (expected != simulated).then_some((number, expected, simulated))
        };
        let (number, expected, simulated) = (0..cases).into_par_iter().find_map_first(differs)?;
        let lines = beside(&format!("{expected:#?}"), &format!("{simulated:#?}"));
        let steps = expected.death.map_or(0, |death| death.steps);
        let name = &self.name;
        Some(format!("{name}, case {number}, {steps} steps, reference | engine:\n{lines}"))
    }
}

/// The lines in which two texts differ.
fn beside(one: &str, other: &str) -> String {
    let pairs = one.lines().zip(other.lines()).filter(|(a, b)| a != b);
    pairs.map(|(a, b)| format!("{} | {}\n", a.trim(), b.trim())).collect()
}

/// A venue's name and its rules for every symbol in every file.
fn shipped() -> Vec<(String, Vec<VenueRules>)> {
    let none = toml::Table::new();
    let all = venues(None).unwrap().into_iter().map(|venue| {
        let files = venue.files.iter().flat_map(|file| {
            let rules = |symbol: &String| {
                let (name, as_of) = (&venue.name, file.valid_from);
                resolve(&ResolveRequest { name, symbol, as_of, overrides: &none, folder: None })
            };
            file.symbols.iter().map(move |symbol| rules(symbol).unwrap()).collect::<Vec<_>>()
        });
        (venue.name.clone(), files.collect())
    });
    all.collect()
}

/// Both sides, alone and in an account.
fn combinations<'a>(name: &str, venue: impl Fn() -> Venue<'a>) -> Vec<Combination<'a>> {
    let kinds = [Side::Long, Side::Short]
        .into_iter()
        .flat_map(|side| [Mode::Isolated, Mode::Cross].into_iter().map(move |mode| (side, mode)));
    let of = |(side, mode)| Combination {
        name: format!("{name} {mode:?} {side}"),
        venue: venue(),
        side,
        mode,
    };
    kinds.map(of).collect()
}

fn differences(combinations: &[Combination], cases: u64) -> Vec<String> {
    combinations.iter().filter_map(|combination| combination.difference(cases)).collect()
}

fn shipped_venues_agree(cases: u64) {
    let shipped = shipped();
    let all = shipped.iter().flat_map(|(name, files)| combinations(name, || Venue::Shipped(files)));
    let all: Vec<Combination> = all.collect();
    println!("{} combinations of {cases} cases", all.len());
    let wrong = differences(&all, cases);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn random_venues(contract: Contract) -> Vec<Combination<'static>> {
    combinations(&format!("random {contract:?}"), || Venue::Random(contract))
}

fn random_venues_agree(contract: Contract, cases: u64) {
    let wrong = differences(&random_venues(contract), cases);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every venue that is shipped, all of its files and symbols.
#[test]
fn the_engine_equals_the_reference_under_every_shipped_venue() {
    shipped_venues_agree(USUAL);
}

/// MRG-001 to MRG-023, ACC-001 to ACC-005, TIM-001 to TIM-010, FND-001 to FND-010,
/// SLP-001 to SLP-009, LIQ-001 to LIQ-013, CLO-001 to CLO-016, VOL-001 to VOL-006.
#[test]
fn the_engine_equals_the_reference_under_random_linear_venues() {
    random_venues_agree(Contract::Linear, 10 * USUAL);
}

/// The same rules for contracts that settle in coin.
#[test]
fn the_engine_equals_the_reference_under_random_inverse_venues() {
    random_venues_agree(Contract::Inverse, 10 * USUAL);
}

/// As many cases of each combination as were asked for.
fn many() -> u64 {
    std::env::var(CASES).map_or(MANY, |count| count.parse().unwrap())
}

#[test]
#[ignore = "forty minutes: a hundred thousand positions of every venue, mode and side"]
fn a_hundred_thousand_of_every_shipped_combination() {
    shipped_venues_agree(many());
}

#[test]
#[ignore = "minutes: a hundred thousand positions of random venues for every mode and side"]
fn a_hundred_thousand_of_every_random_combination() {
    random_venues_agree(Contract::Linear, many());
    random_venues_agree(Contract::Inverse, many());
}

/// What the random cases are worth: how many of them come to each of the ends that matter.
#[test]
fn the_random_cases_reach_every_end() {
    for contract in [Contract::Linear, Contract::Inverse] {
        let mut seen = [0_u32; ends::NAMES.len()];
        for combination in random_venues(contract) {
            let all: Vec<_> = (0..1_500_u64)
                .into_par_iter()
                .map(|number| ends::reached(&combination.case(number)))
                .collect();
            for ends in all {
                seen.iter_mut().zip(ends).for_each(|(count, end)| *count += u32::from(end));
            }
        }
        println!("{contract:?} {:?}\n{seen:?} of 6000", ends::NAMES);
        let rare = ends::NAMES.iter().zip(seen).filter(|(_, count)| *count < 20);
        let rare: Vec<_> = rare.collect();
        assert!(rare.is_empty(), "{contract:?}: {rare:?}");
    }
}
