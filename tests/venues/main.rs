//! Venue files: the built-in ones hold their laws, bad ones are refused with a place.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bad;
mod built_in;
mod folder;
mod overrides;
mod page;
#[path = "../shared/mod.rs"]
mod shared;
mod tables;
mod words;

use deleverage::fault::Result;
use deleverage::money::{Cash, Rate};
use deleverage::venue::{ResolveRequest, Tier, Tiers, VenueRules, check_file, resolve, venues};
use jiff::civil::{Date, date};
use std::path::PathBuf;
use toml::Table;

const BINANCE: &str = "binance-usdm";
const MAJORS: [&str; 5] = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT"];

fn rules(symbol: &str, as_of: Date, overrides: &str) -> Result<VenueRules> {
    let overrides: Table = overrides.parse().unwrap();
    let request =
        ResolveRequest { name: BINANCE, symbol, as_of, overrides: &overrides, folder: None };
    resolve(&request)
}

fn btc(overrides: &str) -> Result<VenueRules> {
    rules("BTCUSDT", date(2024, 8, 1), overrides)
}

fn cash(text: &str) -> Cash {
    Cash::parse(text).unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn message(result: Result<VenueRules>) -> String {
    result.unwrap_err().to_string()
}

/// Where a built-in file lies.
fn place(venue: &str, day: Date) -> PathBuf {
    ["data/venues", venue, &format!("{day}.toml")].iter().collect()
}

/// The rules of every symbol of every built-in file.
fn built_in() -> Vec<VenueRules> {
    let dated = venues(None).unwrap();
    let files = dated.iter().flat_map(|venue| venue.files.iter().map(move |file| (venue, file)));
    let all =
        files.flat_map(|(venue, file)| check_file(&place(&venue.name, file.valid_from)).unwrap());
    all.collect()
}

fn what(rules: &VenueRules) -> String {
    format!("{} {} {}", rules.name, rules.symbol, rules.valid_from)
}

/// Rules of any venue, without overrides.
fn of(name: &str, symbol: &str, as_of: Date) -> VenueRules {
    let overrides = &Table::new();
    resolve(&ResolveRequest { name, symbol, as_of, overrides, folder: None }).unwrap()
}

/// Maintenance in 1e-20 of the settlement asset, without any rounding.
fn exact(tier: &Tier, notional: Cash) -> i128 {
    i128::from(notional.atoms()) * i128::from(tier.maintenance.steps())
        - i128::from(tier.deduction.atoms()) * i128::from(Rate::ONE)
}

fn is_continuous(tiers: &Tiers) -> bool {
    let joints = tiers.steps.windows(2);
    joints.into_iter().all(|pair| exact(&pair[0], pair[1].floor) == exact(&pair[1], pair[1].floor))
}
