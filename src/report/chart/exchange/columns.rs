//! Amounts of a bar as upright bars, joined where there are too many.

use super::market::Market;
use crate::report::chart::prices::Bar;
use crate::report::chart::time::{Times, time_step};

/// More bars than this are drawn as at most this many longer ones.
const MOST: i64 = 240;

/// Stretches of equal length with at least one bar in each.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Milliseconds.
    pub length: i64,
    starts: Vec<i64>,
    /// The column of each bar.
    of_bar: Vec<usize>,
}

impl Columns {
    pub fn new(market: &Market) -> Self {
        let (first, end) = market.span();
        let fits = |length: i64| (end - first + length - 1) / length <= MOST;
        let usual = time_step(end - first, MOST - 1);
        let whole = (usual + market.interval - 1) / market.interval * market.interval;
        let length = if fits(market.interval) { market.interval } else { whole };
        let (mut starts, mut of_bar) = (Vec::new(), Vec::new());
        for Bar { time, .. } in market.bars() {
            let start = first + (time - first) / length * length;
            if starts.last() != Some(&start) {
                starts.push(start);
            }
            of_bar.push(starts.len() - 1);
        }
        Self { length, starts, of_bar }
    }

    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Hours that a column spans.
    pub fn hours(&self) -> f64 {
        self.length as f64 / 3_600_000.0
    }

    /// What the bars of each column add up to.
    pub fn sums(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.count()];
        for (value, column) in values.iter().zip(&self.of_bar) {
            sums[*column] += value;
        }
        sums
    }

    /// The left and right edge of a column, at least a pixel apart.
    pub fn edges(&self, times: &Times, column: usize) -> (f64, f64) {
        let start = self.starts[column];
        let (left, right) = (times.at(start), times.at(start + self.length));
        let pad = if right - left < 5.0 { 0.0 } else { ((right - left) * 0.12).min(3.0) };
        (left + pad, (right - pad).max(left + 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::exchange::Symbol;

    fn market(interval: i64, times: impl Iterator<Item = i64>) -> Market {
        let bars = times.map(|time| Bar { time: time * interval, ..Bar::default() }).collect();
        Market {
            interval,
            symbols: vec![Symbol { bars, ..Symbol::default() }],
            ..Market::default()
        }
    }

    #[test]
    fn columns_are_few_of_whole_bars_and_lose_nothing() {
        let minute = 60_000;
        for (interval, bars) in
            [(minute, 1), (minute, 120), (minute, 2_880), (3 * minute, 9_001), (480 * minute, 800)]
        {
            let columns = Columns::new(&market(interval, 0..bars));
            let values: Vec<f64> = (0..bars).map(|i| (i % 17) as f64).collect();
            assert!(columns.count() as i64 <= MOST, "{bars}");
            assert_eq!(columns.length % interval, 0);
            assert_eq!(columns.sums(&values).iter().sum::<f64>(), values.iter().sum::<f64>());
        }
    }

    #[test]
    fn few_bars_have_a_column_each_and_gaps_have_none() {
        let columns = Columns::new(&market(60_000, (0..10).chain(90..100)));
        assert_eq!((columns.count(), columns.length), (20, 60_000));
        assert_eq!(columns.sums(&[1.0; 20]), [1.0; 20]);
    }
}
