//! By how much a venue has raised its requirement, bar by bar.

use super::World;
use deleverage::venue::Volatility;

/// VOL-001 to VOL-003: the factor in force at the open of a bar, in quarters.
pub fn in_force(world: &World, rule: &Volatility, bar: usize) -> i64 {
    let (time, length) = (&world.history.time, world.history.interval.millis());
    let announced = |at: usize| time[at] + length + rule.lag.millis() <= time[bar];
    let last = (0..bar).rev().find(|at| announced(*at));
    last.and_then(|at| sigma(world, rule, at)).map_or(4, |sigma| quarters(rule, sigma))
}

/// VOL-001: `None` before a full window.
fn sigma(world: &World, rule: &Volatility, bar: usize) -> Option<f64> {
    let returns = usize::try_from(rule.window.millis() / world.history.interval.millis()).unwrap();
    let first = (bar + 1).checked_sub(returns.max(1)).filter(|first| *first > 0)?;
    let close = |at: usize| world.history.mark.close[at].steps() as f64;
    let squares = (first..=bar).map(|at| libm::log(close(at) / close(at - 1)).powi(2));
    Some(squares.fold(0.0, |sum, square| sum + square).sqrt())
}

/// VOL-002.
fn quarters(rule: &Volatility, sigma: f64) -> i64 {
    let asked = 4.0 * rule.slope.to_f64() * sigma / rule.reference.to_f64();
    let most = (4.0 * rule.at_most.to_f64()).floor();
    asked.floor().min(most).max(4.0) as i64
}
