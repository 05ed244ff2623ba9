//! Two intervals beside each other, and which one is to be believed.

use crate::money::Cash;

/// Ends of a 95 % interval of a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    pub low: f64,
    pub high: f64,
}

/// Ends of a 95 % interval of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Zero where nothing else is known: no fund is smaller.
    pub low: Cash,
    /// `None`: the runs are too few to bound it.
    pub high: Option<Cash>,
}

/// Which interval is wider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wider {
    /// More scenarios would narrow it.
    Draws,
    /// Only more crashes would narrow it.
    Crashes,
}

pub trait Width {
    /// From end to end, in the unit of the ends (atoms of cash); `None` where an end is open.
    fn width(&self) -> Option<f64>;
}

impl Width for Band {
    fn width(&self) -> Option<f64> {
        Some(self.high - self.low)
    }
}

impl Width for Range {
    fn width(&self) -> Option<f64> {
        self.high.map(|high| high.atoms() as f64 - self.low.atoms() as f64)
    }
}

/// What the draws leave open, and what the crashes leave open. Rule `SIZ-013`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals<I> {
    pub draws: I,
    /// `None`: there is but one crash, or none of its scenarios (or all) have the loss in
    /// question. Then nobody knows what another crash would do, and a reader must be told.
    pub crashes: Option<I>,
    /// [`Wider::Draws`] where there is no other.
    pub wider: Wider,
}

impl<I: Width> Intervals<I> {
    pub(super) fn of(draws: I, crashes: Option<I>) -> Self {
        let open = |interval: &I| interval.width().unwrap_or(f64::INFINITY);
        let wider = match &crashes {
            Some(crashes) if open(crashes) > open(&draws) => Wider::Crashes,
            _ => Wider::Draws,
        };
        Self { draws, crashes, wider }
    }

    /// The wider of the two.
    pub fn widest(&self) -> &I {
        match (&self.crashes, self.wider) {
            (Some(crashes), Wider::Crashes) => crashes,
            _ => &self.draws,
        }
    }
}
