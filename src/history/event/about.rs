//! `event.toml`: what happened, and where each series of a table comes from.

use super::stamp;
use crate::fault::{Fault, Place, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One crash: its story in a sentence, its span, and what its table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventInfo {
    /// Name of the folder, as scenarios write it.
    pub name: String,
    pub title: String,
    pub sentence: String,
    /// Open of the first hour of any series, UTC milliseconds.
    #[serde(with = "stamp")]
    pub first: i64,
    /// Open of the last hour of any series, UTC milliseconds.
    #[serde(with = "stamp")]
    pub last: i64,
    /// Source files that did not become figures, each with the reason.
    pub left_out: Vec<String>,
    #[serde(rename = "instrument")]
    pub instruments: Vec<Instrument>,
}

/// What one venue trades under one symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    pub venue: String,
    pub symbol: String,
    pub contract: Contract,
    pub kind: Market,
    #[serde(rename = "series")]
    pub origins: Vec<Origin>,
}

impl Instrument {
    pub fn origin(&self, figures: Figures) -> Option<&Origin> {
        self.origins.iter().find(|origin| origin.figures == figures)
    }
}

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.venue, self.symbol)
    }
}

/// Where one series of an instrument comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    pub figures: Figures,
    /// Length of the source's bars; absent for funding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// Rows in the table.
    pub rows: u64,
    /// Hours between the first and the last bar of the source that lack a bar of it, and so are
    /// not in the table; absent for funding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_hours: Option<u64>,
    /// Hours whose stated open lay outside their range and was moved to its nearer end (the
    /// source calls the close before an open); not written where there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved_opens: u64,
    /// The collection and file that the source series was gathered from.
    pub dataset: String,
    /// SHA-256 of the source series that was read.
    pub sha256: String,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What a series records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Figures {
    Funding,
    Mark,
    Trade,
}

impl Figures {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Funding => "funding",
            Self::Mark => "mark",
            Self::Trade => "trade",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Funding, Self::Mark, Self::Trade].into_iter().find(|kind| kind.name() == text)
    }
}

/// How price and quantity become money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Contract {
    /// Settled in the quote currency.
    Linear,
    /// Quantity in USD, settled in the coin.
    Inverse,
}

/// What is traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Market {
    Perpetual,
    Spot,
}

impl EventInfo {
    pub(super) fn parse(text: &str, file: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start].matches('\n').count() as u64 + 1);
            let place = Place { file: file.to_owned(), line, column: None };
            Fault::new(place, error.message()).accepted("an event.toml of `data tabulate`").into()
        })
    }

    pub(super) fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|error| {
            Fault::new(Place::file("event.toml"), format!("cannot be written: {error}")).into()
        })
    }
}
