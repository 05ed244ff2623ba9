//! Funding settlements on the bars of a history, as a running sum per unit.
//!
//! With the sum there is no moving margin: what a position has paid between two moments is the
//! difference of two entries, exactly.

use super::margin::FundingPerUnit;
use crate::history::History;

/// A stamp this close after a bar's open belongs to the open: exchanges settle within seconds of
/// the hour and record the stamp with jitter (Binance grants itself 15 s).
const JITTER_MILLIS: i64 = 15_000;

/// All settlements of a history, in order.
#[derive(Debug, Clone, Default)]
pub struct FundingBook {
    /// Bar of each settlement, rising.
    bar: Vec<usize>,
    /// Settlements due at the open of their bar come before an entry at that open.
    at_open: Vec<bool>,
    /// Sum over the first `k` settlements; one longer than `bar`.
    sum: Vec<FundingPerUnit>,
}

impl FundingBook {
    /// Places each settlement on its bar; it pays on the mark at that bar's open.
    pub fn of(history: &History) -> Self {
        let mut book =
            Self { bar: Vec::new(), at_open: Vec::new(), sum: vec![FundingPerUnit::NONE] };
        for settlement in &history.funding {
            let next = history.time.partition_point(|open| *open <= settlement.time);
            let Some(bar) = next.checked_sub(1) else { continue };
            let into_bar = settlement.time - history.time[bar];
            if into_bar >= history.interval.millis() {
                continue; // inside a gap: nobody is exposed there
            }
            let paid = FundingPerUnit::settlement(settlement.rate, history.mark.open[bar]);
            book.sum.push(book.total().plus(paid));
            book.bar.push(bar);
            book.at_open.push(into_bar <= JITTER_MILLIS.min(history.interval.millis() / 2));
        }
        book
    }

    /// How many settlements lie before an entry at the open of a bar.
    pub fn before_open(&self, bar: usize) -> usize {
        let from = self.bar.partition_point(|due| *due < bar);
        let at_open =
            (from..self.bar.len()).take_while(|k| self.bar[*k] == bar && self.at_open[*k]).count();
        from + at_open
    }

    /// Bar of settlement `k`; `None` past the last one.
    pub fn bar_of(&self, k: usize) -> Option<usize> {
        self.bar.get(k).copied()
    }

    /// Sum over the first `k` settlements.
    pub fn sum(&self, k: usize) -> FundingPerUnit {
        self.sum[k]
    }

    fn total(&self) -> FundingPerUnit {
        self.sum[self.sum.len() - 1]
    }
}
