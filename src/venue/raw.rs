//! A venue file as it is written: exact text with its position, nothing interpreted yet.

use super::by_symbol::BySymbol;
use super::rules::Confidence;
use super::tiers::Lookup;
use super::vocabulary::{
    AdlPrice, AdlRank, Edge, FundScope, FundingPays, FundingPrice, LastRung, NegativeBalance,
    TriggerFee, TriggerPrice, VolatilityScope,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Text of a value and where it stands.
pub(super) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVenue {
    pub name: Text,
    pub valid_from: Text,
    pub history: Text,
    pub settlement: Spanned<BySymbol>,
    pub contract: Spanned<BySymbol>,
    pub trigger: RawTrigger,
    pub close_out: RawCloseOut,
    pub fees: RawFees,
    pub funding: RawFunding,
    pub volatility: Option<RawVolatility>,
    pub fund: RawFund,
    pub adl: RawAdl,
    pub last_resort: RawLastResort,
    pub protection: RawProtection,
    pub source: Vec<RawSource>,
    /// By symbol.
    pub margin: BTreeMap<String, RawMargin>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrigger {
    pub price: TriggerPrice,
    pub when: Edge,
    pub closing_fee: TriggerFee,
}

/// Three choices; the optional keys belong to single words of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCloseOut {
    pub style: Text,
    pub share: Option<Text>,
    pub above: Option<Text>,
    pub cooldown: Option<Text>,
    pub buffer: Option<Text>,
    pub least: Option<Text>,
    pub most: Option<Text>,
    pub price: Text,
    pub adjustment: Option<Text>,
    pub spread: Option<Text>,
    pub residual: Text,
    pub backstop_below: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFees {
    pub taker: Spanned<BySymbol>,
    pub liquidation: Spanned<BySymbol>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFunding {
    pub interval: Text,
    pub price: FundingPrice,
    pub pays: FundingPays,
    pub cap: Spanned<BySymbol>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVolatility {
    pub slope: Text,
    pub window: Text,
    pub reference: Text,
    pub at_most: Text,
    pub lag: Text,
    pub applies: VolatilityScope,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFund {
    pub scope: FundScope,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAdl {
    pub start: Text,
    pub drawdown: Option<Text>,
    pub until: Option<Text>,
    pub rank: AdlRank,
    pub price: AdlPrice,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLastResort {
    pub rung: LastRung,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProtection {
    pub negative_balance: NegativeBalance,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMargin {
    pub lookup: Lookup,
    /// Largest notional (number of contracts) of one position; absent where the venue names none.
    pub cap: Option<Text>,
    /// As the event tables call it; the symbol itself where absent.
    pub instrument: Option<Text>,
    /// Size of one contract; 1 where sizes are not counted in contracts.
    pub face: Option<Text>,
    pub open_interest: Option<RawOpenInterest>,
    pub tiers: Spanned<Vec<Spanned<RawTier>>>,
    /// Equal steps above the tiers.
    pub then: Option<Spanned<RawThen>>,
    pub slope: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTier {
    pub floor: Text,
    /// One of these two.
    pub max_leverage: Option<Text>,
    pub initial: Option<Text>,
    pub maintenance: Text,
    /// As published; only compared with the recomputed one, so it may be left out.
    pub deduction: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThen {
    /// Floor of the first tier that follows the written ones.
    pub from: Text,
    /// Width of each.
    pub every: Text,
    /// What each adds to the rates.
    pub initial: Text,
    pub maintenance: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOpenInterest {
    pub lower: Text,
    pub upper: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub covers: Spanned<Vec<Text>>,
    #[serde(rename = "where")]
    pub origin: Text,
    pub retrieved: Option<Text>,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: String,
}
