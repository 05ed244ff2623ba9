//! Small tables with a header that names its unit of time.

use super::archive::{only, wrong_header};
use crate::fault::Result;
use crate::history::defects::Defects;
use crate::history::raw::{Fields, Kind, Reading};
use crate::history::registry::Ask;
use crate::history::stamp::TimeUnit;
use crate::history::text::{self, Header, Layout};

const BARS: &str = "open_time_ms,open,high,low,close";
const BARS_AND_VOLUME: &str = "open_time_ms,open,high,low,close,volume";
const FUNDING: &str = "funding_time_ms,funding_rate";
const TICKS: &str = "time_ms,price";

fn starts(bytes: &[u8], column: &str) -> bool {
    text::first_line(bytes).is_some_and(|line| line.split(',').next() == Some(column))
}

pub fn is_bars(bytes: &[u8]) -> bool {
    starts(bytes, "open_time_ms")
}

pub fn is_funding(bytes: &[u8]) -> bool {
    starts(bytes, "funding_time_ms")
}

pub fn is_ticks(bytes: &[u8]) -> bool {
    starts(bytes, "time_ms")
}

pub fn read_bars(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    let kind = ask.bar_kind();
    if !kind.has_bars() {
        return Err(ask.fault(format!("bars where {kind} is wanted")).accepted(FUNDING).into());
    }
    let (fields, columns) = match text::first_line(ask.bytes) {
        Some(BARS) => (Fields::BARS, BARS),
        Some(BARS_AND_VOLUME) if kind == Kind::Trade => (Fields::BARS_AND_VOLUME, BARS_AND_VOLUME),
        Some(BARS_AND_VOLUME) => (Fields::BARS, BARS_AND_VOLUME),
        _ => return Err(wrong_header(ask, "open_time_ms,open,high,low,close[,volume]").into()),
    };
    read(ask, kind, fields, columns, defects)
}

pub fn read_funding(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    only(ask, Kind::Funding)?;
    exact(ask, FUNDING)?;
    read(ask, Kind::Funding, Fields::SINGLE, FUNDING, defects)
}

/// Ticks are single prices: a series for the index.
pub fn read_ticks(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    only(ask, Kind::Index)?;
    exact(ask, TICKS)?;
    read(ask, Kind::Index, Fields::SINGLE, TICKS, defects)
}

fn exact(ask: &Ask, columns: &str) -> Result<()> {
    match text::first_line(ask.bytes) {
        Some(line) if line == columns => Ok(()),
        _ => Err(wrong_header(ask, columns).into()),
    }
}

fn read(
    ask: &Ask,
    kind: Kind,
    fields: Fields,
    columns: &str,
    defects: &mut Defects,
) -> Result<Reading> {
    let layout = Layout {
        kind,
        fields,
        width: columns.split(',').count(),
        columns: columns.to_owned(),
        units: &[TimeUnit::Millis],
        header: Header::Present,
        delimiter: b',',
    };
    text::read(ask.file, ask.bytes, layout, defects)
}
