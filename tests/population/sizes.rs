//! Sizes and leverage: rules `POP-002` and `POP-003`.

use crate::case::{Case, user_holdings};
use crate::market::rate;
use deleverage::money::Rate;
use deleverage::population::Population;
use deleverage::scenario::Side;
use deleverage::scenario::exchange::{LeverageTable, PopulationChoice};

/// Quantile and density of the normal distribution, from tables.
const NORMAL: [(f64, f64, f64); 6] = [
    (0.1, -1.281_552, 0.175_498),
    (0.25, -0.674_490, 0.317_777),
    (0.5, 0.0, 0.398_942),
    (0.75, 0.674_490, 0.317_777),
    (0.9, 1.281_552, 0.175_498),
    (0.99, 2.326_348, 0.026_652),
];

/// Lots of the users of one side, rising.
fn sizes(population: &Population, side: Side) -> Vec<f64> {
    let held = user_holdings(population).filter(|(_, held)| held.side == side);
    let mut sizes: Vec<f64> = held.map(|(_, held)| held.quantity.lots() as f64).collect();
    sizes.sort_by(f64::total_cmp);
    sizes
}

fn many(accounts: u32) -> impl FnOnce(&mut PopulationChoice) {
    move |choice| {
        choice.accounts = accounts;
        choice.cross = Rate::ZERO;
    }
}

#[test]
fn the_body_is_lognormal() {
    let population = Case::new(1).with(many(100_000)).world(0);
    for side in [Side::Long, Side::Short] {
        let sizes = sizes(&population, side);
        let n = sizes.len() as f64;
        let at = |q: f64| sizes[(q * n) as usize].ln();
        for (q, z, density) in NORMAL {
            let error = |q: f64, density: f64| 2.7 * (q * (1.0 - q) / n).sqrt() / density;
            // Both this quantile and the median are drawn.
            let both = error(q, density).hypot(error(0.5, NORMAL[2].2));
            let off = at(q) - at(0.5) - 2.7 * z;
            assert!(off.abs() < 4.0 * both, "{side} {q}: {off} is over 4 × {both}");
        }
    }
}

#[test]
fn the_tail_is_a_pareto_tail() {
    let population = Case::new(1).with(many(200_000)).world(0);
    let sizes = sizes(&population, Side::Long);
    let n = sizes.len();
    let knee = sizes[n * 99 / 100];
    // Hill's estimator over the first nine tenths of the tail, which the cut does not touch:
    // the mean of the logarithm of a size censored there is (1 − 0.1)/α.
    let end = sizes[n - n / 1_000];
    let logs = sizes[n * 99 / 100..].iter().map(|size| (size.min(end) / knee).ln());
    let mean = logs.sum::<f64>() / (n / 100) as f64;
    let alpha = 0.9 / mean;
    let error = 0.87 / (0.009 * n as f64).sqrt();
    assert!((alpha - 0.87).abs() < 4.0 * error, "{alpha}, {error}");
}

#[test]
fn nobody_holds_more_than_the_largest_share_and_the_top_percent_hold_most() {
    let mut tops = Vec::new();
    for world in 0..10 {
        let population = Case::new(1).with(many(20_000)).world(world);
        for side in [Side::Long, Side::Short] {
            let sizes = sizes(&population, side);
            let whole: f64 = sizes.iter().sum();
            let largest = sizes[sizes.len() - 1] / whole;
            assert!(largest < 0.1 + 1e-6, "{largest}");
            assert!(largest > 0.02, "{largest}: there are large accounts");
            tops.push(sizes[sizes.len() * 99 / 100..].iter().sum::<f64>() / whole);
        }
    }
    // Between that of a lognormal without a tail (Φ(σ − z) = 64.6 %) and the 84 % of the accounts
    // deleveraged on Hyperliquid on 10 October 2025, which were more and so are cut later.
    let mean = tops.iter().sum::<f64>() / tops.len() as f64;
    assert!((0.65..0.84).contains(&mean), "{mean}");
    // The cut's closed form for 10,000 accounts: 66.9 % (tail from 534.6 medians, cut at 76 times
    // that, α = 0.87).
    assert!((mean - 0.669).abs() < 0.03, "{mean}");
}

#[test]
fn few_accounts_share_equally_where_the_largest_share_leaves_no_room() {
    let population = Case::new(1).with(many(16)).world(0);
    let sizes = sizes(&population, Side::Long);
    assert_eq!(sizes.len(), 8, "an eighth each is more than the largest share");
    assert!(sizes.iter().all(|size| (size / sizes[0] - 1.0).abs() < 1e-6), "{sizes:?}");
}

/// Average ranks, where several are equal.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let same = order[from..].iter().take_while(|i| values[**i] == values[order[from]]).count();
        let rank = from as f64 + (same as f64 - 1.0) / 2.0;
        order[from..from + same].iter().for_each(|i| ranks[*i] = rank);
        from += same;
    }
    ranks
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(one), mean(other));
    let sum = |f: &dyn Fn((&f64, &f64)) -> f64| one.iter().zip(other).map(f).sum::<f64>();
    let covariance = sum(&|(x, y)| (x - a) * (y - b));
    let (var, other_var) = (sum(&|(x, _)| (x - a).powi(2)), sum(&|(_, y)| (y - b).powi(2)));
    covariance / (var * other_var).sqrt()
}

#[test]
fn ranks_of_size_and_leverage_correlate_as_chosen() {
    for wanted in ["-0.3", "0", "0.6", "-1"] {
        let case = Case::new(1).with(many(20_000)).with(|choice| {
            choice.correlation = rate(wanted);
            // Without giants between two of whom everybody has the same leverage.
            choice.sigma = rate("0.8");
            choice.alpha = rate("5");
        });
        let population = case.world(0);
        let of_side = user_holdings(&population).filter(|(_, held)| held.side == Side::Long);
        let (sizes, leverages): (Vec<f64>, Vec<f64>) = of_side
            .map(|(trader, held)| {
                let size = held.quantity.lots() as f64;
                let value = size * held.entry.steps() as f64 / 1e8;
                (size, value / trader.margin.atoms() as f64)
            })
            .unzip();
        let found = correlation(&ranks(&sizes), &ranks(&leverages));
        let wanted: f64 = wanted.parse().unwrap();
        // Standard error 1/√n = 0.01; the leverage is in whole hundredths.
        assert!((found - wanted).abs() < 0.04, "{found}, not {wanted}");
    }
}

#[test]
fn each_band_of_leverage_has_its_share_to_within_one_account() {
    for table in [crate::case::bitmex(), crate::case::hyperliquid()] {
        let mut case = Case::new(1).with(many(5_000)).with(|choice| {
            choice.leverage = table.clone();
            choice.sigma = rate("1");
            choice.alpha = rate("3");
        });
        case.rules[0].tiers.steps.truncate(1);
        let population = case.world(2);
        for side in [Side::Long, Side::Short] {
            shares_hold(&population, side, &table);
        }
    }
}

fn shares_hold(population: &Population, side: Side, table: &LeverageTable) {
    let of_side = user_holdings(population).filter(|(_, held)| held.side == side);
    let positions: Vec<(f64, f64)> = of_side
        .map(|(trader, held)| {
            let size = held.quantity.lots() as f64;
            (size, size * held.entry.steps() as f64 / 1e8 / trader.margin.atoms() as f64)
        })
        .collect();
    let whole: f64 = positions.iter().map(|(size, _)| size).sum();
    let largest = positions.iter().map(|(size, _)| size / whole).fold(0.0, f64::max);
    let mut wanted = 0.0;
    for band in &table.bands[..table.bands.len() - 1] {
        wanted += band.share.to_f64();
        let below = positions.iter().filter(|(_, leverage)| *leverage < band.to.to_f64() - 1e-6);
        let found = below.map(|(size, _)| size / whole).sum::<f64>();
        assert!((found - wanted).abs() <= largest, "{side} up to {}: {found}", band.to);
    }
}
