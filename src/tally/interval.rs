//! Intervals for shares of overlapping windows.
//!
//! Positions opened an hour apart with a horizon of a day live through almost the same prices:
//! they are not independent, and the usual binomial error is far too small. The variance of a
//! share is estimated from moving blocks of two horizons (the moving-block bootstrap, Künsch
//! 1989, whose variance needs no resampling); it gives an effective number of independent
//! windows, never more than the disjoint windows that the history holds; and that number goes
//! into Wilson's score interval (Wilson 1927), which stays honest at 0 and 1.

/// Entries of one calendar block, one horizon long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Block {
    pub n: u64,
    pub hits: u64,
}

impl Block {
    pub fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.hits += other.hits;
    }
}

/// A share with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub n: u64,
    pub hits: u64,
    /// `hits / n`.
    pub share: f64,
    pub low: f64,
    pub high: f64,
    /// Effective number of independent windows; between 1 and the disjoint windows.
    pub n_eff: f64,
}

/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What an interval is computed from: sums over calendar blocks and over all pairs of neighbouring
/// ones. Exact, and so the same however they are added up; of fewer than 2^31 entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    pub n: u64,
    pub hits: u64,
    pub blocks: u64,
    /// Blocks with entries.
    pub inhabited: u64,
    /// Of the entries of each pair.
    pub n_squared: i128,
    /// Of hits times entries of each pair.
    pub hits_by_n: i128,
    /// Of the hits of each pair.
    pub hits_squared: i128,
}

impl Sums {
    fn of(blocks: &[Block]) -> Self {
        let mut sums = Self { blocks: blocks.len() as u64, ..Self::default() };
        for block in blocks {
            sums.n += block.n;
            sums.hits += block.hits;
            sums.inhabited += u64::from(block.n > 0);
        }
        for pair in blocks.windows(2) {
            let n = i128::from(pair[0].n + pair[1].n);
            let hits = i128::from(pair[0].hits + pair[1].hits);
            sums.n_squared += n * n;
            sums.hits_by_n += hits * n;
            sums.hits_squared += hits * hits;
        }
        sums
    }

    /// The share of hits; `None` where nothing was counted.
    pub fn estimate(&self) -> Option<Estimate> {
        let Self { n, hits, .. } = *self;
        if n == 0 {
            return None;
        }
        let share = hits as f64 / n as f64;
        let n_eff = self.effective(share);
        let (low, high) = wilson(share, n_eff);
        Some(Estimate { n, hits, share, low, high, n_eff })
    }

    fn effective(&self, share: f64) -> f64 {
        let most = (self.inhabited as f64).min(self.n as f64);
        let variance = self.variance();
        if variance > 0.0 { (share * (1.0 - share) / variance).clamp(1.0, most) } else { most }
    }

    /// Variance of the share, from the residuals of all pairs of neighbouring blocks.
    fn variance(&self) -> f64 {
        let pairs = self.blocks.saturating_sub(1);
        if pairs == 0 {
            return 0.0;
        }
        // Times n², whole numbers.
        let (n, hits) = (i128::from(self.n), i128::from(self.hits));
        let squares =
            n * (n * self.hits_squared - 2 * hits * self.hits_by_n) + hits * hits * self.n_squared;
        let n2 = self.n as f64 * self.n as f64;
        let per_pair = squares as f64 / n2 / pairs as f64;
        per_pair * (self.blocks as f64 / 2.0) / n2
    }
}

/// The share of hits over calendar blocks, in order; `None` where nothing was counted.
pub fn estimate(blocks: &[Block]) -> Option<Estimate> {
    Sums::of(blocks).estimate()
}

/// The share of hits among independent trials; `None` without any.
pub fn of_independent(hits: u64, n: u64) -> Option<Estimate> {
    if n == 0 {
        return None;
    }
    let (share, n_eff) = (hits as f64 / n as f64, n as f64);
    let (low, high) = wilson(share, n_eff);
    Some(Estimate { n, hits, share, low, high, n_eff })
}

fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z / n;
    let centre = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z / (1.0 + z2) * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt();
    let low = if share > 0.0 { centre - half } else { 0.0 };
    let high = if share < 1.0 { centre + half } else { 1.0 };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    #[test]
    fn nothing_counted_is_no_share() {
        assert_eq!(estimate(&[]), None);
        assert_eq!(estimate(&[Block::default()]), None);
    }

    /// With k independent windows and no hit, the bound is Wilson's z²/(k + z²), close to 3.8/k.
    #[test]
    fn no_hits_still_have_an_upper_bound() {
        let blocks = [Block { n: 24, hits: 0 }; 100];
        let none = estimate(&blocks).unwrap();
        assert_eq!((none.share, none.low), (0.0, 0.0));
        assert!((none.high - 3.8415 / 103.8415).abs() < 1e-4);
        assert_eq!(none.n_eff, 100.0);
    }

    /// Wilson's interval for 10 of 100 independent trials, as printed by standard tables.
    #[test]
    fn independent_trials_give_wilson() {
        let (low, high) = wilson(0.1, 100.0);
        assert!((low - 0.0552).abs() < 1e-4 && (high - 0.1744).abs() < 1e-4);
    }

    /// A shock kills every window that contains it. Over 60 disjoint windows of 24 overlapping
    /// entries the stated interval must cover the true share in about 95 of 100 worlds, while the
    /// naive binomial interval, blind to the overlap, covers it far less often.
    #[test]
    fn overlapping_windows_are_covered() {
        let (window, windows, chance) = (24_usize, 60_usize, 0.02_f64);
        let truth = 1.0 - (1.0 - chance).powi(window as i32);
        let (mut covered, mut naive) = (0, 0);
        for world in 0..500 {
            let blocks = shocked(world, window, windows, chance);
            let got = estimate(&blocks).unwrap();
            covered += u32::from(got.low <= truth && truth <= got.high);
            let (low, high) = wilson(got.share, got.n as f64);
            naive += u32::from(low <= truth && truth <= high);
        }
        assert!((450..=495).contains(&covered), "covered {covered} of 500");
        assert!(naive < 250, "naive covered {naive} of 500");
    }

    fn shocked(world: u64, window: usize, windows: usize, chance: f64) -> Vec<Block> {
        let mut rng = ChaCha8Rng::seed_from_u64(world);
        let bars = window * (windows + 1);
        let shock: Vec<bool> =
            (0..bars).map(|_| (rng.next_u64() as f64 / u64::MAX as f64) < chance).collect();
        let hit = |entry: usize| u64::from(shock[entry..entry + window].contains(&true));
        let block = |b: usize| Block {
            n: window as u64,
            hits: (b * window..(b + 1) * window).map(hit).sum(),
        };
        (0..windows).map(block).collect()
    }
}
