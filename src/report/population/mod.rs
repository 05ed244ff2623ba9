//! A population for people and for programs: `population.json`, `accounts.csv` and pictures.

mod accounts;
mod answer;
mod picture;

pub use answer::answer;
pub use picture::headline;

use super::put;
use crate::fault::{Error, Result};
use crate::population::{Description, Listing, Population};
use crate::scenario::ExchangeStudy;
use std::path::Path;

/// A population and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Portrait<'a> {
    pub study: &'a ExchangeStudy,
    pub listings: &'a [Listing<'a>],
    /// First bar that worlds live through.
    pub first: usize,
    pub world: u32,
    pub population: &'a Population,
    /// Of the traders, where the book comes from a file.
    pub names: Option<&'a [String]>,
    pub description: &'a Description,
}

impl Portrait<'_> {
    /// UTC milliseconds of the start.
    fn start(&self) -> Option<i64> {
        self.listings.first().map(|listing| listing.history.time[self.first])
    }
}

/// Unit of values in quote units: USD for inverse contracts.
pub fn quote<'a>(listing: &Listing<'a>) -> &'a str {
    match listing.rules.contract {
        crate::venue::Contract::Linear => &listing.rules.settlement,
        crate::venue::Contract::Inverse => "USD",
    }
}

/// Writes all files of a population. `manifest.json` says what they are, so that a later one may
/// replace them.
///
/// # Errors
/// The folder cannot be written to, or a picture cannot be drawn.
pub fn write(portrait: &Portrait, command: &str, folder: &Path) -> Result<()> {
    put(folder, "accounts.csv", &accounts::table(portrait)?)?;
    for (name, png) in picture::draw(portrait)? {
        put(folder, &name, &png)?;
    }
    let mut manifest = answer(portrait);
    manifest["command"] = command.into();
    let text = serde_json::to_string_pretty(&manifest)
        .map_err(|error| Error::io("write", "manifest.json")(error.into()))?;
    put(folder, "manifest.json", (text + "\n").as_bytes())
}
