//! Exact binomial intervals: of a share, and of a quantile between two ranks.

use super::distribution::{binomial_at_least, binomial_at_most, where_falls};
use std::ops::Range;

/// What remains outside of a 95 % interval at either end.
pub const TAIL: f64 = 0.025;

/// Between which chances the true one lies when `hits` of `n` trials succeeded: the exact interval
/// (Clopper and Pearson 1934), with `tail` outside at either end. With a number of trials that is
/// an effective one, `hits` need not be whole (Korn and Graubard 1998).
pub fn of_share(hits: f64, n: f64, tail: f64) -> (f64, f64) {
    let low = where_falls((0.0, 1.0), |chance| binomial_at_least(hits, n, chance) < tail);
    let high = where_falls((0.0, 1.0), |chance| binomial_at_most(hits, n, chance) > tail);
    (if hits > 0.0 { low } else { 0.0 }, if hits < n { high } else { 1.0 })
}

/// Ranks, from 1, whose values enclose a quantile with 95 % confidence: how many of `n` independent
/// values lie below it is binomial. Rule `STA-009`.
pub fn ranks(share: f64, n: usize) -> (Option<usize>, Option<usize>) {
    let below = |rank: usize| binomial_at_most((rank - 1) as f64, n as f64, share);
    let low = first(1..n + 1, |rank| below(rank) > TAIL) - 1;
    let high = first(1..n + 1, |rank| below(rank) >= 1.0 - TAIL);
    ((low > 0).then_some(low), (high <= n).then_some(high))
}

/// The first number of a range for which a statement holds that holds from there on; the range's
/// end without one.
pub fn first(range: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let Range { start: mut low, end: mut high } = range;
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the largest: .99 of 10,000 lies between ranks 81 and 121, .999 between 4 and 18; and
    /// 368 values are the fewest that bound the 99th percentile from above.
    #[test]
    fn ranks_are_those_of_the_binomial_distribution() {
        let from_top = |share| match ranks(share, 10_000) {
            (Some(low), Some(high)) => (10_001 - high, 10_001 - low),
            other => panic!("{other:?}"),
        };
        assert_eq!(from_top(0.99), (81, 121));
        assert_eq!(from_top(0.999), (4, 18));
        assert_eq!((ranks(0.99, 367).1, ranks(0.99, 368).1), (None, Some(368)));
        assert_eq!(ranks(0.5, 3), (None, None));
        assert_eq!(ranks(0.5, 6), (Some(1), Some(6)));
    }

    /// Clopper and Pearson's interval for 10 of 100, and the two closed forms at the ends.
    #[test]
    fn shares_have_their_exact_interval() {
        let (low, high) = of_share(10.0, 100.0, TAIL);
        assert!((low - 0.0490).abs() < 5e-5 && (high - 0.1762).abs() < 5e-5, "{low} {high}");
        let none = of_share(0.0, 50.0, TAIL);
        assert!(none.0 == 0.0 && (none.1 - (1.0 - TAIL.powf(1.0 / 50.0))).abs() < 1e-12);
        let all = of_share(50.0, 50.0, TAIL);
        assert!(all.1 == 1.0 && (all.0 - TAIL.powf(1.0 / 50.0)).abs() < 1e-12);
    }
}
