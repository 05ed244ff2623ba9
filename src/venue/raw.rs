//! A venue file as it is written: exact text with its position, nothing interpreted yet.

use super::rules::Confidence;
use super::tiers::Lookup;
use super::vocabulary::{Edge, NegativeBalance, TriggerFee, TriggerPrice};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// Text of a value and where it stands.
pub(super) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVenue {
    pub name: Text,
    pub valid_from: Text,
    pub history: Text,
    pub settlement: Text,
    pub trigger: RawTrigger,
    pub close_out: RawCloseOut,
    pub fees: RawFees,
    pub funding: RawFunding,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCloseOut {
    pub style: Text,
    pub residual: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFees {
    pub taker: Text,
    pub liquidation: Spanned<BySymbol>,
}

/// A value for all symbols, or one for each with a `default`: `"1%"`,
/// `{ default = "1%", SOLUSDT = "1.5%" }`.
#[derive(Debug)]
pub(super) enum BySymbol {
    Same(String),
    Each(BTreeMap<String, Text>),
}

impl<'de> Deserialize<'de> for BySymbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BySymbolVisitor)
    }
}

struct BySymbolVisitor;

impl<'de> Visitor<'de> for BySymbolVisitor {
    type Value = BySymbol;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in quotes, or a table of texts by symbol with a `default`")
    }

    fn visit_str<E>(self, text: &str) -> Result<BySymbol, E> {
        Ok(BySymbol::Same(text.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BySymbol, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(map)).map(BySymbol::Each)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFunding {
    pub interval: Text,
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
    /// Largest notional of one position; absent where the venue names none.
    pub cap: Option<Text>,
    pub tiers: Spanned<Vec<Spanned<RawTier>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTier {
    pub floor: Text,
    pub max_leverage: Text,
    pub maintenance: Text,
    /// As published; only compared with the recomputed one, so it may be left out.
    pub deduction: Option<Text>,
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
