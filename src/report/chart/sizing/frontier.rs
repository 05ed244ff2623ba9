//! Which shocks, at which depth of the market, break a limit: the frontier of a reverse stress.

use super::curve;
use crate::report::chart::canvas::{Canvas, Rect};
use crate::report::chart::{Caption, ChartError, Picture, check, positive};

/// What the frontier shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What is reached beyond the frontier: `the fund is exhausted`.
    pub limit: String,
    /// What a shock of 1 is: `1 = the fall of 10 October 2025`. May be empty.
    pub shock: String,
    /// What a depth of 1 is. May be empty.
    pub depth: String,
    /// Shock scales of the grid, ascending.
    pub shocks: Vec<f64>,
    /// Depth multipliers of the grid, ascending.
    pub depths: Vec<f64>,
    /// `cells[depth][shock]`: share of seeds in which the limit is reached; `None` where it was not
    /// evaluated.
    pub cells: Vec<Vec<Option<f64>>>,
    /// By ascending depth. May be empty.
    pub line: Vec<Crossing>,
    /// At most [`CRASHES`].
    pub crashes: Vec<Crash>,
}

/// The smallest shock that reaches the limit at one depth, over the seeds. `None` where that
/// quantile lies beyond the largest shock.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Crossing {
    pub depth: f64,
    pub p25: Option<f64>,
    pub median: Option<f64>,
    pub p75: Option<f64>,
}

/// A crash that happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crash {
    pub name: String,
    pub shock: f64,
    pub depth: f64,
}

/// More crashes than this cannot all be named.
pub const CRASHES: usize = 24;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.cells.iter().flatten().all(Option::is_none) {
            return Err(ChartError::NoData("no cell of the grid was evaluated"));
        }
        for (what, values) in [("shock scale", &self.shocks), ("depth multiplier", &self.depths)] {
            values.iter().try_for_each(|value| positive(what, *value).map(|_| ()))?;
            curve::ascending(what, values.iter().copied())?;
        }
        check::same("rows of cells", self.cells.len(), self.depths.len())?;
        for row in &self.cells {
            check::same("cells in a row", row.len(), self.shocks.len())?;
            for cell in row.iter().flatten() {
                check::share("share of seeds", *cell)?;
            }
        }
        curve::ascending("depth of a crossing", self.line.iter().map(|crossing| crossing.depth))?;
        self.line.iter().try_for_each(Crossing::check)?;
        check::most("crashes", self.crashes.len(), CRASHES)?;
        for crash in &self.crashes {
            positive("shock of a crash", crash.shock)?;
            positive("depth of a crash", crash.depth)?;
        }
        Ok(())
    }

    fn draw(&self, _canvas: &Canvas<'_>, _plot: Rect) -> Result<(), ChartError> {
        Err(ChartError::Draw("no plot yet".to_owned()))
    }
}

impl Crossing {
    fn check(&self) -> Result<(), ChartError> {
        positive("depth of a crossing", self.depth)?;
        let mut before = 0.0;
        for shock in [self.p25, self.median, self.p75].map(|shock| shock.unwrap_or(f64::INFINITY)) {
            if shock <= 0.0 || shock.is_nan() {
                return Err(check::bad_number("shock of a crossing", shock));
            }
            curve::ordered("quantile of the shock below a lower one", before, shock)?;
            before = shock;
        }
        Ok(())
    }
}
