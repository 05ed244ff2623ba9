//! Who paid, crash by crash: one stacked bar each.

use crate::report::chart::canvas::{Canvas, Rect};
use crate::report::chart::{Caption, ChartError, Picture, check};

/// What the waterfalls of several crashes show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    pub count: Count,
    /// Top to bottom, at most [`CRASHES`].
    pub crashes: Vec<Crash>,
}

/// What the length of a bar is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Count {
    /// All bars are of one length: who pays which part.
    #[default]
    Shares,
    Amounts,
}

/// One crash.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crash {
    pub name: String,
    /// `None` where the crash was not run.
    pub paid: Option<Paid>,
}

/// What each rung of the waterfall paid, in units of the asset.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Paid {
    /// What the liquidated traders lost of their own.
    pub margin: f64,
    pub fund: f64,
    pub adl: f64,
    pub socialised: f64,
    pub owed: f64,
    pub injected: f64,
    pub bad_debt: f64,
}

/// More crashes than this cannot be read.
pub const CRASHES: usize = 14;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.crashes.iter().all(|crash| crash.paid.is_none()) {
            return Err(ChartError::NoData("no crash was run"));
        }
        check::most("crashes", self.crashes.len(), CRASHES)?;
        let paid = self.crashes.iter().filter_map(|crash| crash.paid);
        let mut amounts = paid.flat_map(|paid| paid.amounts());
        amounts.try_for_each(|amount| check::amount("amount paid", amount).map(|_| ()))
    }

    fn draw(&self, _canvas: &Canvas<'_>, _plot: Rect) -> Result<(), ChartError> {
        Err(ChartError::Draw("no plot yet".to_owned()))
    }
}

impl Paid {
    /// The margins, then the rungs in the order in which they pay.
    fn amounts(&self) -> [f64; 7] {
        let Self { margin, fund, adl, socialised, owed, injected, bad_debt } = *self;
        [margin, fund, adl, socialised, owed, injected, bad_debt]
    }
}
