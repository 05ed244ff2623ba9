//! Where a fall feeds itself: `EXC-031`.

use super::market::{cash, price, rate};
use super::{PLAIN, cases, deep, sides};
use deleverage::exchange::Density;
use deleverage::money::{Cash, Price};
use deleverage::scenario::{DepthCurve, Side};
use proptest::prelude::*;

/// One position in the middle of each half per cent on both sides.
fn uniform(start: &str, notional: &str) -> Density {
    let (start, notional) = (price(start), cash(notional));
    let levels = (0..200_i64).flat_map(|bin| {
        let away = start.steps() / 400 * (2 * bin + 1);
        [(Side::Long, -away), (Side::Short, away)]
            .map(|(side, away)| (side, Price::from_steps(start.steps() + away), notional))
    });
    Density::of(start, levels)
}

/// `R = κ·n` with `β = 1`: constant, for 20 million in each half per cent of a book of 100 million.
#[test]
fn linear_impact_of_a_uniform_density_branches_evenly() {
    let density = uniform("50000", "20000000");
    for (multiplier, expected) in [("1", 0.4), ("0.25", 1.6), ("0.05", 8.0)] {
        for side in [Side::Long, Side::Short] {
            let curve = deep("100000000", "1");
            let ratios = density.branching_ratios(side, &curve, rate(multiplier));
            assert!(ratios.map(|r| r.unwrap()).all(|r| (r / expected - 1.0).abs() < 1e-12));
            let first = density.first_self_sustaining(side, &curve, rate(multiplier));
            assert_eq!(first, (expected >= 1.0).then(|| price("50000")));
        }
    }
}

/// A wall of liquidations: the price at which its bin begins, and none where the book is deep.
#[test]
fn the_first_price_is_where_the_wall_begins() {
    let wall = |side, level: &str| (side, price(level), cash("60000000"));
    let levels = [wall(Side::Long, "96.9"), wall(Side::Long, "80"), wall(Side::Short, "107.2")];
    let density = Density::of(price("100"), levels.into_iter());
    let curve = deep("100000000", "1");
    let first = |side, multiplier| density.first_self_sustaining(side, &curve, rate(multiplier));
    assert_eq!(first(Side::Long, "1"), Some(price("97")));
    assert_eq!(first(Side::Short, "1"), Some(price("107")));
    let deep = deep("1000000000", "1");
    assert_eq!(density.first_self_sustaining(Side::Long, &deep, rate("1")), None);
}

/// More than the whole book in one bin is no number, and sustains itself.
#[test]
fn beyond_the_book_there_is_no_ratio() {
    let levels = [(Side::Long, price("95.2"), cash("500"))];
    let density = Density::of(price("100"), levels.into_iter());
    let curve = DepthCurve { reach: rate("0.1%"), ..deep("1000", "1") };
    let ratios: Vec<_> = density.branching_ratios(Side::Long, &curve, rate("1")).collect();
    assert_eq!((ratios[8], ratios[9]), (Some(0.0), None));
    assert_eq!(density.first_self_sustaining(Side::Long, &curve, rate("1")), Some(price("95.5")));
}

/// Linear impact of a uniform density: `x = s/(1 − κn)`: of 5 % become 8.3333 %; with `κn ≥ 1` it
/// never comes to rest.
#[test]
fn linear_amplification_has_a_closed_form() {
    let density = uniform("50000", "20000000");
    for side in [Side::Long, Side::Short] {
        let by = |multiplier| {
            let curve = DepthCurve { reach: rate("1"), ..deep("100000000", "1") };
            density.amplified_by_sweep(side, rate("5%"), (&curve, rate(multiplier)))
        };
        assert!((by("1").unwrap() - 0.05 / 0.6).abs() < 1e-12);
        assert!((by("0.5").unwrap() - 0.05 / 0.2).abs() < 1e-12);
        assert_eq!(by("0.4"), None);
        assert_eq!(by("0.25"), None);
    }
}

/// Square-root impact: `√x = (c√n + √(c²n + 4s))/2`: with `c = .02/√1e9`, `n = 5e9`, 5 % become
/// 6.10499 %.
#[test]
fn square_root_amplification_has_a_closed_form() {
    let density = uniform("50000", "25000000");
    let impact = |notional: f64| Some(0.02 * (notional / 1e9).sqrt());
    let settled = density.amplified(Side::Long, 0.05, impact).unwrap();
    assert!((settled - 0.061_049_9).abs() < 5e-8, "{settled}");
    let half = (0.0004_f64 * 5.0).sqrt();
    let root = (half + (half * half + 0.2).sqrt()) / 2.0;
    assert!((settled - root * root).abs() < 1e-11, "{settled}");
}

proptest! {
    #![proptest_config(cases(500))]

    /// Every position is in one bin, the bin holds its price, and a position more never calms.
    #[test]
    fn levels_lie_in_their_bins(
        side in sides(), start in 1_000_000_i64..10_000_000_000_000, share in 0.0..0.99_f64,
    ) {
        let away = (start as f64 * share) as i64 * side.sign() as i64;
        let level = Price::from_steps(start - away);
        let levels = [(side, level, cash("7"))];
        let density = Density::of(Price::from_steps(start), levels.into_iter());
        let bin = density.bins(side).iter().position(|n| *n > Cash::ZERO).unwrap();
        let edges = [density.price(side, bin), density.price(side, bin + 1)];
        let (near, far) = (edges[0].steps(), edges[1].steps());
        prop_assert!(side.sign() as i64 * (near - level.steps()) >= 0);
        prop_assert!(side.sign() as i64 * (level.steps() - far) >= -1);
        let total: i64 = density.bins(side).iter().map(|notional| notional.atoms()).sum();
        prop_assert_eq!(total, cash("7").atoms());
    }

    /// A larger shock settles no nearer, and never nearer than the shock itself.
    #[test]
    fn amplification_rises_with_the_shock(side in sides(), one in 1_i64..200, other in 1_i64..200) {
        let density = uniform("50000", "3000000");
        let (small, large) = (one.min(other), one.max(other));
        let settled = |tenths: i64| {
            let shock = rate(&format!("{}.{}%", tenths / 10, tenths % 10));
            let settled = density.amplified_by_sweep(side, shock, (&PLAIN.curve, rate("1")));
            settled.inspect(|x| assert!(*x >= shock.to_f64()))
        };
        match (settled(small), settled(large)) {
            (Some(near), Some(far)) => prop_assert!(near <= far),
            (None, Some(far)) => prop_assert!(false, "only the larger one rests, at {far}"),
            _ => {}
        }
    }
}
