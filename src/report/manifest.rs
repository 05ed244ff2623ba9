//! `manifest.json`: what reproduces a run, and what it rests on.

use super::{Facts, Shipped};
use crate::fault::{Error, Result};
use crate::history::{History, MarkSource, SourceFile, rfc3339};
use crate::scenario::RawHistory;
use crate::venue::NegativeBalance;
use serde_json::{Value, json};

pub fn manifest(facts: &Facts) -> Result<String> {
    let failed = |error: serde_json::Error| Error::io("write", "manifest.json")(error.into());
    let scenario = serde_json::to_value(&facts.study.raw).map_err(failed)?;
    let value = json!({
        "program": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "command": facts.command,
        "study": "leverage",
        "title": facts.study.title,
        "seed": facts.study.seed,
        "scenario_file": facts.study.origin.file,
        "scenario_folder": facts.to_scenario.display().to_string(),
        "scenario": scenario,
        "history": history(facts.history, facts.shipped, facts.files, &facts.study.raw.history),
        "venue": venue(facts),
        "entries": entries(facts),
        "positions": facts.positions,
        "threads": facts.threads,
        "wall_time_seconds": format!("{:.3}", facts.seconds),
    });
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(failed)
}

/// What every study says of a history.
pub(super) fn history(
    history: &History,
    shipped: Option<&Shipped>,
    read: &[SourceFile],
    raw: &RawHistory,
) -> Value {
    json!({
        "symbol": history.symbol,
        "exchange": shipped.map(|shipped| &shipped.exchange),
        "instrument": shipped.map(|shipped| &shipped.instrument),
        "interval": history.interval.to_string(),
        "bars": history.len(),
        "first": history.time.first().copied().map(rfc3339),
        "last": history.time.last().copied().map(rfc3339),
        "mark": mark(history),
        "funding_settlements": history.funding.len(),
        "missing_bars": history.missing,
        "gap_policy": raw.gaps,
        "moved_opens": history.moved_opens,
        "open_policy": raw.opens,
        "segments": history.segments.len(),
        "price_decimals": history.scale.decimals(),
        "files": files(read),
    })
}

fn files(files: &[SourceFile]) -> Vec<Value> {
    let file = |file: &SourceFile| {
        json!({
            "path": file.path,
            "kind": file.kind.to_string(),
            "format": file.format,
            "rows": file.rows,
            "sha256": file.sha256,
        })
    };
    files.iter().map(file).collect()
}

fn mark(history: &History) -> &'static str {
    match history.mark_source {
        MarkSource::Recorded => "recorded",
        MarkSource::TradeStandsIn => "none: the trade series stands in",
    }
}

fn venue(facts: &Facts) -> Value {
    let bearer = match facts.rules.loss.negative_balance {
        NegativeBalance::Protected => "insurance fund",
        NegativeBalance::Owed => "trader",
    };
    json!({
        "as_of": facts.as_of.to_string(),
        "rules": facts.rules.to_json(),
        "assumptions": facts.rules.assumptions(),
        "deficits_are_borne_by": bearer,
    })
}

fn entries(facts: &Facts) -> Value {
    let left_out = facts.study.horizons.iter().zip(&facts.plan.left_out);
    json!({
        "considered": facts.plan.entries.len(),
        "left_out_for_lack_of_a_full_horizon": left_out
            .map(|(horizon, count)| (horizon.label.clone(), json!(count)))
            .collect::<serde_json::Map<_, _>>(),
    })
}
