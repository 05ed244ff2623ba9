//! How often a crash needs more than a fund has: the loss exceedance curve.

use super::curve::{self, Point};
use crate::report::chart::canvas::{Canvas, Rect};
use crate::report::chart::{Caption, ChartError, Picture, check};

/// What the exceedance curve shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    /// P(need > fund) by ascending fund, the first at 0: the share of scenarios that need a fund at
    /// all. Where the share is 0, `high` is the upper bound that no event leaves.
    pub curve: Vec<Point>,
    /// What the interval of the points is: `95 % of draws`.
    pub interval: String,
    /// A second interval.
    pub wide: Option<Wide>,
    /// Today's fund. P(ADL) is read off the curve: leave its point in where points are thinned.
    pub today: Option<f64>,
    /// At most [`LEVELS`], by ascending level.
    pub levels: Vec<Level>,
}

/// Another interval of the curve's points.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wide {
    /// `95 % of crashes, resampled`.
    pub name: String,
    /// (low, high) of each point of the curve.
    pub ends: Vec<(f64, f64)>,
}

/// Value at risk at a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// A share of scenarios below 1: 0.999.
    pub level: f64,
    pub value: Quantile,
}

/// A quantile of the need, if the scenarios tell it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantile {
    /// `high` is `None` where the scenarios leave the upper end open.
    Known { fund: f64, low: f64, high: Option<f64> },
    /// How many scenarios are needed.
    TooFew { needed: u64 },
}

/// More levels than this are not told apart.
pub const LEVELS: usize = 8;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        curve::check(&self.curve)?;
        for pair in self.curve.windows(2) {
            let what = "share that rises with the fund";
            curve::ordered(what, pair[1].share, pair[0].share + 1e-12)?;
        }
        if let Some(wide) = &self.wide {
            check::same("second intervals", wide.ends.len(), self.curve.len())?;
            wide.ends.iter().try_for_each(|(low, high)| curve::interval(*low, *high))?;
        }
        self.today.map_or(Ok(0.0), |fund| check::amount("today's fund", fund))?;
        check::most("levels", self.levels.len(), LEVELS)?;
        let levels = self.levels.iter().map(|level| level.level);
        curve::ascending("level, which must rise", levels)?;
        self.levels.iter().try_for_each(Level::check)
    }

    fn draw(&self, _canvas: &Canvas<'_>, _plot: Rect) -> Result<(), ChartError> {
        Err(ChartError::Draw("no plot yet".to_owned()))
    }
}

impl Level {
    fn check(&self) -> Result<(), ChartError> {
        if check::share("level", self.level)? == 1.0 {
            return Err(check::bad_number("level", self.level));
        }
        let Quantile::Known { fund, low, high } = self.value else { return Ok(()) };
        check::amount("value at risk", fund)?;
        check::amount("lower end of a value at risk", low)?;
        let Some(high) = high else { return Ok(()) };
        check::amount("upper end of a value at risk", high)?;
        curve::ordered("upper end below the lower end of a value at risk", low, high)
    }
}
