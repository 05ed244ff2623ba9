//! Every parameter has a source, and every source speaks of a parameter that exists.

use super::origin::Origin;
use super::raw::{RawSource, RawVenue, Text};
use super::rules::Source;
use crate::fault::Result;
use jiff::civil::Date;

/// Keys that a source can speak of, one for each parameter; a symbol's brackets are one.
const PARAMETERS: [&str; 9] = [
    "trigger.price",
    "trigger.when",
    "trigger.closing_fee",
    "close_out.style",
    "close_out.residual",
    "fees.taker",
    "fees.liquidation",
    "funding.interval",
    "protection.negative_balance",
];
const DATE: &str = "a date such as 2024-08-01";

/// Checks the file's sources and reads them.
pub(super) fn sources(raw: &RawVenue, origin: &Origin) -> Result<Vec<Source>> {
    let known = parameters(raw);
    for text in raw.source.iter().flat_map(|source| source.covers.get_ref()) {
        if !known.iter().any(|key| covers(text.get_ref(), key)) {
            let problem = "a source covers a key that the file does not have";
            return Err(origin.fault_at(text, problem).accepted(known.join(", ")).into());
        }
    }
    for key in &known {
        let told = |text: &Text| covers(text.get_ref(), key);
        if !raw.source.iter().flat_map(|source| source.covers.get_ref()).any(told) {
            let problem = format!("no source for `{key}`");
            return Err(origin
                .fault_in_file(problem)
                .accepted(format!("a [[source]] with covers = [\"{key}\"]"))
                .into());
        }
    }
    raw.source.iter().map(|source| read(source, origin)).collect()
}

/// The sources that speak of one symbol's rules, and only of what concerns it.
pub(super) fn concerning(sources: &[Source], symbol: &str) -> Vec<Source> {
    let brackets = format!("margin.{symbol}");
    let narrow = |key: &String| match key.split('.').next() {
        Some("margin") => covers(key, &brackets).then(|| brackets.clone()),
        _ => Some(key.clone()),
    };
    let narrowed = sources.iter().map(|source| Source {
        covers: source.covers.iter().filter_map(narrow).collect(),
        ..source.clone()
    });
    narrowed.filter(|source| !source.covers.is_empty()).collect()
}

/// A date as the file writes it.
pub(super) fn date(text: &Text, origin: &Origin) -> Result<Date> {
    let parsed: Result<Date, _> = text.get_ref().parse();
    parsed.map_err(|_| origin.fault_at(text, "not a date").accepted(DATE).into())
}

fn parameters(raw: &RawVenue) -> Vec<String> {
    let brackets = raw.margin.keys().map(|symbol| format!("margin.{symbol}"));
    PARAMETERS.iter().map(ToString::to_string).chain(brackets).collect()
}

/// Whether `cover` is `key` or a section above it.
fn covers(cover: &str, key: &str) -> bool {
    key.strip_prefix(cover).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn read(raw: &RawSource, origin: &Origin) -> Result<Source> {
    let empty = "a source that covers nothing";
    if raw.covers.get_ref().is_empty() {
        return Err(origin
            .fault(raw.covers.span(), empty)
            .accepted("keys such as \"fees.taker\"")
            .into());
    }
    if raw.origin.get_ref().trim().is_empty() {
        let problem = "a source that is nowhere";
        return Err(origin
            .fault_at(&raw.origin, problem)
            .accepted("a page, file or document")
            .into());
    }
    Ok(Source {
        covers: raw.covers.get_ref().iter().map(|key| key.get_ref().clone()).collect(),
        origin: raw.origin.get_ref().clone(),
        retrieved: raw.retrieved.as_ref().map(|text| date(text, origin)).transpose()?,
        confidence: raw.confidence,
        note: raw.note.trim().to_string(),
    })
}
