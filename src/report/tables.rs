//! `frequency.csv` and `owed.csv`.

use super::{Facts, safe};
use crate::fault::{Error, Result};
use crate::tally::{Cell, Estimate, OwedAmounts};
use serde_json::{Value, json};
use std::path::Path;

/// Shares with at least one liquidation step; how many of them were closed whole, and how many
/// fell to a raised requirement. An empty field where nothing was opened.
pub fn frequency(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "side",
        "leverage",
        "horizon",
        "n",
        "liquidated",
        "share",
        "low",
        "high",
        "fully_liquidated",
        "raised_margin",
    ];
    let row = |cell: &Cell| {
        let share = cell.share();
        let of = |count: u64| share.as_ref().map_or(String::new(), |_| count.to_string());
        let steps = cell.steps();
        let counts = vec![of(steps.full), of(steps.raised_margin)];
        [key(cell).to_vec(), counted(share.as_ref()), counts].concat()
    };
    table(&names, facts.tally.cells().iter().map(row))
}

/// Deficits: what traders would owe without negative-balance protection. Amounts in the
/// settlement asset and as fractions of the position's margin, over the positions that owe.
pub fn owed(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "side",
        "leverage",
        "horizon",
        "n",
        "owing",
        "share",
        "low",
        "high",
        "mean",
        "largest",
        "mean_of_margin",
        "p99_of_margin",
        "largest_of_margin",
    ];
    let row = |cell: &Cell| {
        let owed = cell.owed();
        let share = owed.as_ref().map(|owed| &owed.share);
        let amounts = amounts(owed.as_ref().and_then(|owed| owed.amounts));
        [key(cell).to_vec(), counted(share), amounts].concat()
    };
    table(&names, facts.tally.cells().iter().map(row))
}

/// The rows of `frequency.csv` and of `safe.csv` as JSON, for scripts; `null` where nothing was
/// opened.
pub fn shares(facts: &Facts, folder: &Path) -> Value {
    let row = |cell: &Cell| {
        let share = cell.share();
        let of = |read: fn(&Estimate) -> f64| share.as_ref().map(|share| fraction(read(share)));
        json!({
            "side": cell.side,
            "leverage": cell.leverage.to_string(),
            "horizon": cell.horizon,
            "n": share.as_ref().map_or(0, |share| share.n),
            "liquidated": share.as_ref().map(|share| share.hits),
            "share": of(|share| share.share),
            "low": of(|share| share.low),
            "high": of(|share| share.high),
            "fully_liquidated": share.as_ref().map(|_| cell.steps().full),
            "raised_margin": share.as_ref().map(|_| cell.steps().raised_margin),
        })
    };
    let cells: Vec<Value> = facts.tally.cells().iter().map(row).collect();
    json!({
        "report": folder.display().to_string(),
        "positions": facts.positions,
        "frequency": cells,
        "safe": facts.criticals.map(safe::rows),
    })
}

fn key(cell: &Cell) -> [String; 3] {
    [cell.side.to_string(), cell.leverage.to_string(), cell.horizon.clone()]
}

fn counted(estimate: Option<&Estimate>) -> Vec<String> {
    let Some(estimate) = estimate else {
        return ["0", "", "", "", ""].map(str::to_owned).to_vec();
    };
    let shares = [estimate.share, estimate.low, estimate.high].map(fraction);
    [vec![estimate.n.to_string(), estimate.hits.to_string()], shares.to_vec()].concat()
}

fn amounts(amounts: Option<OwedAmounts>) -> Vec<String> {
    let Some(owed) = amounts else { return vec![String::new(); 5] };
    let of_margin = [owed.mean_of_margin, owed.p99_of_margin, owed.largest_of_margin];
    [vec![owed.mean.to_string(), owed.largest.to_string()], of_margin.map(fraction).to_vec()]
        .concat()
}

pub(super) fn fraction(share: f64) -> String {
    format!("{share:.6}")
}

pub(super) fn table(names: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::io("write", "a table")(error.into());
    csv.write_record(names).map_err(failed)?;
    for row in rows {
        csv.write_record(row).map_err(failed)?;
    }
    csv.into_inner().map_err(|error| Error::io("write", "a table")(error.into_error()))
}
