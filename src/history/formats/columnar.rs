//! Parquet and Arrow/feather, read by polars.

use super::archive::only;
use super::cells::{self, Wrong};
use crate::fault::{Error, Fault, Place, Result};
use crate::history::Column;
use crate::history::defects::Defects;
use crate::history::raw::{Fields, Kind, RawSeries, Reading, volume_column};
use crate::history::registry::Ask;
use crate::history::text::name_of_close;
use polars::prelude::{
    ArrowSchema, Column as Cells, DataFrame, IpcReader, ParquetReader, PolarsResult, SerReader,
};
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
    let reader = || ParquetReader::new(Cursor::new(ask.bytes));
    let names = guarded(ask.file, || reader().schema().map(|schema| names(&schema)))?;
    let column = |field| reader().with_projection(Some(vec![field])).finish();
    read(ask, Table { names: &names, column: &column }, defects)
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
    let reader = || IpcReader::new(Cursor::new(ask.bytes)).set_rechunk(false);
    let names = guarded(ask.file, || reader().schema().map(|schema| names(&schema)))?;
    let column = |field| reader().with_projection(Some(vec![field])).finish();
    read(ask, Table { names: &names, column: &column }, defects)
}

fn names(schema: &ArrowSchema) -> Vec<String> {
    schema.iter_names().map(|name| name.to_string()).collect()
}

/// A columnar file whose columns are read one by one: at no time all of them are in memory both as
/// they were written and as they are wanted.
#[derive(Clone, Copy)]
struct Table<'a> {
    names: &'a [String],
    /// A frame of the one column of that number.
    column: &'a (dyn Fn(usize) -> PolarsResult<DataFrame> + Sync),
}

impl Table<'_> {
    fn cells(&self, ask: &Ask, field: usize) -> Result<Cells> {
        let frame = guarded(ask.file, || (self.column)(field))?;
        frame.columns().first().cloned().ok_or_else(|| damaged(ask.file).into())
    }
}

/// Damaged files make the columnar readers panic in places; here that is one more bad file.
/// What cannot be caught is a Parquet page whose flipped row count asks for more memory than
/// there is.
fn guarded<T>(file: &str, read: impl FnOnce() -> PolarsResult<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(frame)) => Ok(frame),
        Ok(Err(error)) => Err(damaged(file).found(error).into()),
        Err(_) => Err(damaged(file).into()),
    }
}

fn damaged(file: &str) -> Fault {
    Fault::new(Place::file(file), "truncated or corrupt file")
        .accepted("the file as it was written")
}

fn read(ask: &Ask, table: Table, defects: &mut Defects) -> Result<Reading> {
    let kind = ask.bar_kind();
    if table.names.iter().any(|name| name == "funding_rate") {
        only(ask, Kind::Funding)?;
    }
    let fields = fields(ask, table, kind)?;
    let mut series = RawSeries::new(kind, ask.file, None);
    series.volume = fields.volume.map(|_| volume_column());
    let mut reading = Reading::new(series, fields, Vec::new());
    let mut wrong = fill(ask, table, &mut reading)?;
    wrong.sort_by_key(|wrong| wrong.row);
    let bad: BTreeSet<usize> = wrong.iter().map(|wrong| wrong.row).collect();
    for Wrong { row, problem, found, accepted } in wrong {
        let fault = ask.fault(format!("row {}: {problem}", row + 1));
        defects.note(fault.found(found).accepted(accepted))?;
    }
    reading.series.remove(&bad);
    reading.skipped = bad.into_iter().map(|row| row as u64 + 1).collect();
    Ok(reading)
}

/// Fills all columns: one after another the first half of them, beside it the second.
fn fill(ask: &Ask, table: Table, reading: &mut Reading) -> Result<Vec<Wrong>> {
    let Fields { time, bar, close, volume } = reading.fields;
    let bar = bar.into_iter().flatten().zip(["open", "high", "low"]);
    let close = (close, name_of_close(reading.series.kind));
    let cells = bar.chain([close]).chain(volume.map(|field| (field, "volume")));
    let mut targets: Vec<Target> = cells.zip(reading.columns_mut()).collect();
    let half = targets.len() / 2;
    let (first, second) = targets.split_at_mut(half);
    let (first, second) = rayon::join(
        || times(ask, table, time).and_then(|times| Ok((times, numbers(ask, table, first)?))),
        || numbers(ask, table, second),
    );
    let ((times, first), second) = (first?, second?);
    if targets.iter().any(|(_, column)| column.len() != times.cells.len()) {
        return Err(damaged(ask.file).into());
    }
    reading.series.time = times.cells;
    Ok([times.wrong, first, second].concat())
}

/// A field of the table, what it is called, and the column that it fills.
type Target<'a> = ((usize, &'static str), &'a mut Column);

struct Times {
    cells: Vec<i64>,
    wrong: Vec<Wrong>,
}

fn times(ask: &Ask, table: Table, field: usize) -> Result<Times> {
    let column = table.cells(ask, field)?;
    let mut wrong = Vec::new();
    let cells = cells::times(&column, &mut wrong)
        .ok_or_else(|| wrong_type(ask, &column, cells::ACCEPTED_TIMES))?;
    Ok(Times { cells, wrong })
}

fn numbers(ask: &Ask, table: Table, targets: &mut [Target]) -> Result<Vec<Wrong>> {
    let mut wrong = Vec::new();
    for ((field, name), column) in targets {
        let cells = table.cells(ask, *field)?;
        let found = cells::numbers(&cells, name, column);
        wrong.extend(found.ok_or_else(|| wrong_type(ask, &cells, cells::ACCEPTED_NUMBERS))?);
    }
    Ok(wrong)
}

fn wrong_type(ask: &Ask, cells: &Cells, accepted: &str) -> Error {
    ask.fault(format!("wrong type of column {}", cells.name()))
        .found(cells.dtype())
        .accepted(accepted)
        .into()
}

fn fields(ask: &Ask, Table { names, .. }: Table, kind: Kind) -> Result<Fields> {
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
