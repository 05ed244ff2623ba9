//! Parquet and Arrow/feather, read by polars.

use super::archive::only;
use super::cells::{self, Wrong};
use crate::fault::{Error, Fault, Place, Result};
use crate::history::Column;
use crate::history::defects::Defects;
use crate::history::raw::{Fields, Kind, RawSeries, Reading, volume_column};
use crate::history::registry::Ask;
use crate::history::text::name_of_close;
use polars::prelude::{DataFrame, IpcReader, ParquetReader, PolarsResult, SerReader};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

const TIMES: &[&str] =
    &["date", "open_time", "open_time_ms", "timestamp", "time", "time_ms", "funding_time_ms"];
const RATES: &[&str] = &["funding_rate", "last_funding_rate", "open"];
const ACCEPTED: &str = "date, open, high, low, close[, volume]";

pub fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1")
}

pub fn is_feather(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ARROW1") || bytes.starts_with(b"FEA1")
}

pub fn read_parquet(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    read(ask, &parquet(ask.file, ask.bytes)?, defects)
}

/// The columns of a Parquet file.
///
/// # Errors
/// The file is damaged.
pub fn parquet(file: &str, bytes: &[u8]) -> Result<DataFrame> {
    guarded(file, || ParquetReader::new(Cursor::new(bytes)).finish())
}

pub fn read_feather(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    if ask.bytes.starts_with(b"FEA1") {
        return Err(ask
            .fault("feather version 1")
            .accepted("feather version 2 (Arrow IPC)")
            .into());
    }
    let frame = guarded(ask.file, || in_halves(ask.bytes))?;
    read(ask, &frame, defects)
}

/// Reads both halves of the columns at once: polars by itself unpacks one column after another.
fn in_halves(bytes: &[u8]) -> PolarsResult<DataFrame> {
    let reader = || IpcReader::new(Cursor::new(bytes));
    let columns: Vec<usize> = (0..reader().schema()?.len()).collect();
    if columns.len() < 2 {
        return reader().finish();
    }
    let (left, right) = columns.split_at(columns.len() / 2);
    let half = |columns: &[usize]| reader().with_projection(Some(columns.to_vec())).finish();
    let (left, right) = rayon::join(|| half(left), || half(right));
    left?.hstack(right?.columns())
}

/// Damaged files make the columnar readers panic in places; here that is one more bad file.
/// What cannot be caught is a Parquet page whose flipped row count asks for more memory than
/// there is.
fn guarded(file: &str, read: impl FnOnce() -> PolarsResult<DataFrame>) -> Result<DataFrame> {
    let damaged = || {
        Fault::new(Place::file(file), "truncated or corrupt file")
            .accepted("the file as it was written")
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(frame)) => Ok(frame),
        Ok(Err(error)) => Err(damaged().found(error).into()),
        Err(_) => Err(damaged().into()),
    }
}

fn read(ask: &Ask, frame: &DataFrame, defects: &mut Defects) -> Result<Reading> {
    let kind = ask.bar_kind();
    if frame.get_column_names().iter().any(|name| name.as_str() == "funding_rate") {
        only(ask, Kind::Funding)?;
    }
    let fields = fields(ask, frame, kind)?;
    let mut series = RawSeries::new(kind, ask.file, None);
    series.volume = fields.volume.map(|_| volume_column());
    let mut wrong = Vec::new();
    series.time = cells::times(&frame.columns()[fields.time], &mut wrong)
        .ok_or_else(|| wrong_type(ask, frame, fields.time, cells::ACCEPTED_TIMES))?;
    wrong.extend(numbers(ask, frame, fields, &mut series)?);
    wrong.sort_by_key(|wrong| wrong.row);
    let bad: BTreeSet<usize> = wrong.iter().map(|wrong| wrong.row).collect();
    for Wrong { row, problem, found, accepted } in wrong {
        let fault = ask.fault(format!("row {}: {problem}", row + 1));
        defects.note(fault.found(found).accepted(accepted))?;
    }
    series.remove(&bad);
    let skipped = bad.into_iter().map(|row| row as u64 + 1).collect();
    Ok(Reading::new(series, fields, skipped))
}

/// Fills the columns of `series` side by side.
fn numbers(
    ask: &Ask,
    frame: &DataFrame,
    fields: Fields,
    series: &mut RawSeries,
) -> Result<Vec<Wrong>> {
    let close = (fields.close, name_of_close(series.kind), &mut series.close);
    let mut columns = vec![close];
    if let Some([open, high, low]) = fields.bar {
        columns.push((open, "open", &mut series.open));
        columns.push((high, "high", &mut series.high));
        columns.push((low, "low", &mut series.low));
    }
    if let (Some(field), Some(volume)) = (fields.volume, &mut series.volume) {
        columns.push((field, "volume", volume));
    }
    let fill = |(field, name, column): (usize, &'static str, &mut Column)| {
        let wrong = cells::numbers(&frame.columns()[field], name, column);
        wrong.ok_or_else(|| wrong_type(ask, frame, field, cells::ACCEPTED_NUMBERS))
    };
    let wrong: Vec<_> = columns.into_par_iter().map(fill).collect();
    Ok(wrong.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

fn wrong_type(ask: &Ask, frame: &DataFrame, field: usize, accepted: &str) -> Error {
    let column = &frame.columns()[field];
    ask.fault(format!("wrong type of column {}", column.name()))
        .found(column.dtype())
        .accepted(accepted)
        .into()
}

fn fields(ask: &Ask, frame: &DataFrame, kind: Kind) -> Result<Fields> {
    let names: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
    let find = |any: &[&str]| -> Result<usize> {
        let found = any.iter().find_map(|wanted| names.iter().position(|name| name == wanted));
        found.ok_or_else(|| {
            let missing = format!("wrong columns: no column {}", any.join(" or "));
            ask.fault(missing).found(names.join(",")).accepted(ACCEPTED).into()
        })
    };
    let time = find(TIMES)?;
    match kind {
        Kind::Funding => Ok(Fields { time, close: find(RATES)?, bar: None, volume: None }),
        Kind::OpenInterest => {
            let close = find(&["sum_open_interest", "open_interest"])?;
            Ok(Fields { time, close, bar: None, volume: None })
        }
        Kind::Trade | Kind::Mark | Kind::Index => {
            let bar = Some([find(&["open"])?, find(&["high"])?, find(&["low"])?]);
            let volume = find(&["volume"]).ok().filter(|_| kind == Kind::Trade);
            Ok(Fields { time, bar, close: find(&["close"])?, volume })
        }
    }
}
