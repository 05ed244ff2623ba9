//! `manifest.json`: what reproduces a run of the exchange, and what it rests on.

use super::{Facts, Symbol};
use crate::fault::{Error, Result};
use crate::history::rfc3339;
use crate::report::manifest::{files, mark};
use serde_json::{Value, json};

pub fn manifest(facts: &Facts) -> Result<String> {
    let failed = |error: serde_json::Error| Error::io("write", "manifest.json")(error.into());
    let study = facts.study;
    let scenario = serde_json::to_value(&study.raw).map_err(failed)?;
    let value = json!({
        "program": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "command": facts.command,
        "study": "exchange",
        "title": study.title,
        "seed": study.seed,
        "scenario_file": study.origin.file,
        "scenario_folder": facts.to_scenario.display().to_string(),
        "scenario": scenario,
        "population_file": population_file(facts),
        "histories": facts.symbols.iter().map(history).collect::<Vec<_>>(),
        "venues": facts.symbols.iter().map(venue).collect::<Vec<_>>(),
        "first_bar": facts.history().time.get(facts.scene.first).copied().map(rfc3339),
        "worlds": facts.worlds.count(),
        "timeline_over_worlds": facts.timeline.worlds,
        "picked_world": facts.told.world.world,
        "accounts_of_the_picked_world": facts.told.population.traders.len(),
        "threads": facts.threads,
        "wall_time_seconds": format!("{:.3}", facts.seconds),
    });
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(failed)
}

fn population_file(facts: &Facts) -> Option<Value> {
    let path = facts.study.raw.population.file.as_ref()?;
    Some(json!({ "path": path.text, "sha256": facts.population_file }))
}

fn history(symbol: &Symbol) -> Value {
    let history = symbol.history;
    json!({
        "symbol": history.symbol,
        "exchange": symbol.shipped.map(|shipped| &shipped.exchange),
        "instrument": symbol.shipped.map(|shipped| &shipped.instrument),
        "interval": history.interval.to_string(),
        "bars": history.len(),
        "first": history.time.first().copied().map(rfc3339),
        "last": history.time.last().copied().map(rfc3339),
        "mark": mark(history),
        "funding_settlements": history.funding.len(),
        "missing_bars": history.missing,
        "moved_opens": history.moved_opens,
        "price_decimals": history.scale.decimals(),
        "files": files(symbol.files),
    })
}

fn venue(symbol: &Symbol) -> Value {
    json!({
        "as_of": symbol.as_of.to_string(),
        "rules": symbol.rules.to_json(),
        "assumptions": symbol.rules.assumptions(),
    })
}
