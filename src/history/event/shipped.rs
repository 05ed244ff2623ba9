//! The tables inside the binary.

use super::about::{EventInfo, Figures, Instrument};
use super::table::{FUNDING, HOURLY, Query};
use super::tabulate::ABOUT;
use crate::fault::{Fault, Place, Result};
use crate::history::RawSeries;
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

static EVENTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/data/events");

/// What ships, by name.
///
/// # Panics
/// Never: the tables are part of the build, and a test reads every one of them.
#[expect(clippy::expect_used, reason = "embedded at build, and every one is read by a test")]
pub fn events() -> Vec<EventInfo> {
    let mut events: Vec<EventInfo> = EVENTS
        .dirs()
        .map(|folder| {
            let name = folder.path().display().to_string();
            about(&name).expect("an embedded event.toml")
        })
        .collect();
    events.sort_by(|a, b| a.name.cmp(&b.name));
    events
}

/// When an event's tables begin, UTC milliseconds.
///
/// # Errors
/// An unknown event; the fault lists what ships.
pub fn first(event: &str) -> Result<i64> {
    about(event).map(|about| about.first)
}

/// Trade bars of one instrument, and its mark bars and funding rates where the event has them.
///
/// # Errors
/// An unknown event, venue or symbol, and an instrument of which the event has no trade bars;
/// the fault lists what would do.
pub fn series(event: &str, venue: &str, symbol: &str) -> Result<Vec<RawSeries>> {
    let about = about(event)?;
    let instrument = find(&about, venue, symbol)?;
    let file = format!("event {event} ({instrument})");
    let (hourly, funding) = (bytes(event, HOURLY)?, bytes(event, FUNDING)?);
    let hours = Query { bytes: hourly, file: &file, venue, symbol };
    let settlements = Query { bytes: funding, ..hours };
    let found = [hours.hours(Figures::Trade)?, hours.hours(Figures::Mark)?, settlements.funding()?];
    Ok(found.into_iter().filter(|series| !series.is_empty()).collect())
}

/// SHA-256 (hex) of the bytes of `hourly.csv` followed by those of `funding.csv`, as
/// `cat hourly.csv funding.csv | sha256sum` in the event's folder prints it.
///
/// # Errors
/// An unknown event; the fault lists what ships.
pub fn digest(event: &str) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(bytes(event, HOURLY)?);
    hash.update(bytes(event, FUNDING)?);
    Ok(hex(&hash.finalize()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn about(event: &str) -> Result<EventInfo> {
    let bytes = bytes(event, ABOUT)?;
    EventInfo::parse(&String::from_utf8_lossy(bytes), &format!("{event}/{ABOUT}"))
}

fn bytes(event: &str, file: &str) -> Result<&'static [u8]> {
    let found = EVENTS.get_file(format!("{event}/{file}"));
    found.map(include_dir::File::contents).ok_or_else(|| {
        let names: Vec<String> =
            EVENTS.dirs().map(|dir| dir.path().display().to_string()).collect();
        Fault::new(Place::default(), "no such event ships")
            .found(event)
            .accepted(listed(names))
            .into()
    })
}

fn find<'a>(about: &'a EventInfo, venue: &str, symbol: &str) -> Result<&'a Instrument> {
    let traded = |instrument: &&Instrument| instrument.origin(Figures::Trade).is_some();
    let known = about.instruments.iter().filter(traded);
    let named = |instrument: &&Instrument| instrument.venue == venue && instrument.symbol == symbol;
    known.clone().find(named).ok_or_else(|| {
        let problem = if about.instruments.iter().any(|instrument| named(&instrument)) {
            "the event has mark prices but no trades of this instrument"
        } else {
            "no such instrument in the event"
        };
        Fault::new(Place::file(format!("event {}", about.name)), problem)
            .found(format!("{venue} {symbol}"))
            .accepted(listed(known.map(Instrument::to_string).collect()))
            .into()
    })
}

fn listed(mut names: Vec<String>) -> String {
    names.sort();
    names.join(", ")
}
