//! Facts of order: volatility that stays, funding that stays. Rule `PTH-013`.

use super::fact::Lack;
use std::ops::RangeInclusive;

/// Lags of a range that are looked at: all, or so many of them evenly apart.
const LAGS: usize = 24;

/// Autocorrelations at `lags`, averaged: covariance at the lag, divided by the number of all
/// values, over the variance.
pub fn autocorrelation(values: &[f64], lags: RangeInclusive<usize>) -> Result<f64, Lack> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let apart: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let variance: f64 = apart.iter().map(|value| value * value).sum();
    if variance <= 0.0 {
        return Err(Lack::Still);
    }
    let (first, last) = lags.into_inner();
    let step = (last + 1 - first).div_ceil(LAGS);
    let at = |lag: usize| apart.iter().zip(&apart[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let all: Vec<f64> = (first..=last).step_by(step).map(at).collect();
    Ok(all.iter().sum::<f64>() / all.len() as f64 / variance)
}
