//! A scenario of a fund's size after reading.

use super::limit::Limit;
use super::raw::RawFundScenario;
use super::space::{Chance, Space};
use crate::history::Interval;
use crate::money::{Cash, Rate};
use crate::scenario::{ExchangeStudy, Origin, OutcomeFormat, RawHistory};

/// One question about a fund, completely stated.
#[derive(Debug, Clone)]
pub struct FundStudy {
    /// Stem of the scenario file: the default name of the report.
    pub name: String,
    pub title: String,
    /// For messages about what the scenario says.
    pub origin: Origin,
    pub seed: u64,
    /// At least one.
    pub crashes: Vec<Crash>,
    pub space: Space,
    pub size: SizeChoice,
    pub episodes: Episodes,
    pub cost: Cost,
    pub reverse: ReverseChoice,
    /// Of the file with one row a scenario.
    pub format: OutcomeFormat,
    /// The scenario as resolved, for the manifest.
    pub raw: RawFundScenario,
}

/// A crash that the exchange is sent through.
#[derive(Debug, Clone)]
pub struct Crash {
    pub name: String,
    pub chance: Chance,
    /// The exchange in it: today's book, fund and rules on the prices of the crash.
    pub study: ExchangeStudy,
}

/// When to stop, and what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeChoice {
    pub level: Rate,
    pub tight: Rate,
    pub max_worlds: u32,
    pub chunk: u32,
    /// Accepted chance of deleveraging in a crash.
    pub crash: Rate,
    /// Accepted chance of deleveraging in a year.
    pub year: Rate,
    pub without_largest: bool,
}

/// How many crashes a year brings.
#[derive(Debug, Clone)]
pub enum Episodes {
    /// `is_assumed`: nobody said so.
    Rate {
        yearly: Rate,
        is_assumed: bool,
    },
    Counted {
        count: u32,
        years: Rate,
    },
    /// Falls by a share within a time, in a history.
    Found {
        history: Box<RawHistory>,
        fall: Rate,
        within: Interval,
    },
}

/// What a unit of money costs a year in the fund, and missing beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub capital: Rate,
    pub shortfall: Rate,
    pub is_assumed: bool,
}

/// What is searched for in reverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReverseChoice {
    pub limit: Limit,
    pub seeds: u32,
    pub grid: u32,
}

impl FundStudy {
    /// What the fund holds today, all tranches, in the settlement asset.
    pub fn fund(&self) -> Cash {
        let tranches = &self.crashes[0].study.fund.tranches;
        tranches.iter().fold(Cash::ZERO, |sum, tranche| sum + tranche.balance)
    }
}
