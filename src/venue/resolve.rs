//! From a dated file and a scenario's overrides to [`VenueRules`].

use super::brackets;
use super::file::{Instrument, Venue};
use super::library::{self, Entry};
use super::origin::Origin;
use super::overrides::Overrides;
use super::rules::VenueRules;
use crate::fault::Result;
use jiff::civil::Date;
use std::path::Path;
use toml::Table;

/// Which rules are wanted.
#[derive(Debug, Clone, Copy)]
pub struct ResolveRequest<'a> {
    /// Folder of the venue: `binance-usdm`.
    pub name: &'a str,
    /// Instrument as the venue writes it: `BTCUSDT`.
    pub symbol: &'a str,
    /// The day whose rules hold.
    pub as_of: Date,
    /// Keys of the venue file with other values, nested as in the file; arrays are replaced as a
    /// whole. Beside them `maintenance`, `initial` and `deduction`: one rate for every notional
    /// instead of the symbol's tiers, without a cap. May be empty.
    pub overrides: &'a Table,
    /// Folder of venues that comes before the built-in ones.
    pub folder: Option<&'a Path>,
}

/// A venue and the days on which its rules begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueInfo {
    pub name: String,
    /// Rising in time.
    pub files: Vec<VenueFile>,
}

/// One dated file of a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueFile {
    pub valid_from: Date,
    /// In the order of the alphabet.
    pub symbols: Vec<String>,
}

/// The rules of a venue for one symbol on one day: those of the latest file that begins on the
/// day or before, with the overrides laid over it.
///
/// # Errors
/// An unknown venue, symbol or override; a day before the first file; and everything that
/// [`check_file`] refuses, in the file or in the overrides.
pub fn resolve(request: &ResolveRequest) -> Result<VenueRules> {
    let entry = library::pick(request.name, request.as_of, request.folder)?;
    let text = entry.text()?;
    let overrides = Overrides::new(request.overrides);
    let origin = Origin { file: &entry.label, text: &text, overrides: &overrides.listed };
    let venue = Venue::read(&origin, &overrides)?;
    venue.lies_where_it_belongs(&entry, &origin)?;
    let known = venue.instrument(request.symbol, &origin);
    let own = match (brackets::flat(&overrides, &origin)?, known) {
        (Some(flat), Ok(own)) => own.with(flat),
        (Some(flat), Err(_)) => Instrument::flat(request.symbol, flat),
        (None, known) => known?,
    };
    Ok(venue.rules(request.symbol, own, overrides.listed.clone()))
}

/// The rules of every symbol of a venue, those of a day or the newest.
///
/// # Errors
/// An unknown venue, a day before its first file, and everything that [`check_file`] refuses.
pub fn rules_on(name: &str, as_of: Option<Date>, folder: Option<&Path>) -> Result<Vec<VenueRules>> {
    let entry = library::pick(name, as_of.unwrap_or(Date::MAX), folder)?;
    let text = entry.text()?;
    let origin = Origin { file: &entry.label, text: &text, overrides: &[] };
    let venue = Venue::read(&origin, &Overrides::default())?;
    venue.lies_where_it_belongs(&entry, &origin)?;
    Ok(venue.all())
}

/// The rules of every symbol in a file that need not lie in a venue's folder.
///
/// # Errors
/// If the file cannot be read, is not TOML, lacks a key or has an unknown one, or breaks a
/// relation between its numbers: floors rise from 0, maintenance rises and stays below the
/// initial rate, published deductions equal the recomputed ones, the keys of a choice are those of
/// its word, every parameter has a source.
pub fn check_file(path: &Path) -> Result<Vec<VenueRules>> {
    let text = library::read_text(path)?;
    let file = path.display().to_string();
    let origin = Origin { file: &file, text: &text, overrides: &[] };
    let venue = Venue::read(&origin, &Overrides::default())?;
    Ok(venue.all())
}

/// The built-in venues and, where a folder is given, its venues. A venue of the folder replaces
/// the built-in one of the same name altogether.
///
/// # Errors
/// If the folder cannot be read, or a file in it is not a valid venue file.
pub fn venues(folder: Option<&Path>) -> Result<Vec<VenueInfo>> {
    let mut all = Vec::new();
    for name in library::names(folder)? {
        let mut files = Vec::new();
        for (valid_from, entry) in library::timeline(&name, folder)? {
            files.push(VenueFile { valid_from, symbols: symbols(&entry)? });
        }
        all.push(VenueInfo { name, files });
    }
    Ok(all)
}

fn symbols(entry: &Entry) -> Result<Vec<String>> {
    let text = entry.text()?;
    let origin = Origin { file: &entry.label, text: &text, overrides: &[] };
    let venue = Venue::read(&origin, &Overrides::default())?;
    venue.lies_where_it_belongs(entry, &origin)?;
    Ok(venue.symbols().cloned().collect())
}
