//! Bars under a header that names them in the usual words, in any order.

use super::mapped;
use crate::fault::Result;
use crate::history::columns::{ColumnRef, Columns};
use crate::history::defects::Defects;
use crate::history::raw::{Kind, Reading};
use crate::history::registry::Ask;
use crate::history::text;

/// What the time of a bar's open is called, in lower case.
const TIMES: [&str; 5] = ["open_time", "time", "date", "datetime", "timestamp"];
/// Only the archive's own tables have this one; they are a format of their own.
const FOREIGN: &str = "close_time";

pub fn is_headed(bytes: &[u8]) -> bool {
    named(bytes, Kind::Trade).is_some()
}

pub fn read(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    let kind = ask.bar_kind();
    if !kind.has_bars() {
        return Err(ask.fault(format!("bars where {kind} is wanted")).into());
    }
    let columns = named(ask.bytes, kind).ok_or_else(|| {
        let header = text::first_line(ask.bytes).unwrap_or_default();
        ask.fault("wrong columns")
            .found(header)
            .accepted("a header with time, open, high, low and close, or a map of columns")
    })?;
    let columns = Some(&columns);
    mapped::read(&Ask { file: ask.file, bytes: ask.bytes, kind: Some(kind), columns }, defects)
}

/// The map that the header itself gives.
fn named(bytes: &[u8], kind: Kind) -> Option<Columns> {
    let names: Vec<&str> =
        text::first_line(bytes)?.split(',').map(|name| name.trim_matches([' ', '"'])).collect();
    let find = |words: &[&str]| {
        let found = names.iter().find(|name| words.contains(&&*name.to_ascii_lowercase()));
        found.map(|name| ColumnRef::Name((*name).to_owned()))
    };
    if find(&[FOREIGN]).is_some() {
        return None;
    }
    Some(Columns {
        time: find(&TIMES)?,
        unit: None,
        open: Some(find(&["open"])?),
        high: Some(find(&["high"])?),
        low: Some(find(&["low"])?),
        close: find(&["close"])?,
        volume: find(&["volume"]).filter(|_| kind == Kind::Trade),
        delimiter: None,
    })
}
