//! The scenario file of an exchange as written: strict, every key documented (the docs are the
//! JSON Schema).

use super::shape::{Either, OneOrMany, RawLiquidity};
use crate::scenario::raw::{RawHistory, RawOutputs, RawVenue, first_seed};
use crate::scenario::{RawExpectation, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// A scenario of a whole exchange.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawExchangeScenario {
    /// What to compute: `exchange` replays a book of accounts, their market and a fund.
    pub study: Text,
    /// One line for the report's headings.
    pub title: Option<String>,
    /// Seed of every random draw; the same seed gives the same bytes.
    #[serde(default = "first_seed")]
    pub seed: u64,
    /// One `[history]`, or `[[history]]` for each symbol; all with the same bars.
    pub history: OneOrMany<RawHistory>,
    #[serde(default)]
    pub venue: RawVenue,
    #[serde(default)]
    pub exchange: RawExchange,
    #[serde(default)]
    pub population: RawPopulation,
    /// The book of every symbol; `[liquidity.SYMBOL]` replaces single keys.
    #[serde(default)]
    pub liquidity: RawLiquidity,
    #[serde(default)]
    pub fund: RawFund,
    #[serde(default)]
    pub outputs: RawOutputs,
    /// What is known of the run's figures from elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<RawExpectation>,
}

/// How many worlds, and what happens in them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawExchange {
    /// Number of worlds, each with its own draw; 1 to 1000000, default 1000.
    pub worlds: Option<Text>,
    /// Users of each world, 2 to 10000000, default 20000; market makers come on top.
    pub accounts: Option<Text>,
    /// What moves the price: "replay", "replay+local" (default) or "counterfactual".
    pub driver: Option<Text>,
    /// Driver `replay+local`: the venue's weight in its own mark, 0 to 1; default "10%", assumed.
    pub weight: Option<Text>,
    /// Driver `counterfactual`: what history itself is said to have liquidated, in quote units.
    pub recorded: Option<Text>,
    /// Open of the first bar that the worlds live through, RFC 3339; default: after two fifths of
    /// the history. What lies before feeds the entries of the population.
    pub start: Option<Text>,
    /// Order of the extremes inside a bar: "low-first", "high-first" or "both" (default: low first
    /// in worlds with an even number).
    pub path: Option<Text>,
    /// Sub-steps in each of the three legs of a bar whose range is above 1 %; 1 to 60, default 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substeps: Option<Text>,
    /// World that is told in detail: "median" (default) or "worst" by drawdown of the fund, or the
    /// number of a world from 0.
    pub pick: Option<Text>,
    /// Auto-deleveraging: "venue" (default: the venue's own rank) or "compared" (the picked world
    /// again, pro rata and unranked).
    pub adl: Option<Text>,
    /// When losses of winners are settled where they are clawed back: "end" (default) or a window
    /// such as "8h".
    pub settlement: Option<Text>,
    /// Negative-balance protection, "on" or "off"; default: the venue's.
    pub protection: Option<Text>,
}

/// Who holds what at the start.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPopulation {
    /// Value of all longs (= all shorts) at the start in quote units, USD for inverse contracts;
    /// with several symbols a table by symbol.
    #[schemars(with = "Option<Either<BTreeMap<String, Text>>>")]
    pub open_interest: Option<Either<BTreeMap<Spanned<String>, Text>>>,
    /// A book of the exchange's own in place of all draws: CSV or Parquet with `account, symbol,
    /// side, quantity, entry_price, margin, mode`.
    pub file: Option<Text>,
    /// Share of the users that are long; default "50%".
    pub longs: Option<Text>,
    /// Standard deviation of the logarithm of sizes; 0 to 10, default 2.7.
    pub sigma: Option<Text>,
    /// Exponent of the tail above the 99th percentile; 0.1 to 10, default 0.87.
    pub alpha: Option<Text>,
    /// Largest account as a share of its side; default "10%".
    pub largest: Option<Text>,
    /// Name of a table, "hyperliquid-2025" (default) or "bitmex-2019", or
    /// `[[population.leverage]]` bands of one's own.
    pub leverage: Option<Either<OneOrMany<RawBand>>>,
    /// Rank correlation of size and leverage, −1 to 1; default -0.3.
    pub correlation: Option<Text>,
    /// Half-life of the weight of an entry's age; default "2d".
    pub entry_half_life: Option<Text>,
    /// Share of the users with a cross account; default "30%".
    pub cross: Option<Text>,
    /// Number of market makers, 0 to 1000; default 10.
    pub makers: Option<Text>,
    /// Share of the open interest that they hold on their side; default "10%".
    pub makers_share: Option<Text>,
    /// The side on which they stand; default "short".
    pub makers_side: Option<Text>,
    /// Their leverage; default 3.
    pub makers_leverage: Option<Text>,
    /// Users with a stop-loss; default: none.
    pub stops: Option<RawDistance>,
    /// Users with a take-profit; default: none.
    pub take_profits: Option<RawDistance>,
    /// Users that add margin after an alert; default: none.
    pub top_ups: Option<RawReaction>,
    /// Users that close a part after an alert; default: none.
    pub cuts: Option<RawReaction>,
}

/// A band of the leverage table.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBand {
    /// Lowest leverage of the band; 1 to 1000.
    pub from: Text,
    /// Highest leverage; at most the next band's lowest.
    pub to: Text,
    /// Share of the open interest; all shares add up to 1.
    pub share: Text,
}

/// Orders that wait at a distance from the entry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawDistance {
    /// Share of the users.
    pub share: Text,
    /// Distance from the entry as a fraction of its price.
    pub distance: Text,
}

/// What users do some time after an alert, half-way to their liquidation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawReaction {
    /// Share of the users; of top-ups and cuts together at most 1.
    pub share: Text,
    /// Added money as a share of the margin (up to 1000%), or the part of the position that is cut
    /// (up to 100%).
    pub amount: Text,
    /// Mean of the time from the alert to the reaction; default "10m".
    pub delay: Option<Text>,
}

/// The book of a symbol, and how it suffers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBook {
    /// Notional within 1 % of the price in calm times, in quote units.
    pub depth: Option<Text>,
    /// Exponent of the depth curve; default 0.75.
    pub beta: Option<Text>,
    /// "calm" (1, default), "stress" (0.25), "crash" (0.05), "blackout" (0.01), or a number: the
    /// share of the depth that is there before volatility and displacement take theirs.
    pub multiplier: Option<Text>,
    /// Where the book ends, as a fraction of the price; default "10%".
    pub reach: Option<Text>,
    /// Fall of the depth with volatility: `a` of exp(−a·max(0, σ/σ0 − 1)); 0 to 100, default 0.5.
    pub volatility: Option<Text>,
    /// Fall of the depth with each 1 % of displacement: `b`; 0 to 100, default 0.1.
    pub displacement: Option<Text>,
    /// Share of an order's displacement that stays; 0 to 1, default "10%".
    pub permanent: Option<Text>,
    /// Half-life of the rest; default "5m".
    pub half_life: Option<Text>,
    /// Largest share of the book that forced orders take in one sub-step; default "50%".
    pub participation: Option<Text>,
}

/// The insurance fund.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawFund {
    /// Money at the start in the settlement asset; with one tranche a symbol it is shared out by
    /// open interest.
    pub balance: Option<Text>,
    /// "global", "settlement-asset", "pool" or "vault": one tranche for all symbols; "contract":
    /// one a symbol; "none": no fund. Default: the venue's.
    pub scope: Option<Text>,
    /// Whether the fund takes positions over that the book leaves; default true.
    pub takeover: Option<bool>,
    /// By what its rules measure the fund: "cash" or "marked-to-market" (default).
    pub measure: Option<Text>,
    /// Largest inventory of a tranche at the marks, in the settlement asset; default: no limit.
    pub notional_cap: Option<Text>,
    /// Largest share of the depth within 1 % that it offers in one sub-step, 0 to 1; default "10%".
    pub participation: Option<Text>,
    /// Purses of one's own in place of `balance` and `scope`.
    #[serde(default)]
    pub tranche: Vec<RawTranche>,
    /// Money that the exchange adds later.
    #[serde(default)]
    pub top_up: Vec<RawTopUp>,
}

/// One purse of the fund.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawTranche {
    /// How reports call it.
    pub name: Text,
    /// The symbols that it answers for.
    pub symbols: crate::scenario::List,
    /// Money at the start in the settlement asset.
    pub balance: Text,
}

/// Money that the exchange adds: at a time, or whenever the cash is below a limit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawTopUp {
    /// Name of the purse: a tranche, or a symbol where there is one a symbol; needed where there
    /// are several.
    pub tranche: Option<Text>,
    /// In the settlement asset.
    pub amount: Text,
    /// RFC 3339; or `below`.
    pub at: Option<Text>,
    /// As soon as the cash is below this.
    pub below: Option<Text>,
    /// With `below`: at most so often, 1 to 1000; default 1.
    pub times: Option<Text>,
}
