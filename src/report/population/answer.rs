//! A population as JSON. Money and prices are decimal text; what is infinite is null.

use super::{Portrait, quote};
use crate::history::rfc3339;
use crate::population::{BANDS, BIN, Deciles, Listing, SideDescription, SymbolDescription};
use serde_json::{Value, json};

/// What a population looks like at the start.
pub fn answer(portrait: &Portrait) -> Value {
    let Portrait { study, description, .. } = portrait;
    let drawn = portrait.names.is_none();
    let symbols: Vec<Value> = description
        .symbols
        .iter()
        .zip(portrait.listings)
        .map(|(described, listing)| symbol(described, listing))
        .collect();
    json!({
        "program": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "population": study.title,
        "scenario_file": study.origin.file,
        "seed": drawn.then_some(study.seed),
        "world": drawn.then_some(portrait.world),
        "file": study.population.file.as_ref().map(|path| path.display().to_string()),
        "start": portrait.start().map(rfc3339),
        "users": description.users,
        "makers": description.makers,
        "symbols": symbols,
    })
}

fn symbol(described: &SymbolDescription, listing: &Listing) -> Value {
    json!({
        "symbol": described.symbol,
        "venue": listing.rules.name,
        "quote": quote(listing),
        "mark": listing.history.scale.to_decimal(described.mark).to_string(),
        "long": side(&described.long),
        "short": side(&described.short),
    })
}

fn side(side: &SideDescription) -> Value {
    let bands: Vec<Value> = BANDS
        .iter()
        .zip(&side.leverage)
        .map(|(from, share)| json!({ "from": from, "share": fraction(*share) }))
        .collect();
    json!({
        "open_interest": side.value.to_string(),
        "of_makers": side.makers.to_string(),
        "user_positions": side.positions,
        "largest_user_position": side.largest.to_string(),
        "deciles": side.users.as_ref().map(deciles),
        "leverage": bands,
        "liquidated_within": within(side),
    })
}

fn deciles(deciles: &Deciles) -> Value {
    json!({
        "value": deciles.value.map(|value| value.to_string()).to_vec(),
        "leverage": deciles.leverage.map(fraction).to_vec(),
        "distance_to_liquidation": deciles.distance.map(fraction).to_vec(),
    })
}

/// Running sum of the density, as shares of the side.
fn within(side: &SideDescription) -> Vec<Value> {
    let whole = side.value.atoms() as f64 / 1e8;
    let mut sum = 0.0;
    let part = |(bin, value): (usize, &f64)| {
        sum += value / whole;
        json!({ "distance": fraction((bin + 1) as f64 * BIN), "share": fraction(sum) })
    };
    side.density.iter().enumerate().map(part).collect()
}

/// Six decimals.
fn fraction(value: f64) -> Value {
    match value.is_finite() {
        true => ((value * 1e6).round() / 1e6).into(),
        false => Value::Null,
    }
}
