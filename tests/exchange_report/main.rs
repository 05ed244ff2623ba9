//! From worlds to a report: statistics, files, sentences, and worlds told again. Rules `EXC-025`,
//! `EXC-029`, `STA-008` to `STA-012`.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod golden;
mod journal;
mod made;
#[path = "../market/mod.rs"]
mod market;
mod runs;
mod statistics;

use deleverage::fault::Error;
use deleverage::passage::Engine;
use deleverage::report::Existing;
use deleverage::run::{self, Cancel, Finished, Options, Quiet};
use deleverage::scenario::{self, ExchangeStudy, OutcomeFormat};
use std::path::Path;

/// A crash small enough to run in a second, and hard enough that winners are deleveraged.
const CRASH: &str = r#"
study = "exchange"
title = "A crash in small"
seed = 7
[history]
event = "2025-10-10"
symbol = "BTCUSDT"
[venue]
name = "binance-usdm"
[exchange]
worlds = 6
accounts = 300
[population]
open_interest = "8000000000"
[liquidity]
depth = "185000000"
multiplier = "5%"
[fund]
balance = "5000000"
"#;

fn study(text: &str) -> ExchangeStudy {
    scenario::from_text(text, "crash.toml", Path::new("."), &[]).unwrap().exchange().unwrap()
}

fn run(text: &str, out: &Path, threads: usize) -> Result<Finished, Error> {
    run_study(&study(text), out, threads)
}

fn run_study(study: &ExchangeStudy, out: &Path, threads: usize) -> Result<Finished, Error> {
    let options = Options {
        out: out.to_owned(),
        existing: Existing::Refuse,
        threads: Some(threads),
        format: OutcomeFormat::Csv,
        engine: Engine::default(),
        cache: None,
        command: "deleverage run crash.toml".to_owned(),
    };
    run::exchange::run(study, &options, &Quiet, &Cancel::new())
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// A CSV file: its header and its rows.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = owned(reader.headers().unwrap());
    (header, reader.records().map(|record| owned(&record.unwrap())).collect())
}

/// One column of a CSV file.
fn column(text: &str, name: &str) -> Vec<String> {
    let (header, rows) = table(text);
    let place = header.iter().position(|known| known == name).unwrap();
    rows.into_iter().map(|row| row[place].clone()).collect()
}
