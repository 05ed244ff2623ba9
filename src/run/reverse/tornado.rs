//! What moves the limit's figure: every knob a little, and every choice of the model.

use super::knob::Knob;
use super::point::Points;
use crate::fault::Result;
use crate::money::{Cash, Rate};
use crate::report::reverse::{Bar, End, Tornado};
use crate::run::fund::Turned;
use crate::scenario::exchange::{Driver, PathOrder};

/// A setting and what it is called.
type Setting = (&'static str, Turned);

/// # Errors
/// Ctrl-C.
pub fn tornado(points: &Points) -> Result<Tornado> {
    let base = median(points, &points.base())?;
    let bars = bars(points).into_iter().map(|(name, is_model, low, high)| {
        Ok(Bar { name, is_model, low: end(points, low)?, high: end(points, high)? })
    });
    Ok(Tornado { base, bars: bars.collect::<Result<_>>()? })
}

fn end(points: &Points, (setting, turned): Setting) -> Result<End> {
    Ok(End { setting, median: median(points, &turned)? })
}

/// Over the seeds.
fn median(points: &Points, turned: &Turned) -> Result<Option<Cash>> {
    Ok(points.figures(turned)?.map(|mut figures| {
        figures.sort_unstable();
        figures[(figures.len() - 1) / 2]
    }))
}

fn bars(points: &Points) -> Vec<(&'static str, bool, Setting, Setting)> {
    let base = points.base();
    let turn = |knob: Knob, setting: f64| knob.turn(base, setting);
    let rate = |text: f64| Rate::from_steps((text * Rate::ONE as f64) as i64);
    let local =
        |weight: f64| Turned { driver: Some(Driver::ReplayLocal { weight: rate(weight) }), ..base };
    let largest = points.study.crashes[points.crash].study.population.largest.to_f64();
    vec![
        (
            "scale of the shock",
            false,
            ("×0.8", turn(Knob::Shock, 0.8)),
            ("×1.25", turn(Knob::Shock, 1.25)),
        ),
        (
            "depth of the books",
            false,
            ("×2", turn(Knob::Depth, 2.0)),
            ("×0.5", turn(Knob::Depth, 0.5)),
        ),
        (
            "open interest",
            false,
            ("×0.8", turn(Knob::OpenInterest, 0.8)),
            ("×1.25", turn(Knob::OpenInterest, 1.25)),
        ),
        (
            "largest account",
            false,
            ("×0.5", turn(Knob::Largest, largest / 2.0)),
            ("×2", turn(Knob::Largest, (largest * 2.0).min(0.5))),
        ),
        ("speed of the fall", false, ("as recorded", base), ("×2", turn(Knob::Speed, 2.0))),
        (
            "price driver",
            true,
            ("replay", Turned { driver: Some(Driver::Replay), ..base }),
            ("local, weight 50 %", local(0.5)),
        ),
        (
            "law of impact",
            true,
            ("square root (β ½)", Turned { beta: Some(rate(0.5)), ..base }),
            ("linear (β 1)", Turned { beta: Some(rate(1.0)), ..base }),
        ),
        (
            "order within bars",
            true,
            ("high first", Turned { path: PathOrder::HighFirst, ..base }),
            ("low first", Turned { path: PathOrder::LowFirst, ..base }),
        ),
        (
            "sub-steps a leg",
            true,
            ("1", Turned { substeps: Some(1), ..base }),
            ("16", Turned { substeps: Some(16), ..base }),
        ),
    ]
}
