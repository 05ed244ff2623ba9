//! The choices that a venue makes: closed vocabularies, one variant for each known mechanism.
//!
//! A venue file picks one word of each; the words are those of `docs/model`, where every variant
//! is a numbered rule.

use crate::history::Interval;
use crate::money::{Cash, Rate};
use serde::{Deserialize, Serialize};

/// What one unit of size is, and in what it settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contract {
    /// Size in base units, money in the quote asset: value = size × price.
    Linear,
    /// Size in quote units (USD), money in the base coin: value = size / price.
    Inverse,
}

/// Which price liquidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerPrice {
    /// The venue's own fair price.
    Mark,
    /// A price reported from outside; the mark series of a history stands in for it.
    Oracle,
}

/// Whether equity that equals the maintenance margin is already too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    /// Liquidated when equity ≤ maintenance.
    #[serde(rename = "equity <= maintenance")]
    AtOrBelow,
    /// Liquidated when equity < maintenance.
    #[serde(rename = "equity < maintenance")]
    Below,
}

impl Edge {
    /// Whether an account with so much equity above its maintenance margin is liquidatable.
    pub fn is_reached(self, excess: i128) -> bool {
        match self {
            Self::AtOrBelow => excess <= 0,
            Self::Below => excess < 0,
        }
    }
}

/// Whether the taker fee of the close-out counts into the maintenance margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerFee {
    Excluded,
    Included,
}

/// How much is closed at a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseOut {
    /// The whole position.
    Full,
    /// One immediate-or-cancel order for the whole position; what it leaves is taken over.
    IocThenTakeover,
    /// Down into the next lower tier, fill or kill; else, and in the lowest tier, takeover.
    LowerTier,
    /// From the third tier up, down by two tiers while the lowest tier's requirement is met; else
    /// takeover.
    TwoTiers { cooldown: Interval },
    /// From the third tier up, down to the lowest tier while its requirement is met; else takeover.
    ToFirstTier { cooldown: Interval },
    /// Of a position of more than `above` a share first, then the rest.
    Fraction { share: Rate, above: Cash, cooldown: Interval },
    /// Just enough to meet maintenance rate + `buffer` again, at least `least` of the size at the
    /// first trigger.
    Restore { buffer: Rate, least: Rate, cooldown: Interval },
    /// Per block a share of the position, at least `least` and at most `most` of notional.
    BlockCap { share: Rate, least: Cash, most: Cash, cooldown: Interval },
}

/// At what price the venue closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderPrice {
    /// By the book, as far as it reaches.
    Market,
    /// By the book, no further than the bankruptcy price.
    BankruptcyLimit,
    /// By the book, no further than `P·(1 − s·clamp(adjustment·(1 − E/MM), 0, 1)·spread·m)`.
    FillableLimit { adjustment: Rate, spread: Rate },
    /// No order: taken over at the bankruptcy price.
    Transfer,
}

/// Who keeps what is left of the margin after the whole position was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residual {
    /// The insurance fund.
    FundKeeps,
    /// The liquidation fee (never more than what is left) goes to the insurance fund, the rest
    /// back to the trader.
    FeeThenReturn,
    /// All goes back to the trader, without a fee.
    Returned,
    /// As `Returned`; but a position whose equity is below this share of its maintenance margin
    /// goes to the backstop vault as it stands, with all of its margin.
    Backstop { below: Rate },
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

/// Highest absolute funding rate of one settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FundingCap {
    None,
    Rate(Rate),
    /// A multiple of the lowest tier's maintenance rate.
    OfMaintenance(Rate),
    /// A multiple of the lowest tier's initial less its maintenance rate.
    OfSpread(Rate),
}

/// On which price the funding of a position is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FundingPrice {
    Mark,
    /// The mark series of a history stands in for it.
    Oracle,
}

/// What funding is paid from and into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FundingPays {
    /// The position's margin.
    Margin,
    /// The free balance beside it: the position's margin does not move.
    Wallet,
}

/// Maintenance that rises with volatility: rates × `max(1, k·σ/σ_ref)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volatility {
    /// `k`.
    pub slope: Rate,
    /// Window over which σ is measured.
    pub window: Interval,
    /// `σ_ref`: standard deviation of the return over one window.
    pub reference: Rate,
    /// Largest factor.
    pub at_most: Rate,
    /// From the announcement to the first bar in force.
    pub lag: Interval,
    pub applies: VolatilityScope,
}

/// Which positions a raised requirement touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VolatilityScope {
    NewPositions,
    AllPositions,
}

/// Which losses one insurance fund answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FundScope {
    /// All contracts.
    Global,
    /// All contracts of one settlement asset.
    SettlementAsset,
    /// A group of contracts.
    Pool,
    /// One contract.
    Contract,
    /// A vault that trades on its own account.
    Vault,
    /// There is none.
    None,
}

/// When auto-deleveraging starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdlStart {
    /// The fund cannot pay.
    FundEmpty,
    /// The fund cannot pay, or has fallen by this share from its peak of the last 8 hours.
    PeakDrawdown {
        start: Rate,
    },
    /// The symbol has lost this share of the pool's peak of the last 8 hours, until `stop`; or the
    /// pool is empty.
    SymbolDrawdown {
        start: Rate,
        stop: Rate,
    },
    /// An account below zero that the backstop did not take.
    NegativeEquity,
    Never,
}

/// Who is deleveraged first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdlRank {
    /// Profit rate × effective leverage, losses divided by it (BitMEX, Bybit).
    ProfitLeverage,
    /// Profit over wallet × maintenance over equity (Binance).
    ProfitMarginRatio,
    /// Return on margin / margin ratio (OKX).
    ReturnMarginRatio,
    /// Mark over entry × notional over equity (Hyperliquid).
    GainExposure,
    /// Any offsetting account, in the order of account ids (dYdX).
    Unranked,
    /// All at once, in proportion to their profit.
    ProRata,
}

/// At what price auto-deleveraging closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdlPrice {
    Bankruptcy,
    Mark,
    PreviousMark,
}

/// What is left when everything above it is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LastRung {
    /// Socialised among the winners in proportion to their profit.
    ProfitClawback,
    /// Everybody who holds the symbol, per unit of open interest (Drift).
    PerUnit,
    /// The exchange adds money.
    Injection,
    /// Recorded, borne by nobody yet.
    BadDebt,
}
