//! Facts of single returns: tails, peaks, shapes. Rules `PTH-011` and `PTH-012`.

use super::fact::Lack;
use crate::history::History;

/// Share of all returns that are taken for the tail.
const TAIL: f64 = 0.05;

/// Log returns of the mark from close to close.
pub fn returns(history: &History) -> Vec<f64> {
    let log = |price: &crate::money::Price| libm::log(price.steps() as f64);
    let logs: Vec<f64> = history.mark.close.iter().map(log).collect();
    logs.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Hill's estimator (1975) of the lower tail: with `k = ⌊n/20⌋` losses `x` in falling order,
/// `k / Σ ln(x_i / x_{k+1})`. Its standard error for independent losses is itself over `√k`.
pub fn tail_index(returns: &[f64]) -> Result<f64, Lack> {
    let tail = (TAIL * returns.len() as f64) as usize;
    let mut losses: Vec<f64> = returns.iter().map(|r| -r).collect();
    losses.sort_unstable_by(|a, b| b.total_cmp(a));
    let edge = losses[tail];
    if edge <= 0.0 {
        return Err(Lack::Still);
    }
    let sum: f64 = losses[..tail].iter().map(|loss| libm::log(loss / edge)).sum();
    match sum > 0.0 {
        true => Ok(tail as f64 / sum),
        false => Err(Lack::Still),
    }
}

/// Fourth central moment over the square of the second; 3 for a normal distribution.
pub fn kurtosis(returns: &[f64]) -> Result<f64, Lack> {
    let n = returns.len() as f64;
    let mean = returns.iter().sum::<f64>() / n;
    let square = |r: &f64| (r - mean) * (r - mean);
    let second = returns.iter().map(square).sum::<f64>() / n;
    let fourth = returns.iter().map(|r| square(r) * square(r)).sum::<f64>() / n;
    if second > 0.0 { Ok(fourth / (second * second)) } else { Err(Lack::Still) }
}

/// Sum of the log ranges of the mark's bars over the sum of the sizes of their own log returns,
/// from open to close. 1: no bar goes beyond its ends.
pub fn bar_shape(history: &History) -> Result<f64, Lack> {
    let mark = &history.mark;
    let log = |to: crate::money::Price, from: crate::money::Price| {
        libm::log(to.steps() as f64 / from.steps() as f64)
    };
    let bars = 0..history.len();
    let range: f64 = bars.clone().map(|bar| log(mark.high[bar], mark.low[bar])).sum();
    let body: f64 = bars.map(|bar| log(mark.close[bar], mark.open[bar]).abs()).sum();
    if body > 0.0 { Ok(range / body) } else { Err(Lack::Still) }
}
