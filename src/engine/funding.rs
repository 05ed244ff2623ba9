//! Funding settlements on the bars of a history, as a running sum per unit.
//!
//! With the sum there is no moving margin: what a position has paid between two moments is the
//! difference of two entries, exactly.

use crate::history::History;
use crate::money::{Price, PriceScale, Rate, Round};
use crate::venue::{Contract, FundingPays, VenueRules};

/// A stamp this close after a bar's open belongs to the open: exchanges settle within seconds of
/// the hour and record the stamp with jitter (Binance grants itself 15 s).
const JITTER_MILLIS: i64 = 15_000;

/// What a long has paid in funding per unit of size; a short has received it. In steps of
/// `10^-(price decimals + 12)` of the quote (linear) or `10^-28` coin (inverse).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct FundingPerUnit(i128);

impl FundingPerUnit {
    pub const NONE: Self = Self(0);
    /// Steps of an inverse contract's sum times lots in one fine unit.
    pub(super) const INVERSE_PER_FINE: i128 = 10_i128.pow(16);

    /// One settlement of a linear contract: rate × mark.
    pub fn settlement(rate: Rate, mark: Price) -> Self {
        Self(i128::from(rate.steps()) * i128::from(mark.steps()))
    }

    /// One settlement of an inverse contract: rate / mark, rounded down.
    pub fn inverse_settlement(rate: Rate, mark: Price, scale: PriceScale) -> Self {
        // In two parts, because the product of all three may not fit.
        let (due, mark) = (i128::from(rate.steps()) * Self::INVERSE_PER_FINE, mark.steps().into());
        let rest = Round::Floor.div(due.rem_euclid(mark) * scale.steps_per_unit(), mark);
        let whole = due.div_euclid(mark).saturating_mul(scale.steps_per_unit());
        Self(whole.saturating_add(rest))
    }

    /// Saturates, as [`FundingPerUnit::since`] does: no position is opened beside such sums
    /// ([`Law::bears`](super::Law::bears)).
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What was paid since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// In steps of `10^-(price decimals + 12)` of the quote, or `10^-28` coin.
    pub fn steps(self) -> i128 {
        self.0
    }
}

/// All settlements of a history, in order.
#[derive(Debug, Clone)]
pub struct FundingBook {
    /// Bar of each settlement, rising.
    bar: Vec<usize>,
    /// Settlements due at the open of their bar come before an entry at that open.
    at_open: Vec<bool>,
    /// How many settlements lie in or before each bar of the history.
    through: Vec<u32>,
    /// Sum over the first `k` settlements; one longer than `bar`.
    sum: Vec<FundingPerUnit>,
    pays: FundingPays,
}

/// What a settlement of a rate at a mark costs a long per unit.
type Payment<'a> = dyn Fn(Rate, Price) -> FundingPerUnit + 'a;

impl FundingBook {
    /// Settlements of a linear contract without a cap, out of the margin.
    pub fn of(history: &History) -> Self {
        Self::placed(history, FundingPays::Margin, &FundingPerUnit::settlement)
    }

    /// Settlements as a venue makes them.
    pub fn under(rules: &VenueRules, history: &History) -> Self {
        let cap = cap(rules);
        let pay = |rate: Rate, mark| {
            let rate = cap.map_or(rate, |cap| rate.clamp(Rate::from_steps(-cap.steps()), cap));
            match rules.contract {
                Contract::Linear => FundingPerUnit::settlement(rate, mark),
                Contract::Inverse => FundingPerUnit::inverse_settlement(rate, mark, history.scale),
            }
        };
        Self::placed(history, rules.funding.pays, &pay)
    }

    /// Places each settlement on its bar; it pays on the mark at that bar's open.
    fn placed(history: &History, pays: FundingPays, payment: &Payment<'_>) -> Self {
        let sum = vec![FundingPerUnit::NONE];
        let (bar, at_open, through) = (Vec::new(), Vec::new(), Vec::new());
        let mut book = Self { bar, at_open, through, sum, pays };
        for settlement in &history.funding {
            let next = history.time.partition_point(|open| *open <= settlement.time);
            let Some(bar) = next.checked_sub(1) else { continue };
            let into_bar = settlement.time - history.time[bar];
            if into_bar >= history.interval.millis() {
                continue; // inside a gap: nobody is exposed there
            }
            let paid = payment(settlement.rate, history.mark.open[bar]);
            book.sum.push(book.total().plus(paid));
            book.bar.push(bar);
            book.at_open.push(into_bar <= JITTER_MILLIS.min(history.interval.millis() / 2));
        }
        book.through = book.counted(history.len());
        book
    }

    fn counted(&self, bars: usize) -> Vec<u32> {
        let mut settled = 0;
        let through = |bar: usize| {
            settled += self.bar[settled..].iter().take_while(|due| **due <= bar).count();
            settled as u32
        };
        (0..bars).map(through).collect()
    }

    /// How many settlements lie before an entry at the open of a bar.
    pub fn before_open(&self, bar: usize) -> usize {
        let from = bar.checked_sub(1).map_or(0, |before| self.through(before));
        let at_open =
            (from..self.bar.len()).take_while(|k| self.bar[*k] == bar && self.at_open[*k]).count();
        from + at_open
    }

    /// How many settlements lie in or before a bar.
    pub fn through(&self, bar: usize) -> usize {
        self.through.get(bar).map_or(self.bar.len(), |settled| *settled as usize)
    }

    /// Bar of settlement `k`; `None` past the last one.
    pub fn bar_of(&self, k: usize) -> Option<usize> {
        self.bar.get(k).copied()
    }

    /// Sum over the first `k` settlements.
    pub fn sum(&self, k: usize) -> FundingPerUnit {
        self.sum[k]
    }

    /// What settlements `from .. to` took out of the margin, per unit.
    pub fn from_margin(&self, from: usize, to: usize) -> FundingPerUnit {
        match self.pays {
            FundingPays::Margin => self.sum[to].since(self.sum[from]),
            FundingPays::Wallet => FundingPerUnit::NONE,
        }
    }

    /// The most that can be paid or received per unit between any two moments.
    pub fn widest(&self) -> FundingPerUnit {
        let lowest = self.sum.iter().min().copied().unwrap_or_default();
        self.sum.iter().max().copied().unwrap_or_default().since(lowest)
    }

    fn total(&self) -> FundingPerUnit {
        self.sum[self.sum.len() - 1]
    }
}

/// The highest absolute rate of one settlement; `None`: the venue has no cap.
fn cap(rules: &VenueRules) -> Option<Rate> {
    let lowest = rules.tiers.steps.first()?;
    super::funding_rate::cap(rules.funding.cap, lowest.initial, lowest.maintenance)
}
