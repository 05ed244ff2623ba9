//! A history that no market has printed, and how it was made.

use super::bootstrap::Blocks;
use crate::fault::{Fault, Place, Result};
use crate::history::{History, rfc3339};
use crate::scenario::draws::Stream;
use std::fmt;

/// Which random numbers: a draw is a function of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    pub seed: u64,
    /// Number of the path, from 0.
    pub draw: u32,
}

/// What is drawn; each has a stream of its own, apart from those of populations and entries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Blocks,
    Jumps,
}

const PATHS: u64 = 1 << 63;

impl Draws {
    pub(super) fn stream(self, purpose: Purpose) -> Stream {
        Stream::new(self.seed, PATHS | (purpose as u64) << 32 | u64::from(self.draw))
    }
}

/// One step from the record to a path; its text is a clause for a report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Making {
    Shock {
        /// Open of the first bar whose returns were scaled, and end of the last, UTC milliseconds.
        from: i64,
        to: i64,
        /// Of the log returns between the tapers.
        multiplier: f64,
    },
    Speed {
        /// Open of the first bar that holds several, UTC milliseconds.
        from: i64,
        /// Recorded bars in one.
        factor: usize,
    },
    Blocks {
        blocks: Blocks,
        draws: Draws,
    },
    Jumps {
        /// How many came, and their logs added up.
        count: usize,
        sum: f64,
    },
}

impl fmt::Display for Making {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shock { from, to, multiplier } => {
                let (from, to) = (rfc3339(*from), rfc3339(*to));
                write!(f, "log returns from {from} to {to} times {multiplier}")
            }
            Self::Speed { from, factor } => {
                write!(f, "{factor} bars in the time of one from {} on", rfc3339(*from))
            }
            Self::Blocks { blocks, draws: Draws { seed, draw } } => {
                write!(f, "{blocks} put together anew, path {draw} of seed {seed}")
            }
            Self::Jumps { count, sum } => {
                let share = libm::expm1(*sum) * 100.0;
                let jumps = if *count == 1 { "jump" } else { "jumps" };
                write!(f, "{count} {jumps}, {share:+.1} % together")
            }
        }
    }
}

/// A history and the steps by which it was made from a recorded one.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    pub history: History,
    /// In order; empty where every price is recorded.
    pub made: Vec<Making>,
}

impl Generated {
    pub fn recorded(history: History) -> Self {
        Self { history, made: Vec::new() }
    }

    /// Nothing was changed: the market did print it.
    pub fn is_recorded(&self) -> bool {
        self.made.is_empty()
    }

    pub(super) fn by(history: History, making: Making) -> Self {
        Self { history, made: vec![making] }
    }

    /// Takes a further step.
    ///
    /// # Errors
    /// Those of the step.
    pub fn then(self, step: impl FnOnce(&History) -> Result<Self>) -> Result<Self> {
        let Self { history, made } = step(&self.history)?;
        Ok(Self { history, made: [self.made, made].concat() })
    }

    /// `None` for a recorded history; else what a report says beside every figure of it.
    pub fn declaration(&self) -> Option<String> {
        let steps: Vec<String> = self.made.iter().map(Making::to_string).collect();
        (!steps.is_empty()).then(|| format!("generated, not recorded: {}", steps.join(", then ")))
    }
}

/// A parameter, or a history, that a generator cannot work with.
pub(super) fn unfit(problem: impl Into<String>) -> Fault {
    Fault::new(Place::default(), problem)
}

/// One stretch of bars without a gap, and at least one bar.
pub(super) fn unbroken(history: &History) -> Result<()> {
    match history.segments.len() {
        1 => Ok(()),
        stretches => Err(unfit(format!("paths: the bars of {} are split", history.symbol))
            .found(format!("{stretches} stretches"))
            .accepted("a history without gaps, or gaps = \"hold\"")
            .into()),
    }
}
