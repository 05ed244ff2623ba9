//! The entry that was followed closely.

use super::super::Facts;
use crate::report::chart::label;
use crate::tally::Fate;

/// The headline of the crash replay; `None` without one.
pub fn headline(facts: &Facts) -> Option<String> {
    let replay = facts.replay?;
    let died = |fate: &&Fate| fate.outcome.liquidation.is_some();
    let lowest = replay.fates.iter().filter(died).min_by_key(|fate| fate.leverage);
    let entered = label::moment(replay.entry.time);
    Some(match lowest.and_then(|fate| Some((fate, fate.outcome.liquidation?))) {
        Some((fate, end)) => format!(
            "Of the {side}s opened at {entered} UTC, the worst moment of all, every leverage from \
             {} up was liquidated; {} lived {}.",
            label::leverage(fate.leverage.to_f64()),
            label::leverage(fate.leverage.to_f64()),
            label::hours(facts.hours(end.first_bar)),
            side = replay.side,
        ),
        None => format!(
            "A {} opened at {entered} UTC, the worst moment of all, outlived its horizon at every \
             leverage asked for.",
            replay.side
        ),
    })
}
