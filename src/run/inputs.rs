//! What a study reads: its history and its venue's rules.

use crate::fault::{Fault, Place, Result};
use crate::history::{
    self, Columns, History, LoadRequest, RawSeries, SourceFile, Sources, Terms, assemble, event,
};
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
    pub rules: VenueRules,
    /// Day whose rules were asked for.
    pub as_of: Date,
}

/// Loads what a study names.
///
/// # Errors
/// A file, an event, a venue or a date that does not exist, or that does not say what it should.
pub fn load(study: &Study) -> Result<Inputs> {
    let (history, files) = match &study.history.event {
        Some(event) => shipped(study, &event.text)?,
        None => from_files(study)?,
    };
    let as_of = study.venue.as_of.map_or_else(|| first_day(&history), Ok)?;
    let mut rules = rules(study, as_of)?;
    if let Some(protection) = study.protection {
        rules.negative_balance = protection;
    }
    Ok(Inputs { history, files, rules, as_of })
}

fn rules(study: &Study, as_of: Date) -> Result<VenueRules> {
    venue::resolve(&ResolveRequest {
        name: &study.venue.name,
        symbol: &study.history.symbol.text,
        as_of,
        overrides: &study.venue.overrides,
        folder: None,
    })
}

fn first_day(history: &History) -> Result<Date> {
    let first = Timestamp::from_millisecond(history.time[0]).map_err(|_| {
        Fault::new(Place::default(), "the first bar has no calendar day").found(history.time[0])
    })?;
    Ok(first.to_zoned(TimeZone::UTC).date())
}

/// A crash that ships with the program, read on the venue's own prices unless the scenario names
/// another exchange.
fn shipped(study: &Study, event: &str) -> Result<(History, Vec<SourceFile>)> {
    let symbol = &study.history.symbol.text;
    let exchange = match &study.history.exchange {
        Some(exchange) => exchange.text.clone(),
        None => rules(study, Date::MAX)?.history,
    };
    let series = event::series(event, &exchange, symbol)?;
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
    let RawHistory { gaps, opens, .. } = study.history;
    let history = assemble(symbol, series, Terms { interval: study.interval, gaps, opens })?;
    Ok((history, files))
}

fn from_files(study: &Study) -> Result<(History, Vec<SourceFile>)> {
    let raw = &study.history;
    let bars = |list: &Option<List>| sources(study, list.as_ref(), raw.columns.clone());
    let loaded = history::load(&LoadRequest {
        symbol: raw.symbol.text.clone(),
        trade: bars(&raw.trade),
        mark: bars(&raw.mark),
        index: bars(&raw.index),
        funding: sources(study, raw.funding.as_ref(), raw.funding_columns.clone()),
        interval: study.interval,
        gaps: raw.gaps,
        opens: raw.opens,
    })?;
    Ok((loaded.history, loaded.files))
}

/// Relative paths start at the scenario file.
fn sources(study: &Study, list: Option<&List>, columns: Option<Columns>) -> Sources {
    let texts = list.map_or(&[][..], |list| &list.0);
    let resolve = |text: &Text| study.folder.join(&text.text).display().to_string();
    Sources {
        paths: texts.iter().map(resolve).collect(),
        format: study.history.format.as_ref().map(|format| format.text.clone()),
        columns,
    }
}
