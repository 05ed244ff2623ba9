//! Figures that are printed elsewhere, or that a line of arithmetic gives.

use super::world::{Gap, sizing};
use deleverage::money::Cash;
use deleverage::tally::sizing::{
    Frequency, Level, Loss, Refused, Resampling, Sample, Sizing, Wider, conditional_level,
    cost_level, coverage_ratio,
};

/// Needs of 1, 2, 3 … units.
fn ladder(n: usize) -> Vec<Loss> {
    let loss = |unit| Loss { need: units(unit), crash: 0, weight: 1.0 };
    (1..=n).map(loss).collect()
}

fn units(units: usize) -> Cash {
    Cash::parse(&units.to_string()).unwrap()
}

/// Rule `SIZ-007`: of 10,000 needs the 99th percentile is the 101st from the top, between ranks 81
/// and 121; the 99.9th lies between ranks 4 and 18.
#[test]
fn ranks_from_the_top() {
    let sizing = sizing(ladder(10_000));
    let from_top = |rank: usize| units(10_001 - rank);
    for (level, at, low, high) in [(Level::P99, 101, 121, 81), (Level::P999, 11, 18, 4)] {
        let risk = sizing.value_at_risk(level);
        assert_eq!(risk.value, from_top(at));
        let draws = risk.intervals.draws;
        assert_eq!((draws.low, draws.high), (from_top(low), Some(from_top(high))));
        assert_eq!((risk.intervals.crashes, risk.intervals.wider), (None, Wider::Draws));
    }
}

/// Rule `SIZ-008`.
#[test]
fn too_few_runs_have_no_upper_end_and_say_how_many_would() {
    for (level, needed) in [(Level::P99, 368), (Level::P999, 3_688), (Level::P9997, 12_295)] {
        let short = sizing(ladder(needed - 1)).value_at_risk(level);
        assert_eq!(short.intervals.draws.high, None);
        assert_eq!(short.runs_needed, Some(needed as u64));
        let enough = sizing(ladder(needed));
        let risk = enough.value_at_risk(level);
        assert_eq!(risk.intervals.draws.high, Some(units(needed)));
        assert_eq!(risk.runs_needed, None);
        assert!(enough.expected_shortfall(level).intervals.draws.high.is_some());
        assert!(!sizing(ladder(needed - 1)).is_tight(level, 1e9));
    }
}

/// Rules `SIZ-003` and `SIZ-005`: none of N is at most 3.7/N, and all of N as much from below.
#[test]
fn nothing_that_did_not_happen_is_impossible() {
    for n in [100, 10_000, 300_000] {
        let sizing = sizing(ladder(n));
        let none = sizing.exceedance(units(n));
        assert_eq!((none.hits, none.share, none.intervals.draws.low), (0, 0.0, 0.0));
        let scaled = none.intervals.draws.high * n as f64;
        assert!((3.6..3.7).contains(&scaled), "{scaled}");
        let all = sizing.exceedance(Cash::ZERO);
        assert_eq!((all.share, all.intervals.draws.high), (1.0, 1.0));
        assert!((1.0 - all.intervals.draws.low - none.intervals.draws.high).abs() < 1e-12);
    }
}

/// Rule `SIZ-009`: the smallest fund for a chance; one unit less is exceeded too often.
#[test]
fn the_fund_for_a_chance_is_the_smallest_that_will_do() {
    let sizing = sizing(ladder(3_000));
    for chance in [0.3, 0.05, 0.011, 0.001] {
        let fund = sizing.fund_for(chance).unwrap().value;
        let less = Cash::from_atoms(fund.atoms() - 1);
        assert!(sizing.exceedance(fund).share <= chance + 1e-12);
        assert!(sizing.exceedance(less).share > chance);
    }
    assert_eq!((sizing.fund_for(0.0), sizing.fund_for(1.0)), (None, None));
}

/// Rule `SIZ-010`: of 1 … 150 at 99 % the worst one and a half are 150 and half of 149.
#[test]
fn the_shortfall_takes_part_of_the_value_at_its_edge() {
    let sizing = sizing(ladder(150));
    let expected = Cash::parse("149.66666667").unwrap();
    assert_eq!(sizing.expected_shortfall(Level::P99).value, expected);
    assert_eq!(sizing.value_at_risk(Level::P99).value, units(149));
}

/// Rule `SIZ-006`: a weight of two is a scenario twice, but not twice as much known.
#[test]
fn weights_are_numbers_of_scenarios() {
    let mut double = ladder(400);
    for loss in &mut double[..200] {
        loss.weight = 2.0;
    }
    let single: Vec<Loss> = ladder(400).split_off(200);
    let repeated = ladder(200).into_iter().flat_map(|loss| [loss, loss]).chain(single).collect();
    let (weighted, plain) = (sizing(double), sizing(repeated));
    for level in [Level::P95, Level::P99] {
        assert_eq!(weighted.value_at_risk(level).value, plain.value_at_risk(level).value);
        assert_eq!(weighted.expected_shortfall(level).value, plain.expected_shortfall(level).value);
    }
    let share = |sizing: &Sizing| sizing.exceedance(units(350)).share;
    assert!((share(&weighted) - share(&plain)).abs() < 1e-12);
    let effective = weighted.sample().effective_size();
    assert!((effective - 600.0 * 600.0 / 1_000.0).abs() < 1e-6);
    assert!((weighted.sample().mean_ratio() - 1.5).abs() < 1e-9);
}

/// Rules `SIZ-001` and `SIZ-002`.
#[test]
fn what_is_no_sample_is_refused() {
    let refused = |losses| Sample::of(losses).unwrap_err();
    assert_eq!(refused(Vec::new()), Refused::Empty);
    for weight in [-0.1, 100.5, f64::INFINITY] {
        let mut losses = ladder(200);
        losses[7].weight = weight;
        assert_eq!(refused(losses), Refused::Ratio { found: weight });
    }
    let mut losses = ladder(200);
    losses[7].weight = f64::NAN;
    assert!(matches!(refused(losses), Refused::Ratio { .. }));
    let mut losses = ladder(1_000);
    losses.iter_mut().skip(50).for_each(|loss| loss.weight = 0.001);
    let said = refused(losses).to_string();
    assert!(said.starts_with("the 1000 reweighted scenarios are worth only 51.9 "), "{said}");
    let nothing = ladder(200).into_iter().map(|loss| Loss { weight: 0.0, ..loss }).collect();
    assert!(matches!(refused(nothing), Refused::TooFewEffective { .. }));
}

/// Rules `SIZ-015` and `SIZ-017`.
#[test]
fn a_year_of_four_episodes_asks_for_more_of_each() {
    let level = |chance| conditional_level(chance, 4.0).unwrap().share();
    assert!((level(0.01) - 0.99749).abs() < 5e-6);
    assert!((level(0.001) - 0.99975).abs() < 5e-6);
    let sizing = sizing(ladder(20_000));
    let fund = sizing.fund_for_year(0.01, Frequency::Given(4.0));
    let crash = sizing.value_at_risk(fund.level.unwrap());
    assert_eq!((fund.value, fund.intervals), (crash.value, crash.intervals));
    let seldom = sizing.fund_for_year(0.1, Frequency::Given(0.05));
    assert_eq!((seldom.level, seldom.value), (None, Cash::ZERO));
    assert_eq!(seldom.intervals.draws.high, Some(Cash::ZERO));
}

/// Rule `SIZ-018`: what is not known of the rate widens the fund's interval at both ends.
#[test]
fn a_rate_that_was_counted_widens_the_answer() {
    let sizing = sizing(ladder(20_000));
    let given = sizing.fund_for_year(0.01, Frequency::Given(4.0));
    let counted = sizing.fund_for_year(0.01, Frequency::Observed { episodes: 20, years: 5.0 });
    assert_eq!(given.value, counted.value);
    let (given, counted) = (given.intervals.draws, counted.intervals.draws);
    assert!(counted.low < given.low && counted.high > given.high);
}

/// Rule `SIZ-019`: one in a hundred crashes, four of them a year.
#[test]
fn a_year_sees_what_its_crashes_do() {
    let sizing = sizing(ladder(10_000));
    let year = sizing.yearly_chance(units(9_900), Frequency::Given(4.0));
    assert!((year.share - (1.0 - (-0.04_f64).exp())).abs() < 1e-12);
    let crash = sizing.exceedance(units(9_900)).intervals.draws;
    assert!((year.intervals.draws.high - (1.0 - (-4.0 * crash.high).exp())).abs() < 1e-12);
    let counted = Frequency::Observed { episodes: 8, years: 2.0 };
    let counted = sizing.yearly_chance(units(9_900), counted).intervals.draws;
    assert!(counted.low < year.intervals.draws.low && counted.high > year.intervals.draws.high);
}

/// Rule `SIZ-020`, by brute force: no fund on the ladder costs less.
#[test]
fn the_cost_level_is_the_cheapest_fund() {
    let (capital, shortfall) = (0.08, 4.0);
    let fund = sizing(ladder(1_000)).value_at_risk(cost_level(capital, shortfall).unwrap()).value;
    let cost = |fund: usize| {
        let short: usize = (1..=1_000_usize).map(|need| need.saturating_sub(fund)).sum();
        capital * fund as f64 + shortfall * short as f64 / 1_000.0
    };
    let least = (0..=1_000).map(cost).fold(f64::INFINITY, f64::min);
    let found: usize = fund.to_string().parse().unwrap();
    assert!(cost(found) <= least + 1e-9, "{found} costs {} and not {least}", cost(found));
    assert_eq!((cost_level(4.0, 4.0), cost_level(0.0, 4.0)), (None, None));
}

/// Rules `SIZ-021` and `SIZ-022`.
#[test]
fn coverage_is_what_is_left() {
    let sizing = sizing(ladder(1_000));
    let covered = sizing.coverage(&[units(990), units(1_000)]);
    assert!((covered[0].share - 0.99).abs() < 1e-12);
    let exceedance = sizing.exceedance(units(1_000)).intervals.draws;
    assert_eq!(covered[1].intervals.draws.low, 1.0 - exceedance.high);
    // None of 1,000 above it: with 95 % confidence the fund covers 0.05^(1/1000) of all.
    let sure = sizing.covered_at_least(units(1_000), 0.95);
    assert!((sure - 0.05_f64.powf(1e-3)).abs() < 1e-12);
    assert!(sizing.covered_at_least(units(1_000), 0.99) < sure);
    assert_eq!(coverage_ratio(units(3), units(2)), Some(1.5));
    assert_eq!(coverage_ratio(units(3), Cash::ZERO), None);
}

/// Rule `SIZ-014`: four times the scenarios, half the width.
#[test]
fn more_scenarios_are_tighter() {
    let gap = Gap::Exponential { mean: 0.05 };
    let half = |n| sizing(gap.losses(1, n)).relative_half_width(Level::P99).unwrap();
    let (few, many) = (half(5_000), half(80_000));
    assert!((3.0..5.0).contains(&(few / many)), "{few} {many}");
    let sizing = sizing(gap.losses(1, 80_000));
    assert!(sizing.is_tight(Level::P99, many) && !sizing.is_tight(Level::P99, many * 0.99));
}

/// Rule `SIZ-013`: a hundred thousand scenarios of twelve crashes, each a little worse.
#[test]
fn many_scenarios_of_few_crashes() {
    let mut losses = Gap::Exponential { mean: 0.05 }.losses(1, 100_000);
    for (number, loss) in losses.iter_mut().enumerate() {
        loss.crash = (number % 12) as u16;
        let atoms = loss.need.atoms() / 10 * (4 + i64::from(loss.crash));
        loss.need = Cash::from_atoms(atoms);
    }
    let sizing = Sizing::of(losses, Resampling { seed: 1, resamples: 1_000 }).unwrap();
    for level in [Level::P95, Level::P99, Level::P999, Level::P9997] {
        for risk in [sizing.value_at_risk(level), sizing.expected_shortfall(level)] {
            let crashes = risk.intervals.crashes.unwrap();
            assert!(crashes.low < risk.value && crashes.high.unwrap() > risk.value, "{level}");
            assert_eq!(risk.intervals.wider, Wider::Crashes, "{level}");
        }
    }
}
