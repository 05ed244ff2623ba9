//! Gamma variables: how much of a bin of draws a resample holds.

use crate::scenario::draws::{Split, unit};

/// Of mean and variance `shape`, at least 1 (Marsaglia and Tsang 2000).
pub fn gamma(shape: f64, bits: &mut Split) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let normal = normal(bits);
        let root = 1.0 + c * normal;
        if root <= 0.0 {
            continue;
        }
        let (cube, square) = (root * root * root, normal * normal);
        let chance = unit(bits.bits());
        let near = chance < 1.0 - 0.0331 * square * square;
        if near || libm::log(chance) < 0.5 * square + d * (1.0 - cube + libm::log(cube)) {
            return d * cube;
        }
    }
}

/// Of two uniform numbers (Box and Muller 1958).
fn normal(bits: &mut Split) -> f64 {
    let (radius, angle) = (unit(bits.bits()), unit(bits.bits()));
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(std::f64::consts::TAU * angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance are the shape, the third central moment twice that.
    #[test]
    fn moments_are_those_of_the_distribution() {
        for shape in [1.0, 2.5, 40.0] {
            let mut bits = Split::of(7);
            let n = 200_000;
            let all: Vec<f64> = (0..n).map(|_| gamma(shape, &mut bits)).collect();
            let mean = all.iter().sum::<f64>() / f64::from(n);
            let central =
                |power: i32| all.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / f64::from(n);
            assert!((mean / shape - 1.0).abs() < 0.01, "{shape}: {mean}");
            assert!((central(2) / shape - 1.0).abs() < 0.02, "{shape}: {}", central(2));
            assert!((central(3) / (2.0 * shape) - 1.0).abs() < 0.15, "{shape}: {}", central(3));
        }
    }
}
