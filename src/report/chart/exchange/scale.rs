//! What an upright axis spans, and how its ticks are written.

use crate::report::chart::axis::{Axis, round_step};
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::frame::TICK;
use crate::report::chart::prices::{price_axis, price_tick};
use crate::report::chart::unit::{Unit, minus};
use crate::report::chart::{ChartError, color, label};

/// Pixels from one tick to the next, at least.
const ROOM: f64 = 29.0;

/// Height of a tick's text.
const LINE: f64 = 24.0;

/// What the numbers of an axis are.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Price,
    Amount(Unit),
    /// Amounts of one thing upwards, of another downwards: written without a sign.
    Mirrored(Unit),
    /// 0.01 is 1 %.
    Percent,
    /// Written with its sign.
    Change,
}

/// An upright axis before it has a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    pub values: (f64, f64),
    pub kind: Kind,
}

impl Scale {
    pub fn axis(&self, place: Rect) -> Axis {
        let pixels = (place.bottom, place.top);
        match self.kind {
            Kind::Price => price_axis(self.values, pixels),
            _ => Axis::linear(self.values, pixels),
        }
    }

    /// Round values with their texts, two at least where two round values can be found.
    fn ticks(&self, place: Rect) -> Vec<(f64, String)> {
        let (axis, fit) = (self.axis(place), (place.height() / ROOM).clamp(2.0, 8.0) as usize);
        let most = (fit..fit + 4).find(|most| axis.ticks(*most).len() > 1).unwrap_or(fit);
        let ticks = axis.ticks(most);
        // A logarithmic axis has a tick a decade, however many these are.
        let apart = |every: &usize| {
            let shown: Vec<f64> = ticks.iter().step_by(*every).map(|tick| axis.at(*tick)).collect();
            shown.windows(2).all(|pair| (pair[0] - pair[1]).abs() >= LINE)
        };
        let every = (1..=ticks.len()).find(apart).unwrap_or(1);
        let shown = ticks.iter().step_by(every);
        shown.map(|tick| (*tick, self.text(*tick, most))).collect()
    }

    fn text(&self, tick: f64, most: usize) -> String {
        match &self.kind {
            Kind::Price => price_tick(tick, self.values, most),
            Kind::Percent => label::percent_tick(tick),
            Kind::Change if tick > 0.0 => format!("+{}", label::percent_tick(tick)),
            Kind::Change => minus(&label::percent_tick(tick)),
            Kind::Amount(unit) => unit.tick(tick, self.step(most)),
            Kind::Mirrored(unit) => unit.tick(tick.abs(), self.step(most)),
        }
    }

    fn step(&self, most: usize) -> f64 {
        round_step(self.values.1 - self.values.0, most)
    }

    /// Width of the widest tick, in pixels.
    pub fn width(&self, place: Rect) -> Result<f64, ChartError> {
        let mut widest: f64 = 0.0;
        for (_, text) in self.ticks(place) {
            widest = widest.max(Type::new(TICK).width(&text)?);
        }
        Ok(widest)
    }

    /// Grid lines with their ticks to the left.
    pub fn draw(&self, canvas: &Canvas<'_>, place: Rect) -> Result<(), ChartError> {
        let axis = self.axis(place);
        for (tick, text) in self.ticks(place) {
            let y = axis.at(tick);
            let zero = tick == 0.0 && self.kind != Kind::Price;
            let (ink, width) = if zero { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
            canvas.line((place.left, y), (place.right, y), Stroke::solid(ink, width))?;
            let face = Type::new(TICK).anchor(Anchor::End);
            canvas.text((place.left - 10.0, y), &text, face)?;
        }
        Ok(())
    }
}
