//! `deleverage position`.

use super::{Desk, json};
use serde_json::Value;

const KEYS: [&str; 13] = [
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
    "steps",
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
        ("--side long --entry 9 --leverage 2 --maintenance 1% --wallet 5", "--mode cross"),
        ("--side long --entry 9 --leverage 2 --maintenance 1% --mode cross", "--wallet AMOUNT"),
        ("--side long --entry 9 --leverage 2 --maintenance 1% --open-interest 5", "open interest"),
        (
            "--side long --entry 9 --leverage 2 --maintenance 1% --mode cross --wallet 5 \
             --extra-margin 1",
            "a larger --wallet",
        ),
        (
            "--side long --entry 9 --leverage 2 --maintenance 1% --mode cross --wallet 5 \
             --other ETHUSDT:flat:2:3:4",
            "side `flat`: not a side; accepted: long, short",
        ),
        (
            "--side long --entry 9 --leverage 2 --maintenance 1% --mode cross --wallet 5 \
             --other ETHUSDT:long:2:3",
            "4 parts; accepted: SYMBOL:SIDE:QUANTITY:ENTRY:MARK",
        ),
        (
            "--side long --entry 9 --leverage 2 --maintenance 1% --mode cross --wallet 5 \
             --other ETHUSDT:long:2:3:4",
            "sixth part",
        ),
        (
            "--venue okx --symbol BTC-USDT-SWAP --date 2019-12-01 --side long --entry 9000 \
             --leverage 2 --mode cross --wallet 5 --other BTC-USD-SWAP:long:100:9000:9000",
            "BTC-USD-SWAP settles in BTC, not in USDT",
        ),
        (
            "--venue bitmex --symbol XBTUSD --side long --entry 9000 --leverage 2 \
             --contract linear",
            "--contract inverse",
        ),
        (
            "--venue okx --symbol BTC-USDT-SWAP --side long --entry 9 --leverage 2 \
             --maintenance 99.9% --fee 0.2%",
            "rates below 1 together",
        ),
    ];
    for (words, hint) in bad {
        let words: Vec<&str> = words.split_whitespace().collect();
        let told = desk.fail(&[&["position", "--json"][..], &words].concat());
        assert!(told.contains(hint) && !told.contains("panicked"), "{words:?}: {told}");
    }
}

/// Explicit rules for 10 units bought at 100, in one wallet with others.
const IN_A_WALLET: &str = "--symbol BTC --side long --entry 100 --quantity 10 --leverage 10 \
                           --maintenance 1% --mode cross --wallet 300";

#[test]
fn a_wallet_stands_behind_a_cross_position() {
    let told = position(&format!("{IN_A_WALLET} --other ETH:short:2:50:60:2%"));
    // The other has lost 20 and keeps 2.4: M = 277.6.
    let expected = [
        ("margin", 277.6),
        ("initial_margin", 100.0),
        ("liquidation_price", (1_000.0 - 277.6) / 9.9),
        ("bankruptcy_price", 72.24),
        ("equity", 280.0),
    ];
    holds(&told, &expected);
    holds(&told["cross"], &[("profit_of_others", -20.0), ("maintenance_of_others", 2.4)]);
    // Alone it is an isolated position with the whole wallet.
    holds(&position(IN_A_WALLET), &[("liquidation_price", 700.0 / 9.9)]);
}

#[test]
fn legs_of_one_symbol_net_in_a_wallet() {
    let told = position(&format!("{IN_A_WALLET} --other BTC:short:4:110:100"));
    holds(&told, &[("liquidation_price", (600.0 - 340.0) / 5.94), ("maintenance_margin", 6.0)]);
    holds(&told["cross"], &[("locked_profit", 40.0), ("net_quantity", 6.0)]);
    assert_eq!(told["cross"]["net_side"], "long");
    let hedged = position(&format!("{IN_A_WALLET} --other BTC:short:10:110:100"));
    for key in ["liquidation_price", "bankruptcy_price", "distance"] {
        assert_eq!(hedged[key], Value::Null, "{key}");
    }
    assert_eq!(hedged["cross"]["net_side"], Value::Null);
    assert_eq!(hedged["liquidatable"], false);
}

#[test]
fn an_inverse_contract_has_its_size_in_usd_and_its_margin_in_coin() {
    let told = position(
        "--contract inverse --side short --entry 40000 --quantity 10000 --leverage 10 \
         --maintenance 0.4% --fee 0.05%",
    );
    let expected = [
        ("notional", 0.25),
        ("margin", 0.025),
        ("liquidation_price", 9_960.0 / 0.225),
        ("bankruptcy_price", 10_000.0 / 0.225),
        ("bankruptcy_price_with_fee", 9_995.0 / 0.225),
    ];
    holds(&told, &expected);
    // What 0.025 coin buy at 10x.
    let bought = position(
        "--contract inverse --side short --entry 40000 --margin 0.025 --leverage 10 \
         --maintenance 0.4%",
    );
    holds(&bought, &[("quantity", 10_000.0)]);
    // The venue says that it is one: 101 coin behind 10 M USD at 45000.
    let venue = position(
        "--venue binance-coinm --symbol BTCUSD_PERP --side long --entry 45000 --quantity 10000000 \
         --margin 101",
    );
    assert_eq!(venue["contract"], "inverse");
    holds(&venue, &[("liquidation_price", 11_250_000.0 / (112.81 + 10_000.0 / 45.0))]);
}

#[test]
fn a_fee_inside_the_trigger_and_what_replaces_it() {
    let swap = "--venue okx --symbol BTC-USDT-SWAP --date 2023-06-01 --side long --entry 10 \
                --quantity 1 --margin 2 --maintenance 1%";
    let told = position(&format!("{swap} --fee 0.06%"));
    holds(&told, &[("liquidation_price", 8.0 / (1.0 - 0.0106))]);
    // Without --fee the venue's own.
    holds(&position(swap), &[("liquidation_price", 8.0 / (1.0 - 0.0105))]);
}

/// MRG-024.
#[test]
fn open_interest_raises_the_initial_margin_alone() {
    let market = "--venue dydx-v4 --symbol DOGE-USD --date 2024-07-01 --side long --entry 0.1 \
                  --quantity 1000 --leverage 10";
    let (calm, crowded) =
        (position(market), position(&format!("{market} --open-interest 30000000")));
    holds(&calm, &[("initial_margin", 10.0)]);
    // A third of the way from 20 to 50 million: 10 % + 90 % / 3.
    holds(&crowded, &[("initial_margin", 40.0)]);
    assert_eq!(calm["liquidation_price"], crowded["liquidation_price"]);
}

#[test]
fn the_steps_close_the_whole_position_down() {
    let told = position(
        "--venue hyperliquid --symbol BTC --side short --entry 60000 --leverage 10 --quantity 30",
    );
    let steps = told["steps"].as_array().unwrap();
    // A fifth of what is worth more than 100,000, then all; no fee.
    assert_eq!(
        (steps.len(), &steps[0]["closes"], &steps[1]["closes"]),
        (2, &"6".into(), &"24".into())
    );
    holds(&steps[0], &[("leaves", 24.0), ("trigger_price", 65_185.185_185_19)]);
    assert_eq!(steps[0]["rule"], "LIQ-007");
    assert_eq!(steps[1]["leaves"], "0");
    // Eight parts of a Deribit position, and more blocks of a large one on dYdX than are shown.
    let restored = position(
        "--venue deribit --symbol BTC_USDC-PERPETUAL --side long --entry 60000 --leverage 10 \
         --quantity 100",
    );
    assert_eq!(restored["steps"].as_array().map(Vec::len), Some(8));
    let blocks = position(
        "--venue dydx-v4 --symbol BTC-USD --side short --entry 60000 --leverage 10 --quantity 100",
    );
    let blocks = blocks["steps"].as_array().unwrap();
    assert_eq!((blocks.len(), &blocks[19]["more"]), (20, &Value::Bool(true)));
    assert_eq!(blocks[18].get("more"), None);
}

#[test]
fn a_mark_gives_a_place_in_the_queue() {
    let told = position(
        "--venue binance-usdm --symbol BTCUSDT --side long --entry 60000 --leverage 10 \
         --quantity 1 --date 2024-08-01 --mark 66000",
    );
    // 6000 / 6000 · (66000 · 0.5 % − 50) / 12000.
    holds(&told, &[("adl_score", 280.0 / 12_000.0), ("equity", 12_000.0)]);
}

#[test]
fn a_terminal_of_100_columns_shows_every_venue() {
    let cases = [
        "--venue binance-coinm --symbol ETHUSD_PERP --quantity 500000",
        "--venue bitmex --symbol XBTUSD --quantity 30000000",
        "--venue bybit-inverse --symbol BTCUSD --quantity 90000000",
        "--venue bybit-linear --symbol BTCUSDT --quantity 300",
        "--venue clawback-2018 --symbol BTCUSD --quantity 1000000",
        "--venue deribit --symbol BTC_USDC-PERPETUAL --quantity 100",
        "--venue dydx-v3 --symbol YFI-USD --quantity 300",
        "--venue dydx-v4 --symbol BTC-USD --quantity 100",
        "--venue gate --symbol BTC_USDT --quantity 1",
        "--venue hyperliquid --symbol BTC --quantity 30",
        "--venue okx --symbol BTC-USDT-SWAP --quantity 500",
    ];
    let desk = Desk::new();
    for venue in cases {
        for side in ["long", "short"] {
            let words = format!("position {venue} --side {side} --entry 60000.5 --leverage 7");
            let words = format!("{words} --mark 60123.25");
            let text = desk.succeed(&words.split_whitespace().collect::<Vec<_>>());
            for line in text.lines() {
                assert!(line.chars().count() <= 100, "{words}: {line}");
            }
            for part in ["liquidation price", "ADL score", "cannot owe", "is liquidated when"] {
                assert!(text.contains(part), "{words}: {part} is missing:\n{text}");
            }
        }
    }
}
