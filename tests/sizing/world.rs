//! A homogeneous book and a gap whose distribution is known: what the fund needs then has a closed
//! form.

use deleverage::money::Cash;
use deleverage::scenario::draws::Stream;
use deleverage::tally::sizing::{Loss, Resampling, Sizing};

/// Units of the book times the price: what a gap of one costs.
const NOTIONAL: f64 = 40_000_000.0;
/// Every account has this leverage: its margin takes the first part of the gap.
const LEVERAGE: f64 = 10.0;
const ATOMS: f64 = 1e8;

/// `need = max(0, Q·P0·(gap − 1/L))`.
pub fn need(gap: f64) -> Cash {
    Cash::from_atoms((NOTIONAL * ATOMS * (gap - 1.0 / LEVERAGE).max(0.0)) as i64)
}

/// A distribution of gaps by its upper tail.
#[derive(Debug, Clone, Copy)]
pub enum Gap {
    /// `P(gap > g) = exp(−g/mean)`.
    Exponential { mean: f64 },
    /// `P(gap > g) = (least/g)^index`.
    Pareto { least: f64, index: f64 },
}

impl Gap {
    pub fn quantile(self, beyond: f64) -> f64 {
        match self {
            Self::Exponential { mean } => -mean * beyond.ln(),
            Self::Pareto { least, index } => least * beyond.powf(-1.0 / index),
        }
    }

    /// Mean of what lies beyond that quantile.
    pub fn mean_beyond(self, beyond: f64) -> f64 {
        let quantile = self.quantile(beyond);
        match self {
            Self::Exponential { mean } => quantile + mean,
            Self::Pareto { index, .. } => quantile * index / (index - 1.0),
        }
    }

    /// Drawn as it is.
    pub fn losses(self, world: u64, n: usize) -> Vec<Loss> {
        let mut stream = Stream::new(world, 1);
        let loss = |_| Loss { need: need(self.quantile(stream.unit())), crash: 0, weight: 1.0 };
        (0..n).map(loss).collect()
    }
}

/// Of an exponential gap, drawn from one with twice the mean.
pub fn reweighted(mean: f64, world: u64, n: usize) -> Vec<Loss> {
    let mut stream = Stream::new(world, 2);
    let loss = |_| {
        let gap = -2.0 * mean * stream.unit().ln();
        Loss { need: need(gap), crash: 0, weight: 2.0 * (-gap / (2.0 * mean)).exp() }
    };
    (0..n).map(loss).collect()
}

pub fn sizing(losses: Vec<Loss>) -> Sizing {
    Sizing::of(losses, Resampling { seed: 7, resamples: 200 }).unwrap()
}
