//! Entries drawn by the seed.

use super::draws::{Stream, below};
use std::collections::BTreeSet;

/// The stream that entries are drawn from.
const ENTRIES: u64 = 1;

/// `count` different numbers below `end`, rising.
pub fn distinct(seed: u64, count: usize, end: usize) -> Vec<usize> {
    let mut stream = Stream::new(seed, ENTRIES);
    let mut chosen = BTreeSet::new();
    while chosen.len() < count.min(end) {
        chosen.insert(below(stream.bits(), end as u64) as usize);
    }
    chosen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_no_repetition_and_covers_the_range() {
        let sample = distinct(1, 500, 1_000);
        assert_eq!(sample.len(), 500);
        assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        let upper = sample.iter().filter(|i| **i >= 500).count();
        assert!((200..300).contains(&upper), "{upper} of 500 in the upper half");
        assert_eq!(distinct(1, 10, 3), vec![0, 1, 2]);
    }
}
