//! Cells of a columnar file as times and exact numbers.

use crate::history::Column;
use crate::history::number;
use crate::history::stamp::{Clock, TimeUnit};
use crate::history::text::accepted_number;
use crate::money::decimal::BadNumber;
use polars::prelude::{
    Column as Cells, DataType, Float64Chunked, Int64Chunked, TimeUnit as Polars,
};
use std::fmt::Display;

pub const ACCEPTED_TIMES: &str = "a date and time or an integer, in one unit throughout";
pub const ACCEPTED_NUMBERS: &str = "64-bit floats, 64-bit integers or decimal text";

/// Floats converted at once.
const BLOCK: usize = 1_024;

/// A cell that is wrong.
#[derive(Clone)]
pub struct Wrong {
    /// From 0.
    pub row: usize,
    pub problem: String,
    pub found: String,
    pub accepted: &'static str,
}

/// UTC milliseconds; `None` where the column holds no times. A wrong cell becomes 0.
pub fn times(cells: &Cells, wrong: &mut Vec<Wrong>) -> Option<Vec<i64>> {
    let unit = match cells.dtype() {
        DataType::Datetime(Polars::Milliseconds, _) => Some(1),
        DataType::Datetime(Polars::Microseconds, _) => Some(1_000),
        DataType::Datetime(Polars::Nanoseconds, _) => Some(1_000_000),
        DataType::Int64 => None,
        _ => return None,
    };
    let physical = cells.as_materialized_series().to_physical_repr();
    let stamps = physical.i64().ok()?;
    if let Some(times) = all_times(stamps, unit) {
        return Some(times);
    }
    let mut clock = Clock::new(TimeUnit::ALL);
    let mut times = Vec::with_capacity(stamps.len());
    for (row, stamp) in stamps.iter().enumerate() {
        let time = millis(stamp, unit, &mut clock).unwrap_or_else(|problem| {
            let found = stamp.map(|stamp| stamp.to_string()).unwrap_or_default();
            wrong.push(Wrong { row, problem, found, accepted: ACCEPTED_TIMES });
            0
        });
        times.push(time);
    }
    Some(times)
}

/// A column without a wrong cell, in whole milliseconds of the usual units.
fn all_times(stamps: &Int64Chunked, unit: Option<i64>) -> Option<Vec<i64>> {
    let append = match unit {
        None | Some(1) => append_exact::<1>,
        Some(1_000) => append_exact::<1_000>,
        Some(_) => append_exact::<1_000_000>,
    };
    let mut times = Vec::with_capacity(stamps.len());
    // The row groups of a Parquet file come as chunks.
    let mut chunks = stamps.downcast_iter();
    let exact = stamps.null_count() == 0 && chunks.all(|chunk| append(&mut times, chunk.values()));
    exact.then_some(times)
}

/// `UNIT` counts per millisecond, a constant: dividing by it is then a multiplication.
fn append_exact<const UNIT: i64>(times: &mut Vec<i64>, stamps: &[i64]) -> bool {
    let exact =
        |stamp: &i64| stamp % UNIT == 0 && TimeUnit::of(stamp / UNIT) == Some(TimeUnit::Millis);
    times.extend(stamps.iter().map(|stamp| stamp / UNIT));
    stamps.iter().all(exact)
}

/// `unit` counts per millisecond; `None` where the magnitude tells it.
fn millis(stamp: Option<i64>, unit: Option<i64>, clock: &mut Clock) -> Result<i64, String> {
    let stamp = stamp.ok_or("time is empty")?;
    let stamp = match unit {
        Some(unit) if stamp % unit != 0 => return Err("time is finer than a millisecond".into()),
        Some(unit) => stamp / unit,
        None => stamp,
    };
    let told = TimeUnit::of(stamp).filter(|&told| unit.is_none() || told == TimeUnit::Millis);
    told.ok_or("not a time since 1973")?;
    clock.stamp(stamp).map_err(|bad| bad.problem)
}

/// Fills `into`; `None` where the column holds no numbers. A wrong cell becomes 0.
pub fn numbers(cells: &Cells, name: &str, into: &mut Column) -> Option<Vec<Wrong>> {
    into.reserve(cells.len());
    let cells = cells.as_materialized_series();
    if let Ok(cells) = cells.f64() {
        let push = |into: &mut Column, cell: &f64| into.push_float(*cell);
        return Some(match cells.null_count() {
            0 => fill_floats(name, into, cells),
            _ => fill(name, into, cells.iter(), push),
        });
    }
    if let Ok(cells) = cells.i64() {
        return Some(fill(name, into, cells.iter(), |into, cell| into.push(*cell, 0)));
    }
    let cells = cells.str().ok()?;
    Some(fill(name, into, cells.iter(), |into, cell| {
        number::parse(cell.as_bytes()).and_then(|(digits, scale)| into.push(digits, scale))
    }))
}

/// Block by block; only one with an odd number in it is gone through cell by cell.
fn fill_floats(name: &str, into: &mut Column, cells: &Float64Chunked) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for block in cells.downcast_iter().flat_map(|chunk| chunk.values().chunks(BLOCK)) {
        let first = into.len();
        if into.push_floats(block) {
            continue;
        }
        let push = |into: &mut Column, cell: &f64| into.push_float(*cell);
        let found = fill(name, into, block.iter().copied().map(Some), push);
        wrong.extend(found.into_iter().map(|cell| Wrong { row: first + cell.row, ..cell }));
    }
    wrong
}

fn fill<T: Display>(
    name: &str,
    into: &mut Column,
    cells: impl Iterator<Item = Option<T>>,
    push: impl Fn(&mut Column, &T) -> Result<(), BadNumber>,
) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (row, cell) in cells.enumerate() {
        let pushed = cell.as_ref().map_or(Err(BadNumber::Empty), |cell| push(into, cell));
        if let Err(bad) = pushed {
            let found = cell.map(|cell| cell.to_string()).unwrap_or_default();
            let (problem, accepted) = (number::complaint(name, bad), accepted_number(name));
            wrong.push(Wrong { row, problem, found, accepted });
            into.push_zero();
        }
    }
    wrong
}
