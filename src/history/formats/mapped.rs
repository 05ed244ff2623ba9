//! Any CSV whose columns the user names.

use crate::fault::Result;
use crate::history::columns::{ColumnRef, Columns};
use crate::history::defects::Defects;
use crate::history::raw::{Fields, Reading};
use crate::history::registry::Ask;
use crate::history::stamp::TimeUnit;
use crate::history::text::{self, Header, Layout};

pub fn read(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    let columns = ask.columns.ok_or_else(|| {
        ask.fault("the format `columns` needs a map of columns")
            .accepted("time, open, high, low, close, volume by name or number")
    })?;
    let delimiter = delimiter(ask, columns)?;
    let names = first_row(ask, delimiter)?;
    let find = |column: &ColumnRef| find(ask, &names, column);
    let bar = match (&columns.open, &columns.high, &columns.low) {
        (Some(open), Some(high), Some(low)) => Some([find(open)?, find(high)?, find(low)?]),
        (None, None, None) => None,
        _ => {
            return Err(ask
                .fault("bars need all of open, high and low in the map of columns")
                .into());
        }
    };
    let (time, close) = (find(&columns.time)?, find(&columns.close)?);
    let volume = columns.volume.as_ref().filter(|_| bar.is_some()).map(find).transpose()?;
    let layout = Layout {
        kind: ask.bar_kind(),
        fields: Fields { time, bar, close, volume },
        width: names.len(),
        columns: names.join(","),
        units: units(columns.unit),
        header: header(columns),
        delimiter,
    };
    text::read(ask.file, ask.bytes, layout, defects)
}

fn delimiter(ask: &Ask, columns: &Columns) -> Result<u8> {
    let letter = columns.delimiter.unwrap_or(',');
    u8::try_from(letter).ok().filter(u8::is_ascii).ok_or_else(|| {
        ask.fault("unknown delimiter")
            .found(letter)
            .accepted("one ASCII character such as , ; or |")
            .into()
    })
}

fn first_row(ask: &Ask, delimiter: u8) -> Result<Vec<String>> {
    let line = text::first_line(ask.bytes).ok_or_else(|| ask.fault("not UTF-8 text"))?;
    let split = line.split(char::from(delimiter));
    Ok(split.map(|name| name.trim_matches([' ', '"']).to_owned()).collect())
}

/// A map by numbers is for tables without header.
fn header(columns: &Columns) -> Header {
    match columns.time {
        ColumnRef::Name(_) => Header::Present,
        ColumnRef::Number(_) => Header::Absent,
    }
}

fn find(ask: &Ask, names: &[String], column: &ColumnRef) -> Result<usize> {
    let found = match column {
        ColumnRef::Number(number) => number.checked_sub(1).filter(|&field| field < names.len()),
        ColumnRef::Name(wanted) => names.iter().position(|name| name == wanted),
    };
    found.ok_or_else(|| {
        let accepted =
            format!("one of {}, or a number from 1 to {}", names.join(", "), names.len());
        ask.fault("no such column").found(column).accepted(accepted).into()
    })
}

fn units(unit: Option<TimeUnit>) -> &'static [TimeUnit] {
    match unit {
        None => TimeUnit::ALL,
        Some(TimeUnit::Seconds) => &[TimeUnit::Seconds],
        Some(TimeUnit::Millis) => &[TimeUnit::Millis],
        Some(TimeUnit::Micros) => &[TimeUnit::Micros],
        Some(TimeUnit::Nanos) => &[TimeUnit::Nanos],
    }
}
