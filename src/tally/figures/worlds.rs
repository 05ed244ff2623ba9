//! Figures over worlds.

use super::{Measured, Seen};
use crate::exchange::World;
use crate::money::Cash;
use crate::money::decimal::parse_float;
use crate::scenario::expect::WorldFigure;
use crate::tally::exchange::Spread;
use crate::tally::interval;
use rust_decimal::Decimal;

const MINUTE: i64 = 60_000;

/// A figure over worlds; `None` where no world has it.
pub fn of_worlds(figure: WorldFigure, worlds: &[Seen]) -> Option<Measured> {
    if let Some(so) = truth_of(figure) {
        return share(worlds.iter().filter_map(so));
    }
    let spread = Spread::of(worlds.iter().filter_map(|seen| value(figure, seen)))?;
    Some(Measured {
        value: spread.quantile(50),
        low: spread.quantile(5),
        high: spread.quantile(95),
        count: spread.count() as u64,
    })
}

/// What a world is asked that has yes or no for an answer.
fn truth_of(figure: WorldFigure) -> Option<fn(&Seen) -> Option<bool>> {
    match figure {
        WorldFigure::AdlWorlds => Some(|seen| Some(seen.world.first_adl.is_some())),
        WorldFigure::AdlAltsFirst => Some(|seen| seen.alts_first),
        _ => None,
    }
}

fn share(answers: impl Iterator<Item = bool>) -> Option<Measured> {
    let (mut hits, mut count) = (0, 0);
    for yes in answers {
        hits += u64::from(yes);
        count += 1;
    }
    let share = interval::of_independent(hits, count)?;
    let number = |value: f64| parse_float(value).ok();
    let (value, low, high) = (number(share.share)?, number(share.low)?, number(share.high)?);
    Some(Measured { value, low, high, count })
}

fn value(figure: WorldFigure, seen: &Seen) -> Option<Decimal> {
    let world = &seen.world;
    let cash = match figure {
        WorldFigure::FundEnd => world.fund_end,
        WorldFigure::FundLost => world.fund_start - world.fund_end,
        WorldFigure::FundGain => world.fund_end_mtm - world.fund_start,
        WorldFigure::FundDrawdown => world.fund_drawdown,
        WorldFigure::FundDrawdownMtm => world.fund_drawdown_mtm,
        WorldFigure::FundUnrealised => seen.unrealised?,
        WorldFigure::FundCash(time) => cash_at(seen, time)?,
        WorldFigure::Liquidated => world.liquidated_notional,
        WorldFigure::AdlNotional => world.adl_notional,
        WorldFigure::Socialised => world.waterfall.socialised,
        WorldFigure::Injected => world.waterfall.injected,
        WorldFigure::DeficitsUnpaid => seen.deficits_unpaid,
        WorldFigure::AdlShare => return part(world.adl_notional, world.liquidated_notional),
        WorldFigure::AdlFirstMinutes => return first_minutes(world),
        WorldFigure::AdlWithinFiveMinutes => return seen.within_five_minutes,
        WorldFigure::AdlGap => return seen.gap,
        WorldFigure::AdlTop10Share => return seen.top10_share,
        WorldFigure::SocialisedOfProfit => return seen.of_profit,
        WorldFigure::AdlWorlds | WorldFigure::AdlAltsFirst => return None,
    };
    Some(cash.to_decimal())
}

fn part(part: Cash, whole: Cash) -> Option<Decimal> {
    part.to_decimal().checked_div(whole.to_decimal())
}

fn first_minutes(world: &World) -> Option<Decimal> {
    let (first, adl) = world.first_liquidation.zip(world.first_adl)?;
    Decimal::from(adl - first).checked_div(MINUTE.into())
}

/// At the end of the bar that ends at a time; `None`: no bar of the world does.
fn cash_at(seen: &Seen, time: i64) -> Option<Cash> {
    let (start, bar) = seen.clock;
    let passed = time - start;
    let number = usize::try_from(passed / bar).ok()?.checked_sub(1)?;
    seen.fund_cash.get(number).copied().filter(|_| passed % bar == 0)
}
