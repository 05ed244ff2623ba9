//! Sizes of the fund at which curves are told.

use super::Facts;
use crate::money::Cash;

/// Needs that are told one by one, the largest; of the others every so many.
const SINGLE: usize = 100;
const OTHERS: usize = 200;

/// 0, what scenarios needed by the venue's rule (the largest one by one, the others thinned out),
/// and today's fund; ascending, each once.
pub fn funds(facts: &Facts) -> Vec<Cash> {
    let mut needs: Vec<Cash> = facts.trials.iter().map(|trial| trial.need.rule.gain()).collect();
    needs.sort_unstable_by(|a, b| b.cmp(a));
    let single = SINGLE.min(needs.len());
    let stride = (needs.len() - single).div_ceil(OTHERS).max(1);
    let mut funds: Vec<Cash> = needs[..single].to_vec();
    funds.extend(needs[single..].iter().step_by(stride));
    funds.extend([Cash::ZERO, facts.fund()]);
    funds.sort_unstable();
    funds.dedup();
    funds
}
