//! `manifest.json`: what reproduces a run of the exchange, and what it rests on.

use super::{Facts, Symbol};
use crate::fault::{Error, Result};
use crate::history::rfc3339;
use crate::report::manifest::history;
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
        "histories": histories(facts),
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

fn histories(facts: &Facts) -> Vec<Value> {
    let both = facts.symbols.iter().zip(&facts.study.histories);
    both.map(|(symbol, raw)| history(symbol.history, symbol.shipped, symbol.files, raw)).collect()
}

fn venue(symbol: &Symbol) -> Value {
    json!({
        "as_of": symbol.as_of.to_string(),
        "rules": symbol.rules.to_json(),
        "assumptions": symbol.rules.assumptions(),
    })
}
