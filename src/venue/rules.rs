//! The resolved rules of one venue, for one symbol, on one day.

use super::tiers::Tiers;
use super::vocabulary::{
    AdlPrice, AdlRank, AdlStart, CloseOut, Contract, Edge, FundScope, FundingCap, FundingPays,
    FundingPrice, LastRung, NegativeBalance, OrderPrice, Residual, TriggerFee, TriggerPrice,
    Volatility,
};
use crate::history::Interval;
use crate::money::{Cash, Quantity, Rate};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Fees as fractions of notional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    pub taker: Rate,
    /// Charged on the notional of a close-out, into the insurance fund.
    pub liquidation: Rate,
}

/// Funding as the venue settles it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FundingRules {
    pub interval: Interval,
    pub cap: FundingCap,
    pub price: FundingPrice,
    pub pays: FundingPays,
}

/// What follows when a loss is larger than the margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LossRules {
    pub negative_balance: NegativeBalance,
    pub fund: FundScope,
    pub adl_start: AdlStart,
    pub adl_rank: AdlRank,
    pub adl_price: AdlPrice,
    pub last_rung: LastRung,
}

/// Initial margin that rises with the open interest: from the tier's own rate at `lower` in a
/// straight line to 1 at `upper`, both notional amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInterestScale {
    pub lower: Cash,
    pub upper: Cash,
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
    /// Whose prices of the shipped event tables it is replayed on (`binance-um`).
    pub history: String,
    /// The instrument in those tables (`BTCUSDT`).
    pub instrument: String,
    /// Settlement asset, `USDT`.
    pub settlement: String,
    pub contract: Contract,
    /// Base units (linear) or quote units (inverse) in one contract; 1 where sizes are not counted
    /// in contracts.
    pub face: Quantity,
    pub tiers: Tiers,
    pub open_interest: Option<OpenInterestScale>,
    pub trigger_price: TriggerPrice,
    pub trigger_fee: TriggerFee,
    pub edge: Edge,
    pub close_out: CloseOut,
    pub order: OrderPrice,
    pub residual: Residual,
    pub fees: Fees,
    pub funding: FundingRules,
    /// `None`: maintenance does not follow volatility by rule.
    pub volatility: Option<Volatility>,
    pub loss: LossRules,
    pub sources: Vec<Source>,
    /// Keys that a scenario replaced, with their new text.
    pub overridden: Vec<(String, String)>,
}

impl VenueRules {
    /// The fee of the close-out that counts into the trigger; 0 where it is no part of it.
    pub fn closing_fee(&self) -> Rate {
        match self.trigger_fee {
            TriggerFee::Included => self.fees.taker,
            TriggerFee::Excluded => Rate::ZERO,
        }
    }
}
