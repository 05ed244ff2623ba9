//! What `benches/compare` reads: the series, the answers and the times.

use super::answers::{Digest, Figure};
use super::question::{Question, Terms};
use deleverage::engine::FundingBook;
use deleverage::money::{Price, Rate};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// Decimals of the exported prices.
const DECIMALS: u32 = 2;

/// Raw little-endian columns, one entry a bar, and what is asked about them.
pub fn series(folder: &Path, question: &Question) {
    let history = &question.inputs.history;
    let step = 10_i64.pow(history.scale.decimals() - DECIMALS);
    let cents =
        |prices: &[Price]| prices.iter().flat_map(|at| (at.steps() / step).to_le_bytes()).collect();
    let write = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).unwrap();
    write("open.i64", cents(&history.trade.open));
    write("low.i64", cents(&history.mark.low));
    write("high.i64", cents(&history.mark.high));
    let book = &question.conditions.funding;
    let unit = Rate::ONE as f64 * step as f64;
    write("paid.f64", paid(book, history.len(), unit, FundingBook::through));
    write("before.f64", paid(book, history.len(), unit, FundingBook::before_open));
    let leverages = question.study.leverages.iter().map(|leverage| leverage.to_f64());
    let about = json!({
        "bars": history.len(),
        "horizon": question.plan.horizons[0],
        "leverages": leverages.collect::<Vec<f64>>(),
        "notional": question.study.notionals[0].to_string(),
        "maintenance": "0.005",
        "price_decimals": DECIMALS,
    });
    write("question.json", about.to_string().into_bytes());
}

/// What a long has paid per unit, in cents.
fn paid(
    book: &FundingBook,
    bars: usize,
    unit: f64,
    settled: fn(&FundingBook, usize) -> usize,
) -> Vec<u8> {
    let at = |bar| book.sum(settled(book, bar)).steps() as f64 / unit;
    (0..bars).flat_map(|bar| f64::to_le_bytes(at(bar))).collect()
}

/// The answers under some terms: by side and leverage.
pub fn answers(question: &Question, digest: &Digest) -> Value {
    let mut digest = digest.iter();
    let study = &question.study;
    let sides = study.sides.iter().map(|side| {
        let cells = study.leverages.iter().zip(digest.by_ref());
        let cells = cells.map(|(leverage, (liquidated, bars))| {
            (leverage.to_string(), json!({ "liquidated": liquidated, "bars": bars }))
        });
        (side.to_string(), Value::Object(cells.collect()))
    });
    Value::Object(sides.collect())
}

/// All answers, and the figures of one thread.
pub fn write(folder: &Path, mut answers: Map<String, Value>, figures: &[Figure]) {
    let figures = figures.iter().filter(|one| one.threads == 1 && one.terms != Terms::Tiers);
    let kernels = figures.map(|figure| {
        json!({
            "engine": figure.engine,
            "threads": figure.threads,
            "funding": figure.terms == Terms::Funding,
            "positions": figure.positions,
            "cpu_seconds": figure.time.as_secs_f64(),
        })
    });
    answers.insert("kernels".to_owned(), kernels.collect());
    fs::write(folder.join("answers.json"), Value::Object(answers).to_string()).unwrap();
}
