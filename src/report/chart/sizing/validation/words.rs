//! The figures of the ladder in words, and as ratios to the truth.

use super::{Band, Figure, Origin, Truth};
use crate::report::chart::label::significant;
use crate::report::chart::unit::{self, amount, minus};

/// From here on figures are counted in powers of a thousand.
const LARGE: f64 = 1e6;

/// A figure in words: `2,606 XBT`, `9.40 M USD`.
fn told(value: f64, unit: &str) -> String {
    let text = match value.abs() >= LARGE {
        true => amount(value, unit),
        false => format!("{} {unit}", minus(&significant(value))),
    };
    text.trim_end().to_owned()
}

/// `50 to 70 %`.
fn range(low: f64, high: f64, unit: &str) -> String {
    let text = match low.abs().max(high.abs()) >= LARGE {
        true => unit::range(low, high, unit),
        false => format!("{} to {}", minus(&significant(low)), told(high, unit)),
    };
    text.trim_end().to_owned()
}

impl Figure {
    /// What ratios are taken to; `None` where the truth is 0 or lies around it.
    pub fn reference(&self) -> Option<f64> {
        let reference = match self.truth.ends() {
            (Some(low), Some(high)) if low == high => low,
            (Some(low), Some(high)) if low.signum() == high.signum() => {
                (low.abs().sqrt() * high.abs().sqrt()).copysign(low)
            }
            (Some(_), Some(_)) | (None, None) => return None,
            (Some(end), None) | (None, Some(end)) => end,
        };
        (reference != 0.0).then_some(reference)
    }

    /// All that has a place on the axis.
    pub fn ratios(&self) -> Vec<f64> {
        let Some(reference) = self.reference() else { return Vec::new() };
        let (low, high) = self.truth.ends();
        let band = self.model.map(|band| [band.p5, band.median, band.p95]);
        let values = band.into_iter().flatten().chain(low).chain(high);
        values.map(|value| value / reference).collect()
    }

    pub fn true_words(&self) -> String {
        let unit = &self.unit;
        match self.truth {
            Truth::Exactly(value) => told(value, unit),
            Truth::Between(low, high) => range(low, high, unit),
            Truth::AtLeast(low) => format!("≥ {}", told(low, unit)),
            Truth::AtMost(high) => format!("≤ {}", told(high, unit)),
        }
    }

    pub fn model_words(&self) -> String {
        let unit = &self.unit;
        match self.model {
            None => "–".to_owned(),
            Some(Band { p5, median, p95 }) if p5 == p95 => told(median, unit),
            Some(Band { p5, median, p95 }) => {
                let ends = range(p5, p95, unit);
                let ends = ends.trim_end_matches(unit.as_str()).trim_end();
                format!("{} ({ends})", told(median, unit))
            }
        }
    }

    pub fn name(&self) -> String {
        match self.origin {
            Origin::Predicted => self.name.clone(),
            Origin::Calibrated => format!("{} (calibrated)", self.name),
        }
    }
}
