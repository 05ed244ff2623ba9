//! `manifest.json`: what reproduces a reverse stress, and what it rests on.

use super::Facts;
use crate::fault::{Error, Result};
use crate::report::manifest::history;
use serde_json::{Value, json};

pub fn manifest(facts: &Facts) -> Result<String> {
    let failed = |error: serde_json::Error| Error::io("write", "manifest.json")(error.into());
    let study = facts.study;
    let scenario = serde_json::to_value(&study.raw).map_err(failed)?;
    let both = facts.symbols.iter().zip(&study.crashes[facts.crash].study.histories);
    let histories: Vec<Value> =
        both.map(|(one, raw)| history(one.history, one.shipped, one.files, raw)).collect();
    let value = json!({
        "program": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "command": facts.command,
        "study": "fund",
        "question": "reverse",
        "title": study.title,
        "seed": study.seed,
        "scenario_file": study.origin.file,
        "scenario_folder": facts.to_scenario.display().to_string(),
        "scenario": scenario,
        "crash": facts.crash_name(),
        "limit": format!("{} > {}", study.reverse.limit.metric.word(), facts.limit()),
        "histories": histories,
        "venue": facts.rules().to_json(),
        "assumptions": facts.rules().assumptions(),
    });
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(failed)
}
