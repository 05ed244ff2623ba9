use crate::look::look;
use crate::samples::{caption, fraction};
use deleverage::report::chart::exchange::drawdown::Input;

/// Falls of `worlds` worlds, the middle one by about `part` of the fund.
fn falls(worlds: u32, start: f64, part: f64) -> Input {
    let tail = |i: u32, shift: f64| {
        let u = fraction(i, shift);
        start * part * (0.4 + 0.9 * u + 0.5 * u.powi(12))
    };
    Input {
        caption: caption(
            "In half of the worlds the fund falls by less than 18 %; in one of twenty by more \
             than 29 %, and in none is it exhausted",
        ),
        asset: "USDT".to_owned(),
        start,
        cash: (0..worlds).map(|i| tail(i, 0.3) * 0.7).collect(),
        marked: (0..worlds).map(|i| tail(i, 0.0)).collect(),
    }
}

#[test]
fn drawdowns_of_every_size_are_drawn() {
    let coins = Input { asset: "BTC".to_owned(), ..falls(1_000, 36_500.0, 0.75) };
    let none = Input { start: 0.0, ..falls(1_000, 50e6, 0.2) };
    let peace = Input { cash: vec![0.0; 50], marked: vec![0.0; 50], ..falls(50, 50e6, 0.2) };
    let alike = Input { cash: vec![1e6; 50], marked: vec![1e6; 50], ..falls(50, 50e6, 0.2) };
    let inputs = [
        ("drawdown", falls(1_000, 50e6, 0.2)),
        ("drawdown-coins", coins),
        ("drawdown-gone", falls(200, 50e6, 2.4)),
        ("drawdown-none", none),
        ("drawdown-peace", peace),
        ("drawdown-alike", alike),
        ("drawdown-one", falls(1, 50e6, 0.2)),
        ("drawdown-tiny", falls(20, 1.2e9, 0.000_4)),
    ];
    for (name, input) in inputs {
        look(name, &input);
    }
}
