//! What a scenario of the exchange chooses. Rules `EXC`, `DEP` and `POP` of `docs/model`.

use crate::history::Interval;
use crate::money::{Cash, Leverage, Rate};
use crate::scenario::DepthCurve;
use std::path::PathBuf;

/// What moves the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// The mark is the recorded one.
    Replay,
    /// The mark follows the local displacement with the venue's own weight.
    ReplayLocal { weight: Rate },
    /// The mark follows what is liquidated in excess of `recorded`, in quote units.
    Counterfactual { recorded: Cash },
}

/// Which order of the extremes a world uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathOrder {
    LowFirst,
    HighFirst,
    /// Low first in worlds with an even number.
    Both,
}

/// Which world is told in detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The one with the median drawdown of the fund, marked to market.
    Median,
    /// The one with the largest.
    Worst,
    World(u32),
}

/// Share of open interest at leverages between two limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    pub from: Leverage,
    pub to: Leverage,
    pub share: Rate,
}

/// Where a leverage table comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Open interest on Hyperliquid on 15 December 2025.
    Hyperliquid2025,
    /// Open interest on BitMEX in May 2018 and April 2019.
    Bitmex2019,
    /// Written in the scenario.
    Own,
}

/// Bands in rising order whose shares add up to 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeverageTable {
    pub preset: Preset,
    pub bands: Vec<Band>,
}

/// One symbol's side of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SymbolBook {
    /// Value of all longs (= all shorts) at the start, in quote units (USD for inverse contracts).
    pub open_interest: Cash,
    pub liquidity: LiquidityChoice,
}

/// What some traders do, and how many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hazard {
    /// Share of the users, 0 to 1.
    pub share: Rate,
    /// Distance of a stop or take-profit from the entry; size of a top-up relative to the margin;
    /// part of the position that is cut.
    pub amount: Rate,
    /// Mean time from an alert to the reaction; stops and take-profits have none.
    pub delay: Option<Interval>,
}

/// Who holds what at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopulationChoice {
    /// Users; market makers come on top.
    pub accounts: u32,
    /// A book of the exchange's own in place of all draws.
    pub file: Option<PathBuf>,
    /// Share of the users that are long.
    pub longs: Rate,
    /// Standard deviation of the logarithm of sizes.
    pub sigma: Rate,
    /// Exponent of the tail above the 99th percentile.
    pub alpha: Rate,
    /// Largest account as a share of its side.
    pub largest: Rate,
    pub leverage: LeverageTable,
    /// Rank correlation of size and leverage, −1 to 1.
    pub correlation: Rate,
    /// Half-life of the weight of an entry's age.
    pub entry_half_life: Interval,
    /// Share of the users with a cross account.
    pub cross: Rate,
    /// Number of market makers; 0: none.
    pub makers: u32,
    /// Their share of the open interest.
    pub makers_share: Rate,
    /// The side on which they stand.
    pub makers_side: crate::scenario::Side,
    pub makers_leverage: Leverage,
    pub stops: Hazard,
    pub take_profits: Hazard,
    pub top_ups: Hazard,
    pub cuts: Hazard,
}

/// The book of one symbol and how it suffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiquidityChoice {
    pub curve: DepthCurve,
    /// `a`: fall of the depth with volatility.
    pub volatility: Rate,
    /// `b`: fall of the depth with each 1 % of displacement.
    pub displacement: Rate,
    /// `γ`: share of an order's displacement that stays.
    pub permanent: Rate,
    pub half_life: Interval,
    /// Largest share of the book that forced orders take in one sub-step.
    pub participation: Rate,
}

/// By what a fund's rules measure it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FundMeasure {
    Cash,
    MarkedToMarket,
}

/// Money that the exchange adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopUp {
    /// UTC milliseconds.
    At { time: i64, amount: Cash },
    /// As soon as cash is below a limit, at most so often.
    Below { limit: Cash, amount: Cash, times: u32 },
}

/// One purse of the fund and the symbols that it answers for (numbers of the study's histories).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tranche {
    pub name: String,
    pub symbols: Vec<usize>,
    pub balance: Cash,
    pub top_ups: Vec<TopUp>,
}

/// The insurance fund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundChoice {
    /// Every symbol belongs to one; empty: the venue has no fund.
    pub tranches: Vec<Tranche>,
    /// Whether it takes positions over; if not, what the book leaves goes to the queue.
    pub takeover: bool,
    pub measure: FundMeasure,
    /// Largest inventory at the marks of one tranche; `None`: no limit.
    pub notional_cap: Option<Cash>,
    /// Largest share of the depth within 1 % that it offers in one sub-step.
    pub participation: Rate,
}

/// When losses of winners are settled by a venue that claws them back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    AtEnd,
    Every(Interval),
}

/// Comparison of the queue with its alternatives on the same draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdlChoice {
    /// The venue's own rank only.
    Venue,
    /// The picked world again, pro rata and unranked.
    Compared,
}
