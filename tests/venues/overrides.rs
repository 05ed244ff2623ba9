//! What a scenario replaces.

use super::{btc, cash, date, message, rate, rules};
use deleverage::money::{Cash, Rate};
use deleverage::venue::{
    AdlStart, CloseOut, Edge, FundingCap, LastRung, NegativeBalance, OrderPrice, Residual, Tiers,
    VolatilityScope,
};

#[test]
fn any_field_can_be_overridden_and_is_listed() {
    let rules = btc("fees.taker = \"0.02%\"\nprotection.negative_balance = \"owed\"\n\
         trigger.when = \"equity < maintenance\"\nmargin.BTCUSDT.cap = 5000000000")
    .unwrap();
    assert_eq!(rules.fees.taker, rate("2bp"));
    assert_eq!(rules.fees.liquidation, rate("1.25%"));
    assert_eq!(rules.loss.negative_balance, NegativeBalance::Owed);
    assert_eq!(rules.edge, Edge::Below);
    assert_eq!(rules.tiers.cap, Some(cash("5000000000")));
    let keys: Vec<&str> = rules.overridden.iter().map(|(key, _)| key.as_str()).collect();
    let expected =
        ["fees.taker", "protection.negative_balance", "trigger.when", "margin.BTCUSDT.cap"];
    assert_eq!(keys, expected);
    let told = rules.assumptions();
    assert!(!told.iter().any(|line| line.starts_with("fees.taker")), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("margin.BTCUSDT (observed)")), "{told:?}");
}

#[test]
fn a_liquidation_fee_may_differ_by_symbol() {
    let fee =
        |symbol, overrides| rules(symbol, date(2024, 3, 28), overrides).unwrap().fees.liquidation;
    assert_eq!(fee("BTCUSDT", ""), rate("1.25%"));
    assert_eq!(fee("SOLUSDT", ""), rate("1.5%"));
    assert_eq!(fee("SOLUSDT", "fees.liquidation = \"0\""), Rate::ZERO);
    assert_eq!(fee("SOLUSDT", "fees.liquidation.default = \"0\""), rate("1.5%"));
}

#[test]
fn a_flat_rate_replaces_the_tiers_of_any_symbol() {
    let flat = rules("NEWUSDT", date(2024, 8, 1), "maintenance = \"0.4%\"").unwrap();
    let initial = Rate::from_steps(rate("0.4%").steps() + 1);
    assert_eq!(flat.tiers, Tiers::flat(rate("0.4%"), initial, Cash::ZERO));
    assert!(!flat.assumptions().iter().any(|line| line.contains("margin.NEWUSDT")));
    let full = btc("maintenance = \"5%\"\ninitial = \"10%\"\ndeduction = \"25\"").unwrap();
    assert_eq!(full.tiers, Tiers::flat(rate("5%"), rate("10%"), cash("25")));
}

#[test]
fn bad_overrides_are_refused() {
    let file = "data/venues/binance-usdm/2024-08-01.toml";
    let cases = [
        ("fees.takr = \"1\"", "override of `fees.takr`: unknown field `takr`"),
        ("fees.taker.x = \"1\"", "accepted: taker, liquidation"),
        ("fee.taker = \"1\"", "override of `fee.taker`: no such key in the venue file"),
        ("name = \"other\"", "accepted: history, settlement, contract, trigger, close_out, fees"),
        ("fees.taker = 0.0005", "override of `fees.taker`: a number with decimals is written"),
        ("fees.taker = \"lots\"", "override of `fees.taker`: not a decimal number: found `lots`"),
        ("trigger.price = \"last\"", "unknown variant `last`: found `last`; accepted: `mark`"),
        ("close_out.style = \"fraction\"", "this style needs `share` beside it"),
        ("close_out.share = \"20%\"", "`share` is no key of style `ioc-then-takeover`"),
        ("adl.drawdown = \"30%\"", "`drawdown` is no key of start `fund-empty`"),
        ("volatility.slope = \"1\"", "missing field `window`"),
        ("funding.cap = \"2 of interest\"", "not a decimal number"),
        ("contract = \"quanto\"", "no such contract: found `quanto`; accepted: linear, inverse"),
        ("margin.ABCUSDT.cap = \"1\"", "override of `margin.ABCUSDT.cap`: no such key"),
        ("maintenance = 0.004", "override of `maintenance`: a number with decimals"),
        ("maintenance = \"2\"", "not a maintenance rate: found `2`"),
        ("maintenance = \"1%\"\ninitial = \"1%\"", "override of `initial`: not an initial margin"),
        ("initial = \"1%\"", "a flat rate needs `maintenance` beside it: found `1%`"),
        ("margin.BTCUSDT.tiers = []", "override of `margin.BTCUSDT.tiers`: no tiers"),
    ];
    for (overrides, expected) in cases {
        let told = message(btc(overrides));
        assert!(told.starts_with(file) && told.contains(expected), "{overrides}\n{told}");
    }
}

#[test]
fn overridden_tiers_are_checked_like_those_of_a_file() {
    let told = message(btc(
        "margin.BTCUSDT.tiers = [{ floor = \"0\", max_leverage = \"100\", maintenance = \"2%\" }]",
    ));
    assert!(told.contains("a position would be liquidated as it opens: found `100`"), "{told}");
}

#[test]
fn the_manifest_view_holds_every_number_as_text() {
    let view = btc("fees.taker = \"4bp\"").unwrap().to_json();
    assert_eq!(view["fees"]["taker"], "0.0004");
    assert_eq!(view["overridden"]["fees.taker"], "4bp");
    assert_eq!(view["margin"]["tiers"][1]["maintenance"], "0.005");
    assert_eq!(view["margin"]["cap"], "1800000000");
    assert_eq!(view["trigger"]["when"], "equity <= maintenance");
    assert!(!has_number(&view), "{view:#}");
    let uncapped = rules("BTCUSDT", date(2022, 7, 10), "").unwrap().to_json();
    assert!(uncapped["margin"]["cap"].is_null());
}

fn has_number(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(_) => true,
        serde_json::Value::Array(items) => items.iter().any(has_number),
        serde_json::Value::Object(fields) => fields.values().any(has_number),
        _ => false,
    }
}

/// Keys of the old word go with it.
#[test]
fn a_style_is_replaced_as_a_whole() {
    let on_hyperliquid = |overrides: &str| {
        let overrides = overrides.parse().unwrap();
        let (name, symbol, as_of) = ("hyperliquid", "BTC", date(2025, 10, 10));
        let request =
            super::ResolveRequest { name, symbol, as_of, overrides: &overrides, folder: None };
        super::resolve(&request)
    };
    let own = on_hyperliquid("").unwrap();
    assert!(matches!(own.close_out, CloseOut::Fraction { .. }));
    assert_eq!(own.residual, Residual::Backstop { below: rate("0.666666666667") });
    let full = on_hyperliquid("close_out.style = \"full\"").unwrap();
    assert_eq!(full.close_out, CloseOut::Full);
    assert_eq!(full.residual, own.residual);
    let kept = on_hyperliquid("close_out.residual = \"fund-keeps\"").unwrap();
    assert_eq!(kept.residual, Residual::FundKeeps);
    assert_eq!(kept.close_out, own.close_out);
    let half = on_hyperliquid("close_out.share = \"50%\"").unwrap();
    let CloseOut::Fraction { share, above, .. } = half.close_out else { panic!() };
    assert_eq!((share, above), (rate("50%"), cash("100000")));
    let limited = on_hyperliquid(
        "close_out.price = \"fillable-limit\"\nclose_out.adjustment = \"1\"\n\
         close_out.spread = \"1.5\"",
    );
    let (adjustment, spread) = (rate("1"), rate("1.5"));
    assert_eq!(limited.unwrap().order, OrderPrice::FillableLimit { adjustment, spread });
}

#[test]
fn a_scenario_brings_the_rung_that_no_file_has() {
    let shared = btc("last_resort.rung = \"per-unit\"").unwrap();
    assert_eq!(shared.loss.last_rung, LastRung::PerUnit);
    assert_eq!(btc("").unwrap().loss.last_rung, LastRung::Injection);
}

#[test]
fn a_section_that_the_file_lacks_can_be_brought() {
    let rules = btc("volatility.slope = \"1.5\"\nvolatility.window = \"1h\"\n\
         volatility.reference = \"0.5%\"\nvolatility.at_most = \"4\"\nvolatility.lag = \"2h\"\n\
         volatility.applies = \"new-positions\"\n\
         margin.BTCUSDT.open_interest.lower = \"1\"\nmargin.BTCUSDT.open_interest.upper = \"2\"")
    .unwrap();
    let volatility = rules.volatility.unwrap();
    assert_eq!(volatility.slope, rate("1.5"));
    assert_eq!(volatility.applies, VolatilityScope::NewPositions);
    assert_eq!(rules.open_interest.unwrap().upper, cash("2"));
    let view = rules.to_json();
    assert_eq!(view["volatility"]["reference"], "0.005");
    assert_eq!(view["margin"]["open_interest"]["lower"], "1");
}

#[test]
fn caps_and_starts_are_read_with_their_amounts() {
    let cap = |text: &str| btc(&format!("funding.cap = \"{text}\"")).unwrap().funding.cap;
    assert_eq!(cap("none"), FundingCap::None);
    assert_eq!(cap("0.3%"), FundingCap::Rate(rate("0.3%")));
    assert_eq!(cap("75% of spread"), FundingCap::OfSpread(rate("75%")));
    assert_eq!(cap("1 of maintenance"), FundingCap::OfMaintenance(rate("1")));
    let start = btc("adl.start = \"symbol-drawdown\"\nadl.drawdown = \"30%\"\nadl.until = \"25%\"");
    let expected = AdlStart::SymbolDrawdown { start: rate("30%"), stop: rate("25%") };
    assert_eq!(start.unwrap().loss.adl_start, expected);
}
