//! What a study reads: its history and its venue's rules.

use crate::fault::{Error, Fault, Place, Result};
use crate::history::{
    self, Columns, History, LoadRequest, RawSeries, SourceFile, Sources, Terms, assemble, event,
};
use crate::report::Shipped;
use crate::scenario::{List, RawHistory, Study, Text};
use crate::venue::{self, ResolveRequest, VenueRules};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A study's history and rules, checked and resolved.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub history: History,
    /// The files that the history was read from, with their hashes.
    pub files: Vec<SourceFile>,
    /// `None`: the prices come from files.
    pub shipped: Option<Shipped>,
    pub rules: VenueRules,
    /// Day whose rules were asked for.
    pub as_of: Date,
}

/// Loads what a study names.
///
/// # Errors
/// A file, an event, a venue or a date that does not exist, or that does not say what it should.
pub fn load(study: &Study) -> Result<Inputs> {
    let prices = match &study.raw.history.event {
        Some(event) => shipped(study, &event.text)?,
        None => from_files(study)?,
    };
    let Prices { history, files, shipped } = prices;
    let as_of = study.venue.as_of.map_or_else(|| day_of(history.time[0]), Ok)?;
    let mut rules = rules(study, as_of)?;
    if let Some(protection) = study.protection {
        rules.loss.negative_balance = protection;
    }
    Ok(Inputs { history, files, shipped, rules, as_of })
}

fn rules(study: &Study, as_of: Date) -> Result<VenueRules> {
    let resolved = venue::resolve(&ResolveRequest {
        name: &study.venue.name,
        symbol: &study.raw.history.symbol.text,
        as_of,
        overrides: &study.venue.overrides,
        folder: None,
    });
    resolved.map_err(|error| named(study, error))
}

fn day_of(millis: i64) -> Result<Date> {
    let time = Timestamp::from_millisecond(millis).map_err(|_| {
        Fault::new(Place::default(), "the first bar has no calendar day").found(millis)
    })?;
    Ok(time.to_zoned(TimeZone::UTC).date())
}

/// The day that an event's tables begin on.
fn first_day_of(study: &Study, event: &str) -> Result<Date> {
    let first = event::first(event).map_err(|error| named(study, error))?;
    day_of(first)
}

/// What a history was read from.
struct Prices {
    history: History,
    files: Vec<SourceFile>,
    shipped: Option<Shipped>,
}

/// A crash that ships with the program, read on the prices that the venue's file names unless the
/// scenario names another exchange.
fn shipped(study: &Study, event: &str) -> Result<Prices> {
    let symbol = &study.raw.history.symbol.text;
    let day = match study.venue.as_of {
        Some(day) => day,
        None => first_day_of(study, event)?,
    };
    let VenueRules { history: usual, instrument, .. } = rules(study, day)?;
    let exchange = study.raw.history.exchange.as_ref().map_or(usual, |text| text.text.clone());
    let series =
        event::series(event, &exchange, &instrument).map_err(|error| named(study, error))?;
    let sha256 = event::digest(event)?;
    let file = |series: &RawSeries| SourceFile {
        path: series.file.clone(),
        kind: series.kind,
        format: "event table",
        rows: series.len() as u64,
        sha256: sha256.clone(),
        bytes: 0,
    };
    let files = series.iter().map(file).collect();
    let RawHistory { gaps, opens, .. } = study.raw.history;
    let terms = Terms { interval: study.interval, gaps, opens };
    let history = assemble(symbol, series, terms).map_err(|error| {
        let about = study.raw.history.interval.as_ref().or(study.raw.history.event.as_ref());
        match (error, about) {
            (Error::Input(fault), Some(text)) => quoted(study, text, *fault),
            (error, _) => error,
        }
    })?;
    Ok(Prices { history, files, shipped: Some(Shipped { exchange, instrument }) })
}

fn from_files(study: &Study) -> Result<Prices> {
    let raw = &study.raw.history;
    let bars = |list: &Option<List>| sources(study, list.as_ref(), raw.columns.clone());
    let request = LoadRequest {
        symbol: raw.symbol.text.clone(),
        trade: bars(&raw.trade),
        mark: bars(&raw.mark),
        index: bars(&raw.index),
        funding: sources(study, raw.funding.as_ref(), raw.funding_columns.clone()),
        interval: study.interval,
        gaps: raw.gaps,
        opens: raw.opens,
    };
    let loaded = history::load(&request).map_err(|error| listed(study, error))?;
    Ok(Prices { history: loaded.history, files: loaded.files, shipped: None })
}

fn resolved(study: &Study, path: &Text) -> String {
    study.folder.join(&path.text).display().to_string()
}

/// Relative paths start at the scenario file.
fn sources(study: &Study, list: Option<&List>, columns: Option<Columns>) -> Sources {
    let texts = list.map_or(&[][..], |list| &list.0);
    Sources {
        paths: texts.iter().map(|text| resolved(study, text)).collect(),
        format: study.raw.history.format.as_ref().map(|format| format.text.clone()),
        columns,
    }
}

/// Puts a fault without a line of its own at the word of the scenario that it is about: the one
/// that was found wanting, else the overrides, else the venue.
fn named(study: &Study, error: Error) -> Error {
    let Error::Input(fault) = error else { return error };
    if fault.place.line.is_some() {
        return Error::Input(fault);
    }
    let (raw, venue) = (&study.raw.history, &study.raw.venue);
    let mut words = [&raw.event, &raw.exchange, &venue.as_of]
        .into_iter()
        .flatten()
        .chain([&raw.symbol, &venue.name]);
    let about = words.find(|word| fault.found.split(' ').next_back() == Some(&word.text));
    let overrides = Text { text: String::new(), span: venue.overrides.span() };
    let is_override = !fault.place.file.is_empty() && !study.venue.overrides.is_empty();
    let prices = raw.event.as_ref().or(List::nth(raw.trade.as_ref(), 0)).unwrap_or(&raw.symbol);
    let usual = match is_override {
        true => &overrides,
        false if venue.name.span == Text::NOWHERE => prices,
        false => &venue.name,
    };
    quoted(study, about.unwrap_or(usual), *fault)
}

/// Puts a failure to find a file at the text of the scenario that names it.
fn listed(study: &Study, error: Error) -> Error {
    let raw = &study.raw.history;
    let path = match &error {
        Error::Io { path, .. } => path.display().to_string(),
        Error::Input(fault) if fault.place.line.is_none() => match fault.place.file.is_empty() {
            true => fault.found.clone(),
            false => fault.place.file.clone(),
        },
        _ => return error,
    };
    let mut texts = [&raw.trade, &raw.mark, &raw.index, &raw.funding]
        .into_iter()
        .flatten()
        .flat_map(|list| &list.0);
    let named = texts.find(|text| resolved(study, text) == path);
    let unknown = |text: &&Text| fault_found(&error) == Some(&text.text);
    let Some(text) = named.or(raw.format.as_ref().filter(unknown)) else { return error };
    match error {
        Error::Input(fault) => quoted(study, text, *fault),
        other => study
            .origin
            .fault(Some(text), other.to_string())
            .accepted("files, folders or globs; relative paths start at the scenario file")
            .into(),
    }
}

fn fault_found(error: &Error) -> Option<&str> {
    match error {
        Error::Input(fault) => Some(&fault.found),
        _ => None,
    }
}

/// A fault at a text of the scenario, with what it was about before.
fn quoted(study: &Study, text: &Text, fault: Fault) -> Error {
    let problem = match fault.place.file.is_empty() {
        true => fault.problem,
        false => format!("{}: {}", fault.place, fault.problem),
    };
    Fault { place: study.origin.place(&text.span), problem, ..fault }.into()
}
