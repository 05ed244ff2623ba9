//! From a dated file and a scenario's overrides to [`VenueRules`].

use super::brackets;
use super::fees::FeeTable;
use super::library::{self, Entry};
use super::origin::Origin;
use super::overrides::Overrides;
use super::raw::{RawVenue, Text};
use super::rules::{FundingRules, LossRules, Source, VenueRules};
use super::sources;
use super::tiers::Tiers;
use super::vocabulary::{
    AdlPrice, AdlRank, AdlStart, CloseOut, Contract, FundScope, FundingCap, FundingPays,
    FundingPrice, LastRung, OrderPrice, Residual,
};
use crate::fault::Result;
use crate::history::Interval;
use crate::money::Quantity;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Table;
use toml::de::DeTable;

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
    let tiers = match brackets::flat(&overrides, &origin)? {
        Some(flat) => flat,
        None => venue.tiers_of(request.symbol, &origin)?,
    };
    Ok(venue.rules(request.symbol, tiers, overrides.listed.clone()))
}

/// The rules of every symbol in a file that need not lie in a venue's folder.
///
/// # Errors
/// If the file cannot be read, is not TOML, lacks a key or has an unknown one, or breaks a
/// relation between its numbers: floors rise from 0, maintenance rises and stays below the
/// initial rate, published deductions equal the recomputed ones, every parameter has a source.
pub fn check_file(path: &Path) -> Result<Vec<VenueRules>> {
    let text = library::read_text(path)?;
    let file = path.display().to_string();
    let origin = Origin { file: &file, text: &text, overrides: &[] };
    let venue = Venue::read(&origin, &Overrides::default())?;
    let rules =
        venue.tiers.iter().map(|(symbol, tiers)| venue.rules(symbol, tiers.clone(), Vec::new()));
    Ok(rules.collect())
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
    Ok(venue.tiers.into_keys().collect())
}

/// A whole venue file, checked.
struct Venue {
    raw: RawVenue,
    valid_from: Date,
    fees: FeeTable,
    funding_interval: Interval,
    tiers: BTreeMap<String, Tiers>,
    sources: Vec<Source>,
}

impl Venue {
    fn read(origin: &Origin, overrides: &Overrides) -> Result<Self> {
        let raw = parse(origin, overrides)?;
        let brackets = raw
            .margin
            .iter()
            .map(|(symbol, margin)| Ok((symbol.clone(), brackets::tiers(margin, origin)?)));
        Ok(Self {
            valid_from: sources::date(&raw.valid_from, origin)?,
            fees: FeeTable::read(&raw, origin)?,
            funding_interval: interval(&raw.funding.interval, origin)?,
            tiers: brackets.collect::<Result<_>>()?,
            sources: sources::sources(&raw, origin)?,
            raw,
        })
    }

    /// The folder is the timeline, so a file's place and its content may not disagree.
    fn lies_where_it_belongs(&self, entry: &Entry, origin: &Origin) -> Result<()> {
        if *self.raw.name.get_ref() != entry.venue {
            let problem = "the name is not that of the folder";
            return Err(origin.fault_at(&self.raw.name, problem).accepted(&entry.venue).into());
        }
        if self.valid_from != entry.valid_from {
            let problem = "the first day is not that of the file name";
            let fault = origin.fault_at(&self.raw.valid_from, problem);
            return Err(fault.accepted(entry.valid_from.to_string()).into());
        }
        Ok(())
    }

    fn tiers_of(&self, symbol: &str, origin: &Origin) -> Result<Tiers> {
        self.tiers.get(symbol).cloned().ok_or_else(|| {
            let known: Vec<&str> = self.tiers.keys().map(String::as_str).collect();
            let remedy = format!("{}, or a flat `maintenance` rate", known.join(", "));
            let fault = origin.fault_in_file("no brackets for this symbol");
            fault.found(symbol).accepted(remedy).into()
        })
    }

    fn rules(&self, symbol: &str, tiers: Tiers, overridden: Vec<(String, String)>) -> VenueRules {
        let raw = &self.raw;
        VenueRules {
            name: raw.name.get_ref().clone(),
            symbol: symbol.to_string(),
            valid_from: self.valid_from,
            history: raw.history.get_ref().clone(),
            settlement: raw.settlement.get_ref().clone(),
            tiers,
            trigger_price: raw.trigger.price,
            trigger_fee: raw.trigger.closing_fee,
            edge: raw.trigger.when,
            contract: Contract::Linear,
            face: Quantity::from_lots(100_000_000),
            open_interest: None,
            instrument: symbol.to_string(),
            close_out: CloseOut::IocThenTakeover,
            order: OrderPrice::Market,
            residual: Residual::FeeThenReturn,
            fees: self.fees.of(symbol),
            funding: FundingRules {
                interval: self.funding_interval,
                cap: FundingCap::None,
                price: FundingPrice::Mark,
                pays: FundingPays::Margin,
            },
            volatility: None,
            loss: LossRules {
                negative_balance: raw.protection.negative_balance,
                fund: FundScope::Pool,
                adl_start: AdlStart::FundEmpty,
                adl_rank: AdlRank::ProfitMarginRatio,
                adl_price: AdlPrice::Bankruptcy,
                last_rung: LastRung::Injection,
            },
            sources: sources::concerning(&self.sources, symbol),
            overridden,
        }
    }
}

/// The file with the overrides laid over it, as it is written.
fn parse(origin: &Origin, overrides: &Overrides) -> Result<RawVenue> {
    let of_toml = |error| origin.fault_of_toml(&error).into();
    let mut file = DeTable::parse(origin.text).map_err(of_toml)?;
    overrides.lay_over(file.get_mut(), origin)?;
    RawVenue::deserialize(toml::Deserializer::from(file)).map_err(of_toml)
}

fn interval(text: &Text, origin: &Origin) -> Result<Interval> {
    Interval::parse(text.get_ref()).ok_or_else(|| {
        origin.fault_at(text, "not a length of time").accepted(Interval::ACCEPTED).into()
    })
}
