//! The closed vocabularies of a study.

use crate::money::{Cash, Rate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one bar becomes a path of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BarPath {
    /// Open, low, high, close.
    #[default]
    OpenLowHighClose,
    /// Open, high, low, close.
    OpenHighLowClose,
    /// The low first: whatever a long fears comes before whatever it hopes for.
    WorstForLongs,
    /// The high first.
    WorstForShorts,
}

/// Where the first leg of a bar leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstLeg {
    Down,
    Up,
}

impl BarPath {
    pub const fn first_leg(self) -> FirstLeg {
        match self {
            Self::OpenLowHighClose | Self::WorstForLongs => FirstLeg::Down,
            Self::OpenHighLowClose | Self::WorstForShorts => FirstLeg::Up,
        }
    }
}

/// What stands behind a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarginMode {
    /// Notional / leverage.
    Isolated,
    /// A whole wallet, with this one position in it.
    Cross { wallet: Cash },
}

/// At which price of its bar an entry happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntryPrice {
    /// The open: exposed from this bar.
    #[default]
    Open,
    /// The close: exposed from the next bar.
    Close,
}

/// Which price a forced order starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FillBase {
    /// The last traded price at the same point of the bar's path.
    #[default]
    Last,
    /// The mark that triggered: leaves out how far the last price had run ahead of it.
    Mark,
}

/// The resting book: cumulative depth `D(x) = multiplier·depth·(x/1 %)^beta`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepthCurve {
    /// Notional within 1 % of the last price in calm times.
    pub depth: Cash,
    /// Exponent of the curve; in (0, 1].
    pub beta: Rate,
    /// What is left of the depth: 1 calm, .25 stress, .05 crash, .01 blackout.
    pub multiplier: Rate,
    /// Displacement at which the book ends, as a fraction of the price; in (0, 1].
    pub reach: Rate,
}

/// How a forced order's price is displaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlippageModel {
    None,
    Fixed(Rate),
    Depth(DepthCurve),
}

impl SlippageModel {
    /// No order is filled farther from its base price than this. A sweep of the whole book costs
    /// `reach·β/(1+β)` on average, at most half of the reach.
    pub const fn farthest(&self) -> Rate {
        match self {
            Self::None => Rate::ZERO,
            Self::Fixed(rate) => *rate,
            Self::Depth(curve) => Rate::from_steps((curve.reach.steps() + 1) / 2),
        }
    }
}

/// What a forced order is filled at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slippage {
    pub model: SlippageModel,
    pub base: FillBase,
}

/// The file with one row per position.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeFormat {
    #[default]
    Parquet,
    Csv,
    None,
}
