//! How large the fund must be, from what it would have needed in each scenario. Rules `SIZ-001` to
//! `SIZ-025`.
//!
//! [`Sizing`] is made once of all losses and then asked: how often a fund runs dry, how large it
//! must be for a level, how bad it is beyond. Every answer has two intervals. The one of the
//! *draws* takes the scenarios as independent: what chance alone leaves open. The one of the
//! *crashes* draws whole crashes again: what other crashes would have left open. The wider one is
//! named, and it is the one to be believed.

mod clusters;
mod cost;
mod coverage;
mod covers;
mod exceedance;
mod gamma;
mod intervals;
mod level;
mod sample;
mod shortfall;
mod value_at_risk;
mod yearly;

pub use cost::cost_level;
pub use coverage::{Coverage, coverage_ratio};
pub use covers::{Covers, LargestLosses};
pub use exceedance::Exceedance;
pub use intervals::{Band, Intervals, Range, Wider, Width};
pub use level::Level;
pub use sample::{LEAST_EFFECTIVE, Loss, MOST_RATIO, Refused, Sample};
pub use value_at_risk::Risk;
pub use yearly::{Frequency, YearlyChance, YearlyFund, conditional_level};

use crate::money::Cash;
use crate::tally::binomial::TAIL;
use clusters::Clusters;

/// How crashes are drawn again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    pub seed: u64,
    /// 1,000 are usual; at least 100 for an interval whose ends are not its extremes.
    pub resamples: u32,
}

/// All that is known of the fund's need, ready to be asked. The same losses in any order give the
/// same answers, to the bit.
#[derive(Debug, Clone)]
pub struct Sizing {
    sample: Sample,
    clusters: Option<Clusters>,
}

impl Sizing {
    /// # Errors
    /// [`Refused`]: no loss at all, a ratio that is none, or too few effective scenarios.
    pub fn of(losses: Vec<Loss>, resampling: Resampling) -> Result<Self, Refused> {
        let sample = Sample::of(losses)?;
        let clusters = Clusters::of(&sample, resampling);
        Ok(Self { sample, clusters })
    }

    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// How often the need is above the fund, among scenarios. Rules `SIZ-003` to `SIZ-006`.
    pub fn exceedance(&self, fund: Cash) -> Exceedance {
        self.exceedance_with(fund, TAIL)
    }

    /// The same for every fund: the loss exceedance curve with its bands, pointwise.
    pub fn curve(&self, funds: &[Cash]) -> Vec<Exceedance> {
        funds.iter().map(|fund| self.exceedance(*fund)).collect()
    }

    /// The smallest fund that at least the level's share of the scenarios do not exceed. Rules
    /// `SIZ-007` to `SIZ-009`.
    pub fn value_at_risk(&self, level: Level) -> Risk {
        self.value_at_risk_with(level, TAIL)
    }

    /// The mean need of the worst scenarios beyond the level. Rules `SIZ-010` and `SIZ-011`.
    pub fn expected_shortfall(&self, level: Level) -> Risk {
        let draws = self.sample.shortfall_range(level);
        let crashes = self.clusters.as_ref().map(|all| all.shortfall_range(&self.sample, level));
        let intervals = Intervals::of(draws, crashes);
        let value = self.sample.expected_shortfall(level);
        Risk { level, value, intervals, runs_needed: self.runs_needed(level, intervals) }
    }

    /// The smallest fund that a crash exhausts with at most this chance. `None`: the chance is not
    /// inside (0, 1), to nine decimals.
    pub fn fund_for(&self, chance: f64) -> Option<Risk> {
        Level::nearest(1.0 - chance).map(|level| self.value_at_risk(level))
    }

    /// Half of what the draws leave open of the value at risk, as a share of it. `None`: there is
    /// no upper end yet. Rule `SIZ-014`.
    pub fn relative_half_width(&self, level: Level) -> Option<f64> {
        let risk = self.value_at_risk(level);
        let width = risk.intervals.draws.width()?;
        let half = width / 2.0;
        Some(if half > 0.0 { half / risk.value.atoms() as f64 } else { 0.0 })
    }

    /// Whether the value at risk is known to plus or minus this share of it: the end of sequential
    /// sampling.
    pub fn is_tight(&self, level: Level, relative_width: f64) -> bool {
        self.relative_half_width(level).is_some_and(|half| half <= relative_width)
    }

    fn exceedance_with(&self, fund: Cash, tail: f64) -> Exceedance {
        let above = self.sample.above(fund);
        let told = (1..self.sample.count()).contains(&above.hits);
        let clusters = self.clusters.as_ref().filter(|_| told);
        let crashes = clusters.map(|all| all.band(above.hits, tail));
        above.estimate(fund, tail, crashes)
    }

    fn value_at_risk_with(&self, level: Level, tail: f64) -> Risk {
        let draws = self.sample.risk_range(level, tail);
        let crashes = self.clusters.as_ref();
        let crashes = crashes.map(|all| all.risk_range(&self.sample, level, tail));
        let intervals = Intervals::of(draws, crashes);
        let value = self.sample.value_at_risk(level);
        Risk { level, value, intervals, runs_needed: self.runs_needed(level, intervals) }
    }

    fn runs_needed(&self, level: Level, intervals: Intervals<Range>) -> Option<u64> {
        intervals.draws.high.is_none().then(|| self.sample.runs_for(level))
    }
}
