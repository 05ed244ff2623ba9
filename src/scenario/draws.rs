//! Counter-based randomness: a draw is a function of (seed, stream, number of the draw).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One stream of draws, 64 random bits each.
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// At its first draw.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// At draw number `draw`.
    #[must_use]
    pub fn at(mut self, draw: u64) -> Self {
        self.0.set_word_pos(u128::from(draw) * 2);
        self
    }

    /// The bits of this draw; the next call has those of the next one.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in the open interval (0, 1).
    pub fn unit(&mut self) -> f64 {
        unit(self.bits())
    }
}

/// Further draws from the bits of one: SplitMix64 (Steele, Lea and Flood, 2014). For what is seldom
/// needed more than once.
#[derive(Debug, Clone)]
pub struct Split(u64);

impl Split {
    pub fn of(bits: u64) -> Self {
        Self(bits)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// A number in the open interval (0, 1): one of 2^52 midpoints.
pub fn unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// A number from 0 on that is below `below`.
pub fn below(bits: u64, below: u64) -> u64 {
    let wide = u128::from(bits) * u128::from(below);
    (wide >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_number_and_not_on_the_draws_before_it() {
        let mut stream = Stream::new(7, 3);
        let all: Vec<u64> = (0..5).map(|_| stream.bits()).collect();
        assert_eq!(Stream::new(7, 3).at(4).bits(), all[4]);
        assert_ne!(Stream::new(8, 3).at(4).bits(), all[4]);
        assert_ne!(Stream::new(7, 4).at(4).bits(), all[4]);
    }

    #[test]
    fn splitting_is_the_published_generator() {
        let mut split = Split::of(1_234_567);
        let published = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([split.bits(), split.bits()], published);
    }

    #[test]
    fn units_stay_inside_and_integers_below() {
        assert!(unit(0) > 0.0 && unit(u64::MAX) < 1.0);
        assert_eq!((below(0, 7), below(u64::MAX, 7)), (0, 6));
    }
}
