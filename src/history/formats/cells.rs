//! Cells of a columnar file as times and exact numbers.

use crate::history::Column;
use crate::history::number;
use crate::history::stamp::{Clock, TimeUnit};
use crate::history::text::accepted_number;
use crate::money::decimal::BadNumber;
use polars::prelude::{Column as Cells, DataType, TimeUnit as Polars};
use std::fmt::Display;

pub const ACCEPTED_TIMES: &str = "a date and time or an integer, in one unit throughout";
pub const ACCEPTED_NUMBERS: &str = "64-bit floats, 64-bit integers or decimal text";

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
        return Some(match cells.cont_slice() {
            Ok(cells) => fill(name, into, cells.iter().copied().map(Some), push),
            Err(_) => fill(name, into, cells.iter(), push),
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
