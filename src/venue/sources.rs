//! Every parameter has a source, and every source speaks of a parameter that exists.

use super::origin::Origin;
use super::overrides::Overrides;
use super::raw::{RawSource, RawVenue, Text};
use super::rules::Source;
use crate::fault::Result;
use jiff::civil::Date;

/// Keys that a source must speak of, one for each parameter of every venue; each symbol's brackets
/// are one more.
const PARAMETERS: [&str; 18] = [
    "trigger.price",
    "trigger.when",
    "trigger.closing_fee",
    "close_out.style",
    "close_out.price",
    "close_out.residual",
    "fees.taker",
    "fees.liquidation",
    "funding.interval",
    "funding.price",
    "funding.pays",
    "funding.cap",
    "fund.scope",
    "adl.start",
    "adl.rank",
    "adl.price",
    "last_resort.rung",
    "protection.negative_balance",
];
/// Keys that a source may speak of: whose prices stand in for the venue's own.
const STAND_IN: &str = "history";
const VOLATILITY: &str = "volatility";
const DATE: &str = "a date such as 2024-08-01";

/// Checks the file's sources and reads them. What an override brings needs none.
pub(super) fn sources(
    raw: &RawVenue,
    overrides: &Overrides,
    origin: &Origin,
) -> Result<Vec<Source>> {
    let known = parameters(raw, overrides);
    let exists = |cover: &str| known.iter().any(|key| covers(cover, key)) || cover == STAND_IN;
    for text in raw.source.iter().flat_map(|source| source.covers.get_ref()) {
        if !exists(text.get_ref()) {
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
        Some("margin") if covers(key, &brackets) => Some(brackets.clone()),
        Some("margin") => covers(&brackets, key).then(|| key.clone()),
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

fn parameters(raw: &RawVenue, overrides: &Overrides) -> Vec<String> {
    let written =
        |key: &str, given: bool| (given && !overrides.touch(key)).then(|| key.to_string());
    let mut all: Vec<String> = PARAMETERS.iter().map(ToString::to_string).collect();
    all.extend(written(VOLATILITY, raw.volatility.is_some()));
    for (symbol, margin) in &raw.margin {
        all.push(format!("margin.{symbol}"));
        all.extend(written(&format!("margin.{symbol}.face"), margin.face.is_some()));
        let scaled = margin.open_interest.is_some();
        all.extend(written(&format!("margin.{symbol}.open_interest"), scaled));
    }
    all
}

/// Whether `cover` is `key` or a section above it.
pub(super) fn covers(cover: &str, key: &str) -> bool {
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
