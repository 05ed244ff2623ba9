//! Counter-based randomness: a draw is a function of (seed, stream, number of the draw).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;

/// The stream that entries are drawn from.
const ENTRIES: u64 = 1;

/// The `draw`-th 64 random bits of a stream.
fn bits(seed: u64, stream: u64, draw: u64) -> u64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng.set_word_pos(u128::from(draw) * 2);
    rng.next_u64()
}

/// `count` different numbers below `below`, rising.
pub fn distinct(seed: u64, count: usize, below: usize) -> Vec<usize> {
    let mut chosen = BTreeSet::new();
    for draw in 0.. {
        if chosen.len() == count.min(below) {
            break;
        }
        let wide = u128::from(bits(seed, ENTRIES, draw)) * below as u128;
        chosen.insert((wide >> 64) as usize);
    }
    chosen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_number_and_not_on_the_draws_before_it() {
        let all: Vec<u64> = (0..5).map(|draw| bits(7, 3, draw)).collect();
        assert_eq!(bits(7, 3, 4), all[4]);
        assert_ne!(bits(8, 3, 4), all[4]);
        assert_ne!(bits(7, 4, 4), all[4]);
    }

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
