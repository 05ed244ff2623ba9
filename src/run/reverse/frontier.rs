//! Shock against depth: where the limit is reached, and where the crashes of history lie.

use super::knob::Knob;
use super::point::Points;
use crate::fault::Result;
use crate::report::reverse::{Frontier, Lying};
use crate::run::MarketInputs;

/// # Errors
/// Ctrl-C.
pub fn frontier(points: &Points) -> Result<Frontier> {
    let (shocks, mut depths) = (Knob::Shock.grid(points.study.reverse.grid), depths(points));
    depths.reverse();
    let mut reached = Vec::with_capacity(depths.len());
    for depth in &depths {
        let row = shocks.iter().map(|shock| {
            let turned = Knob::Depth.turn(points.base(), *depth);
            let figures = points.figures(&Knob::Shock.turn(turned, *shock))?;
            Ok(figures.map(|all| all.into_iter().map(|one| points.is_reached(one)).collect()))
        });
        reached.push(row.collect::<Result<_>>()?);
    }
    Ok(Frontier { shocks, depths, reached, crashes: lying(points) })
}

/// From deep to thin.
fn depths(points: &Points) -> Vec<f64> {
    Knob::Depth.grid(points.study.reverse.grid)
}

/// The fall of each crash in logs, over that of the crash that is turned; at the depth of the
/// scenario, since none was recorded.
fn lying(points: &Points) -> Vec<Lying> {
    let own = fall(&points.lab.crashes[points.crash]);
    let both = points.study.crashes.iter().zip(&points.lab.crashes);
    let lies = both.filter_map(|(crash, inputs)| {
        let shock = fall(inputs) / own;
        (shock.is_finite() && shock > 0.0).then(|| Lying { name: crash.name.clone(), shock })
    });
    lies.collect()
}

/// Deepest fall of the first symbol's mark from a high to a later low within the worlds, as a
/// logarithm ≥ 0.
fn fall(inputs: &MarketInputs) -> f64 {
    let mark = &inputs.symbols[0].history.mark;
    let (mut peak, mut deepest) = (0.0_f64, 0.0_f64);
    for bar in inputs.first..mark.len() {
        let low = libm::log(mark.low[bar].steps() as f64);
        peak = if bar == inputs.first { libm::log(mark.open[bar].steps() as f64) } else { peak };
        deepest = deepest.max(peak - low);
        peak = peak.max(libm::log(mark.high[bar].steps() as f64));
    }
    deepest
}
