//! The place of a position in the queue of auto-deleveraging.

use super::Case;
use super::values::text;
use crate::venue::AdlRank;
use crate::waterfall::{self, Standing};
use rust_decimal::Decimal;

/// A position's score by the formula of its venue.
pub(super) struct Place {
    pub score: Decimal,
    rank: AdlRank,
    standing: Standing,
}

/// `None` without a mark or a venue, where the position is fully hedged, and where no equity is
/// left to rank.
pub(super) fn place(case: &Case<'_>) -> Option<Place> {
    let (mark, rank) = (case.args.mark?, case.resolved.rules.as_ref()?.loss.adl_rank);
    let leg = case.standing.net?;
    let value = leg.value(mark)?;
    let own = case.resolved.keeps.requirement().bracket(&leg, value)?.maintenance_of(value)?;
    let others = case.standing.backing.map_or(Decimal::ZERO, |backing| backing.maintenance);
    let wallet = case.resolved.wallet.as_ref().map(|wallet| wallet.balance);
    let standing = Standing {
        profit: leg.profit(mark)?,
        entry_value: leg.entry_value()?,
        value,
        margin: case.resolved.margin - case.args.extra_margin.unwrap_or_default(),
        wallet: wallet.unwrap_or(case.resolved.margin),
        equity: case.standing.equity,
        maintenance: own.checked_add(others)?,
    };
    Some(Place { score: waterfall::score(rank, &standing)?, rank, standing })
}

impl Place {
    /// The formula with its numbers.
    pub fn formula(&self) -> String {
        let Standing { profit, entry_value, value, margin, wallet, equity, maintenance } =
            self.standing;
        let leveraged = |name: &str, base: Decimal| {
            let (sign, word) = if profit > Decimal::ZERO { ('×', "·") } else { ('/', " / ") };
            format!(
                "profit / {name}{word}(value / equity) = {} / {} {sign} ({} / {})",
                text(profit),
                text(base),
                text(value),
                text(equity)
            )
        };
        match self.rank {
            AdlRank::ProfitLeverage => leveraged("entry value", entry_value),
            AdlRank::ReturnMarginRatio => leveraged("margin", margin),
            AdlRank::ProfitMarginRatio => format!(
                "max(0, profit) / max(1, wallet) · maintenance / equity = {} / {} × {} / {}",
                text(profit.max(Decimal::ZERO)),
                text(wallet.max(Decimal::ONE)),
                text(maintenance),
                text(equity)
            ),
            AdlRank::GainExposure => {
                let gains = profit > Decimal::ZERO;
                let (high, low) = (value.max(entry_value), value.min(entry_value));
                let (over, under) = if gains { (high, low) } else { (low, high) };
                format!(
                    "gain of the price · value / equity = {} / {} × {} / {}",
                    text(over),
                    text(under),
                    text(value),
                    text(equity)
                )
            }
            AdlRank::Unranked => "this venue ranks nobody".to_owned(),
            AdlRank::ProRata => "profit: a weight, all are reduced in proportion to it".to_owned(),
        }
    }
}
