//! What a study reads: its histories and its venue's rules.

use crate::fault::{Error, Fault, Place, Result};
use crate::history::{
    self, Cache, Columns, History, Interval, LoadRequest, RawSeries, SourceFile, Sources, Terms,
    assemble, event,
};
use crate::report::Shipped;
use crate::scenario::{List, Origin, RawHistory, RawVenue, Study, Text, VenueChoice};
use crate::venue::{self, NegativeBalance, ResolveRequest, VenueRules};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::Path;

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

/// Loads what a study names; parsed files may be kept in a cache.
///
/// # Errors
/// A file, an event, a venue or a date that does not exist, or that does not say what it should.
pub fn load(study: &Study, cache: Option<&Cache>) -> Result<Inputs> {
    let request = Request {
        origin: &study.origin,
        folder: &study.folder,
        history: &study.raw.history,
        interval: study.interval,
        raw_venue: &study.raw.venue,
        venue: &study.venue,
        protection: study.protection,
        cache,
    };
    request.load()
}

/// One symbol of a study: what it names, and where it says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub origin: &'a Origin,
    /// Relative paths start here.
    pub folder: &'a Path,
    pub history: &'a RawHistory,
    /// Checked against the files.
    pub interval: Option<Interval>,
    pub raw_venue: &'a RawVenue,
    pub venue: &'a VenueChoice,
    /// `None`: as the venue has it.
    pub protection: Option<NegativeBalance>,
    pub cache: Option<&'a Cache>,
}

impl Request<'_> {
    pub fn load(&self) -> Result<Inputs> {
        let prices = match &self.history.event {
            Some(event) => self.shipped(&event.text)?,
            None => self.files()?,
        };
        let Prices { history, files, shipped } = prices;
        let as_of = self.venue.as_of.map_or_else(|| day_of(history.time[0]), Ok)?;
        let mut rules = self.rules(as_of)?;
        if let Some(protection) = self.protection {
            rules.loss.negative_balance = protection;
        }
        Ok(Inputs { history, files, shipped, rules, as_of })
    }

    fn rules(&self, as_of: Date) -> Result<VenueRules> {
        let resolved = venue::resolve(&ResolveRequest {
            name: &self.venue.name,
            symbol: &self.history.symbol.text,
            as_of,
            overrides: &self.venue.overrides,
            folder: None,
        });
        resolved.map_err(|error| self.named(error))
    }

    /// The day that an event's tables begin on.
    fn first_day_of(&self, event: &str) -> Result<Date> {
        let first = event::first(event).map_err(|error| self.named(error))?;
        day_of(first)
    }

    /// A crash that ships with the program, read on the prices that the venue's file names unless
    /// the scenario names another exchange.
    fn shipped(&self, event: &str) -> Result<Prices> {
        let symbol = &self.history.symbol.text;
        let day = match self.venue.as_of {
            Some(day) => day,
            None => self.first_day_of(event)?,
        };
        let VenueRules { history: usual, instrument, .. } = self.rules(day)?;
        let exchange = self.history.exchange.as_ref().map_or(usual, |text| text.text.clone());
        let series =
            event::series(event, &exchange, &instrument).map_err(|error| self.named(error))?;
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
        let RawHistory { gaps, opens, .. } = *self.history;
        let terms = Terms { interval: self.interval, gaps, opens };
        let history = assemble(symbol, series, terms).map_err(|error| {
            let about = self.history.interval.as_ref().or(self.history.event.as_ref());
            match (error, about) {
                (Error::Input(fault), Some(text)) => self.quoted(text, *fault),
                (error, _) => error,
            }
        })?;
        Ok(Prices { history, files, shipped: Some(Shipped { exchange, instrument }) })
    }

    fn files(&self) -> Result<Prices> {
        let raw = self.history;
        let bars = |list: &Option<List>| self.sources(list.as_ref(), raw.columns.clone());
        let request = LoadRequest {
            symbol: raw.symbol.text.clone(),
            trade: bars(&raw.trade),
            mark: bars(&raw.mark),
            index: bars(&raw.index),
            funding: self.sources(raw.funding.as_ref(), raw.funding_columns.clone()),
            interval: self.interval,
            gaps: raw.gaps,
            opens: raw.opens,
            cache: self.cache.cloned(),
        };
        let loaded = history::load(&request).map_err(|error| self.listed(error))?;
        Ok(Prices { history: loaded.history, files: loaded.files, shipped: None })
    }

    fn resolved(&self, path: &Text) -> String {
        self.folder.join(&path.text).display().to_string()
    }

    /// Relative paths start at the scenario file.
    fn sources(&self, list: Option<&List>, columns: Option<Columns>) -> Sources {
        let texts = list.map_or(&[][..], |list| &list.0);
        Sources {
            paths: texts.iter().map(|text| self.resolved(text)).collect(),
            format: self.history.format.as_ref().map(|format| format.text.clone()),
            columns,
        }
    }

    /// Puts a fault without a line of its own at the word of the scenario that it is about: the one
    /// that was found wanting, else the overrides, else the venue.
    fn named(&self, error: Error) -> Error {
        let Error::Input(fault) = error else { return error };
        if fault.place.line.is_some() {
            return Error::Input(fault);
        }
        let (raw, venue) = (self.history, self.raw_venue);
        let mut words = [&raw.event, &raw.exchange, &venue.as_of]
            .into_iter()
            .flatten()
            .chain([&raw.symbol, &venue.name]);
        let about = words.find(|word| fault.found.split(' ').next_back() == Some(&word.text));
        let overrides = Text { text: String::new(), span: venue.overrides.span() };
        let is_override = !fault.place.file.is_empty() && !self.venue.overrides.is_empty();
        let prices = raw.event.as_ref().or(List::nth(raw.trade.as_ref(), 0)).unwrap_or(&raw.symbol);
        let usual = match is_override {
            true => &overrides,
            false if venue.name.span == Text::NOWHERE => prices,
            false => &venue.name,
        };
        self.quoted(about.unwrap_or(usual), *fault)
    }

    /// Puts a failure to find a file at the text of the scenario that names it.
    fn listed(&self, error: Error) -> Error {
        let raw = self.history;
        let path = match &error {
            Error::Io { path, .. } => path.display().to_string(),
            Error::Input(fault) if fault.place.line.is_none() => {
                match fault.place.file.is_empty() {
                    true => fault.found.clone(),
                    false => fault.place.file.clone(),
                }
            }
            _ => return error,
        };
        let mut texts = [&raw.trade, &raw.mark, &raw.index, &raw.funding]
            .into_iter()
            .flatten()
            .flat_map(|list| &list.0);
        let named = texts.find(|text| self.resolved(text) == path);
        let unknown = |text: &&Text| fault_found(&error) == Some(&text.text);
        let Some(text) = named.or(raw.format.as_ref().filter(unknown)) else { return error };
        match error {
            Error::Input(fault) => self.quoted(text, *fault),
            other => self
                .origin
                .fault(Some(text), other.to_string())
                .accepted("files, folders or globs; relative paths start at the scenario file")
                .into(),
        }
    }

    /// A fault at a text of the scenario, with what it was about before.
    fn quoted(&self, text: &Text, fault: Fault) -> Error {
        let problem = match fault.place.file.is_empty() {
            true => fault.problem,
            false => format!("{}: {}", fault.place, fault.problem),
        };
        Fault { place: self.origin.place(&text.span), problem, ..fault }.into()
    }
}

fn day_of(millis: i64) -> Result<Date> {
    let time = Timestamp::from_millisecond(millis).map_err(|_| {
        Fault::new(Place::default(), "the first bar has no calendar day").found(millis)
    })?;
    Ok(time.to_zoned(TimeZone::UTC).date())
}

/// What a history was read from.
struct Prices {
    history: History,
    files: Vec<SourceFile>,
    shipped: Option<Shipped>,
}

fn fault_found(error: &Error) -> Option<&str> {
    match error {
        Error::Input(fault) => Some(&fault.found),
        _ => None,
    }
}
