//! The figures that a run can be asked for.

use crate::money::{Leverage, Rate};
use crate::scenario::Side;

/// A figure of a world. Money is in the settlement asset, sizes of positions in quote units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldFigure {
    /// Cash of the fund at the end.
    FundEnd,
    /// Cash at the start less cash at the end.
    FundLost,
    /// What it is worth at the end, marked to market, less what it began with.
    FundGain,
    /// Cash at the end of the bar that ends then, UTC milliseconds.
    FundCash(i64),
    /// Largest fall of cash from an earlier peak.
    FundDrawdown,
    /// Largest fall from an earlier peak, marked to market.
    FundDrawdownMtm,
    /// Largest loss on the inventory that is not realised yet, at the end of a bar.
    FundUnrealised,
    Liquidated,
    AdlNotional,
    /// Of what was liquidated.
    AdlShare,
    /// Whether anybody is deleveraged; over worlds, the share in which somebody is.
    AdlWorlds,
    /// From the first liquidation to the first deleveraging.
    AdlFirstMinutes,
    /// Share of the deleveraged within five minutes of the first.
    AdlWithinFiveMinutes,
    /// What winners gave up, in basis points of the value deleveraged.
    AdlGap,
    /// Share that the ten largest counterparties gave.
    AdlTop10Share,
    /// Whether some other symbol is deleveraged before the first one of the scenario.
    AdlAltsFirst,
    /// Paid by winners through the last rung.
    Socialised,
    /// The same as a share of all winners' profit since the start.
    SocialisedOfProfit,
    /// Money of the exchange's own.
    Injected,
    /// What liquidated accounts had less than nothing, less what fund and last rungs paid them.
    DeficitsUnpaid,
}

use WorldFigure as World;

/// Names and figures of the study `exchange` that stand for themselves.
pub(super) const WORLDS: [(&str, WorldFigure); 19] = [
    ("fund.end", World::FundEnd),
    ("fund.lost", World::FundLost),
    ("fund.gain", World::FundGain),
    ("fund.drawdown", World::FundDrawdown),
    ("fund.drawdown_mtm", World::FundDrawdownMtm),
    ("fund.unrealised", World::FundUnrealised),
    ("liquidated", World::Liquidated),
    ("adl.notional", World::AdlNotional),
    ("adl.share", World::AdlShare),
    ("adl.worlds", World::AdlWorlds),
    ("adl.first_minutes", World::AdlFirstMinutes),
    ("adl.within_5_minutes", World::AdlWithinFiveMinutes),
    ("adl.gap_bp", World::AdlGap),
    ("adl.top10_share", World::AdlTop10Share),
    ("adl.alts_first", World::AdlAltsFirst),
    ("socialised", World::Socialised),
    ("socialised.of_profit", World::SocialisedOfProfit),
    ("injected", World::Injected),
    ("deficits.unpaid", World::DeficitsUnpaid),
];

/// The one of the study `exchange` that is taken at a time.
pub(super) const FUND_CASH: &str = "fund.cash";

/// A figure of a study of positions, of its only horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionFigure {
    /// Share of the positions of a side that are liquidated at a leverage of the study.
    Share(Side, Leverage),
    /// Highest leverage of the study at which no more than a share of a side is liquidated.
    Leverage(Side, Rate),
}

pub(super) const SHARE: &str = "liquidated.share";
pub(super) const LEVERAGE: &str = "leverage";
