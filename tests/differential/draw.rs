//! Counter-based draws: everything about a case follows from the seed and its number.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

pub struct Draw(ChaCha8Rng);

impl Draw {
    pub fn of(seed: u64, case: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(case);
        Self(rng)
    }

    /// From `low` to below `high`, every number as often as any other.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let wide = u128::from(self.0.next_u64()) * (high - low) as u128;
        low + (wide >> 64) as i64
    }

    /// From `low` to about `high`, every order of magnitude as often as any other.
    pub fn magnitude(&mut self, low: i64, high: i64) -> i64 {
        let share = self.between(0, 1 << 30) as f64 / (1_u64 << 30) as f64;
        (low as f64 * (high as f64 / low as f64).powf(share)).round() as i64
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.between(0, from.len() as i64) as usize]
    }

    /// True in one case of so many.
    pub fn one_in(&mut self, cases: i64) -> bool {
        self.between(0, cases) == 0
    }
}
