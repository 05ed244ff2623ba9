//! How much of what may come a fund covers.

use super::Sizing;
use super::exceedance::Exceedance;
use super::intervals::{Band, Intervals};
use crate::money::Cash;

/// The share of scenarios that a fund covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    pub fund: Cash,
    /// `1 − P(need > fund)`; 1 says nothing where no scenario is above the fund.
    pub share: f64,
    pub intervals: Intervals<Band>,
}

impl From<Exceedance> for Coverage {
    fn from(exceedance: Exceedance) -> Self {
        let rest = |band: Band| Band { low: 1.0 - band.high, high: 1.0 - band.low };
        let Intervals { draws, crashes, .. } = exceedance.intervals;
        let intervals = Intervals::of(rest(draws), crashes.map(rest));
        Self { fund: exceedance.fund, share: 1.0 - exceedance.share, intervals }
    }
}

impl Sizing {
    /// The coverage of each fund with its bands. Rule `SIZ-021`.
    pub fn coverage(&self, funds: &[Cash]) -> Vec<Coverage> {
        funds.iter().map(|fund| self.exceedance(*fund).into()).collect()
    }

    /// The share of scenarios that the fund covers at least, with this confidence, in (0, 1): the
    /// smaller of the one-sided bounds of draws and crashes. Rule `SIZ-021`.
    pub fn covered_at_least(&self, fund: Cash, confidence: f64) -> f64 {
        let Intervals { draws, crashes, .. } =
            self.exceedance_with(fund, 1.0 - confidence).intervals;
        let most = crashes.map_or(draws.high, |crashes| crashes.high.max(draws.high));
        1.0 - most
    }
}

/// A fund over what is asked for; above 1 it is enough. `None` where nothing is asked for. Rule
/// `SIZ-022`.
pub fn coverage_ratio(fund: Cash, asked: Cash) -> Option<f64> {
    (asked > Cash::ZERO).then(|| fund.atoms() as f64 / asked.atoms() as f64)
}
