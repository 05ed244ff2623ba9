//! Jumps that history did not have. Rule `PTH-010`.

use super::bootstrap::DAY;
use super::displace::{Layout, Row, displaced};
use super::generated::{Draws, Generated, Making, Purpose, unbroken, unfit};
use crate::fault::Result;
use crate::history::History;
use crate::scenario::draws::Stream;
use std::ops::Range;

/// When jumps come.
#[derive(Debug, Clone, PartialEq)]
pub enum Times {
    /// One, at the open of this bar.
    At(usize),
    /// A Poisson process of so many a day within these bars; a jump comes at the open of its bar.
    /// Up to 1,000 a day.
    Poisson { per_day: f64, within: Range<usize> },
}

/// How large they are, as a signed share of the price: −0.2 takes a fifth away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    Fixed(f64),
    /// The size of the log is Pareto distributed: that of `least`, divided by the `tail`-th root of
    /// a uniform draw; what lies beyond `most` is cut to it. Both have the same sign.
    Pareto {
        least: f64,
        tail: f64,
        most: f64,
    },
}

/// Jumps of a reference asset, and how much of them reaches this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Jumps {
    pub times: Times,
    pub size: Size,
    /// Log return for each log return of the reference, 0 to 50; see [`super::betas`].
    pub beta: f64,
}

/// The history with jumps in it.
///
/// At the open of its bar a jump multiplies that open and every price after it, of mark, trade and
/// index, by `(1 + size)^beta`: a gap that no order inside the jump can use, after which the price
/// moves as recorded. Times, volume and funding rates are the recorded ones. The same draws give
/// the same jumps at the same times for every symbol: call it once a symbol, each with its beta.
///
/// Keeps: every move within a bar and between all others, the basis, funding. Changes: the tail,
/// by the stated law, and levels from the first jump on. How often jumps come, and how large they
/// are, was asked for, not found in history.
///
/// # Errors
/// A bar outside the history, a rate, size or beta out of range, a history with gaps, a price that
/// leaves the grid.
pub fn jumps(history: &History, jumps: &Jumps, draws: Draws) -> Result<Generated> {
    unbroken(history)?;
    jumps.check(history)?;
    let drawn = jumps.drawn(history, draws);
    let mut level = 0.0;
    let mut rest = drawn.as_slice();
    let row = |bar| {
        while let [(at, log), later @ ..] = rest
            && *at == bar
        {
            (level, rest) = (level + log, later);
        }
        Row { bar, by: [level; 4] }
    };
    let rows = (0..history.len()).map(row).collect();
    let made = displaced(history, Layout::in_place(history, rows))?;
    let sum = drawn.iter().map(|(_, log)| log).sum();
    Ok(Generated::by(made, Making::Jumps { count: drawn.len(), sum }))
}

impl Jumps {
    fn check(&self, history: &History) -> Result<()> {
        let refused = |what: &str, found: String, accepted: String| {
            Err(unfit(format!("jumps: {what}")).found(found).accepted(accepted).into())
        };
        let bars = format!("bars from 0 to below {}", history.len());
        match &self.times {
            Times::At(bar) if *bar >= history.len() => {
                return refused("one outside the bars", bar.to_string(), bars);
            }
            Times::Poisson { within, .. } if within.end > history.len() => {
                return refused("some outside the bars", format!("{within:?}"), bars);
            }
            Times::Poisson { per_day, .. } if !(0.0..=1_000.0).contains(per_day) => {
                return refused(
                    "a rate out of range",
                    per_day.to_string(),
                    "0 to 1000 a day".into(),
                );
            }
            _ => {}
        }
        if !self.size.is_sound() {
            let accepted = "shares of one sign above -1, least within most, a tail above 0";
            return refused("no such size", format!("{:?}", self.size), accepted.into());
        }
        if !(0.0..=50.0).contains(&self.beta) {
            return refused("a beta out of range", self.beta.to_string(), "0 to 50".into());
        }
        Ok(())
    }

    /// Bars and logs, in the order of time.
    fn drawn(&self, history: &History, draws: Draws) -> Vec<(usize, f64)> {
        let mut stream = draws.stream(Purpose::Jumps);
        let (per_day, within) = match &self.times {
            Times::At(bar) => return vec![(*bar, self.size.drawn(&mut stream) * self.beta)],
            Times::Poisson { per_day, within } => (*per_day, within),
        };
        let per_bar = per_day * history.interval.millis() as f64 / DAY as f64;
        let mut passed = 0.0;
        let next = || {
            passed -= libm::log(stream.unit()) / per_bar;
            // A rate of 0 waits for ever; the float saturates.
            let bar = within.start.saturating_add(passed as usize);
            let log = self.size.drawn(&mut stream) * self.beta;
            (bar < within.end).then_some((bar, log))
        };
        std::iter::from_fn(next).collect()
    }
}

impl Size {
    fn is_sound(self) -> bool {
        let share = |share: f64| share > -1.0 && share.is_finite();
        match self {
            Self::Fixed(size) => share(size),
            Self::Pareto { least, tail, most } => {
                let ordered = least * most > 0.0 && most.abs() >= least.abs();
                share(least) && share(most) && ordered && tail > 0.0 && tail.is_finite()
            }
        }
    }

    /// The log of one jump. Takes one draw whatever the law is, so that the times of jumps do not
    /// depend on it.
    fn drawn(self, stream: &mut Stream) -> f64 {
        let draw = stream.unit();
        match self {
            Self::Fixed(size) => libm::log1p(size),
            Self::Pareto { least, tail, most } => {
                let (least, most) = (libm::log1p(least), libm::log1p(most));
                let size = least.abs() * libm::pow(draw, -1.0 / tail);
                size.min(most.abs()).copysign(least)
            }
        }
    }
}
