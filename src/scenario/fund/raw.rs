//! The scenario file of a fund's size as written: strict, every key documented (the docs are the
//! JSON Schema).

use crate::scenario::Text;
use crate::scenario::exchange::{OneOrMany, RawExchange, RawFund, RawLiquidity, RawPopulation};
use crate::scenario::raw::{RawHistory, RawOutputs, RawVenue, first_seed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// A scenario of how large a fund must be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawFundScenario {
    /// What to compute: `fund` finds how large the insurance fund of an exchange must be.
    pub study: Text,
    /// One line for the report's headings.
    pub title: Option<String>,
    /// Seed of every random draw; the same seed gives the same bytes.
    #[serde(default = "first_seed")]
    pub seed: u64,
    /// The symbols of the exchange, one `[[history]]` each; their prices come from the crashes.
    pub history: OneOrMany<RawHistory>,
    /// What the exchange lives through; each is as likely as its weight says.
    pub crash: Vec<RawCrash>,
    /// Whose rules apply, today's for all crashes: `as_of` is needed.
    #[serde(default)]
    pub venue: RawVenue,
    /// As in the study `exchange`, without `worlds`, `start`, `path`, `pick` and `adl`.
    #[serde(default)]
    pub exchange: RawExchange,
    #[serde(default)]
    pub population: RawPopulation,
    /// The book of every symbol; `[liquidity.SYMBOL]` replaces single keys.
    #[serde(default)]
    pub liquidity: RawLiquidity,
    /// Today's fund: what is asked about, and how it is divided.
    #[serde(default)]
    pub fund: RawFund,
    #[serde(default)]
    pub space: RawSpace,
    #[serde(default)]
    pub size: RawSize,
    #[serde(default)]
    pub episodes: RawEpisodes,
    #[serde(default)]
    pub cost: RawCost,
    #[serde(default)]
    pub reverse: RawReverse,
    #[serde(default)]
    pub outputs: RawOutputs,
}

/// One crash of history.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCrash {
    /// A shipped crash, for example "2020-03-12"; or a name for the histories below.
    pub event: Text,
    /// Histories of its own, one a symbol in the order of the study, in place of the shipped ones.
    #[serde(default)]
    pub history: Vec<RawHistory>,
    /// Open of the first bar that the worlds live through; default: after two fifths.
    pub start: Option<Text>,
    /// How likely it is beside the others; default 1.
    pub weight: Option<Text>,
    /// How often it is drawn beside the others; default: its weight.
    pub draws: Option<Text>,
}

/// What may differ from scenario to scenario beside the crash.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSpace {
    /// Start after the crash's own start: "0s", "6h"; default no time after it.
    #[serde(default)]
    pub offset: Vec<RawLevel>,
    /// What is left of the depth of the book: a multiplier; default: the scenario's own.
    #[serde(default)]
    pub depth: Vec<RawLevel>,
    /// Scale of the logarithm of all moves: 1 as recorded (default), 1.5 half as much again.
    #[serde(default)]
    pub shock: Vec<RawLevel>,
    /// Order of the extremes inside a bar: "low-first", "high-first" or "both" (default: each as
    /// likely).
    pub path: Option<Text>,
    /// By symbol: what a scale of the shock is multiplied with; default 1.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Text>")]
    pub beta: BTreeMap<Spanned<String>, Text>,
}

/// One level of what may differ.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawLevel {
    /// Its value.
    pub at: Text,
    /// How likely it is beside the others; default 1.
    pub weight: Option<Text>,
    /// How often it is drawn beside the others; default: its weight.
    pub draws: Option<Text>,
}

/// When to stop, and what is asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSize {
    /// Level of the value at risk that must be known well enough; default "99.9%".
    pub level: Option<Text>,
    /// Well enough: half of its wider interval as a share of it; default "10%".
    pub tight: Option<Text>,
    /// Largest number of scenarios; 100 to 10000000, default 20000.
    pub max_worlds: Option<Text>,
    /// Scenarios between two looks at the interval, and between two checkpoints; default 500.
    pub chunk: Option<Text>,
    /// Accepted chance of deleveraging in a crash; default "1%".
    pub crash: Option<Text>,
    /// Accepted chance of deleveraging in a year; default "1%".
    pub year: Option<Text>,
    /// Whether each scenario is also run with the largest account out of reach; default true.
    pub without_largest: Option<bool>,
}

/// How many crashes a year brings: a rate, a count, or a history to count in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawEpisodes {
    /// Crashes a year, known; default 4, assumed.
    pub rate: Option<Text>,
    /// Crashes counted in `years`.
    pub count: Option<Text>,
    /// With `count`: the years in which they were counted; above 0.
    pub years: Option<Text>,
    /// Bars in which falls are counted.
    pub history: Option<RawHistory>,
    /// With `history`: a crash is a fall by this share, default "15%",
    pub fall: Option<Text>,
    /// within this time, default "1d"; the next one begins after as long again.
    pub within: Option<Text>,
}

/// What a fund costs, and what it saves.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCost {
    /// Yearly cost of a unit of money in the fund, default "10%" (assumed).
    pub capital: Option<Text>,
    /// Cost of a unit of loss that the fund does not cover, default 5 (assumed): lost business.
    pub shortfall: Option<Text>,
}

/// What is turned until a limit is reached.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawReverse {
    /// The limit, as `METRIC > AMOUNT`; default: "need > fund", the fund is exhausted.
    pub limit: Option<Text>,
    /// Populations of each point; 1 to 1000, default 15.
    pub seeds: Option<Text>,
    /// Points of the coarse grid of each knob; 3 to 100, default 12.
    pub grid: Option<Text>,
}
