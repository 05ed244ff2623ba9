//! Every word of every closed vocabulary is used by a file, and no file has another one.

use deleverage::venue::venues;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// Keys of venue files and all of their words.
const VOCABULARIES: [(&str, &[&str]); 17] = [
    ("contract", &["linear", "inverse"]),
    ("trigger.price", &["mark", "oracle"]),
    ("trigger.when", &["equity <= maintenance", "equity < maintenance"]),
    ("trigger.closing_fee", &["excluded", "included"]),
    (
        "close_out.style",
        &[
            "full",
            "ioc-then-takeover",
            "lower-tier",
            "two-tiers",
            "to-first-tier",
            "fraction",
            "restore",
            "block-cap",
        ],
    ),
    ("close_out.price", &["market", "bankruptcy-limit", "fillable-limit", "transfer"]),
    ("close_out.residual", &["fund-keeps", "fee-then-return", "returned", "backstop"]),
    ("funding.price", &["mark", "oracle"]),
    ("funding.pays", &["margin", "wallet"]),
    ("fund.scope", &["global", "settlement-asset", "pool", "contract", "vault", "none"]),
    ("adl.start", &["fund-empty", "peak-drawdown", "symbol-drawdown", "negative-equity", "never"]),
    (
        "adl.rank",
        &[
            "profit-leverage",
            "profit-margin-ratio",
            "return-margin-ratio",
            "gain-exposure",
            "unranked",
            "pro-rata",
        ],
    ),
    ("adl.price", &["bankruptcy", "mark", "previous-mark"]),
    ("last_resort.rung", &["profit-clawback", "per-unit", "injection", "bad-debt"]),
    ("protection.negative_balance", &["protected", "owed"]),
    (
        "lookup",
        &["marginal", "whole-by-notional", "whole-by-contracts", "risk-steps", "linear-in-size"],
    ),
    ("funding.cap", &["none", "100% of maintenance", "75% of spread", "4%"]),
];

/// All built-in files, as TOML.
fn files() -> Vec<Table> {
    let all = venues(None).unwrap();
    let paths = all.iter().flat_map(|venue| {
        venue.files.iter().map(|file| super::place(&venue.name, file.valid_from))
    });
    paths.map(|path| std::fs::read_to_string(path).unwrap().parse().unwrap()).collect()
}

/// The texts that a file has under a key, `default` and all symbols.
fn words(file: &Table, key: &str) -> Vec<String> {
    if key == "lookup" {
        let margin = file["margin"].as_table().unwrap().values();
        return margin.map(|of| of["lookup"].as_str().unwrap().to_owned()).collect();
    }
    let value = match key.split_once('.') {
        Some((section, key)) => &file[section][key],
        None => &file[key],
    };
    match value {
        Value::Table(each) => each.values().map(|v| v.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    }
}

/// Words that are left to scenarios: who may owe money has signed for it, and no venue that ships
/// lets a trader owe; none shares a loss per unit of open interest.
const LEFT_TO_SCENARIOS: [(&str, &str); 2] =
    [("last_resort.rung", "per-unit"), ("protection.negative_balance", "owed")];

#[test]
fn every_word_is_used_by_a_file_or_left_to_scenarios() {
    let files = files();
    for (key, vocabulary) in VOCABULARIES {
        let used: BTreeSet<String> = files.iter().flat_map(|file| words(file, key)).collect();
        let wanted = vocabulary.iter().filter(|word| !LEFT_TO_SCENARIOS.contains(&(key, word)));
        assert_eq!(used, wanted.map(ToString::to_string).collect(), "{key}");
    }
}

/// A cap may also be any rate; every other word has its place on the page of venue files.
#[test]
fn every_word_is_on_the_page() {
    let page = std::fs::read_to_string("docs/venues.md").unwrap();
    for (key, vocabulary) in VOCABULARIES.iter().filter(|(key, _)| has_row(key)) {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{key}`")));
        let row = row.unwrap_or_else(|| panic!("no row of {key}"));
        for word in *vocabulary {
            assert!(row.contains(&format!("`{word}`")), "{key}: no {word} in {row}");
        }
    }
}

fn has_row(key: &str) -> bool {
    key.contains('.') && key != "funding.cap"
}

/// Maintenance that follows volatility is a scenario's to bring: no venue has it by rule.
#[test]
fn no_file_makes_maintenance_follow_volatility() {
    assert!(files().iter().all(|file| !file.contains_key("volatility")));
}
