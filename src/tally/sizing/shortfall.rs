//! Between which amounts the mean of the worst scenarios lies.

use super::intervals::Range;
use super::level::Level;
use super::sample::Sample;
use crate::money::Cash;
use crate::tally::binomial::TAIL;
use crate::tally::distribution::student_quantile;

impl Sample {
    /// Student's interval around the estimate, from the variance of its influence function, with
    /// as many degrees of freedom as the tail has runs, less one. Rule `SIZ-011`.
    pub(super) fn shortfall_range(&self, level: Level) -> Range {
        let last = self.count() - self.position(level) - 1;
        let bounded = self.risk_range(level, TAIL).high.is_some();
        let freedom = level.beyond() * self.trials(last) - 1.0;
        let value = self.expected_shortfall(level).atoms() as f64;
        let half = self.shortfall_variance(level).sqrt() * student_quantile(TAIL, freedom.max(1.0));
        Range {
            low: cash((value - half).max(0.0).floor()),
            high: bounded.then(|| cash((value + half).ceil())),
        }
    }

    /// `Σ w²ψ² / (Σw)²` in squared atoms, `ψ = v + max(x − v, 0)/(1 − α) − ES`.
    fn shortfall_variance(&self, level: Level) -> f64 {
        let (at, beyond) = (self.position(level), level.beyond());
        let edge = self.needs[at].atoms() as f64;
        let rest = edge - self.expected_shortfall(level).atoms() as f64;
        let total = self.total() as f64;
        let of_tail = |at: usize| {
            let influence = rest + (self.needs[at].atoms() as f64 - edge) / beyond;
            let share = self.weight(at) as f64 / total;
            share * share * influence * influence
        };
        let tail: f64 = (at + 1..self.count()).map(of_tail).sum();
        tail + rest * rest * (self.squares(0) - self.squares(at + 1))
    }
}

/// The end of an interval: an amount that was estimated, not one that is owed. Beyond the range of
/// cash it is its end.
pub(super) fn cash(atoms: f64) -> Cash {
    Cash::from_atoms(atoms as i64)
}
