//! The main figures as JSON, for scripts.

use super::Facts;
use crate::exchange::World;
use crate::history::rfc3339;
use crate::money::Cash;
use crate::report::tables::fraction;
use crate::tally::exchange::{RungSpread, rungs};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Amounts are decimal text in the settlement asset, but notionals in quote units.
pub fn figures(facts: &Facts, folder: &Path) -> Value {
    let begun = facts.worlds.share(|world| world.first_adl.is_some());
    let first = facts.worlds.among(|world| world.first_adl);
    json!({
        "report": folder.display().to_string(),
        "worlds": facts.worlds.count(),
        "picked_world": facts.told.world.world,
        "fund_start": facts.worlds.fund_start().to_string(),
        "fund_drawdown": spread(facts, |world| world.fund_drawdown),
        "fund_drawdown_mtm": spread(facts, |world| world.fund_drawdown_mtm),
        "fund_end": spread(facts, |world| world.fund_end),
        "liquidated_notional": spread(facts, |world| world.liquidated_notional),
        "adl": {
            "worlds": begun.hits,
            "share": fraction(begun.share),
            "low": fraction(begun.low),
            "high": fraction(begun.high),
            "median_first_time": first.map(|first| rfc3339(first.quantile(50))),
            "notional": spread(facts, |world| world.adl_notional),
        },
        "waterfall": rungs(facts.worlds).iter().map(rung).collect::<Map<_, _>>(),
    })
}

fn spread(facts: &Facts, of: fn(&World) -> Cash) -> Value {
    let spread = facts.worlds.spread(of);
    json!({
        "p5": spread.quantile(5).to_string(),
        "p50": spread.quantile(50).to_string(),
        "p95": spread.quantile(95).to_string(),
        "max": spread.most().to_string(),
    })
}

fn rung(rung: &RungSpread) -> (String, Value) {
    let told = json!({
        "mean": rung.paid.mean().to_string(),
        "share": rung.share.map(fraction),
    });
    (rung.rung.name.to_owned(), told)
}
