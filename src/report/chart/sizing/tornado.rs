//! What moves the result: one bar a knob, the widest on top.

use super::Measure;
use crate::report::chart::canvas::{Canvas, Rect};
use crate::report::chart::{Caption, ChartError, Picture, check};

/// What the tornado shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What is measured: `Fund that covers 99.9 % of crashes`.
    pub result: String,
    pub measure: Measure,
    /// The result with every knob at its usual setting.
    pub base: f64,
    /// In any order, at most [`KNOBS`].
    pub knobs: Vec<Knob>,
}

/// A knob, turned down and up with all others as usual.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Knob {
    /// `depth of the market`.
    pub name: String,
    pub kind: Kind,
    pub low: End,
    pub high: End,
}

/// Whose the uncertainty is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The world may turn out so.
    #[default]
    World,
    /// The model could have been built so: driver, law of impact, order within bars, sub-steps.
    Model,
}

/// A setting, and the result there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct End {
    /// `×0.5`, `square root`.
    pub setting: String,
    /// `None` where there is no result: the limit is not reached, or not within the scenarios.
    pub result: Option<f64>,
}

/// More knobs than this cannot be read.
pub const KNOBS: usize = 18;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.knobs.is_empty() {
            return Err(ChartError::NoData("no knob was turned"));
        }
        check::most("knobs", self.knobs.len(), KNOBS)?;
        check::amount("result at the usual settings", self.base)?;
        for end in self.knobs.iter().flat_map(|knob| [&knob.low, &knob.high]) {
            end.result.map_or(Ok(0.0), |result| check::amount("result of a knob", result))?;
        }
        Ok(())
    }

    fn draw(&self, _canvas: &Canvas<'_>, _plot: Rect) -> Result<(), ChartError> {
        Err(ChartError::Draw("no plot yet".to_owned()))
    }
}
