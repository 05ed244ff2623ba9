//! Extremes over the last so many bars, in one pass.

use crate::money::Price;
use std::collections::VecDeque;

/// Where the highest or lowest price of a sliding window stands; of equals the earliest.
pub(super) struct Extremes<'a> {
    prices: &'a [Price],
    bars: usize,
    /// Whether a price at a later bar makes an earlier one forgettable.
    beats: fn(Price, Price) -> bool,
    /// Bars that are or may yet become the extreme, in order.
    open: VecDeque<usize>,
}

impl<'a> Extremes<'a> {
    /// Of the last `bars` bars, which is at least 1.
    pub fn highest(prices: &'a [Price], bars: usize) -> Self {
        Self { prices, bars, beats: |later, earlier| later > earlier, open: VecDeque::new() }
    }

    pub fn lowest(prices: &'a [Price], bars: usize) -> Self {
        Self { prices, bars, beats: |later, earlier| later < earlier, open: VecDeque::new() }
    }

    /// Takes the next bar in; the bar of the extreme among the last ones.
    pub fn push(&mut self, bar: usize) -> usize {
        while self
            .open
            .back()
            .is_some_and(|&last| (self.beats)(self.prices[bar], self.prices[last]))
        {
            self.open.pop_back();
        }
        self.open.push_back(bar);
        while self.open[0] + self.bars <= bar {
            self.open.pop_front();
        }
        self.open[0]
    }
}
