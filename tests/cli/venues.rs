//! `deleverage venues`.

use super::{Desk, json, names, table};
use std::collections::BTreeSet;
use std::path::Path;

/// The folders of venues, in the order of the alphabet.
fn all() -> BTreeSet<String> {
    names(Path::new("data/venues"))
}

fn fits(text: &str) {
    let wide = text.lines().find(|line| line.chars().count() > 120);
    assert_eq!(wide, None, "wider than 120 columns");
}

#[test]
fn list_names_every_venue_with_its_dates() {
    let desk = Desk::new();
    let listed = json(&desk.succeed(&["venues", "list", "--json"]));
    let listed = listed.as_array().unwrap();
    let names = listed.iter().map(|venue| venue["name"].as_str().unwrap().to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), all());
    let bitmex = listed.iter().find(|venue| venue["name"] == "bitmex").unwrap();
    assert_eq!(bitmex["files"][1]["valid_from"], "2020-04-17");
    assert_eq!(bitmex["files"][1]["symbols"], serde_json::json!(["XBTUSD"]));
    let told = desk.succeed(&["venues", "list"]);
    fits(&told);
    assert!(all().iter().all(|name| told.contains(name)));
}

#[test]
fn compare_puts_all_venues_side_by_side_in_120_columns() {
    let desk = Desk::new();
    let told = desk.succeed(&["venues", "compare"]);
    fits(&told);
    for name in all() {
        assert_eq!(told.matches(&name).count(), 2, "{name}: a row in each of two blocks");
    }
    for word in ["whole-by-contracts", "previous-mark", "profit-margin-ratio", "settlement-asset*"]
    {
        assert!(told.contains(word), "{word} is cut");
    }
    assert!(!told.contains("to-first-tier"), "the newest rules of each");
    let old = desk.succeed(&["venues", "compare", "okx", "bitmex", "--date", "2020-03-12"]);
    assert!(old.contains("to-first-tier") && old.contains("2019-11-01"), "{old}");
}

#[test]
fn compare_as_csv_has_one_row_a_venue_and_ten_choices() {
    let told = Desk::new().succeed(&["venues", "compare", "hyperliquid", "dydx-v4", "--csv"]);
    let (header, rows) = table(&told);
    assert_eq!(header.len(), 3 + 10);
    assert_eq!(header[..4], ["venue", "valid_from", "symbol", "trigger_price"]);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0][..3], ["hyperliquid", "2025-03-15", "BTC"]);
    assert_eq!(rows[1][3], "oracle, equity < maintenance");
}

#[test]
fn show_marks_what_is_not_from_code_or_documentation() {
    let desk = Desk::new();
    let told = desk.succeed(&["venues", "show", "bitmex", "--date", "2020-03-12"]);
    fits(&told);
    assert!(told.starts_with("bitmex: rules from 2019-01-01, values of XBTUSD"), "{told}");
    let line = |name: &str| told.lines().find(|line| line.trim().starts_with(name)).unwrap();
    assert!(line("taker fee").trim_end().ends_with("assumed *"), "{told}");
    assert!(line("how much is closed").trim_end().ends_with("docs"), "{told}");
    let steps = desk.succeed(&["venues", "show", "bitmex", "--symbol", "XBTUSD"]);
    fits(&steps);
    assert!(steps.contains("no larger position") && steps.contains("more"), "{steps}");
}

#[test]
fn show_as_json_has_every_rule_in_words() {
    let desk = Desk::new();
    let all = json(&desk.succeed(&["venues", "show", "hyperliquid", "--json"]));
    assert_eq!(all.as_array().unwrap().len(), 6);
    let words = ["venues", "show", "hyperliquid", "--symbol", "ETH", "--json"];
    let one = json(&desk.succeed(&words));
    assert_eq!(one["close_out"]["style"], "fraction");
    assert_eq!(one["close_out"]["share"], "0.2");
    assert_eq!(one["close_out"]["backstop_below"], "0.666666666667");
    assert_eq!(one["funding"]["cap"], "4%");
    assert_eq!(one["adl"]["rank"], "gain-exposure");
    assert_eq!(one["instrument"], "ETHUSDT");
}

#[test]
fn what_there_is_not_is_an_error_that_lists_what_there_is() {
    let desk = Desk::new();
    let told = desk.fail(&["venues", "show", "mtgox"]);
    assert!(told.contains("no such venue: found `mtgox`; accepted: binance-coinm"), "{told}");
    let told = desk.fail(&["venues", "show", "gate", "--symbol", "BTCUSDT"]);
    assert!(told.contains("found `BTCUSDT`; accepted: BTC_USDT, ETH_USDT"), "{told}");
    let told = desk.fail(&["venues", "compare", "hyperliquid", "--date", "2020-03-12"]);
    assert!(told.contains("no rules of hyperliquid are known before 2025-03-15"), "{told}");
}

#[test]
fn check_passes_a_good_file_with_warnings_and_stops_at_a_bad_one() {
    let desk = Desk::new();
    let good = include_str!("../../data/venues/gate/2022-01-01.toml");
    desk.put("mine.toml", good);
    let told = desk.succeed(&["venues", "check", "mine.toml"]);
    assert!(told.starts_with("mine.toml: rules of gate from 2022-01-01, 2 symbols"), "{told}");
    assert!(told.contains("warning: history (assumed): "), "{told}");
    desk.put("mine.toml", &good.replace("style = \"full\"", "style = \"all\""));
    let told = desk.fail(&["venues", "check", "mine.toml"]);
    let line = good.lines().position(|line| line.starts_with("style")).unwrap() + 1;
    let expected = format!("mine.toml:{line}:9: no such style: found `all`; accepted: full");
    assert!(told.contains(&expected), "{told}");
    assert!(desk.fail(&["venues", "check", "absent.toml"]).contains("cannot read absent.toml"));
}
