//! What holds of every sample.

use deleverage::money::Cash;
use deleverage::tally::sizing::{Level, Loss, Resampling, Sizing};
use proptest::prelude::*;

const AGAIN: Resampling = Resampling { seed: 3, resamples: 100 };

/// Needs with ties and zeros, of up to four crashes, with equal weights or not.
fn any_losses() -> impl Strategy<Value = Vec<Loss>> {
    let weight = prop_oneof![Just(1.0), 0.5..2.0_f64];
    let one = (0..2_000_i64, 0..4_u16, weight);
    (proptest::collection::vec(one, 200..400), any::<bool>()).prop_map(|(all, equal)| {
        let loss = |(need, crash, weight)| Loss {
            need: Cash::from_atoms(i64::max(need - 500, 0) * 1_000_003),
            crash,
            weight: if equal { 1.0 } else { weight },
        };
        all.into_iter().map(loss).collect()
    })
}

fn any_level() -> impl Strategy<Value = Level> {
    (1..1_000_000_000_u32).prop_map(|billionths| Level::from_billionths(billionths).unwrap())
}

fn of(losses: &[Loss]) -> Sizing {
    Sizing::of(losses.to_vec(), AGAIN).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_higher_level_asks_for_no_less(
        losses in any_losses(),
        levels in (any_level(), any_level()),
    ) {
        let sizing = of(&losses);
        let (low, high) = (levels.0.min(levels.1), levels.0.max(levels.1));
        let [low, high] = [low, high].map(|level| {
            (sizing.value_at_risk(level), sizing.expected_shortfall(level))
        });
        prop_assert!(low.0.value <= high.0.value && low.1.value <= high.1.value);
        prop_assert!(low.0.intervals.draws.low <= high.0.intervals.draws.low);
        prop_assert!(low.1.value >= low.0.value && high.1.value >= high.0.value);
    }

    #[test]
    fn a_fund_of_the_level_is_exceeded_no_more_often(
        losses in any_losses(),
        level in any_level(),
    ) {
        let sizing = of(&losses);
        let risk = sizing.value_at_risk(level);
        let found = sizing.exceedance(risk.value);
        prop_assert!(found.share <= level.beyond() + 1e-12);
        if risk.value > Cash::ZERO {
            let less = sizing.exceedance(Cash::from_atoms(risk.value.atoms() - 1));
            prop_assert!(less.share > level.beyond() - 2e-11);
        }
        let draws = risk.intervals.draws;
        prop_assert!(draws.low <= risk.value);
        prop_assert!(draws.high.is_none_or(|high| high >= risk.value));
    }

    #[test]
    fn a_larger_fund_is_exceeded_less_often(
        losses in any_losses(),
        funds in (0..2_000_i64, 0..2_000_i64),
    ) {
        let sizing = of(&losses);
        let fund = |step: i64| Cash::from_atoms(step * 1_000_003);
        let (small, large) = (funds.0.min(funds.1), funds.0.max(funds.1));
        let [small, large] = [small, large].map(|step| sizing.exceedance(fund(step)));
        prop_assert!(small.share >= large.share);
        for found in [small, large] {
            let draws = found.intervals.draws;
            prop_assert!(draws.low <= found.share && found.share <= draws.high);
            prop_assert!(0.0 <= draws.low && draws.high <= 1.0);
        }
    }

    #[test]
    fn needs_times_k_are_funds_times_k(
        losses in any_losses(),
        level in any_level(),
        k in 2..50_i64,
    ) {
        let times = |cash: Cash| Cash::from_atoms(cash.atoms() * k);
        let scaled: Vec<Loss> =
            losses.iter().map(|loss| Loss { need: times(loss.need), ..*loss }).collect();
        let (one, many) = (of(&losses), of(&scaled));
        let (risk, scaled) = (one.value_at_risk(level), many.value_at_risk(level));
        prop_assert_eq!(times(risk.value), scaled.value);
        prop_assert_eq!(risk.intervals.draws.high.map(times), scaled.intervals.draws.high);
        let crashes = risk.intervals.crashes.unwrap();
        prop_assert_eq!(times(crashes.low), scaled.intervals.crashes.unwrap().low);
        // One rounding up of each.
        let (one, many) = (one.expected_shortfall(level), many.expected_shortfall(level));
        let apart = times(one.value).atoms() - many.value.atoms();
        prop_assert!((0..k).contains(&apart));
    }

    #[test]
    fn the_order_of_the_runs_and_their_thread_change_nothing(
        losses in any_losses(),
        level in any_level(),
        at in any::<prop::sample::Index>(),
    ) {
        let mut turned = losses.clone();
        turned.rotate_left(at.index(losses.len()));
        turned.reverse();
        let (one, other) = (of(&losses), of(&turned));
        prop_assert_eq!(one.value_at_risk(level), other.value_at_risk(level));
        prop_assert_eq!(one.expected_shortfall(level), other.expected_shortfall(level));
        let fund = one.value_at_risk(level).value;
        prop_assert_eq!(one.exceedance(fund), other.exceedance(fund));
    }
}

/// Rule `SIZ-012`: another seed, another resample; the same seed, the same.
#[test]
fn resamples_follow_their_seed() {
    let loss = |n: i64| Loss {
        need: Cash::from_atoms(n * n * 1_000_000),
        crash: (n % 5) as u16,
        weight: 1.0,
    };
    let losses: Vec<Loss> = (0..500).map(loss).collect();
    let of = |seed| Sizing::of(losses.clone(), Resampling { seed, resamples: 200 }).unwrap();
    let shortfall = |seed| of(seed).expected_shortfall(Level::P95);
    assert_eq!(shortfall(1), shortfall(1));
    assert_ne!(shortfall(1).intervals.crashes, shortfall(2).intervals.crashes);
    assert_eq!(shortfall(1).intervals.draws, shortfall(2).intervals.draws);
}
