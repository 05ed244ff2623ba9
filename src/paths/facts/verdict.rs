//! Whether a generator keeps a fact. Rule `PTH-016`.

use super::battery::Battery;
use super::fact::{Fact, Lack, Measure, Scale};

/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// Errors above these say nothing: of a correlation, and of anything else over the figure itself.
const WIDEST_CORRELATION: f64 = 0.2;
const WIDEST: f64 = 0.5;

/// A fact of the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    pub value: f64,
    /// Half the width of its 95 % interval: 1.96 standard deviations over the resamples.
    pub tolerance: f64,
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Within the tolerance, which is narrow enough to say so.
    Kept,
    /// Beyond the tolerance.
    Changed,
    /// Within a tolerance so wide that anything would be.
    TooWide,
    /// Without a figure.
    Lacking(Lack),
}

/// A fact of the record, with its error from resamples of the record.
///
/// # Errors
/// The record, or all resamples but one, have no such figure.
pub fn known(fact: Fact, record: &Battery, resamples: &[Battery]) -> Result<Known, Lack> {
    let value = record.of(fact)?;
    let others: Vec<f64> = resamples.iter().filter_map(|one| one.of(fact).ok()).collect();
    if others.len() < 2 {
        return Err(Lack::Still);
    }
    let mean = others.iter().sum::<f64>() / others.len() as f64;
    let squares: f64 = others.iter().map(|other| (other - mean) * (other - mean)).sum();
    let deviation = (squares / (others.len() - 1) as f64).sqrt();
    Ok(Known { value, tolerance: Z * deviation })
}

/// The facts of a generator: the mean over its paths, of those that have the figure.
pub fn mean(paths: &[Battery]) -> Battery {
    Battery::from(|fact| {
        let measures: Vec<Measure> = paths.iter().map(|path| path.of(fact)).collect();
        let figures: Vec<f64> = measures.iter().filter_map(|measure| measure.ok()).collect();
        match (measures.first(), figures.len()) {
            (Some(lacking), 0) => *lacking,
            (None, _) => Err(Lack::Still),
            (_, count) => Ok(figures.iter().sum::<f64>() / count as f64),
        }
    })
}

/// Compares a generator's fact with the record's.
///
/// A change beyond the tolerance is one however wide the tolerance is. Within it the fact is kept
/// only where the tolerance is at most 0.2 for a correlation, and half the figure for all else.
pub fn judge(fact: Fact, record: Result<Known, Lack>, generated: Measure) -> Verdict {
    let (record, generated) = match (record, generated) {
        (Ok(record), Ok(generated)) => (record, generated),
        (Err(lack), _) | (_, Err(lack)) => return Verdict::Lacking(lack),
    };
    let widest = match fact.scale() {
        Scale::Correlation => WIDEST_CORRELATION,
        Scale::Share | Scale::Rate | Scale::Number => WIDEST * record.value.abs(),
    };
    match (generated - record.value).abs() <= record.tolerance {
        false => Verdict::Changed,
        true if record.tolerance > widest => Verdict::TooWide,
        true => Verdict::Kept,
    }
}
