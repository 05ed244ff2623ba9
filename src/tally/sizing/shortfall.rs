//! Between which amounts the mean of the worst scenarios lies.

use super::intervals::Range;
use super::level::Level;
use super::sample::Sample;
use crate::money::Cash;
use crate::tally::binomial::TAIL;
use crate::tally::distribution::student_quantile;

impl Sample {
    /// Around the estimate, from the moments of its influence function: Student's interval with as
    /// many degrees of freedom as the tail has runs, less one, corrected for skewness. Rule
    /// `SIZ-011`.
    pub(super) fn shortfall_range(&self, level: Level) -> Range {
        let last = self.count() - self.position(level) - 1;
        let freedom = (level.beyond() * self.trials(last) - 1.0).max(1.0);
        let (error, skewness) = self.shortfall_error(level);
        let (below, above) = skewed(student_quantile(TAIL, freedom), skewness);
        let value = self.expected_shortfall(level).atoms() as f64;
        let bounded = self.risk_range(level, TAIL).high.is_some();
        Range {
            low: cash((value - error * below).max(0.0).floor()),
            high: bounded.then(|| cash((value + error * above).ceil())),
        }
    }

    /// Standard error in atoms, and skewness of the estimate, of `Σ wψ / Σw` with
    /// `ψ = v + max(x − v, 0)/(1 − α) − ES`.
    fn shortfall_error(&self, level: Level) -> (f64, f64) {
        let edge = self.needs[self.position(level)].atoms() as f64;
        let rest = edge - self.expected_shortfall(level).atoms() as f64;
        let (mut squares, mut cubes) = (0.0, 0.0);
        for (at, need) in self.needs.iter().enumerate() {
            let excess = (need.atoms() as f64 - edge).max(0.0);
            let influence = rest + excess / level.beyond();
            let term = self.weight(at) as f64 / self.total() as f64 * influence;
            squares += term * term;
            cubes += term * term * term;
        }
        let error = squares.sqrt();
        (error, if error > 0.0 { cubes / (error * squares) } else { 0.0 })
    }
}

/// How many standard errors the interval reaches below and above an estimate of this skewness:
/// the cubic transformation that takes it away (Hall 1992), turned back.
fn skewed(quantile: f64, skewness: f64) -> (f64, f64) {
    if skewness.abs() < 1e-6 {
        return (quantile, quantile);
    }
    let back = |x: f64| {
        let cube = 1.0 + skewness * (x - skewness / 6.0);
        3.0 / skewness * (libm::cbrt(cube) - 1.0)
    };
    (back(quantile), -back(-quantile))
}

/// The end of an interval: an amount that was estimated, not one that is owed. Beyond the range of
/// cash it is its end.
pub(super) fn cash(atoms: f64) -> Cash {
    Cash::from_atoms(atoms as i64)
}
