//! How large accounts are. Rule `POP-002`.
//!
//! With `Q` the quantile function of the lognormal body and Pareto tail, and `p` the level at which
//! it is cut, a size is `Q(u·p)` for a uniform `u`: all draws above the cut are taken anew.

use super::normal;

/// Where the tail begins.
const BODY: f64 = 0.99;
/// Halvings of the interval that holds the cut.
const HALVINGS: usize = 60;
/// The cut is looked for among levels `1 / (1 + e^-y)` up to this `y`: one account in 10^11.
const FARTHEST: f64 = 25.0;

/// Sizes of the accounts of one side, in units of the median before the cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeLaw {
    sigma: f64,
    alpha: f64,
    /// Size at which the tail begins.
    knee: f64,
    /// Level at which the distribution is cut.
    cut: f64,
}

impl SizeLaw {
    /// A standard deviation of the logarithm, a tail exponent above 0, and no cut.
    pub fn uncut(sigma: f64, alpha: f64) -> Self {
        let knee = libm::exp(sigma * normal::quantile(BODY));
        Self { sigma, alpha, knee, cut: 1.0 }
    }

    /// Cut where the largest size is the share `largest` of what `accounts` hold on average.
    #[must_use]
    pub fn cut_for(self, accounts: usize, largest: f64) -> Self {
        let times_mean = largest * accounts as f64;
        let (mut low, mut high) = (-FARTHEST, FARTHEST);
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            let level = 1.0 / (1.0 + libm::exp(-middle));
            match self.quantile(level) * level < times_mean * self.partial_mean(level) {
                true => low = middle,
                false => high = middle,
            }
        }
        Self { cut: 1.0 / (1.0 + libm::exp(-low)), ..self }
    }

    /// The size of a uniform draw.
    pub fn size(&self, uniform: f64) -> f64 {
        self.quantile(uniform * self.cut)
    }

    fn quantile(&self, level: f64) -> f64 {
        match level <= BODY {
            true => libm::exp(self.sigma * normal::quantile(level)),
            false => self.knee * libm::pow((1.0 - BODY) / (1.0 - level), 1.0 / self.alpha),
        }
    }

    /// The mean's part that lies below a level: `∫ Q` from 0 to there.
    fn partial_mean(&self, level: f64) -> f64 {
        let body = normal::cumulative(normal::quantile(level.min(BODY)) - self.sigma);
        let body = libm::exp(self.sigma * self.sigma / 2.0) * body;
        if level <= BODY {
            return body;
        }
        let left = libm::log((1.0 - level) / (1.0 - BODY));
        let power = 1.0 - 1.0 / self.alpha;
        let integral = match power.abs() < 1e-9 {
            true => -left,
            false => -libm::expm1(power * left) / power,
        };
        body + self.knee * (1.0 - BODY) * integral
    }
}

/// No weight is more than `largest` of their sum: what is above is cut off, as often as it takes.
/// Where they are too few for that, all are equal.
pub fn cap(weights: &mut [f64], largest: f64) {
    let largest = largest.max(1.0 / weights.len() as f64);
    let (mut limit, mut capped) = (f64::INFINITY, 0);
    loop {
        let below: f64 = weights.iter().filter(|weight| **weight < limit).sum();
        let whole = match capped {
            0 => below,
            _ => below / (1.0 - capped as f64 * largest),
        };
        let next = limit.min(largest * whole);
        let above = weights.iter().filter(|weight| **weight >= next).count();
        if above <= capped || above == weights.len() {
            limit = if above == weights.len() { next.min(lowest(weights)) } else { next };
            break;
        }
        (limit, capped) = (next, above);
    }
    weights.iter_mut().for_each(|weight| *weight = weight.min(limit));
}

fn lowest(weights: &[f64]) -> f64 {
    weights.iter().copied().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_is_where_the_largest_has_its_share() {
        for (accounts, largest) in [(10_000, 0.1), (50, 0.1), (1_000_000, 0.05), (300, 0.02)] {
            let law = SizeLaw::uncut(2.7, 0.87).cut_for(accounts, largest);
            let mean = law.partial_mean(law.cut) / law.cut;
            let share = law.quantile(law.cut) / (accounts as f64 * mean);
            assert!((share - largest).abs() < 1e-4 * largest, "{accounts}: {share}");
        }
    }

    #[test]
    fn the_partial_mean_is_the_integral_of_the_quantile() {
        for alpha in [0.87, 1.0, 1.5] {
            let law = SizeLaw::uncut(1.5, alpha);
            let steps = 4_000_000;
            let width = 0.999 / f64::from(steps);
            let at = |step: i32| law.quantile((f64::from(step) + 0.5) * width);
            let sum: f64 = (0..steps).map(at).sum::<f64>() * width;
            assert!((law.partial_mean(0.999) / sum - 1.0).abs() < 1e-5, "{alpha}");
        }
    }

    #[test]
    fn the_top_percent_of_a_lognormal_without_a_tail_is_known() {
        // Φ(σ − z) of the whole: 65 % for σ = 2.7.
        let body = SizeLaw::uncut(2.7, 0.87).partial_mean(BODY);
        let share = 1.0 - body / libm::exp(2.7 * 2.7 / 2.0);
        assert!((share - 0.645_8).abs() < 1e-3, "{share}");
    }

    #[test]
    fn caps_hold_exactly() {
        let mut weights = vec![100.0, 50.0, 1.0, 1.0, 1.0, 1.0];
        cap(&mut weights, 0.25);
        let sum: f64 = weights.iter().sum();
        assert!((weights[0] / sum - 0.25).abs() < 1e-12 && (weights[1] / sum - 0.25).abs() < 1e-12);
        assert_eq!(weights[2..], [1.0; 4]);
        let mut few = vec![5.0, 3.0, 1.0];
        cap(&mut few, 0.1);
        assert!(few.iter().all(|weight| (weight / few[0] - 1.0).abs() < 1e-12), "{few:?}");
    }
}
