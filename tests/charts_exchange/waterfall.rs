use crate::look::{BLUE, GREEN, SKY, WINE, look};
use crate::samples::caption;
use deleverage::report::chart::exchange::waterfall::{Input, Payment, Spread};

fn paid(amount: f64) -> Payment {
    let spread = Spread { mean: amount * 1.04, p5: amount * 0.62, p95: amount * 1.51 };
    Payment { amount, worlds: Some(spread) }
}

fn nothing() -> Payment {
    Payment { amount: 0.0, worlds: Some(Spread::default()) }
}

pub fn sample() -> Input {
    Input {
        caption: caption(
            "Of 214 M USDT lost, the traders' own margins paid 88.1 %, the fund 7.9 % and \
             auto-deleveraged winners 3.9 %; nothing was left over",
        ),
        asset: "USDT".to_owned(),
        margin: paid(188.6e6),
        fund: paid(17.0e6),
        adl: paid(8.4e6),
        socialised: nothing(),
        owed: nothing(),
        injected: nothing(),
        bad_debt: Payment {
            amount: 0.0,
            worlds: Some(Spread { mean: 21_000.0, p5: 0.0, p95: 130_000.0 }),
        },
        total: paid(214e6).worlds,
        beyond: paid(25.4e6).worlds,
    }
}

/// The picked world alone.
fn alone() -> Input {
    let one = |amount| Payment { amount, worlds: None };
    Input {
        margin: one(188.6e6),
        fund: one(17e6),
        adl: one(8.4e6),
        socialised: one(0.0),
        owed: one(0.0),
        injected: one(1.2e6),
        bad_debt: one(320_000.0),
        total: None,
        beyond: None,
        ..sample()
    }
}

#[test]
fn bars_are_as_long_as_what_was_paid() {
    let seen = look("waterfall-alone", &alone());
    let ratio = |a, b| seen.all(a) as f64 / seen.all(b) as f64;
    assert!((ratio(BLUE, WINE) / (17.0 / 8.4) - 1.0).abs() < 0.01);
    assert!((ratio(WINE, GREEN) / (8.4 / 1.2) - 1.0).abs() < 0.05);
    assert!(seen.says("189 M USDT · 87.5 %") && seen.says("320 k USDT · 0.1 %"));
    assert!(!seen.says("mean"));
}

#[test]
fn worlds_are_told_beside_the_picked_one() {
    let seen = look("waterfall", &sample());
    assert!(seen.says("mean 17.7 M, 5–95 % 10.5 to 25.7 M USDT"));
    assert!(seen.says("mean 21.0 k, 5–95 % 0 to 130 k USDT"));
    assert!(seen.says("nothing in any world"));
}

#[test]
fn rungs_that_pay_nothing_leave_no_empty_axes() {
    let zero = Payment::default();
    let margins = Input { fund: zero, adl: zero, injected: zero, bad_debt: zero, ..alone() };
    let seen = look("waterfall-margins", &margins);
    assert!(seen.says("The margins were enough") && !seen.says("enlarged"));
    let seen = look("waterfall-peace", &Input { margin: zero, ..margins });
    assert!(seen.says("Nobody lost anything"));
    assert_eq!(seen.all(SKY), 0);
}

#[test]
fn a_waterfall_in_coins_tells_dust_from_thousands() {
    let one = |amount| Payment { amount, worlds: None };
    let coins = Input {
        asset: "BTC".to_owned(),
        margin: one(4_100.0),
        fund: one(10.2),
        adl: one(0.0),
        socialised: one(1_200.0),
        injected: one(2_500.0),
        bad_debt: one(0.000_12),
        ..alone()
    };
    let seen = look("waterfall-coins", &coins);
    assert!(seen.says("0.000120 BTC · <0.1 %") && seen.says("2,500 BTC · 32.0 %"));
}
