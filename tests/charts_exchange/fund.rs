use crate::look::{AMBER, BLUE, INDIGO, SWATCH, WINE, look};
use crate::samples::{MINUTE, fund_of, many_symbols, market};
use deleverage::report::chart::exchange::fund::Input;

/// Nothing is deleveraged, and there is one world.
fn calm() -> Input {
    let mut calm = fund_of(market(0.000_012_3, 120, 60 * MINUTE), 50e6, 0.0);
    (calm.adl, calm.first_adl, calm.worlds) = (vec![0.0; 120], None, None);
    calm
}

#[test]
fn a_fund_that_pays_is_seen_with_what_was_closed() {
    let seen = look("fund", &fund_of(market(121_332.96, 1_440, MINUTE), 50e6, 0.22));
    assert!(seen.all(BLUE) > 3_000 && seen.all(INDIGO) > 2_000);
    assert!(seen.all(AMBER) > 4_000 && seen.all(WINE) > 1_000);
    assert!(seen.says("First ADL 10 Oct 22:57") && seen.says("within a bar −41.8 %, 20.9 M"));
    for quiet in ["exhausted", "No auto-deleveraging", "no insurance fund"] {
        assert!(!seen.says(quiet), "{quiet}");
    }
}

#[test]
fn what_did_not_happen_is_said_and_has_no_axes() {
    let still = look("fund-calm", &calm());
    assert!(still.says("No auto-deleveraging") && !still.says("First ADL"));
    assert!(still.all(AMBER) > 4_000 && still.all(WINE) <= SWATCH);
    assert!(!still.says("of worlds"));
    let flat = vec![50e6; 120];
    let liquidated = vec![0.0; 120];
    let peace = Input { liquidated, cash: flat.clone(), marked: flat, ..calm() };
    let peace = look("fund-peace", &peace);
    assert!(peace.says("Nobody was liquidated") && peace.says("Never below an earlier peak"));
    assert_eq!((peace.all(AMBER), peace.all(WINE)), (0, 0));
    let none = Input { start: 0.0, cash: vec![0.0; 120], marked: vec![0.0; 120], ..calm() };
    let none = look("fund-none", &none);
    assert!(none.says("The venue has no insurance fund") && !none.says("Fall from its peak"));
    assert_eq!(none.all(BLUE), 0);
}

#[test]
fn an_empty_fund_is_marked_where_it_runs_dry() {
    let mut gone = fund_of(market(121_332.96, 1_440, MINUTE), 50e6, 1.05);
    gone.cash.iter_mut().for_each(|cash| *cash = cash.max(0.0));
    let gone = look("fund-gone", &gone);
    assert!(gone.says("cash exhausted 11 Oct") && gone.says("cash 0 USDT"));
}

#[test]
fn a_price_that_falls_by_decades_has_few_ticks() {
    let mut luna = market(86.0, 1_440, MINUTE);
    for (i, bar) in luna.symbols[0].bars.iter_mut().enumerate() {
        let part = 10f64.powf(-7.0 * i as f64 / 1_440.0);
        (bar.low, bar.high, bar.close) = (bar.low * part, bar.high * part, bar.close * part);
    }
    let seen = look("fund-luna", &fund_of(luna, 50e6, 0.22));
    assert!(seen.texts_equal("0.0001") || seen.texts_equal("0.001"));
}

#[test]
fn funds_in_coins_and_of_many_symbols_are_drawn() {
    let mut coins = fund_of(market(4_800.0, 2_880, MINUTE), 36_500.0, 0.9);
    coins.asset = "BTC".to_owned();
    coins.quote = "USD".to_owned();
    let coins = look("fund-coins", &coins);
    assert!(coins.texts_equal("−20"), "below zero the axis has a sign");
    assert!(coins.says("Insurance fund, k BTC") && coins.says("per 15 min, M USD"));
    let many = look("fund-many", &fund_of(many_symbols(3), 50e6, 0.22));
    assert!(many.says("SOLUSDT −") && !many.says("more"));
    let seven = look("fund-seven", &fund_of(many_symbols(7), 50e6, 0.22));
    assert!(seven.says("XRPUSDT −") && seven.says("and 2 more"));
}
