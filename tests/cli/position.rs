//! `deleverage position`.

use super::{Desk, json};
use serde_json::Value;

const KEYS: [&str; 12] = [
    "notional",
    "quantity",
    "margin",
    "initial_margin",
    "maintenance_margin",
    "tier",
    "liquidation_price",
    "bankruptcy_price",
    "bankruptcy_price_with_fee",
    "distance",
    "adl_score",
    "can_owe",
];

fn position(words: &str) -> Value {
    let words: Vec<&str> = words.split_whitespace().collect();
    json(&Desk::new().succeed(&[&["position", "--json"][..], &words].concat()))
}

/// Asserts decimal strings, to twelve digits after the point.
fn holds(position: &Value, expected: &[(&str, f64)]) {
    for (key, expected) in expected {
        let text = position[key].as_str().unwrap_or_else(|| panic!("{key}: {}", position[key]));
        let value: f64 = text.parse().unwrap();
        assert!((value - expected).abs() < 1e-11 * expected.abs().max(1.0), "{key}: {text}");
    }
}

#[test]
fn a_long_under_the_rules_of_a_venue() {
    let told = position(
        "--venue binance-usdm --symbol BTCUSDT --side long --entry 60000 --leverage 10 \
         --margin 1000 --date 2024-08-01",
    );
    for key in KEYS {
        assert!(told.get(key).is_some(), "{key} is missing: {told}");
    }
    // Tier 1: m = 0.4 %, c = 0. Notional 10000, so 54000 / 0.996 and 54000 / (1 − 0.05 %).
    let expected = [
        ("notional", 10_000.0),
        ("quantity", 10_000.0 / 60_000.0),
        ("margin", 1_000.0),
        ("initial_margin", 1_000.0),
        ("maintenance_margin", 40.0),
        ("liquidation_price", 54_000.0 / 0.996),
        ("bankruptcy_price", 54_000.0),
        ("bankruptcy_price_with_fee", 54_000.0 / 0.9995),
        ("distance", 1.0 - 0.9 / 0.996),
    ];
    holds(&told, &expected);
    assert_eq!(told["tier"], 1);
    assert_eq!(told["can_owe"], false);
    assert_eq!(told["adl_score"], Value::Null);
}

#[test]
fn a_short_under_explicit_rules_needs_no_venue() {
    let told = position(
        "--side short --entry 100 --quantity 10 --leverage 10 --maintenance 1% --deduction 2 \
         --fee 0.1%",
    );
    // M = 100, c = 2: (100 + 2 + 1000) / (10·1.01), 110, 110 / 1.001.
    let expected = [
        ("notional", 1_000.0),
        ("margin", 100.0),
        ("maintenance_margin", 8.0),
        ("liquidation_price", 1_102.0 / 10.1),
        ("bankruptcy_price", 110.0),
        ("bankruptcy_price_with_fee", 110.0 / 1.001),
    ];
    holds(&told, &expected);
    assert_eq!(told["can_owe"], Value::Null);
}

#[test]
fn added_margin_moves_the_liquidation_price() {
    let told = position(
        "--side long --entry 100 --quantity 10 --leverage 10 --extra-margin 100 --maintenance 1% \
         --mark 90",
    );
    let level = (200.0 - 1_000.0) / (10.0 * (0.01 - 1.0));
    holds(&told, &[("margin", 200.0), ("liquidation_price", level)]);
    holds(&told, &[("distance", (90.0 - level) / 90.0)]);
}

#[test]
fn a_long_that_is_paid_in_full_is_never_liquidated() {
    let rules = "--side long --entry 100 --quantity 10 --leverage 1 --maintenance 1%";
    let told = position(rules);
    assert_eq!(told["liquidation_price"], Value::Null);
    assert_eq!(told["bankruptcy_price"], Value::Null);
    assert_eq!(told["distance"], Value::Null);
    let words: Vec<&str> = rules.split_whitespace().collect();
    let text = Desk::new().succeed(&[&["position"][..], &words].concat());
    let line = text.lines().find(|line| line.trim_start().starts_with("liquidation price"));
    assert!(line.unwrap().contains("never"), "{text}");
}

#[test]
fn text_shows_each_formula_with_its_numbers() {
    let words = "position --venue binance-usdm --symbol BTCUSDT --side long --entry 60000 \
                 --leverage 10 --margin 1000 --date 2024-08-01";
    let text = Desk::new().succeed(&words.split_whitespace().collect::<Vec<_>>());
    let parts = ["54216.867469879518", "54000", "/ leverage = 10000 / 10", "tier 1", "2024-08-01"];
    for part in parts {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn what_describes_no_position_fails() {
    let desk = Desk::new();
    let bad = [
        ("--side long --entry 60000 --leverage 10", "--venue NAME"),
        ("--venue binance-usdm --side long --entry 60000 --leverage 10", "--symbol"),
        ("--venue mtgox --symbol BTCUSDT --side long --entry 60000 --leverage 10", "binance-usdm"),
        ("--venue binance-usdm --symbol ABC --side long --entry 1 --leverage 2", "BTCUSDT"),
        ("--side long --entry 0 --leverage 10 --maintenance 1%", "above 0"),
        ("--side long --entry 100 --maintenance 1%", "--leverage"),
        ("--side long --entry 100 --leverage 10 --maintenance 100%", "below 1"),
        ("--side flat --entry 100 --leverage 10 --maintenance 1%", "long, short"),
        ("--side long --entry 100 --leverage 10 --deduction 5", "--maintenance"),
        ("--side long --entry 1e5 --leverage NaN --maintenance 1%", "not"),
    ];
    for (words, hint) in bad {
        let words: Vec<&str> = words.split_whitespace().collect();
        let told = desk.fail(&[&["position", "--json"][..], &words].concat());
        assert!(told.contains(hint) && !told.contains("panicked"), "{words:?}: {told}");
    }
}
