//! What stands around a plot: its title and key above, its axes below and beside.

use super::Spacing;
use crate::report::chart::axis::{Axis, round_step};
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::frame::{NAME, TICK};
use crate::report::chart::parts::{self, KEY_LINE, Swatch};
use crate::report::chart::unit::{Unit, round_amount};
use crate::report::chart::{ChartError, color};

/// Height of the axis below a plot, with its name.
pub const FOOT: f64 = 66.0;
/// Pixels between a tick beside a plot and the plot.
pub const TICK_GAP: f64 = 14.0;

/// Values with their texts, ascending.
pub type Ticks = Vec<(f64, String)>;

/// The title with the key below it; returns what is left of the plot.
pub fn head(
    canvas: &Canvas<'_>,
    plot: Rect,
    (title, key): (&str, &[(Swatch, String)]),
) -> Result<Rect, ChartError> {
    let y = plot.top + 4.0;
    let face = Type::new(NAME).bold();
    canvas.text((plot.left, y), &face.cut(title, plot.width())?, face)?;
    let foot = parts::wrapped_key(canvas, ((plot.left, y + KEY_LINE + 2.0), plot.right), key)?;
    Ok(Rect { top: foot + KEY_LINE, ..plot })
}

/// Ticks of amounts, and the name of what they are counted in.
pub fn amounts((spacing, values): (Spacing, (f64, f64)), asset: &str) -> (Ticks, String) {
    let axis = Axis::spaced(spacing, values, (0.0, 1.0));
    let ticks = axis.ticks(12);
    match spacing {
        Spacing::Linear => {
            let unit = Unit::of(asset, values.1);
            let step = round_step(values.1 - values.0, 12);
            (ticks.into_iter().map(|tick| (tick, unit.tick(tick, step))).collect(), unit.name())
        }
        Spacing::Log => {
            let name = format!("{asset}, logarithmic");
            (ticks.into_iter().map(|tick| (tick, round_amount(tick))).collect(), name)
        }
    }
}

/// Every n-th tick with as small an n as leaves `room` between the texts.
fn thinned(
    ticks: &[(f64, String)],
    fits: impl Fn(&(f64, String), &(f64, String)) -> Result<bool, ChartError>,
) -> Result<impl Iterator<Item = &(f64, String)>, ChartError> {
    let mut every = 1;
    while every < ticks.len() {
        let shown: Vec<_> = ticks.iter().step_by(every).collect();
        let mut fit = true;
        for pair in shown.windows(2) {
            fit &= fits(pair[0], pair[1])?;
        }
        if fit {
            break;
        }
        every += 1;
    }
    Ok(ticks.iter().step_by(every))
}

/// Upright grid lines with their ticks below the plot, and the name of the axis.
pub fn below(
    canvas: &Canvas<'_>,
    (place, x): (Rect, &Axis),
    (ticks, name): (&Ticks, &str),
) -> Result<(), ChartError> {
    let face = Type::new(TICK).anchor(Anchor::Middle);
    let shown = thinned(ticks, |(a, left), (b, right)| {
        let half = (face.width(left)? + face.width(right)?) / 2.0;
        Ok((x.at(*b) - x.at(*a)).abs() >= half + 16.0)
    })?;
    for (tick, text) in shown {
        let at = x.at(*tick);
        let from = (at, place.top);
        canvas.line(from, (at, place.bottom + 5.0), Stroke::solid(color::GRID, 1.0))?;
        canvas.text((at, place.bottom + 24.0), text, face)?;
    }
    let foot = (place.left, place.bottom);
    canvas.line(foot, (place.right, place.bottom), Stroke::solid(color::AXIS, 1.5))?;
    let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::Middle);
    canvas.text((place.middle().0, place.bottom + 50.0), name, face)
}

/// Level grid lines with their ticks to the left of the plot.
pub fn beside(
    canvas: &Canvas<'_>,
    (place, y): (Rect, &Axis),
    ticks: &Ticks,
) -> Result<(), ChartError> {
    let face = Type::new(TICK).anchor(Anchor::End);
    let shown = thinned(ticks, |(a, _), (b, _)| Ok((y.at(*b) - y.at(*a)).abs() >= 24.0))?;
    for (tick, text) in shown {
        let at = y.at(*tick);
        let from = (place.left, at);
        canvas.line(from, (place.right, at), Stroke::solid(color::GRID, 1.0))?;
        canvas.text((place.left - TICK_GAP + 4.0, at), text, face)?;
    }
    Ok(())
}

/// Room for the widest tick beside a plot.
pub fn room(ticks: &Ticks) -> Result<f64, ChartError> {
    let face = Type::new(TICK);
    let mut widest: f64 = 0.0;
    for (_, text) in ticks {
        widest = widest.max(face.width(text)?);
    }
    Ok(widest + TICK_GAP)
}
