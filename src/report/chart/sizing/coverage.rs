//! What share of scenarios a fund covers, by its size: shares in nines.

use super::Spacing;
use super::curve::{self, Point};
use crate::report::chart::canvas::{Canvas, Rect};
use crate::report::chart::{Caption, ChartError, Picture, check};

/// What the coverage curves show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    /// How the funds are spaced.
    pub spacing: Spacing,
    /// At most [`CURVES`]; the first is the one that the targets are told of.
    pub curves: Vec<Curve>,
    /// What the interval of the points is: `95 % of draws`.
    pub interval: String,
    /// Today's fund. Coverage is read off the curves: leave its point in where they are thinned.
    pub today: Option<f64>,
    /// By ascending share, at most [`TARGETS`].
    pub targets: Vec<Target>,
}

/// What one way of counting covers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// `marked to market`, `without the largest account`.
    pub name: String,
    /// Share of scenarios that need no more than the fund, by ascending fund, the first at 0. Where
    /// the share is 1, `low` is what is sure.
    pub points: Vec<Point>,
}

/// A share of scenarios that a fund is to cover.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Target {
    /// Below 1: 0.999.
    pub share: f64,
    /// The fund that covers it; `None` where the scenarios cannot tell.
    pub fund: Option<f64>,
}

/// More curves than this are not told apart.
pub const CURVES: usize = 4;
/// More targets than this are not told apart.
pub const TARGETS: usize = 8;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.curves.is_empty() {
            return Err(ChartError::NoData("no coverage curve"));
        }
        check::most("coverage curves", self.curves.len(), CURVES)?;
        self.curves.iter().try_for_each(|curve| curve::check(&curve.points))?;
        for pair in self.curves.iter().flat_map(|curve| curve.points.windows(2)) {
            curve::ordered("coverage that falls", pair[0].share, pair[1].share + 1e-12)?;
        }
        self.today.map_or(Ok(0.0), |fund| check::amount("today's fund", fund))?;
        check::most("targets", self.targets.len(), TARGETS)?;
        let targets = self.targets.iter().map(|target| target.share);
        curve::ascending("target, which must rise", targets)?;
        for target in &self.targets {
            if check::share("target", target.share)? == 1.0 {
                return Err(check::bad_number("target", target.share));
            }
            target.fund.map_or(Ok(0.0), |fund| check::amount("fund of a target", fund))?;
        }
        Ok(())
    }

    fn draw(&self, _canvas: &Canvas<'_>, _plot: Rect) -> Result<(), ChartError> {
        Err(ChartError::Draw("no plot yet".to_owned()))
    }
}
