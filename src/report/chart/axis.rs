//! Values to pixels, and where the ticks stand.

/// A stretch of values laid over a stretch of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    pixels: (f64, f64),
    spacing: Spacing,
}

/// How an axis is divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Spacing {
    /// Equal steps of value are equal steps of pixels.
    #[default]
    Linear,
    /// Equal ratios are.
    Log,
}

impl Axis {
    pub fn spaced(spacing: Spacing, values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { low: values.0, high: values.1, pixels, spacing }
    }

    /// Equal steps of value are equal steps of pixels.
    pub fn linear(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self::spaced(Spacing::Linear, values, pixels)
    }

    /// Equal ratios are equal steps of pixels; both ends above 0.
    pub fn log(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self::spaced(Spacing::Log, values, pixels)
    }

    /// The pixel of `value`; values beyond the ends land on the ends.
    pub fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let part = match self.spacing {
            Spacing::Linear => (value - self.low) / (self.high - self.low),
            Spacing::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        self.pixels.0 + part * (self.pixels.1 - self.pixels.0)
    }

    /// Around `most` round values between the ends.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        match self.spacing {
            Spacing::Linear => linear_ticks(self.low, self.high, most),
            Spacing::Log => log_ticks(self.low, self.high, most),
        }
    }
}

/// Widens `(low, high)` by `part` of its length on both sides; a single value becomes a stretch.
pub fn widen((low, high): (f64, f64), part: f64) -> (f64, f64) {
    let length = high - low;
    let least = high.abs().max(low.abs()).max(f64::MIN_POSITIVE) * 1e-6;
    let by = if length > least { length * part } else { high.abs().max(1e-12) * 0.01 };
    (low - by, high + by)
}

/// The smallest of 1, 2, 5 × 10^k that makes at most `most` steps of `span`.
pub fn round_step(span: f64, most: usize) -> f64 {
    let rough = span / most.max(1) as f64;
    let decade = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * decade >= rough * (1.0 - 1e-9));
    step.unwrap_or(10.0) * decade
}

/// Multiples of `step` from `low` to `high`.
pub fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (first, last) = ((low / step - 1e-6).ceil() as i64, (high / step + 1e-6).floor() as i64);
    (first..=last).map(|i| i as f64 * step).collect()
}

fn linear_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    multiples(low, high, round_step(high - low, most))
}

/// 1, 2, 5 × 10^k within the ends; only powers of ten where those would be too many.
fn log_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let within = |tick: &f64| (low * 0.999_999..=high * 1.000_001).contains(tick);
    let of = |factors: &[f64]| -> Vec<f64> {
        key_points(low, high, factors).into_iter().filter(within).collect()
    };
    let all = of(&[1.0, 2.0, 5.0]);
    if all.len() <= most { all } else { of(&[1.0]) }
}

/// The last of 1, 2, 5 × 10^k at or below `low`, and the first at or above `high`.
pub fn around(low: f64, high: f64) -> (f64, f64) {
    let points = key_points(low, high, &[1.0, 2.0, 5.0]);
    let below = points.iter().copied().rfind(|point| *point <= low * 1.000_001);
    let above = points.iter().copied().find(|point| *point >= high * 0.999_999);
    (below.unwrap_or(low), above.unwrap_or(high))
}

/// `factors` times every power of ten from the decade of `low` to the one that ends with `high`.
fn key_points(low: f64, high: f64, factors: &[f64]) -> Vec<f64> {
    let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
    decades.flat_map(|k| factors.iter().map(move |f| f * 10f64.powi(k))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ticks_are_one_two_five() {
        let axis = Axis::log((0.008, 3.0), (0.0, 100.0));
        let wanted = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0];
        let got = axis.ticks(12);
        assert_eq!(got.len(), wanted.len());
        assert!(got.iter().zip(wanted).all(|(g, w)| (g / w - 1.0).abs() < 1e-12), "{got:?}");
    }

    #[test]
    fn the_ends_around_a_stretch_are_key_points() {
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-12;
        for ((low, high), wanted) in
            [((0.03, 6.1), (0.02, 10.0)), ((1.0, 5.0), (1.0, 5.0)), ((0.9, 18.0), (0.5, 20.0))]
        {
            let got = around(low, high);
            assert!(close(got.0, wanted.0) && close(got.1, wanted.1), "{got:?}");
        }
    }

    #[test]
    fn linear_ticks_cover_a_tiny_and_a_huge_stretch() {
        for (low, high) in [(0.000_010_2, 0.000_011_9), (0.0, 1.0), (98_000.0, 121_332.0)] {
            let ticks = linear_ticks(low, high, 8);
            assert!((3..=9).contains(&ticks.len()), "{ticks:?}");
        }
    }

    #[test]
    fn a_single_value_becomes_a_stretch() {
        for value in [0.000_01, 1.0, 121_332.96] {
            let (low, high) = widen((value, value), 0.05);
            assert!(low < value && value < high);
        }
    }
}
