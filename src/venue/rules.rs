//! The resolved rules of one venue, for one symbol, on one day.

use super::tiers::Tiers;
use crate::history::Interval;
use crate::money::Rate;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which price liquidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerPrice {
    Mark,
}

/// Whether equity that equals the maintenance margin is already too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Liquidated when equity ≤ maintenance.
    #[serde(rename = "equity <= maintenance")]
    AtOrBelow,
    /// Liquidated when equity < maintenance.
    #[serde(rename = "equity < maintenance")]
    Below,
}

/// Whether the fee of the close-out counts into the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerFee {
    Excluded,
}

/// How much is closed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseOut {
    /// One immediate-or-cancel order; what it leaves is taken over at the bankruptcy price.
    IocThenTakeover,
}

/// Who keeps what is left of the margin after a close-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Residual {
    /// The liquidation fee (never more than what is left) goes to the insurance fund, the rest
    /// back to the trader.
    FeeThenReturn,
}

/// Who bears a loss beyond the margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NegativeBalance {
    /// Negative-balance protection: the insurance fund bears it.
    Protected,
    /// The trader owes it.
    Owed,
}

/// Fees as fractions of notional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    pub taker: Rate,
    /// Charged on the notional of a close-out, into the insurance fund.
    pub liquidation: Rate,
}

/// How well a parameter is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Read in the venue's own code.
    Code,
    /// Read in the venue's own documentation or announcements.
    Docs,
    /// Seen from outside on some day.
    Observed,
    /// Not found: the nearest known value stands in.
    Assumed,
}

impl Confidence {
    /// The word that venue files use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Docs => "docs",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }
}

/// Where some of the parameters come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The keys it covers, as written in the file: `margin.BTCUSDT`, `fees.liquidation`, ….
    pub covers: Vec<String>,
    /// Page, file or document.
    pub origin: String,
    /// Day on which it was read, where that was recorded.
    pub retrieved: Option<Date>,
    pub confidence: Confidence,
    /// What a reader must know before relying on it; may be empty.
    pub note: String,
}

/// All that the engine needs to know of a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueRules {
    pub name: String,
    pub symbol: String,
    /// First day on which these rules are known to hold.
    pub valid_from: Date,
    /// Name of this venue's instruments in the shipped event tables (`binance-um`).
    pub history: String,
    /// Settlement asset, `USDT`.
    pub settlement: String,
    pub tiers: Tiers,
    pub trigger_price: TriggerPrice,
    pub trigger_fee: TriggerFee,
    pub edge: Edge,
    pub close_out: CloseOut,
    pub residual: Residual,
    pub fees: Fees,
    pub funding_interval: Interval,
    pub negative_balance: NegativeBalance,
    pub sources: Vec<Source>,
    /// Keys that a scenario replaced, with their new text.
    pub overridden: Vec<(String, String)>,
}
