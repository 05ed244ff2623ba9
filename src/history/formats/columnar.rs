//! Parquet and Arrow/feather, read by polars.

use super::archive::only;
use crate::fault::{Fault, Place, Result};
use crate::history::Column;
use crate::history::defects::Defects;
use crate::history::number;
use crate::history::raw::{Fields, Kind, RawSeries, Reading, volume_column};
use crate::history::registry::Ask;
use crate::history::stamp::{Clock, TimeUnit};
use crate::history::text::{accepted_number, name_of_close};
use crate::money::decimal::BadNumber;
use polars::prelude::{
    DataFrame, DataType, IpcReader, ParquetReader, PolarsResult, SerReader, TimeUnit as Polars,
};
use std::collections::BTreeSet;
use std::fmt::Display;
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
    let frame = guarded(ask, || ParquetReader::new(Cursor::new(ask.bytes)).finish())?;
    read(ask, &frame, defects)
}

pub fn read_feather(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    if ask.bytes.starts_with(b"FEA1") {
        return Err(ask
            .fault("feather version 1")
            .accepted("feather version 2 (Arrow IPC)")
            .into());
    }
    let frame = guarded(ask, || IpcReader::new(Cursor::new(ask.bytes)).finish())?;
    read(ask, &frame, defects)
}

/// Damaged files make the columnar readers panic in places; here that is one more bad file.
/// What cannot be caught is a Parquet page whose flipped row count asks for more memory than
/// there is.
fn guarded(ask: &Ask, read: impl FnOnce() -> PolarsResult<DataFrame>) -> Result<DataFrame> {
    let damaged = || ask.fault("truncated or corrupt file").accepted("the file as it was written");
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
    let mut table = Table { ask, frame, defects, bad: BTreeSet::new() };
    series.time = table.times(fields.time)?;
    if let Some([open, high, low]) = fields.bar {
        table.numbers(open, "open", &mut series.open)?;
        table.numbers(high, "high", &mut series.high)?;
        table.numbers(low, "low", &mut series.low)?;
    }
    table.numbers(fields.close, name_of_close(kind), &mut series.close)?;
    if let Some(volume) = fields.volume {
        let mut column = volume_column();
        table.numbers(volume, "volume", &mut column)?;
        series.volume = Some(column);
    }
    let bad = table.bad;
    series.remove(&bad);
    let skipped = bad.into_iter().map(|row| row as u64 + 1).collect();
    Ok(Reading { series, fields, skipped })
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

struct Table<'a> {
    ask: &'a Ask<'a>,
    frame: &'a DataFrame,
    defects: &'a mut Defects,
    /// Rows with a cell that is wrong.
    bad: BTreeSet<usize>,
}

/// A wrong cell of a columnar file.
struct Wrong {
    row: usize,
    problem: String,
    found: String,
    accepted: &'static str,
}

impl Table<'_> {
    fn note(&mut self, wrong: Wrong) -> Result<()> {
        let place = Place::file(self.ask.file);
        self.bad.insert(wrong.row);
        let problem = format!("row {}: {}", wrong.row + 1, wrong.problem);
        self.defects.note(Fault::new(place, problem).found(wrong.found).accepted(wrong.accepted))
    }

    fn wrong_type(&self, field: usize, accepted: &str) -> Fault {
        let column = &self.frame.columns()[field];
        self.ask
            .fault(format!("wrong type of column {}", column.name()))
            .found(column.dtype())
            .accepted(accepted)
    }

    fn times(&mut self, field: usize) -> Result<Vec<i64>> {
        let accepted = "a date and time or an integer, in one unit throughout";
        let column = self.frame.columns()[field].as_materialized_series();
        let mut clock = Clock::new(TimeUnit::ALL);
        let unit = match column.dtype() {
            DataType::Datetime(Polars::Milliseconds, _) => 1,
            DataType::Datetime(Polars::Microseconds, _) => 1_000,
            DataType::Datetime(Polars::Nanoseconds, _) => 1_000_000,
            DataType::Int64 => 0,
            _ => return Err(self.wrong_type(field, accepted).into()),
        };
        let physical = column.to_physical_repr();
        let Ok(stamps) = physical.i64() else {
            return Err(self.wrong_type(field, accepted).into());
        };
        let mut times = Vec::with_capacity(stamps.len());
        for (row, stamp) in stamps.iter().enumerate() {
            let time = millis(stamp, unit, &mut clock).or_else(|problem| {
                let found = stamp.map(|stamp| stamp.to_string()).unwrap_or_default();
                self.note(Wrong { row, problem, found, accepted }).map(|()| 0)
            })?;
            times.push(time);
        }
        Ok(times)
    }

    fn numbers(&mut self, field: usize, name: &str, into: &mut Column) -> Result<()> {
        let column = self.frame.columns()[field].as_materialized_series();
        into.reserve(column.len());
        if let Ok(cells) = column.f64() {
            if let Ok(cells) = cells.cont_slice() {
                let cells = cells.iter().copied().map(Some);
                return self.fill(name, into, cells, |into, cell| into.push_float(*cell));
            }
            return self.fill(name, into, cells.iter(), |into, cell| into.push_float(*cell));
        }
        if let Ok(cells) = column.i64() {
            return self.fill(name, into, cells.iter(), |into, cell| into.push(*cell, 0));
        }
        if let Ok(cells) = column.str() {
            return self.fill(name, into, cells.iter(), |into, cell| {
                number::parse(cell.as_bytes()).and_then(|(digits, scale)| into.push(digits, scale))
            });
        }
        Err(self.wrong_type(field, "64-bit floats, 64-bit integers or decimal text").into())
    }

    fn fill<T: Display>(
        &mut self,
        name: &str,
        into: &mut Column,
        cells: impl Iterator<Item = Option<T>>,
        push: impl Fn(&mut Column, &T) -> Result<(), BadNumber>,
    ) -> Result<()> {
        for (row, cell) in cells.enumerate() {
            let pushed = cell.as_ref().map_or(Err(BadNumber::Empty), |cell| push(into, cell));
            if let Err(bad) = pushed {
                let found = cell.map(|cell| cell.to_string()).unwrap_or_default();
                let (problem, accepted) = (number::complaint(name, bad), accepted_number(name));
                self.note(Wrong { row, problem, found, accepted })?;
                into.push_zero();
            }
        }
        Ok(())
    }
}

/// `unit` counts per millisecond, or 0 where the magnitude tells it.
fn millis(stamp: Option<i64>, unit: i64, clock: &mut Clock) -> Result<i64, String> {
    match stamp {
        None => Err("time is empty".to_owned()),
        Some(stamp) if unit == 0 => clock.stamp(stamp).map_err(|bad| bad.problem),
        Some(stamp) if stamp % unit == 0 => Ok(stamp / unit),
        Some(_) => Err("time is finer than a millisecond".to_owned()),
    }
}
