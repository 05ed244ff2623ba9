use crate::look::{AMBER, WINE, look};
use crate::samples::{MINUTE, START, burst, caption, fraction, market};
use deleverage::report::chart::exchange::density::{Column, Forced, Input};
use deleverage::report::chart::exchange::{Market, Ratio};

const LEVELS: usize = 120;

/// Liquidations rest 4 to 25 % from the start; the price eats them on its way down.
fn density_of(market: Market, columns: usize) -> Input {
    let bars = market.symbols[0].bars.clone();
    let start = bars[0].close;
    let edge = |i: usize| start * (0.7 + 0.6 * i as f64 / LEVELS as f64);
    let size = |level: usize| {
        let away = (edge(level) / start - 1.0).abs();
        let crowd = (-((away - 0.09) / 0.05).powi(2)).exp();
        30e6 * crowd * (0.4 + fraction(level as u32, 0.1)) * if away > 0.02 { 1.0 } else { 0.0 }
    };
    let column = |c: usize| {
        let bar = c * bars.len() / columns;
        let low = bars[..=bar].iter().map(|bar| bar.low).fold(f64::INFINITY, f64::min);
        let resting = |level: usize| {
            if edge(level + 1) > low && edge(level) < start { 0.0 } else { size(level) }
        };
        Column { time: bars[bar].time, resting: (0..LEVELS).map(resting).collect() }
    };
    let forced = |total: f64, from: f64| -> Vec<Forced> {
        let all = burst(&market, total, from).into_iter().zip(&bars);
        all.filter(|(amount, _)| *amount > total * 1e-4)
            .map(|(amount, bar)| Forced { time: bar.time, price: bar.low, amount })
            .collect()
    };
    let ratio = |depth: f64| {
        let points = |levels: std::ops::Range<usize>| {
            levels.map(|level| (edge(level), size(level) / 42e6 / depth)).collect::<Vec<_>>()
        };
        let down = points(0..LEVELS / 2);
        let first = down.iter().rev().find(|(_, r)| *r >= 1.0).map(|(price, _)| *price);
        Ratio { depth, down, up: points(LEVELS / 2 + 1..LEVELS), first }
    };
    Input {
        caption: caption(
            "At a quarter of the usual depth liquidations sustain themselves from 115,300 USDT \
             on; the price fell through that at 22:40",
        ),
        quote: "USDT".to_owned(),
        edges: (0..=LEVELS).map(edge).collect(),
        columns: (0..columns).map(column).collect(),
        liquidations: forced(420e6, 0.1),
        adl: forced(61e6, 0.54),
        ratios: [1.0, 0.25, 0.05].map(ratio).into(),
        market,
    }
}

pub fn sample() -> Input {
    density_of(market(121_332.96, 1_440, MINUTE), 144)
}

#[test]
fn a_crash_through_resting_liquidations_is_seen() {
    let seen = look("density", &sample());
    assert!(seen.all(AMBER) > 2_000 && seen.all(WINE) > 200);
    for words in ["×0.25 from 117,333", "×1 nowhere", "auto-deleveraged", "Branching ratio"] {
        assert!(seen.says(words), "{words}");
    }
    let long = density_of(market(4_800.0, 2_880, MINUTE), 2_880);
    assert!(look("density-long", &long).all(AMBER) > 2_000);
}

#[test]
fn a_calm_or_empty_map_says_so() {
    let mut calm = density_of(market(0.000_012_3, 120, 60 * MINUTE), 1);
    (calm.liquidations, calm.adl) = (Vec::new(), Vec::new());
    let seen = look("density-calm", &calm);
    assert!(seen.says("no auto-deleveraging") && !seen.says("largest mark"));
    assert_eq!((seen.all(AMBER), seen.all(WINE)), (0, 0));
    calm.columns[0].resting.fill(0.0);
    for ratio in &mut calm.ratios {
        ratio.down.iter_mut().chain(&mut ratio.up).for_each(|point| point.1 = 0.0);
        ratio.first = None;
    }
    let seen = look("density-bare", &calm);
    assert!(seen.says("No liquidation rests at any price") && seen.says("×0.05 nowhere"));
}

/// A date below the end of the map stands beside the first tick of R.
#[test]
fn whole_days_end_with_a_date_that_has_room() {
    for (bars, last) in [(72, "13 Oct"), (96, "14 Oct"), (24, "11 Oct 00:00")] {
        let days = density_of(market(121_332.96, bars, 60 * MINUTE), 24);
        let seen = look("density-days", &days);
        assert!(seen.texts_equal(last) && seen.texts_equal("≤0.01"), "{last}");
    }
}

#[test]
fn one_large_liquidation_and_one_depth_are_drawn() {
    let mut one = density_of(market(121_332.96, 1_440, MINUTE), 100);
    one.ratios.truncate(1);
    one.liquidations = vec![Forced { time: START, price: 120_000.0, amount: 416.9e6 }];
    assert!(look("density-one", &one).says("largest mark 417 M USDT"));
}
