//! What a world counts while it runs.

use super::fund::Totals;
use super::outcome::{Sample, Waterfall};
use crate::money::Cash;
use std::collections::VecDeque;

/// Eight hours, over which venues look back for the peak of a fund.
pub(super) const LOOK_BACK: i64 = 8 * 3_600_000;

/// The highest value of the last eight hours.
#[derive(Debug, Clone, Default)]
pub(super) struct Peak(VecDeque<(i64, Cash)>);

impl Peak {
    pub fn at(time: i64, value: Cash) -> Self {
        Self(VecDeque::from([(time, value)]))
    }

    /// Adds a value; the highest one that is not older than eight hours.
    pub fn with(&mut self, time: i64, value: Cash) -> Cash {
        while self.0.front().is_some_and(|(seen, _)| *seen < time - LOOK_BACK) {
            self.0.pop_front();
        }
        while self.0.back().is_some_and(|(_, lower)| *lower < value) {
            self.0.pop_back();
        }
        match self.0.back_mut() {
            Some((seen, same)) if *same == value => *seen = time,
            _ => self.0.push_back((time, value)),
        }
        self.0[0].1
    }
}

/// Counters of one world.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub start: Cash,
    pub low: Cash,
    pub low_mtm: Cash,
    peak: Cash,
    peak_mtm: Cash,
    recent: Peak,
    pub drawdown: Cash,
    pub drawdown_mtm: Cash,
    pub drawdown_8h: Cash,
    /// Residuals and fees.
    pub income: Cash,
    /// Top-ups, and what was socialised to the fund.
    pub added: Cash,
    pub liquidated: Cash,
    pub liquidations: u32,
    pub taken_over: Cash,
    pub adl: Cash,
    pub adl_events: u32,
    pub adl_accounts: u32,
    pub first_liquidation: Option<i64>,
    pub first_adl: Option<i64>,
    pub waterfall: Waterfall,
    pub timeline: Vec<Sample>,
}

impl Record {
    pub fn begun(time: i64, fund: Totals) -> Self {
        let Totals { cash, mtm } = fund;
        Self {
            start: cash,
            low: cash,
            low_mtm: mtm,
            peak: cash,
            peak_mtm: mtm,
            recent: Peak::at(time, mtm),
            ..Self::default()
        }
    }

    /// Looks at the fund.
    pub fn see(&mut self, time: i64, fund: Totals) {
        let Totals { cash, mtm } = fund;
        (self.low, self.low_mtm) = (self.low.min(cash), self.low_mtm.min(mtm));
        (self.peak, self.peak_mtm) = (self.peak.max(cash), self.peak_mtm.max(mtm));
        self.drawdown = self.drawdown.max(self.peak - cash);
        self.drawdown_mtm = self.drawdown_mtm.max(self.peak_mtm - mtm);
        self.drawdown_8h = self.drawdown_8h.max(self.recent.with(time, mtm) - mtm);
    }
}
