//! `manifest.json`: what reproduces a study of a fund's size, and what it rests on. Nothing in it
//! depends on the clock or on the number of threads.

use super::{Facts, Stop};
use crate::fault::{Error, Result};
use crate::report::exchange::Symbol;
use crate::report::manifest::history;
use crate::scenario::RawHistory;
use serde_json::{Value, json};

pub fn manifest(facts: &Facts) -> Result<String> {
    let failed = |error: serde_json::Error| Error::io("write", "manifest.json")(error.into());
    let study = facts.study;
    let scenario = serde_json::to_value(&study.raw).map_err(failed)?;
    let value = json!({
        "program": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "study": "fund",
        "title": study.title,
        "seed": study.seed,
        "scenario_file": study.origin.file,
        "scenario_folder": facts.to_scenario.display().to_string(),
        "scenario": scenario,
        "crashes": crashes(facts),
        "venue": facts.rules().to_json(),
        "assumptions": facts.rules().assumptions(),
        "cells": facts.cells.len(),
        "scenarios": facts.trials.len(),
        "stopped_by": match facts.stop {
            Stop::Tight => "interval",
            Stop::Worlds => "max_worlds",
            Stop::Time => "max_time",
        },
    });
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(failed)
}

fn crashes(facts: &Facts) -> Vec<Value> {
    let both = facts.study.crashes.iter().zip(facts.crashes);
    let histories = |symbols: &[Symbol], raw: &[RawHistory]| -> Vec<Value> {
        let both = symbols.iter().zip(raw);
        both.map(|(one, raw)| history(one.history, one.shipped, one.files, raw)).collect()
    };
    both.map(|(crash, symbols)| {
        json!({
            "name": crash.name,
            "weight": crash.chance.weight.to_decimal().to_string(),
            "draws": crash.chance.draws.to_decimal().to_string(),
            "histories": histories(symbols, &crash.study.histories),
        })
    })
    .collect()
}
