//! How far the model agrees with history: the truth of each figure, the model's band, the verdict.

mod plot;
mod words;

use super::{axes, curve};
use crate::report::chart::canvas::{Canvas, Rect};
use crate::report::chart::{Caption, ChartError, Picture, check};
use plot::{Plot, TITLE};

/// What the validation ladder shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// Top to bottom; at most [`LINES`] steps and figures together.
    pub steps: Vec<Step>,
}

/// A rung of the validation ladder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// `V4`.
    pub name: String,
    /// `BitMEX, 12 to 16 March 2020`.
    pub title: String,
    pub figures: Vec<Figure>,
}

/// One figure, as it was and as the model has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    pub name: String,
    /// `XBT`, `%`, `bp`; empty for a plain number.
    pub unit: String,
    pub truth: Truth,
    /// `None` where it was not run.
    pub model: Option<Band>,
    pub origin: Origin,
    pub verdict: Verdict,
}

/// What really happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truth {
    Exactly(f64),
    Between(f64, f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Default for Truth {
    fn default() -> Self {
        Self::Exactly(0.0)
    }
}

/// Quantiles of the model over its worlds; equal where there is one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Band {
    pub p5: f64,
    pub median: f64,
    pub p95: f64,
}

/// Whether the figure was used to set the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Predicted,
    Calibrated,
}

/// Where the model stands to the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verdict {
    Inside,
    Higher,
    Lower,
    #[default]
    NotRun,
}

/// More lines than this cannot be read.
pub const LINES: usize = 44;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.figures().next().is_none() {
            return Err(ChartError::NoData("no figure to compare"));
        }
        check::most("steps and figures", self.steps.len() + self.figures().count(), LINES)?;
        self.figures().try_for_each(Figure::check)
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let below = axes::head(canvas, plot, (TITLE, &self.key()))?;
        Plot::new(self, below)?.draw(canvas)
    }
}

impl Figure {
    fn check(&self) -> Result<(), ChartError> {
        let (low, high) = self.truth.ends();
        for end in [low, high].into_iter().flatten() {
            check::finite("true figure", end)?;
        }
        if let (Some(low), Some(high)) = (low, high) {
            curve::ordered("upper end below the lower end of a true range", low, high)?;
        }
        let run = usize::from(self.model.is_some());
        check::same("model's band behind a verdict", run, usize::from(self.is_judged()))?;
        let Some(Band { p5, median, p95 }) = self.model else { return Ok(()) };
        for quantile in [p5, median, p95] {
            check::finite("figure of the model", quantile)?;
        }
        curve::ordered("median of the model below its 5 %", p5, median)?;
        curve::ordered("95 % of the model below its median", median, p95)
    }

    fn is_judged(&self) -> bool {
        self.verdict != Verdict::NotRun
    }
}

impl Truth {
    /// `None` where it is open.
    fn ends(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Exactly(value) => (Some(value), Some(value)),
            Self::Between(low, high) => (Some(low), Some(high)),
            Self::AtLeast(low) => (Some(low), None),
            Self::AtMost(high) => (None, Some(high)),
        }
    }
}
