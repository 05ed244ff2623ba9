use crate::look::look;
use crate::samples::caption;
use deleverage::report::chart::exchange::waterfall::{Input, Payment, Spread};

fn paid(amount: f64) -> Payment {
    let spread = Spread { mean: amount * 1.04, p5: amount * 0.62, p95: amount * 1.51 };
    Payment { amount, worlds: Some(spread) }
}

fn nothing() -> Payment {
    Payment { amount: 0.0, worlds: Some(Spread::default()) }
}

fn sample() -> Input {
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

#[test]
fn waterfalls_of_every_depth_are_drawn() {
    let zero = Payment::default();
    let one = |amount| Payment { amount, worlds: None };
    let alone = Input {
        margin: one(188.6e6),
        fund: one(17e6),
        adl: one(8.4e6),
        socialised: zero,
        owed: zero,
        injected: one(1.2e6),
        bad_debt: one(320_000.0),
        total: None,
        beyond: None,
        ..sample()
    };
    let margins = Input { fund: zero, adl: zero, injected: zero, bad_debt: zero, ..alone.clone() };
    let okex = Input {
        asset: "BTC".to_owned(),
        margin: one(4_100.0),
        fund: one(10.2),
        adl: zero,
        socialised: one(1_200.0),
        injected: one(2_500.0),
        bad_debt: one(0.000_12),
        ..alone.clone()
    };
    let peace = Input { margin: zero, ..margins.clone() };
    let inputs = [
        ("waterfall", sample()),
        ("waterfall-alone", alone),
        ("waterfall-margins", margins),
        ("waterfall-coins", okex),
        ("waterfall-peace", peace),
    ];
    for (name, input) in inputs {
        look(name, &input);
    }
}
