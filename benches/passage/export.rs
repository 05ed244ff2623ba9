//! What `benches/compare` reads: the series, the answers and the times.

use super::answers::{Digest, Figure};
use super::question::{Question, Terms};
use deleverage::engine::FundingBook;
use deleverage::money::{Price, Rate};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Raw little-endian columns, one entry a bar, and what is asked about them.
pub fn series(folder: &Path, question: &Question, terms: Terms) {
    let history = &question.inputs.history;
    let steps = |prices: &[Price]| prices.iter().flat_map(|at| at.steps().to_le_bytes()).collect();
    let write = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).unwrap();
    write("open.i64", steps(&history.trade.open));
    write("low.i64", steps(&history.mark.low));
    write("high.i64", steps(&history.mark.high));
    if terms == Terms::Funding {
        let book = &question.conditions.funding;
        write("paid.f64", paid(book, history.len(), FundingBook::through));
        write("before.f64", paid(book, history.len(), FundingBook::before_open));
    }
    let leverages = question.study.leverages.iter().map(|leverage| leverage.to_f64());
    let about = json!({
        "bars": history.len(),
        "horizon": question.plan.horizons[0],
        "leverages": leverages.collect::<Vec<f64>>(),
        "maintenance": "0.005",
        "price_decimals": history.scale.decimals(),
    });
    write("question.json", about.to_string().into_bytes());
}

/// What a long has paid per unit, in price steps.
fn paid(book: &FundingBook, bars: usize, settled: fn(&FundingBook, usize) -> usize) -> Vec<u8> {
    let at = |bar| book.sum(settled(book, bar)).steps() as f64 / Rate::ONE as f64;
    (0..bars).flat_map(|bar| f64::to_le_bytes(at(bar))).collect()
}

/// Adds the answers under some terms to the file of all.
pub fn answers(folder: &Path, question: &Question, terms: Terms, digest: &Digest) {
    let study = &question.study;
    let cells = study.sides.iter().flat_map(|side| {
        study.leverages.iter().map(move |leverage| (side.to_string(), leverage.to_string()))
    });
    let cells = cells.zip(digest).map(|((side, leverage), (liquidated, bars))| {
        json!({ "side": side, "leverage": leverage, "liquidated": liquidated, "bars": bars })
    });
    let file = folder.join(format!("answers-{}.json", terms.name()));
    fs::write(file, Value::Array(cells.collect()).to_string()).unwrap();
}

pub fn figures(folder: &Path, figures: &[Figure]) {
    let rows = figures.iter().map(|figure| {
        json!({
            "terms": figure.terms.name(),
            "engine": figure.engine,
            "threads": figure.threads,
            "positions": figure.positions,
            "wall_seconds": figure.time.as_secs_f64(),
        })
    });
    fs::write(folder.join("figures.json"), Value::Array(rows.collect()).to_string()).unwrap();
}
