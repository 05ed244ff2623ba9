//! Quantiles of amounts without keeping the amounts.

use std::collections::BTreeMap;

/// Bits kept below the leading one: a bucket is at most 1/64 wide, relative to its value.
const KEPT: u32 = 6;

/// Counts of positive integers in buckets of relative width 1/64.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogHistogram {
    buckets: BTreeMap<u64, u64>,
    count: u64,
}

impl LogHistogram {
    pub fn add(&mut self, value: u64) {
        *self.buckets.entry(upper_edge(value)).or_default() += 1;
        self.count += 1;
    }

    pub fn merge(&mut self, other: &Self) {
        for (edge, count) in &other.buckets {
            *self.buckets.entry(*edge).or_default() += count;
        }
        self.count += other.count;
    }

    /// The smallest bucket edge that at least this share of the values do not exceed: at most
    /// 1/64 above the true quantile. `None` without values.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let wanted = (share * self.count as f64).ceil() as u64;
        let mut seen = 0;
        self.buckets.iter().find_map(|(edge, count)| {
            seen += count;
            (seen >= wanted).then_some(*edge)
        })
    }
}

fn upper_edge(value: u64) -> u64 {
    let dropped = (u64::BITS - value.leading_zeros()).saturating_sub(KEPT + 1);
    value | ((1 << dropped) - 1)
}

#[cfg(test)]
mod tests {
    use super::LogHistogram;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_quantile_is_at_most_a_64th_above_the_truth(
            mut values in prop::collection::vec(1_u64..1 << 60, 1..200),
            share in 0.01_f64..1.0,
        ) {
            let mut histogram = LogHistogram::default();
            values.iter().for_each(|value| histogram.add(*value));
            values.sort_unstable();
            let rank = (share * values.len() as f64).ceil() as usize;
            let truth = values[rank - 1] as f64;
            let got = histogram.quantile(share).unwrap() as f64;
            prop_assert!(got >= truth && got <= truth * (1.0 + 1.0 / 64.0));
        }
    }

    #[test]
    fn no_values_have_no_quantile() {
        assert_eq!(LogHistogram::default().quantile(0.5), None);
    }
}
