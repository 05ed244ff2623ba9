//! Stated 95 % intervals hold the truth in about 95 of 100 worlds. Rules `SIZ-004`, `SIZ-007`,
//! `SIZ-011`.

use super::world::{Gap, need, reweighted, sizing};
use deleverage::money::Cash;
use deleverage::tally::sizing::{Band, Level, Loss, Range, Sizing};
use rayon::prelude::*;

const WORLDS: u64 = 3_000;
/// 50 scenarios in the tail of 99 %. Ranks are whole: at this number they hold 95.4 %.
const N: usize = 5_000;
const MEAN: f64 = 0.05;

/// In how many worlds a statement holds.
fn covered(
    losses: impl Fn(u64) -> Vec<Loss> + Sync,
    holds: impl Fn(&Sizing) -> bool + Sync,
) -> usize {
    (0..WORLDS).into_par_iter().filter(|world| holds(&sizing(losses(*world)))).count()
}

fn stated(covered: usize, what: &str) {
    println!("{what}: {covered} of {WORLDS}");
    let share = covered as f64 / WORLDS as f64;
    assert!((0.93..=0.97).contains(&share), "{what}: {covered} of {WORLDS}");
}

fn within(range: Range, truth: Cash) -> bool {
    range.low <= truth && range.high.is_some_and(|high| truth <= high)
}

fn inside(band: Band, truth: f64) -> bool {
    band.low <= truth && truth <= band.high
}

fn risk_is_held(sizing: &Sizing, gap: Gap) -> bool {
    let truth = need(gap.quantile(Level::P99.beyond()));
    within(sizing.value_at_risk(Level::P99).intervals.draws, truth)
}

fn shortfall_is_held(sizing: &Sizing, gap: Gap) -> bool {
    let truth = need(gap.mean_beyond(Level::P99.beyond()));
    within(sizing.expected_shortfall(Level::P99).intervals.draws, truth)
}

fn exceedance_is_held(sizing: &Sizing, gap: Gap) -> bool {
    let fund = need(gap.quantile(0.02));
    inside(sizing.exceedance(fund).intervals.draws, 0.02)
}

const THIN: Gap = Gap::Exponential { mean: MEAN };
const FAT: Gap = Gap::Pareto { least: 0.06, index: 5.0 };

#[test]
fn the_value_at_risk_lies_where_it_is_said_to() {
    stated(covered(|world| THIN.losses(world, N), |s| risk_is_held(s, THIN)), "thin");
    stated(covered(|world| FAT.losses(world, N), |s| risk_is_held(s, FAT)), "fat");
}

#[test]
fn the_share_above_a_fund_lies_where_it_is_said_to() {
    stated(covered(|world| THIN.losses(world, N), |s| exceedance_is_held(s, THIN)), "thin");
    stated(covered(|world| FAT.losses(world, N), |s| exceedance_is_held(s, FAT)), "fat");
}

#[test]
fn the_expected_shortfall_lies_where_it_is_said_to() {
    stated(covered(|world| THIN.losses(world, N), |s| shortfall_is_held(s, THIN)), "thin");
    stated(covered(|world| FAT.losses(world, N), |s| shortfall_is_held(s, FAT)), "fat");
}

#[test]
fn reweighted_scenarios_are_as_honest() {
    let losses = |world| reweighted(MEAN, world, N);
    stated(covered(losses, |s| risk_is_held(s, THIN)), "value at risk");
    stated(covered(losses, |s| exceedance_is_held(s, THIN)), "exceedance");
    stated(covered(losses, |s| shortfall_is_held(s, THIN)), "shortfall");
}
