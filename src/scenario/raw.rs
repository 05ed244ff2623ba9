//! The scenario file as written: strict, every key documented (the docs are the JSON Schema).

use super::choices::{BarPath, EntryPrice, FillBase, OutcomeFormat};
use super::expect::RawExpectation;
use super::field::{List, Text};
use crate::history::{Columns, GapPolicy, OpenPolicy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// A scenario of independent positions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawScenario {
    /// What to compute: `leverage` replays independent positions.
    pub study: Text,
    /// One line for the report's headings.
    pub title: Option<String>,
    /// Seed of every random draw; the same seed gives the same bytes.
    #[serde(default = "first_seed")]
    pub seed: u64,
    pub history: RawHistory,
    #[serde(default)]
    pub venue: RawVenue,
    #[serde(default)]
    pub entries: RawEntries,
    #[serde(default)]
    pub positions: RawPositions,
    #[serde(default)]
    pub slippage: RawSlippage,
    #[serde(default)]
    pub bars: RawBars,
    #[serde(default)]
    pub outputs: RawOutputs,
    /// What is known of the run's figures from elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<RawExpectation>,
}

pub(in crate::scenario) fn first_seed() -> u64 {
    1
}

/// Where the prices come from: a shipped event, or files.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawHistory {
    /// A shipped crash, for example "2021-05-19"; `deleverage data list` names them.
    pub event: Option<Text>,
    /// Exchange whose table of the event is read ("binance-um"); default: the venue's own.
    pub exchange: Option<Text>,
    /// Trade bars: a file, a glob, a folder, or a list of them.
    pub trade: Option<List>,
    /// Mark-price bars. Without them the trade series stands in, and reports say so.
    pub mark: Option<List>,
    /// Index-price bars.
    pub index: Option<List>,
    /// Funding settlements.
    pub funding: Option<List>,
    /// Format of the files, where sniffing should be overridden.
    pub format: Option<Text>,
    /// Columns of a generic CSV with trade, mark or index bars: `time = "ts"`, `open = "o"`, …
    pub columns: Option<Columns>,
    /// Columns of a generic CSV with funding settlements: `time` and `close` (the rate).
    pub funding_columns: Option<Columns>,
    /// The instrument, "BTCUSDT".
    pub symbol: Text,
    /// Checked against the files: "1m", "1h".
    pub interval: Option<Text>,
    /// What to do about missing bars.
    #[serde(default)]
    pub gaps: GapPolicy,
    /// What to do about an open that lies outside its own bar, as where an exchange publishes
    /// the close before as the open.
    #[serde(default)]
    pub opens: OpenPolicy,
}

/// Whose rules apply.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawVenue {
    /// For example "binance-usdm".
    pub name: Text,
    /// Day whose rules apply; default: the day of the first bar.
    pub as_of: Option<Text>,
    /// Replaces any field of the venue's file; `maintenance` alone puts a flat rate in place of
    /// the tiers.
    #[serde(default = "no_overrides", rename = "override")]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub overrides: Spanned<toml::Table>,
}

impl Default for RawVenue {
    fn default() -> Self {
        Self { name: Text::usual("binance-usdm"), as_of: None, overrides: no_overrides() }
    }
}

fn no_overrides() -> Spanned<toml::Table> {
    Spanned::new(Text::NOWHERE, toml::Table::new())
}

/// When positions are opened. One of `every`, `at`, `sample`; default: every bar.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawEntries {
    /// A stride such as "7m" or "1d"; a multiple of the bar.
    pub every: Option<Text>,
    /// Opens of bars, RFC 3339.
    pub at: Option<List>,
    /// So many different bars, drawn by the seed.
    #[schemars(with = "Option<u32>")]
    pub sample: Option<Spanned<u32>>,
    /// Earliest open of a bar that is an entry, RFC 3339; default: the first bar's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Text>,
    /// Entries are opened before this; default: up to the last bar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Text>,
    /// `open`: exposed from this bar; `close`: from the next.
    #[serde(default)]
    pub price: EntryPrice,
}

/// Which positions are opened at each entry: the product of the lists.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPositions {
    /// "long", "short" or both (default).
    pub side: Option<List>,
    /// 1 to 1000, at most what the venue allows; default 2, 3, 5, 10, 20, 50, 100.
    pub leverage: Option<List>,
    /// Value of a position in the quote asset (USD for inverse contracts); default 10000.
    pub notional: Option<List>,
    /// How long a position stays open, "1d"; a multiple of the bar; default 1d.
    pub horizon: Option<List>,
    /// Margin mode: "isolated" (default: notional / leverage) or "cross" (the whole wallet).
    pub mode: Option<Text>,
    /// Mode "cross": the balance behind each position, in the settlement asset.
    pub wallet: Option<Text>,
    /// Negative-balance protection, "on" or "off"; default: the venue's.
    pub protection: Option<Text>,
}

/// What a forced close-out is filled at.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSlippage {
    /// "none" (default), "fixed" or "depth".
    pub model: Option<Text>,
    /// Price the order starts from.
    #[serde(default)]
    pub base: FillBase,
    /// Model `fixed`: a fraction such as "10bp".
    pub rate: Option<Text>,
    /// Model `depth`: notional within 1 % of the price in calm times.
    pub depth: Option<Text>,
    /// Model `depth`: exponent of the depth curve; default 0.75.
    pub beta: Option<Text>,
    /// Model `depth`: "calm" (1), "stress" (0.25), "crash" (0.05), "blackout" (0.01), or a number.
    pub multiplier: Option<Text>,
    /// Model `depth`: where the book ends, as a fraction of the price; default "10%".
    pub reach: Option<Text>,
}

/// How a bar becomes a path.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBars {
    /// Order of the extremes inside a bar.
    #[serde(default)]
    pub path: BarPath,
}

/// What is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawOutputs {
    /// Format of the file with one row per position.
    #[serde(default)]
    pub format: OutcomeFormat,
}
