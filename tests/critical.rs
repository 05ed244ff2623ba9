//! Critical and safe leverage: closed forms by hand, and the shares of shipped studies.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod rows;

use deleverage::engine::critical_leverage;
use deleverage::money::Leverage;
use deleverage::passage::Engine;
use deleverage::run::{self, Inputs, Work, count_all, criticals};
use deleverage::scenario::{self, Setting, Side, Study, Wanted};
use deleverage::tally::{Criticals, Distribution, Safe};
use rows::{ask, pool};
use std::path::Path;

fn read(file: &str, set: &[&str]) -> (Study, Inputs) {
    let settings: Vec<Setting> = set.iter().map(|text| text.parse().unwrap()).collect();
    let study = scenario::read(Path::new(file), &settings).unwrap().leverage().unwrap();
    let inputs = run::load(&study, None).unwrap();
    (study, inputs)
}

fn counted(study: &Study, inputs: &Inputs, threads: usize) -> Option<Criticals> {
    ask(Engine::Auto, study, inputs, |work| criticals(&pool(threads), work, || Ok(())).unwrap())
}

/// The critical leverage of the first entry, up to 125×.
fn first(file: &str, set: &[&str], side: Side) -> Option<String> {
    let (study, inputs) = read(file, set);
    ask(Engine::Scan, &study, &inputs, |work| {
        let Work { plan, market, .. } = work;
        let entry = plan.entries[0];
        let (notional, bars) = (study.notionals[0], plan.horizons[0]);
        let wanted = Wanted { cell: 0, side, leverage: study.leverages[0], notional, bars };
        let highest = Leverage::parse("125").unwrap();
        let place = (entry.price, entry.first);
        let found = critical_leverage(market, &study, &wanted, place, highest);
        found.map(|leverage| leverage.to_string())
    })
}

/// CRT-002. Entry at 99, a maintenance rate of 1 %, marks from 88 to 120 within four hours: a long
/// is liquidated with at most 99 − 88·0.99 = 11.88 of margin per unit, 99 / 11.88 = 8.3333…; a
/// short with at most 120·1.01 − 99 = 22.2, 99 / 22.2 = 4.4594….
#[test]
fn the_worst_mark_of_a_horizon_gives_the_critical_leverage() {
    let file = "tests/golden/slide/scenario.toml";
    assert_eq!(first(file, &[], Side::Long).as_deref(), Some("8.34"));
    assert_eq!(first(file, &[], Side::Short).as_deref(), Some("4.46"));
}

/// CRT-002. A price that stands at 100, a maintenance rate of 5 %, seven settlements of 1 each: a
/// long is liquidated with at most 7 + 5 of margin, 100 / 12 = 8.3333…; a short, which only
/// receives, at once with the maintenance margin itself, 100 / 5 = 20.
#[test]
fn funding_counts() {
    let file = "tests/golden/funding-alone/scenario.toml";
    assert_eq!(first(file, &[], Side::Long).as_deref(), Some("8.34"));
    assert_eq!(first(file, &[], Side::Short).as_deref(), Some("20"));
}

/// CRT-003: a whole wallet stands behind every leverage alike.
#[test]
fn a_shared_wallet_has_no_critical_leverage() {
    let set = ["positions.mode=cross", "positions.wallet=1000"];
    let (study, inputs) = read("tests/golden/slide/scenario.toml", &set);
    assert_eq!(counted(&study, &inputs, 1), None);
    assert_eq!(first("tests/golden/slide/scenario.toml", &set, Side::Long), None);
}

/// CRT-004, CRT-005: at the leverages of a study the distribution says what `frequency.csv` does,
/// interval and all; on two linear venues, with funding, and an inverse one with steps of risk.
#[test]
fn the_distribution_agrees_with_the_shares_of_shipped_studies() {
    for file in ["demo", "black-thursday-2020-traders", "bitmex-2020", "october-2025-traders"] {
        let (study, inputs) = read(&format!("scenarios/{file}.toml"), &[]);
        let found = counted(&study, &inputs, 2).unwrap();
        let tally = ask(Engine::Auto, &study, &inputs, |work| {
            count_all(&pool(2), work, |_| Ok(())).unwrap()
        });
        let mut between = 0;
        for cell in tally.cells() {
            let of = |of: &&Distribution| of.side == cell.side && of.horizon == cell.horizon;
            let shares = found.shares(found.all().iter().find(of).unwrap());
            let at = shares.iter().find(|(level, _)| *level == cell.leverage).unwrap();
            assert_eq!(Some(at.1), cell.share(), "{file}: {} {}", cell.side, cell.leverage);
            between += usize::from(at.1.hits > 0 && at.1.hits < at.1.n);
        }
        assert!(between > 5, "{file}: {between} shares between none and all");
    }
}

#[test]
fn one_thread_and_four_count_the_same() {
    let (study, inputs) = read("scenarios/demo.toml", &[]);
    assert_eq!(counted(&study, &inputs, 1), counted(&study, &inputs, 4));
}

/// CRT-006, CRT-007: the share does not exceed alpha up to the safe leverage and does at the next
/// level; the ends of its interval do the same for the ends of the share's.
#[test]
fn safe_leverage_is_the_last_level_within_alpha() {
    let (study, inputs) = read("scenarios/demo.toml", &[]);
    let found = counted(&study, &inputs, 1).unwrap();
    let levels = found.grid().levels();
    for of in found.all() {
        let shares = found.shares(of);
        let next = |leverage: Option<Leverage>| {
            let at = leverage.map_or(0, |at| levels.partition_point(|level| *level <= at));
            shares.get(at).map(|(_, share)| share)
        };
        for alpha in [0.01, 0.05, 0.1, 0.5] {
            let Safe { leverage, low, high, share, .. } = found.safe(of, &[alpha])[0];
            assert!(low <= leverage && leverage <= high, "{alpha}");
            assert!(share.is_none_or(|share| share.share <= alpha));
            assert!(next(leverage).is_none_or(|share| share.share > alpha));
            assert!(next(low).is_none_or(|share| share.high > alpha));
            assert!(next(high).is_none_or(|share| share.low > alpha));
        }
    }
}
