//! The share of longs that a random walk liquidates, beside closed forms.
//!
//! A geometric Brownian motion without drift (volatility 70 % a year, 7 days) runs through the
//! whole engine; each sample is one bar that stands still. The chance that the price was ever at
//! or below the liquidation price is known.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;

use deleverage::engine::{Exposure, FundingBook, Position, simulate};
use deleverage::history::History;
use deleverage::money::{Cash, PriceScale};
use deleverage::scenario::{BarPath, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Edge, Tiers};
use market::{NO_FEES, Ohlc, leverage, rate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

const VOLATILITY: f64 = 0.7;
const YEARS: f64 = 7.0 / 365.0;
const LEVERAGES: [&str; 4] = ["5", "10", "20", "50"];
/// Chance of liquidation when the mark is seen once a minute.
const EACH_MINUTE: [f64; 4] = [0.0268, 0.3131, 0.6436, 0.8777];
/// The same when it is seen at every instant.
const EACH_INSTANT: [f64; 4] = [0.0272, 0.3159, 0.6476, 0.8820];

/// Two independent standard normal numbers (Box and Muller 1958).
fn normals(rng: &mut ChaCha8Rng) -> [f64; 2] {
    let mut uniform = || ((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let radius = (-2.0 * libm::log(uniform())).sqrt();
    let (sin, cos) = libm::sincos(std::f64::consts::TAU * uniform());
    [radius * cos, radius * sin]
}

/// One path of `steps` samples after the entry at 10,000.
fn path(seed: u64, steps: usize) -> History {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let deviation = VOLATILITY * (YEARS / steps as f64).sqrt();
    let drift = -deviation * deviation / 2.0;
    let (mut log, mut bars) = (0.0, vec![still(0.0)]);
    while bars.len() <= steps {
        for normal in normals(&mut rng) {
            log += drift + deviation * normal;
            bars.push(still(log));
        }
    }
    bars.truncate(steps + 1);
    market::history(market::minutes(bars.len()), &bars, &bars, Vec::new())
}

fn still(log: f64) -> Ohlc {
    [(libm::exp(log) * 1e12).round() as i64; 4]
}

/// Share of paths on which each leverage is liquidated.
fn shares(paths: u64, steps: usize) -> [f64; 4] {
    let flat = Tiers::flat(rate("0.5%"), rate("0.8%"), Cash::ZERO);
    let rules = market::rules(flat, Edge::AtOrBelow, NO_FEES);
    let slippage = Slippage { model: SlippageModel::None, base: FillBase::Mark };
    let dead = |seed: u64| -> [u32; 4] {
        let history = path(seed, steps);
        let funding = FundingBook::of(&history);
        let market = market::market(&history, &funding, &rules, BarPath::OpenLowHighClose);
        let entry = history.trade.open[0];
        let exposure = Exposure { first: 0, bars: history.len() };
        LEVERAGES.map(|turns| {
            let (notional, scale) = (market::cash("10000"), PriceScale::USUAL);
            let long = Position::open(Side::Long, notional, entry, leverage(turns), scale).unwrap();
            let outcome = simulate(&market, &rules, &slippage, &long, exposure);
            u32::from(outcome.liquidation.is_some())
        })
    };
    let add = |a: [u32; 4], b: [u32; 4]| [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
    let counts = (0..paths).into_par_iter().map(dead).reduce(|| [0; 4], add);
    counts.map(|count| f64::from(count) / paths as f64)
}

/// P(minimum of the log price ≤ ln(level)) over the horizon (reflection principle).
fn passage(level: f64) -> f64 {
    let normal = |x: f64| libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0;
    let (barrier, sigma) = (libm::log(level), VOLATILITY * YEARS.sqrt());
    let drift = -sigma * sigma / 2.0;
    let reflected = libm::exp(2.0 * drift * barrier / (sigma * sigma));
    normal((barrier - drift) / sigma) + reflected * normal((barrier + drift) / sigma)
}

/// The liquidation price of a long over its entry price, with a maintenance rate of 0.5 %.
fn level(leverage: f64) -> f64 {
    (1.0 - 1.0 / leverage) / (1.0 - 0.005)
}

fn assert_near(got: [f64; 4], expected: [f64; 4], paths: u64) {
    println!("simulated {got:.4?}, expected {expected:.4?}, {paths} paths");
    for (got, expected) in got.into_iter().zip(expected) {
        let error = (expected * (1.0 - expected) / paths as f64).sqrt();
        assert!((got - expected).abs() < 3.5 * error, "{got} is not {expected} ± {error}");
    }
}

#[test]
fn the_closed_form_gives_the_published_chances() {
    for (turns, chance) in LEVERAGES.iter().zip(EACH_INSTANT) {
        let found = passage(level(turns.parse().unwrap()));
        assert!((found - chance).abs() < 0.00006, "{turns}x: {found}");
    }
}

#[test]
fn a_mark_seen_each_minute() {
    assert_near(shares(4_000, 7 * 24 * 60), EACH_MINUTE, 4_000);
}

/// Seen less often, a barrier lies `0.5826·σ·√Δt` further away (Broadie, Glasserman and Kou 1997).
/// Hourly samples are cheap enough for an error of a quarter of a per cent.
#[test]
fn a_mark_seen_each_hour() {
    let hours = 7 * 24;
    let further = libm::exp(-0.5826 * VOLATILITY * (YEARS / f64::from(hours)).sqrt());
    let expected = LEVERAGES.map(|turns| passage(level(turns.parse().unwrap()) * further));
    assert_near(shares(40_000, hours as usize), expected, 40_000);
}
