//! What a run leaves on disk: `manifest.json`, `summary.txt`, `frequency.csv`, `safe.csv`,
//! `owed.csv`, one row per position, and pictures.
//!
//! Every file is a function of [`Facts`]. All of them are written to a temporary folder that
//! [`Shelf`] renames into place at the end.

pub mod chart;
mod columns;
pub mod exchange;
pub mod fund;
mod manifest;
pub mod outcomes;
mod pictures;
pub mod population;
pub mod recorded;
pub mod reverse;
mod rows;
mod safe;
mod sentences;
mod shelf;
pub mod story;
mod tables;
pub mod validation;

pub use rows::Sink;
pub use sentences::rounded;
pub use shelf::{Existing, Shelf};
pub use tables::shares;

use crate::fault::{Error, Result};
use crate::history::{History, SourceFile};
use crate::money::Cash;
use crate::scenario::{Plan, Study};
use crate::tally::{Criticals, Replay, Tally};
use crate::venue::VenueRules;
use jiff::civil::Date;
use std::path::Path;

/// Whose prices of a shipped event a history holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// As the tables name it: `binance-um`.
    pub exchange: String,
    pub instrument: String,
}

impl Shipped {
    /// Whether the prices are of another exchange or instrument than the rules.
    fn stands_in(&self, rules: &VenueRules) -> bool {
        let first_word = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
        let (table, venue) = (first_word(&self.exchange), first_word(&rules.name));
        let same = table.starts_with(&venue) || venue.starts_with(&table);
        !same || self.instrument != rules.symbol
    }
}

/// All that is known at the end of a run.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub study: &'a Study,
    /// From the report to the folder that the scenario's relative paths start from.
    pub to_scenario: &'a Path,
    pub history: &'a History,
    pub files: &'a [SourceFile],
    /// `None`: the prices come from files.
    pub shipped: Option<&'a Shipped>,
    pub rules: &'a VenueRules,
    /// Day whose rules were asked for.
    pub as_of: Date,
    pub plan: &'a Plan,
    pub tally: &'a Tally,
    /// `None`: a leverage says nothing about a position's end, or not by a short way.
    pub criticals: Option<&'a Criticals>,
    pub replay: Option<&'a Replay>,
    pub positions: u64,
    pub command: &'a str,
    pub threads: usize,
    pub seconds: f64,
}

impl Facts<'_> {
    /// Length of a number of bars, in hours.
    fn hours(&self, bars: usize) -> f64 {
        bars as f64 * self.history.interval.millis() as f64 / 3.6e6
    }
}

/// Writes everything but the rows; returns the sentences of `summary.txt`.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(facts: &Facts, folder: &Path) -> Result<String> {
    let summary = sentences::summary(facts);
    put(folder, "summary.txt", summary.as_bytes())?;
    put(folder, "frequency.csv", &tables::frequency(facts)?)?;
    if let Some(criticals) = facts.criticals {
        put(folder, "safe.csv", &safe::table(criticals)?)?;
    }
    put(folder, "owed.csv", &tables::owed(facts)?)?;
    for (name, png) in pictures::draw(facts)? {
        put(folder, name, &png)?;
    }
    put(folder, "manifest.json", manifest::manifest(facts)?.as_bytes())?;
    Ok(summary)
}

/// A picture under the name of its file.
fn drawn(name: &str, picture: &impl chart::Picture) -> Result<(String, Vec<u8>)> {
    let failed = |error: chart::ChartError| Error::io("draw", name)(std::io::Error::other(error));
    chart::render(picture).map(|png| (name.to_owned(), png)).map_err(failed)
}

/// An amount as charts count it.
fn units(cash: Cash) -> f64 {
    cash.atoms() as f64 / 1e8
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(Error::io("write", path))
}
