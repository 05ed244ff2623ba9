//! How often the need is above a fund.

use super::intervals::{Band, Intervals};
use super::sample::Sample;
use crate::money::Cash;
use crate::tally::binomial::of_share;

/// `P(need > fund)` among scenarios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exceedance {
    pub fund: Cash,
    /// Scenarios.
    pub n: usize,
    /// Scenarios whose need is above the fund, whatever their weight.
    pub hits: usize,
    /// Weight of the hits over the weight of all. With `hits == 0` it is 0 and says nothing: print
    /// the upper end.
    pub share: f64,
    /// Independent trials that the share is worth; `n` where nothing is reweighted.
    pub n_eff: f64,
    pub intervals: Intervals<Band>,
}

/// A share before it has its intervals.
pub(super) struct Above {
    n: usize,
    pub hits: usize,
    share: f64,
    n_eff: f64,
}

impl Sample {
    pub(super) fn above(&self, fund: Cash) -> Above {
        let hits = self.hits(fund);
        Above { n: self.count(), hits, share: self.share(hits), n_eff: self.trials(hits) }
    }
}

impl Above {
    pub(super) fn estimate(self, fund: Cash, tail: f64, crashes: Option<Band>) -> Exceedance {
        let Self { n, hits, share, n_eff } = self;
        let (low, high) = self.ends(tail);
        let intervals = Intervals::of(Band { low, high }, crashes);
        Exceedance { fund, n, hits, share, n_eff, intervals }
    }

    /// Of the exact interval with this much outside at either end.
    pub(super) fn ends(&self, tail: f64) -> (f64, f64) {
        of_share(self.share * self.n_eff, self.n_eff, tail)
    }
}
