//! Distributions that intervals are read from: beta, binomial, Poisson, normal, Student's.

/// `I_x(a, b)`, the regularised incomplete beta function, for `a` and `b` above 0: by its continued
/// fraction (Abramowitz and Stegun 26.5.8).
pub fn beta_below(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let ways = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(ways + a * libm::log(x) + b * libm::log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// By Lentz's method. It takes about the root of the larger parameter in steps.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const STEPS: u32 = 100_000;
    let away = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = d;
    for step in 1..STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    value
}

/// Chance that at most `hits` of `n` trials succeed. Neither needs to be whole: between whole
/// numbers it is the beta distribution that joins them.
pub fn binomial_at_most(hits: f64, n: f64, chance: f64) -> f64 {
    if hits >= n { 1.0 } else { 1.0 - beta_below(hits + 1.0, n - hits, chance) }
}

/// Chance that at least `hits` of `n` trials succeed.
pub fn binomial_at_least(hits: f64, n: f64, chance: f64) -> f64 {
    if hits <= 0.0 { 1.0 } else { beta_below(hits, n - hits + 1.0, chance) }
}

/// Chance that at most `count` events happen where `mean` are expected.
pub fn poisson_at_most(count: u64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    let of = |count: u64| {
        let count = count as f64;
        libm::exp(count * libm::log(mean) - mean - libm::lgamma(count + 1.0))
    };
    (0..=count).map(of).sum::<f64>().min(1.0)
}

/// Chance of a normal variable above `z` standard deviations.
pub fn normal_beyond(z: f64) -> f64 {
    libm::erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// What Student's variable exceeds with this chance, below one half.
pub fn student_quantile(tail: f64, freedom: f64) -> f64 {
    let beyond = |t: f64| beta_below(freedom / 2.0, 0.5, freedom / (freedom + t * t)) / 2.0;
    where_falls((0.0, 1e9), |t| beyond(t) > tail)
}

/// Where a statement that holds at the low end and not at the high end ceases to, to the last bit.
pub fn where_falls(ends: (f64, f64), holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = ends;
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return high;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, printed: f64, digits: i32) {
        let off = (found - printed).abs();
        assert!(off <= 0.500_1 * 10_f64.powi(-digits), "{found} is not {printed}");
    }

    /// Tables that every handbook of statistics prints.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        close(normal_beyond(1.959_964), 0.025, 7);
        close(normal_beyond(2.575_829), 0.005, 7);
        close(student_quantile(0.025, 1.0), 12.706, 3);
        close(student_quantile(0.025, 11.0), 2.201, 3);
        close(student_quantile(0.005, 30.0), 2.750, 3);
    }

    /// `1 − (1 − x)^b` for a = 1, symmetry, and a binomial sum written out.
    #[test]
    fn the_beta_function_has_its_closed_forms() {
        close(beta_below(1.0, 7.0, 0.2), 1.0 - 0.8_f64.powi(7), 13);
        close(beta_below(3.5, 2.25, 0.4) + beta_below(2.25, 3.5, 0.6), 1.0, 13);
        let sum: f64 = [(1.0, 0), (10.0, 1), (45.0, 2)]
            .map(|(ways, hits)| ways * 0.3_f64.powi(hits) * 0.7_f64.powi(10 - hits))
            .iter()
            .sum();
        close(binomial_at_most(2.0, 10.0, 0.3), sum, 13);
        close(binomial_at_least(3.0, 10.0, 0.3), 1.0 - sum, 13);
    }

    /// A million trials: the sum of its terms is what the fraction says.
    #[test]
    fn large_numbers_stay_exact() {
        let (n, chance) = (1e6, 1e-5);
        close(binomial_at_most(9.0, n, chance), poisson_at_most(9, 10.0), 5);
        close(binomial_at_most(500_000.0, n, 0.5), 0.500_398_94, 7);
    }
}
