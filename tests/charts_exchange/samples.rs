//! A made-up crash and what it did to an exchange.

use deleverage::report::chart::Caption;
use deleverage::report::chart::exchange::{Band, Bar, Market, Symbol, fund};

pub const MINUTE: i64 = 60_000;
pub const START: i64 = 1_760_090_400_000;

pub fn caption(headline: &str) -> Caption {
    Caption {
        headline: headline.to_owned(),
        subtitle: "binance-usdm (rules of 2025-09-30) · replay+local, weight 10 % · mark price \
                   recorded · 4 or 13 sub-steps · 1,000 worlds · world 417 (median) \
                   · seed 1"
            .to_owned(),
        footer: "Populations are drawn; the fund's balance, the depth and the open interest are \
                 the scenario's. Some rules of the venue are observed or assumed; summary.txt \
                 names them."
            .to_owned(),
    }
}

/// How far through the crash a part (0 to 1) of the bars is: 0 before, 1 after.
pub fn crash(part: f64) -> f64 {
    1.0 / (1.0 + (-(part - 0.55) * 60.0).exp())
}

/// The path of a price that falls by `depth` and recovers a little.
fn price(start: f64, depth: f64, part: f64) -> f64 {
    let wiggle = (part * 43.0).sin() * 0.004 + (part * 131.0).cos() * 0.002;
    let back = 0.4 * (part - 0.58).max(0.0);
    start * (1.0 + wiggle - crash(part) * (depth - depth * back))
}

pub fn symbol((name, start, depth): (&str, f64, f64), bars: usize, interval: i64) -> Symbol {
    let at = |i: usize| price(start, depth, i as f64 / bars as f64);
    let bar = |i: usize| {
        let (open, close) = (at(i), at(i + 1));
        let part = i as f64 / bars as f64;
        let reach = start * (0.002 + 0.05 * depth * (-((part - 0.555) * 30.0).powi(2)).exp());
        Bar {
            time: START + i as i64 * interval,
            low: open.min(close) - reach,
            high: open.max(close) + reach * 0.4,
            close,
            last: None,
        }
    };
    let quote = "USDT".to_owned();
    Symbol { name: name.to_owned(), quote, bars: (0..bars).map(bar).collect() }
}

pub fn market(start: f64, bars: usize, interval: i64) -> Market {
    Market {
        price_name: "mark".to_owned(),
        interval,
        symbols: vec![symbol(("BTCUSDT", start, 0.15), bars, interval)],
    }
}

pub fn many_symbols(count: usize) -> Market {
    let names =
        ["BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT", "XRPUSDT", "AVAXUSDT", "1000PEPEUSDT"];
    let one = |i: usize| symbol((names[i], 100.0, 0.13 + 0.05 * i as f64), 240, MINUTE);
    Market {
        price_name: "mark".to_owned(),
        interval: MINUTE,
        symbols: (0..count).map(one).collect(),
    }
}

/// One value a bar, of the part of the bars that has passed at its end.
pub fn series(market: &Market, of: impl Fn(f64) -> f64) -> Vec<f64> {
    let bars = market.symbols[0].bars.len();
    (0..bars).map(|i| of((i + 1) as f64 / bars as f64)).collect()
}

/// Amounts of a bar whose sum over all bars is about `total`: most of it in the crash.
pub fn burst(market: &Market, total: f64, from: f64) -> Vec<f64> {
    let before = |part: f64| crash(part.max(from));
    let bars = market.symbols[0].bars.len() as f64;
    series(market, |part| {
        let here = before(part) - before(part - 1.0 / bars);
        let rough = 0.5 + 0.5 * (part * 997.0).sin().abs();
        if part <= from { 0.0 } else { total * here * rough }
    })
}

/// A fund that earns a little, then pays and holds what it cannot sell.
pub fn fund_of(market: Market, start: f64, loss: f64) -> fund::Input {
    let cash = |part: f64| start * (1.0 + 0.02 * part - loss * crash(part - 0.01));
    let held = |part: f64| {
        let dip = (-((part - 0.57) * 22.0).powi(2)).exp();
        cash(part) - start * loss * 0.55 * dip + start * 0.01 * part
    };
    let around =
        |by: f64| series(&market, |part| held(part) + start * loss * by * (0.05 + crash(part)));
    fund::Input {
        caption: caption(
            "The fund falls from 50 to 33 M USDT at the worst moment; auto-deleveraging starts \
             12 minutes into the crash and closes 61 M USDT of winners",
        ),
        asset: "USDT".to_owned(),
        start,
        cash: series(&market, cash),
        marked: series(&market, held),
        deepest: start * loss * 1.9,
        worlds: Some(Band {
            p5: around(-0.5),
            p25: around(-0.18),
            p75: around(0.15),
            p95: around(0.38),
        }),
        quote: "USDT".to_owned(),
        liquidated: burst(&market, 420e6, 0.1),
        adl: burst(&market, 61e6, 0.54),
        first_adl: Some(first_adl(&market)),
        market,
    }
}

/// Numbers between 0 and 1 without a pattern to the eye.
pub fn fraction(i: u32, shift: f64) -> f64 {
    (f64::from(i) * 0.618_033_988_75 + shift).fract()
}

/// The open of the bar in which auto-deleveraging begins.
pub fn first_adl(market: &Market) -> i64 {
    let bars = &market.symbols[0].bars;
    bars[bars.len() * 54 / 100].time
}
