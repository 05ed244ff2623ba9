//! Extremes of a window that slides forward.

use crate::history::Bars;
use crate::money::Price;
use crate::scenario::Side;
use std::collections::VecDeque;
use std::ops::Range;

/// The worst mark for a side in ranges of which neither end ever moves back: a few steps a bar,
/// however long the ranges are.
#[derive(Debug, Clone)]
pub struct Window<'a> {
    extremes: &'a [Price],
    side: Side,
    /// Bars of the window that no later bar of it is worse than or equal to; the worst first.
    bars: VecDeque<usize>,
    /// The first bar that no range has held yet.
    next: usize,
}

impl<'a> Window<'a> {
    pub fn of(marks: &'a Bars, side: Side) -> Self {
        let extremes = match side {
            Side::Long => &marks.low,
            Side::Short => &marks.high,
        };
        Self { extremes, side, bars: VecDeque::new(), next: 0 }
    }

    /// `None`: the range is empty or ends beyond the marks.
    pub fn worst(&mut self, range: Range<usize>) -> Option<Price> {
        if range.is_empty() || range.end > self.extremes.len() {
            return None;
        }
        self.next = self.next.max(range.start);
        while self.next < range.end {
            while self.bars.back().is_some_and(|last| self.is_worse(self.next, *last)) {
                self.bars.pop_back();
            }
            self.bars.push_back(self.next);
            self.next += 1;
        }
        while self.bars.front().is_some_and(|first| *first < range.start) {
            self.bars.pop_front();
        }
        self.bars.front().map(|worst| self.extremes[*worst])
    }

    fn is_worse(&self, one: usize, other: usize) -> bool {
        match self.side {
            Side::Long => self.extremes[one] <= self.extremes[other],
            Side::Short => self.extremes[one] >= self.extremes[other],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Window;
    use crate::history::Bars;
    use crate::money::Price;
    use crate::scenario::Side;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_window_finds_what_a_walk_finds(
            steps in prop::collection::vec(1_i64..40, 1..300),
            moves in prop::collection::vec((0_usize..9, 0_usize..9), 1..80),
        ) {
            let prices: Vec<Price> = steps.iter().copied().map(Price::from_steps).collect();
            let bars = Bars { low: prices.clone(), high: prices.clone(), ..Bars::default() };
            let mut long = Window::of(&bars, Side::Long);
            let mut short = Window::of(&bars, Side::Short);
            let (mut start, mut end) = (0, 0);
            for (behind, ahead) in moves {
                start += behind;
                end = (end + ahead).max(start).min(prices.len());
                let ahead = prices.get(start..end).unwrap_or_default();
                prop_assert_eq!(long.worst(start..end), ahead.iter().min().copied());
                prop_assert_eq!(short.worst(start..end), ahead.iter().max().copied());
            }
        }
    }
}
