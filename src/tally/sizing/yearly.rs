//! From one crash to a year: severe episodes come as a Poisson process. Rules `SIZ-015` to
//! `SIZ-019`.

use super::Sizing;
use super::intervals::{Band, Intervals, Range};
use super::level::Level;
use crate::money::Cash;
use crate::tally::binomial::TAIL;
use crate::tally::distribution::{poisson_at_most, where_falls};

/// How many severe episodes a year has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Frequency {
    /// Assumed: episodes a year, not negative; without an interval.
    Given(f64),
    /// Counted: so many in so many years, above 0.
    Observed { episodes: u64, years: f64 },
}

impl Frequency {
    /// Episodes a year.
    pub fn rate(self) -> f64 {
        match self {
            Self::Given(rate) => rate,
            Self::Observed { episodes, years } => episodes as f64 / years,
        }
    }

    /// The exact 95 % interval of the rate (Garwood 1936); a given rate is its own. Rule `SIZ-016`.
    pub fn interval(self) -> Band {
        self.interval_with(TAIL)
    }

    fn interval_with(self, tail: f64) -> Band {
        match self {
            Self::Given(rate) => Band { low: rate, high: rate },
            Self::Observed { episodes, years } => {
                let Band { low, high } = garwood(episodes, tail);
                Band { low: low / years, high: high / years }
            }
        }
    }

    /// What each of the inputs may leave outside so that an answer from both leaves 2.5 %.
    fn tail(self) -> f64 {
        match self {
            Self::Given(_) => TAIL,
            Self::Observed { .. } => TAIL / 2.0,
        }
    }
}

/// Of the mean of a Poisson variable of which one value was seen.
fn garwood(count: u64, tail: f64) -> Band {
    // At so large a mean fewer than one in 10^20 worlds has so few events.
    let most = 2.0 * count as f64 + 60.0;
    let fewer = |count: u64, mean: f64| poisson_at_most(count, mean);
    let low = count
        .checked_sub(1)
        .map_or(0.0, |below| where_falls((0.0, most), |mean| 1.0 - fewer(below, mean) < tail));
    Band { low, high: where_falls((0.0, most), |mean| fewer(count, mean) > tail) }
}

/// The level within a crash at which a year has the chance `p`: `1 + ln(1 − p)/λ`. `None`: any fund
/// will do, since the year is unlikely to have a severe episode at all, or `p` is not inside
/// (0, 1). Rule `SIZ-015`.
pub fn conditional_level(chance: f64, rate: f64) -> Option<Level> {
    let inside = chance > 0.0 && chance < 1.0 && rate > 0.0;
    inside.then(|| Level::nearest(1.0 + libm::log1p(-chance) / rate))?
}

/// The fund of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearlyFund {
    /// Level within a crash at the estimated rate; `None`: no fund is needed for this chance.
    pub level: Option<Level>,
    pub value: Cash,
    /// From the interval of the rate and that of the need together.
    pub intervals: Intervals<Range>,
    /// Where the draws have no upper end: scenarios such as these that would give one.
    pub runs_needed: Option<u64>,
}

/// How often a year sees the fund exhausted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearlyChance {
    pub fund: Cash,
    /// `1 − exp(−λ·P(need > fund))`; 0 says nothing where no scenario is above the fund.
    pub share: f64,
    /// Scenarios above the fund.
    pub hits: usize,
    /// From the interval of the rate and that of the exceedance together.
    pub intervals: Intervals<Band>,
}

impl Sizing {
    /// The smallest fund that a year exhausts with at most this chance. Rules `SIZ-017` and
    /// `SIZ-018`.
    pub fn fund_for_year(&self, chance: f64, frequency: Frequency) -> YearlyFund {
        let tail = frequency.tail();
        let rates = frequency.interval_with(tail);
        let level = |rate: f64| conditional_level(chance, rate);
        let at = |rate: f64| level(rate).map(|level| self.value_at_risk_with(level, tail));
        let (low, high) = (at(rates.low), at(rates.high));
        let crashes = self.clusters.is_some();
        let draws = Range {
            low: low.map_or(Cash::ZERO, |risk| risk.intervals.draws.low),
            high: high.map_or(Some(Cash::ZERO), |risk| risk.intervals.draws.high),
        };
        let of_crashes = crashes.then(|| Range {
            low: low.and_then(|risk| risk.intervals.crashes).map_or(Cash::ZERO, |ends| ends.low),
            high: high.map_or(Some(Cash::ZERO), |risk| risk.intervals.crashes?.high),
        });
        let level = level(frequency.rate());
        YearlyFund {
            level,
            value: level.map_or(Cash::ZERO, |level| self.sample().value_at_risk(level)),
            intervals: Intervals::of(draws, of_crashes),
            runs_needed: high.and_then(|risk| risk.runs_needed),
        }
    }

    /// The chance that a year exhausts this fund. Rule `SIZ-019`.
    pub fn yearly_chance(&self, fund: Cash, frequency: Frequency) -> YearlyChance {
        let tail = frequency.tail();
        let rates = frequency.interval_with(tail);
        let crash = self.exceedance_with(fund, tail);
        let yearly = |band: Band| Band {
            low: in_a_year(band.low, rates.low),
            high: in_a_year(band.high, rates.high),
        };
        let Intervals { draws, crashes, .. } = crash.intervals;
        let intervals = Intervals::of(yearly(draws), crashes.map(yearly));
        let share = in_a_year(crash.share, frequency.rate());
        YearlyChance { fund, share, hits: crash.hits, intervals }
    }
}

fn in_a_year(chance: f64, rate: f64) -> f64 {
    -libm::expm1(-rate * chance)
}
