//! When auto-deleveraging runs.

use crate::money::{Cash, Rate, Round};
use crate::venue::AdlStart;
use rust_decimal::Decimal;

/// What one symbol has brought the pool, since the pool's accounts were opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SymbolProfit {
    pub now: Cash,
    /// Highest of the last 8 hours.
    pub peak: Cash,
}

/// A fund as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    pub balance: Cash,
    /// Highest balance of the last 8 hours.
    pub peak: Cash,
    pub symbol: SymbolProfit,
    /// The loss that stands before the fund now; 0 where there is none.
    pub due: Cash,
}

/// Whether losses go to the queue instead of the fund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Adl {
    #[default]
    Idle,
    Running,
}

impl Adl {
    /// The state after a look at the pool; only a rule with a stop of its own remembers.
    ///
    /// Limits belong to the side that deleverages: a fall of exactly the share starts it, and it
    /// goes on at exactly the share that stops it (Bybit's second example; its text has `<`).
    #[must_use]
    pub fn next(self, start: AdlStart, pool: &Pool) -> Self {
        let runs = match start {
            AdlStart::FundEmpty => pool.cannot_pay(),
            AdlStart::PeakDrawdown { start } => pool.cannot_pay() || pool.has_fallen(start),
            AdlStart::SymbolDrawdown { start, stop } => {
                let limit = match self {
                    Self::Idle => start,
                    Self::Running => stop,
                };
                pool.cannot_pay() || pool.symbol_has_lost(limit)
            }
            AdlStart::NegativeEquity => pool.due > Cash::ZERO,
            AdlStart::Never => false,
        };
        if runs { Self::Running } else { Self::Idle }
    }
}

impl Pool {
    /// `(now − peak) / peak of the pool`, the ratio that Bybit prints; `None` without a peak.
    pub fn symbol_ratio(&self) -> Option<Decimal> {
        let lost = self.symbol.now.to_decimal() - self.symbol.peak.to_decimal();
        lost.checked_div(self.peak.to_decimal())
    }

    /// What of the symbol's loss lies beyond a share of the pool's peak, and goes to the queue:
    /// rounded down, in favour of those who are deleveraged.
    pub fn beyond(&self, share: Rate) -> Cash {
        let excess = i128::from(self.symbol_loss()) * ONE - allowed(self.peak, share);
        let atoms = Round::Floor.div(excess.max(0), ONE);
        // Between zero and the loss itself, or, with a peak below zero, as far as cash reaches.
        Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
    }

    /// The least that the pool would have to have more, from its start on, for losses not to go to
    /// the queue under a rule that is not running, and for its balance to pay what is due, in
    /// atoms; below zero: so much less would have done. A rule that looks at the trader's equity
    /// instead ([`AdlStart::NegativeEquity`]) is not among those that money can stop.
    pub fn lacks(&self, start: AdlStart) -> i128 {
        let (balance, peak) = (i128::from(self.balance.atoms()), i128::from(self.peak.atoms()));
        let due = i128::from(self.due.atoms()) - balance;
        let empty = due.max(1 - balance);
        // The fall is less than the share of the peak: fall·ONE < (peak + more)·share.
        let beyond = |fall: i128, share: Rate| match share {
            Rate::ZERO => i128::from(i64::MAX),
            share => Round::Floor.div(fall * ONE, share.steps().into()) + 1 - peak,
        };
        match start {
            AdlStart::FundEmpty => empty,
            AdlStart::PeakDrawdown { start } => empty.max(beyond(peak - balance, start)),
            AdlStart::SymbolDrawdown { start, .. } => {
                empty.max(beyond(self.symbol_loss().into(), start))
            }
            AdlStart::NegativeEquity | AdlStart::Never => due,
        }
    }

    fn cannot_pay(&self) -> bool {
        self.balance <= Cash::ZERO || self.due > self.balance
    }

    fn has_fallen(&self, share: Rate) -> bool {
        let fall = i128::from(self.peak.atoms()) - i128::from(self.balance.atoms());
        fall * ONE >= allowed(self.peak, share)
    }

    fn symbol_has_lost(&self, share: Rate) -> bool {
        i128::from(self.symbol_loss()) * ONE >= allowed(self.peak, share)
    }

    fn symbol_loss(&self) -> i64 {
        self.symbol.peak.atoms().saturating_sub(self.symbol.now.atoms())
    }
}

const ONE: i128 = Rate::ONE as i128;

fn allowed(peak: Cash, share: Rate) -> i128 {
    i128::from(peak.atoms()) * i128::from(share.steps())
}
