use crate::look::{INDIGO, look};
use crate::samples::{caption, fraction};
use deleverage::report::chart::exchange::drawdown::Input;

/// What lies under the outline of the falls marked to market.
const FILL: [u8; 3] = [173, 210, 230];

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

pub fn sample() -> Input {
    falls(1_000, 50e6, 0.2)
}

#[test]
fn drawdowns_of_every_size_are_drawn() {
    let coins = Input { asset: "BTC".to_owned(), ..falls(1_000, 36_500.0, 0.75) };
    let inputs = [
        ("drawdown", sample()),
        ("drawdown-coins", coins),
        ("drawdown-gone", falls(200, 50e6, 2.4)),
        ("drawdown-tiny", falls(20, 1.2e9, 0.000_4)),
    ];
    for (name, input) in inputs {
        let seen = look(name, &input);
        assert!(seen.all(FILL) > 100_000, "{name}");
        assert!(seen.all(INDIGO) > 2_000, "{name}");
    }
}

#[test]
fn the_fund_is_marked_where_the_axis_reaches_it() {
    // Falls of 20, 40 … 200 % of the fund: six of ten worlds lose all of it or more.
    let marked: Vec<f64> = (1..=10).map(|i| f64::from(i) * 10e6).collect();
    let cash = marked.iter().map(|fall| fall / 4.0).collect();
    let seen = look("drawdown-ladder", &Input { marked, cash, ..falls(10, 50e6, 0.2) });
    assert!(seen.says("(50.0 M USDT): 60.0 % marked to market, none in cash"));
    for words in ["the whole fund", "median: 100 %", "19 of 20: 200.0 %", "worst: 200.0 %"] {
        assert!(seen.says(words), "{words}");
    }
    let far = look("drawdown-far", &falls(1_000, 50e6, 0.05));
    assert!(!far.texts_equal("the whole fund") && far.says("none marked to market"));
}

#[test]
fn one_world_or_no_fall_has_no_histogram() {
    let one = look("drawdown-one", &falls(1, 50e6, 0.2));
    assert!(one.says("One world has no distribution") && one.says("the only world: 8.0 %"));
    let zero = || vec![0.0; 50];
    let peace = Input { cash: zero(), marked: zero(), ..falls(50, 50e6, 0.2) };
    let peace = look("drawdown-peace", &peace);
    assert!(peace.says("In no world did the fund fall"));
    assert!(one.all(FILL) < 50 && peace.all(FILL) < 50);
    let alike = Input { cash: vec![1e6; 50], marked: vec![1e6; 50], ..falls(50, 50e6, 0.2) };
    assert!(look("drawdown-alike", &alike).says("worst: 2.0 %"));
    let none = look("drawdown-none", &Input { start: 0.0, ..falls(1_000, 50e6, 0.2) });
    assert!(none.says("The venue has no fund") && none.says("median: 8.4"));
}
