//! Times laid over a stretch of the page, in UTC.

use super::axis::{Axis, multiples};
use super::canvas::{Anchor, Canvas, Stroke, Type};
use super::frame::{NAME, TICK};
use super::{ChartError, color, label};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Pixels from one tick to the next, at least.
const TICK_ROOM: f64 = 170.0;

/// Writes a moment.
pub type Moment = fn(i64) -> String;

/// A stretch of time, milliseconds since 1970 UTC, laid over a stretch of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    span: (i64, i64),
    pixels: (f64, f64),
    x: Axis,
}

impl Times {
    pub fn new(span: (i64, i64), pixels: (f64, f64)) -> Self {
        Self { span, pixels, x: Axis::linear((0.0, (span.1 - span.0) as f64), pixels) }
    }

    pub fn at(&self, time: i64) -> f64 {
        self.x.at((time - self.span.0) as f64)
    }

    /// Round times, and the milliseconds from one to the next.
    pub fn ticks(&self) -> (Vec<i64>, i64) {
        let (first, end) = self.span;
        let most = ((self.pixels.1 - self.pixels.0) / TICK_ROOM) as i64;
        let step = time_step(end - first, most.max(2));
        let ticks = multiples(first as f64, end as f64, step as f64);
        (ticks.into_iter().map(|tick| tick as i64).collect(), step)
    }

    /// The axis with its ticks and its name, downwards from `y`.
    pub fn draw(&self, canvas: &Canvas<'_>, y: f64) -> Result<(), ChartError> {
        let axis = Stroke::solid(color::AXIS, 1.5);
        canvas.line((self.pixels.0, y), (self.pixels.1, y), axis)?;
        let (from, to) = (label::year(self.span.0), label::year(self.span.1 - 1));
        let (ticks, step) = self.ticks();
        for time in ticks {
            let x = self.at(time);
            canvas.line((x, y), (x, y + 7.0), axis)?;
            let text = match (step >= DAY, from == to) {
                (false, _) => label::moment(time),
                (true, true) => label::day(time),
                (true, false) => label::date(time),
            };
            canvas.text((x, y + 26.0), &text, Type::new(TICK).anchor(Anchor::Middle))?;
        }
        let years = if from == to { from } else { format!("{from} to {to}") };
        let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::Middle);
        let middle = (self.pixels.0 + self.pixels.1) / 2.0;
        canvas.text((middle, y + 58.0), &format!("Time, UTC, {years}"), face)
    }
}

/// How the moments of a stretch are written: with the year where it spans more than one.
pub fn moment((first, end): (i64, i64)) -> Moment {
    if label::year(first) == label::year(end - 1) { label::moment } else { label::dated_moment }
}

/// The usual step of time that makes at most `most` steps of `span` milliseconds.
pub fn time_step(span: i64, most: i64) -> i64 {
    let usual = [
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        4 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        5 * DAY,
        7 * DAY,
        14 * DAY,
        30 * DAY,
        60 * DAY,
        90 * DAY,
        180 * DAY,
    ];
    usual.into_iter().find(|step| span / step <= most).unwrap_or((span / most / DAY + 1) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_steps_are_few_and_usual() {
        assert_eq!(time_step(5 * DAY, 8), DAY);
        assert_eq!(time_step(94 * HOUR, 8), 12 * HOUR);
        assert_eq!(time_step(HOUR, 8), 15 * MINUTE);
        assert!(4_000 * DAY / time_step(4_000 * DAY, 8) <= 8);
    }
}
