//! The choices of a venue in words: the words of its file, and a table of the ten.

use super::rules::{Confidence, Source, VenueRules};
use super::sources::covers;
use super::tiers::Lookup;
use super::vocabulary::{AdlStart, CloseOut, FundingCap, OrderPrice, Residual, Volatility};
use crate::money::Rate;
use serde::Serialize;
use std::fmt;

/// One of the ten choices that a venue makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub name: &'static str,
    /// In the words of the venue file, with their amounts.
    pub text: String,
    /// How well it is known; the weakest of its parameters counts.
    pub confidence: Option<Confidence>,
}

impl VenueRules {
    /// The ten choices, in the order of a liquidation.
    pub fn choices(&self) -> [Choice; 10] {
        let adl = format!("{}, {}", word(&self.loss.adl_price), word(&self.loss.adl_rank));
        let brackets = format!("margin.{}", self.symbol);
        [
            self.choice("trigger price", self.trigger(), &["trigger.price", "trigger.when"]),
            self.choice("maintenance lookup", self.lookup(), &[&brackets]),
            self.choice("closing fee", word(&self.trigger_fee), &["trigger.closing_fee"]),
            self.choice("how much is closed", self.close_out.to_string(), &["close_out.style"]),
            self.choice("at what price", self.order.to_string(), &["close_out.price"]),
            self.choice("what is left", self.what_is_left(), &["close_out.residual"]),
            self.choice("fund", word(&self.loss.fund), &["fund.scope"]),
            self.choice("ADL starts", self.loss.adl_start.to_string(), &["adl.start"]),
            self.choice("ADL price and rank", adl, &["adl.price", "adl.rank"]),
            self.choice("last rung", word(&self.loss.last_rung), &["last_resort.rung"]),
        ]
    }

    fn choice(&self, name: &'static str, text: String, keys: &[&str]) -> Choice {
        let confidence = keys.iter().filter_map(|key| self.confidence(key)).max();
        Choice { name, text, confidence }
    }

    fn trigger(&self) -> String {
        format!("{}, {}", word(&self.trigger_price), word(&self.edge))
    }

    fn lookup(&self) -> String {
        match (self.tiers.lookup, self.open_interest) {
            (lookup, None) => lookup.to_string(),
            (lookup, Some(_)) => format!("{lookup}, initial by open interest"),
        }
    }

    fn what_is_left(&self) -> String {
        match self.residual {
            Residual::FeeThenReturn => {
                format!("{}, {}", self.residual, percent(self.fees.liquidation))
            }
            _ => self.residual.to_string(),
        }
    }

    /// The source that speaks of a parameter: the one that names it most closely; of several the
    /// least certain.
    pub fn source_of(&self, key: &str) -> Option<&Source> {
        let closeness = |source: &Source| {
            let close = source.covers.iter().filter(|cover| covers(cover, key));
            close.map(String::len).max()
        };
        let speaking = self.sources.iter().filter(|source| closeness(source).is_some());
        speaking.max_by_key(|source| (closeness(source), source.confidence))
    }

    /// How well a parameter is known; `None` where no source speaks of it.
    pub fn confidence(&self, key: &str) -> Option<Confidence> {
        self.source_of(key).map(|source| source.confidence)
    }
}

/// The word of a vocabulary without amounts, as venue files write it.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `0.4%`.
pub fn percent(rate: Rate) -> String {
    format!("{}%", (rate.to_decimal() * rust_decimal::Decimal::ONE_HUNDRED).normalize())
}

impl CloseOut {
    /// The style's word in venue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::IocThenTakeover => "ioc-then-takeover",
            Self::LowerTier => "lower-tier",
            Self::TwoTiers { .. } => "two-tiers",
            Self::ToFirstTier { .. } => "to-first-tier",
            Self::Fraction { .. } => "fraction",
            Self::Restore { .. } => "restore",
            Self::BlockCap { .. } => "block-cap",
        }
    }
}

impl fmt::Display for CloseOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Full | Self::IocThenTakeover | Self::LowerTier => Ok(()),
            Self::TwoTiers { cooldown } | Self::ToFirstTier { cooldown } => {
                write!(f, ", again after {cooldown}")
            }
            Self::Fraction { share, above, cooldown } => {
                write!(f, ", {} above {above}, rest after {cooldown}", percent(*share))
            }
            Self::Restore { buffer, least, cooldown } => {
                let (buffer, least) = (percent(*buffer), percent(*least));
                write!(f, ", buffer {buffer}, at least {least}, again after {cooldown}")
            }
            Self::BlockCap { share, least, most, cooldown } => {
                write!(f, ", {} from {least} to {most} each {cooldown}", percent(*share))
            }
        }
    }
}

impl OrderPrice {
    /// The price's word in venue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::BankruptcyLimit => "bankruptcy-limit",
            Self::FillableLimit { .. } => "fillable-limit",
            Self::Transfer => "transfer",
        }
    }
}

impl fmt::Display for OrderPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::FillableLimit { adjustment, spread } => {
                write!(f, ", adjustment {adjustment}, spread {spread}")
            }
            _ => Ok(()),
        }
    }
}

impl Residual {
    /// The word of the residual in venue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FundKeeps => "fund-keeps",
            Self::FeeThenReturn => "fee-then-return",
            Self::Returned => "returned",
            Self::Backstop { .. } => "backstop",
        }
    }
}

impl fmt::Display for Residual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Backstop { below } => {
                let percent = below.to_decimal() * rust_decimal::Decimal::ONE_HUNDRED;
                write!(f, ", below {}% of maintenance", percent.round_dp(2).normalize())
            }
            _ => Ok(()),
        }
    }
}

impl AdlStart {
    /// The start's word in venue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FundEmpty => "fund-empty",
            Self::PeakDrawdown { .. } => "peak-drawdown",
            Self::SymbolDrawdown { .. } => "symbol-drawdown",
            Self::NegativeEquity => "negative-equity",
            Self::Never => "never",
        }
    }
}

impl fmt::Display for AdlStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::PeakDrawdown { start } => write!(f, ", {}", percent(*start)),
            Self::SymbolDrawdown { start, stop } => {
                write!(f, ", {}, until {}", percent(*start), percent(*stop))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FundingCap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Rate(rate) => f.write_str(&percent(*rate)),
            Self::OfMaintenance(multiple) => write!(f, "{} of maintenance", percent(*multiple)),
            Self::OfSpread(multiple) => write!(f, "{} of spread", percent(*multiple)),
        }
    }
}

impl fmt::Display for Volatility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slope, window, at_most, lag, .. } = self;
        let reference = percent(self.reference);
        write!(f, "max(1, {slope} × σ({window}) / {reference}) up to {at_most}, after {lag}, ")?;
        f.write_str(&word(&self.applies))
    }
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word(self))
    }
}
