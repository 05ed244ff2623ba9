//! Shock-scaled replays: the same crash, deeper or shallower. Rules `PTH-003` and `PTH-004`.

use super::bootstrap::DAY;
use super::displace::{Layout, Logs, Row, displaced};
use super::generated::{Generated, Making, unbroken, unfit};
use crate::fault::Result;
use crate::history::{History, Interval};
use std::f64::consts::PI;
use std::ops::Range;

/// How much deeper, where.
#[derive(Debug, Clone, PartialEq)]
pub struct Shock {
    /// 1: as recorded; 2: twice the log return. From 0 to 50.
    pub scale: f64,
    /// How much of `scale − 1` reaches this symbol; 1 where its own record is to be scaled as
    /// that of the others. From 0 to 50.
    pub beta: f64,
    /// Bars whose returns are scaled.
    pub window: Range<usize>,
    /// Bars at either edge of the window over which the multiplier rises and falls; at most half of
    /// it.
    pub taper: usize,
}

const LARGEST: f64 = 50.0;
/// Time over which the edges of a crash are tapered, milliseconds.
const TAPER: i64 = DAY / 4;

impl Shock {
    /// Of the deepest fall of a history within a day, with tapers of a quarter of a day before its
    /// high and after its low; a beta of 1. `None` without bars.
    ///
    /// Other symbols on the same bars take the same window: the crash is that of the first.
    pub fn of_crash(history: &History, scale: f64) -> Option<Self> {
        let fall = crash(history, Interval::from_millis(DAY)?)?;
        let taper = (TAPER / history.interval.millis()).max(1) as usize;
        let window = fall.start.saturating_sub(taper)..(fall.end + taper).min(history.len());
        let taper = taper.min(window.len() / 2);
        Some(Self { scale, beta: 1.0, window, taper })
    }

    /// Of the log returns between the tapers: `1 + (scale − 1)·beta`.
    pub fn multiplier(&self) -> f64 {
        1.0 + (self.scale - 1.0) * self.beta
    }

    /// What the log returns of a bar are multiplied with, less 1.
    fn excess(&self, bar: usize) -> f64 {
        if !self.window.contains(&bar) {
            return 0.0;
        }
        let from_edge = (bar - self.window.start + 1).min(self.window.end - bar);
        (self.scale - 1.0) * self.beta * taper(from_edge, self.taper)
    }

    fn check(&self, history: &History) -> Result<()> {
        let within = |value: f64| (0.0..=LARGEST).contains(&value);
        let refused = |what: &str, found: String, accepted: String| {
            Err(unfit(format!("shock: {what}")).found(found).accepted(accepted).into())
        };
        let Range { start, end } = self.window;
        if !within(self.scale) || !within(self.beta) {
            let found = format!("scale {}, beta {}", self.scale, self.beta);
            return refused("a scale or a beta out of range", found, "from 0 to 50".into());
        }
        if self.multiplier() < 0.0 {
            let found = format!("{}", self.multiplier());
            return refused("a multiplier below 0 turns falls into rises", found, "≥ 0".into());
        }
        if start >= end || end > history.len() {
            let accepted = format!("bars between 0 and {}", history.len());
            return refused("a window without bars", format!("{start} to {end}"), accepted);
        }
        if self.taper > (end - start) / 2 {
            let accepted = format!("at most {} bars", (end - start) / 2);
            return refused("tapers that overlap", self.taper.to_string(), accepted);
        }
        Ok(())
    }
}

/// Half a cosine from the edge of a window, where it is nearly 0, to 1 beyond the taper.
fn taper(from_edge: usize, taper: usize) -> f64 {
    if from_edge > taper {
        return 1.0;
    }
    0.5 - 0.5 * libm::cos(PI * from_edge as f64 / (taper + 1) as f64)
}

/// The history with the log returns of a window multiplied.
///
/// Of bar `t` the moves of the mark from the close before it to its open, high, low and close are
/// multiplied by `1 + (scale − 1)·beta·w(t)`: between the tapers the whole log return is scaled
/// exactly. The path joins what comes before the window, and what comes after it moves as recorded
/// from where the window has left it: the level stays displaced, because a return to the recorded
/// one would be a rally that nobody saw. Trade and index keep their log distance to the mark.
/// Times, volume and funding rates are the recorded ones. A scale of 1, or a beta of 0, gives the
/// history itself, and says so.
///
/// Keeps: the order and the signs of all moves, bars outside the window, |r| clustering, which
/// symbols fall together, the basis. Changes: depth, excursions and tails inside the window. It is
/// one path that was asked for; it says how much, never how often.
///
/// # Errors
/// A scale or beta outside 0 to 50, a multiplier below 0, a window outside the history, tapers
/// longer than half of it, a history with gaps, a price that leaves the grid.
pub fn shock(history: &History, shock: &Shock) -> Result<Generated> {
    shock.check(history)?;
    if shock.multiplier() == 1.0 {
        return Ok(Generated::recorded(history.clone()));
    }
    unbroken(history)?;
    let made = displaced(history, Layout::in_place(history, rows(history, shock)))?;
    let last = history.time[shock.window.end - 1];
    let making = Making::Shock {
        from: history.time[shock.window.start],
        to: last + history.interval.millis(),
        multiplier: shock.multiplier(),
    };
    Ok(Generated::by(made, making))
}

fn rows(history: &History, shock: &Shock) -> Vec<Row> {
    let logs = Logs(history);
    let mut level = 0.0;
    let row = |bar| {
        let (excess, before) = (shock.excess(bar), logs.before(bar));
        let by = logs.bar(bar).map(|point| level + excess * (point - before));
        level = by[3];
        Row { bar, by }
    };
    (0..history.len()).map(row).collect()
}

/// Bars from the high to the low of the deepest fall of the mark within `span`, both included; the
/// earliest of equals. `None` without bars.
pub fn crash(history: &History, span: Interval) -> Option<Range<usize>> {
    let bars = (span.millis() / history.interval.millis()).max(1) as usize;
    let (high, low) = (&history.mark.high, &history.mark.low);
    let mut highs = super::window::Extremes::highest(high, bars);
    let mut deepest: Option<(f64, Range<usize>)> = None;
    for (bar, bottom) in low.iter().enumerate() {
        let top = highs.push(bar);
        let fall = 1.0 - bottom.steps() as f64 / high[top].steps() as f64;
        if deepest.as_ref().is_none_or(|(most, _)| fall > *most) {
            deepest = Some((fall, top..bar + 1));
        }
    }
    deepest.map(|(_, bars)| bars)
}
