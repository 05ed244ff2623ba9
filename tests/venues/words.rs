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
    ("last_resort.rung", &["profit-clawback", "injection", "bad-debt"]),
    ("protection.negative_balance", &["protected"]),
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

/// Two words are left to scenarios: who may owe money has signed for it, and no venue that ships
/// lets a trader owe; none shares a loss per unit of open interest.
#[test]
fn every_word_is_used_by_a_file() {
    let files = files();
    for (key, vocabulary) in VOCABULARIES {
        let used: BTreeSet<String> = files.iter().flat_map(|file| words(file, key)).collect();
        let all: BTreeSet<String> = vocabulary.iter().map(ToString::to_string).collect();
        assert_eq!(used, all, "{key}");
    }
}

/// Maintenance that follows volatility is a scenario's to bring: no venue has it by rule.
#[test]
fn no_file_makes_maintenance_follow_volatility() {
    assert!(files().iter().all(|file| !file.contains_key("volatility")));
}
