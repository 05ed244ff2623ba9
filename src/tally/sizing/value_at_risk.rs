//! Between which needs a quantile lies.

use super::intervals::{Intervals, Range};
use super::level::Level;
use super::sample::Sample;
use crate::money::Cash;
use crate::tally::binomial::first;
use crate::tally::distribution::{binomial_at_least, binomial_at_most};

/// A value at risk or an expected shortfall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Risk {
    pub level: Level,
    pub value: Cash,
    pub intervals: Intervals<Range>,
    /// Where the draws have no upper end: how many scenarios such as these would give one.
    pub runs_needed: Option<u64>,
}

impl Sample {
    /// The needs at which the exact interval of the exceedance meets `1 − level`; with equal
    /// weights those of two binomial ranks. Rule `SIZ-007`.
    pub(super) fn risk_range(&self, level: Level, tail: f64) -> Range {
        let n = self.count();
        let beyond = level.beyond();
        let trials = |last: usize| (self.share(last) * self.trials(last), self.trials(last));
        let too_rare = |last: usize| {
            let (hits, trials) = trials(last);
            binomial_at_most(hits, trials, beyond) <= tail
        };
        let too_often = |last: usize| {
            let (hits, trials) = trials(last);
            binomial_at_least(hits, trials, beyond) <= tail
        };
        // Counted from the top: so many values are larger than the end, or as large as it.
        let larger = first(0..n + 1, |last| !too_rare(last));
        let as_large = first(0..n + 1, too_often);
        Range {
            low: if as_large <= n { self.needs[n - as_large] } else { Cash::ZERO },
            high: larger.checked_sub(1).map(|last| self.needs[n - 1 - last]),
        }
    }
}
