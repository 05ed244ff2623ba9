//! Maintenance that rises with volatility: whom it liquidates, and that they are counted apart.

use super::{Desk, table};

const STUDY: &str = r#"
study = "leverage"
history = { event = "2020-03-12", symbol = "BTCUSDT" }
entries = { every = "3h" }
positions = { leverage = [2, 5, 10, 20], horizon = ["1d"] }
[venue]
name = "binance-usdm"
"#;

const RULE: &str = r#"
[venue.override.volatility]
slope = "1"
window = "4h"
reference = "2%"
at_most = "8"
lag = "1h"
applies = "all-positions"
"#;

/// Each position's liquidated, raised_margin and first_liquidation_bar.
fn fates(rule: &str, more: &[&str]) -> (String, Vec<(bool, bool, Option<u32>)>) {
    let desk = Desk::with_scenario(&format!("{STUDY}{rule}"));
    let words = ["run", "study.toml", "--outcomes", "csv", "--out", "out"];
    let summary = desk.succeed(&[&words, more].concat());
    let (header, rows) = table(&desk.text("out/outcomes.csv"));
    let at = |name: &str| header.iter().position(|known| known == name).unwrap();
    let (hit, raised, bar) = (at("liquidated"), at("raised_margin"), at("first_liquidation_bar"));
    let fate =
        |row: &Vec<String>| (row[hit] == "true", row[raised] == "true", row[bar].parse().ok());
    (summary, rows.iter().map(fate).collect())
}

#[test]
fn a_raised_requirement_only_adds_and_says_which() {
    let (plain_summary, plain) = fates("", &[]);
    let (summary, raised) = fates(RULE, &[]);
    assert!(plain.iter().all(|(_, by_raise, _)| !by_raise));
    for ((hit, _, bar), (hit_too, by_raise, bar_too)) in plain.iter().zip(&raised) {
        assert!(*hit_too || !hit, "a higher requirement saved a position");
        assert!(bar.is_none() || bar_too <= bar, "a higher requirement liquidated later");
        assert!(*by_raise || bar == bar_too, "liquidated earlier, but not by the raise");
    }
    let by_raise = raised.iter().filter(|fate| fate.1).count();
    let said =
        format!("{by_raise} were liquidated only because maintenance margin had been raised");
    assert!(by_raise > 0 && summary.contains(&said), "{summary}");
    assert!(!plain_summary.contains("raised"));
}

#[test]
fn a_raise_for_new_positions_spares_those_that_were_open() {
    let new = ["--set", "venue.override.volatility.applies=\"new-positions\""];
    let (_, of_all) = fates(RULE, &[]);
    let (_, of_new) = fates(RULE, &new);
    let count = |fates: &[(bool, bool, Option<u32>)]| fates.iter().filter(|fate| fate.1).count();
    assert!(0 < count(&of_new) && count(&of_new) < count(&of_all));
}
