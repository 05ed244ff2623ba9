//! All files of one kind as one series, which still knows the place of every row.

use super::bars::Interval;
use super::check;
use super::defects::Defects;
use super::raw::{RawSeries, Reading};
use super::stamp::rfc3339;
use crate::fault::{Fault, Result};

/// The files of one kind, in the order of time.
pub(super) struct Track {
    pub series: RawSeries,
    /// First row of each file, and its places.
    parts: Vec<(usize, Reading)>,
    /// `None` for single values.
    pub interval: Option<Interval>,
}

impl Track {
    /// Concatenates files that follow one another.
    pub fn of(mut files: Vec<Reading>, expected: Option<Interval>) -> Result<Option<Self>> {
        files.sort_by_key(|reading| reading.series.time.first().copied());
        for pair in files.windows(2) {
            follows(&pair[0], &pair[1])?;
        }
        let interval = match files.first() {
            None => return Ok(None),
            Some(first) if first.series.has_bars() => Some(one_interval(&files, expected)?),
            Some(_) => None,
        };
        let mut parts = Vec::with_capacity(files.len());
        let mut rows = 0;
        for reading in &files {
            parts.push((rows, reading.places()));
            rows += reading.series.len();
        }
        Ok(merged(files)?.map(|series| Self { series, parts, interval }))
    }

    /// A fault at the time of `row`.
    pub fn at_time(&self, row: usize, problem: &str) -> Fault {
        self.fault(row, problem, |reading| reading.fields.time)
    }

    /// A fault at the close of `row`.
    pub fn at_close(&self, row: usize, problem: &str) -> Fault {
        self.fault(row, problem, |reading| reading.fields.close)
    }

    fn fault(&self, row: usize, problem: &str, field: impl Fn(&Reading) -> usize) -> Fault {
        let part = self.parts.partition_point(|&(first, _)| first <= row).saturating_sub(1);
        let (first, reading) = &self.parts[part];
        let place = reading.place(row - first, field(reading));
        Fault::new(place, reading.name_row(row - first, problem))
    }
}

fn follows(before: &Reading, after: &Reading) -> Result<()> {
    let (Some(last), Some(first)) = (before.series.time.last(), after.series.time.first()) else {
        return Ok(());
    };
    if first <= last {
        let place = after.place(0, after.fields.time);
        let problem = format!("overlaps {}, which ends at {}", before.series.file, rfc3339(*last));
        return Err(Fault::new(place, after.name_row(0, &problem))
            .found(rfc3339(*first))
            .accepted("files that follow one another, each bar once")
            .into());
    }
    if before.fields.volume.is_some() == after.fields.volume.is_some()
        && before.series.has_bars() == after.series.has_bars()
    {
        return Ok(());
    }
    let problem = format!("other columns than {}", before.series.file);
    Err(Fault::new(after.place(0, after.fields.time), problem)
        .accepted("the same columns in all files of one series")
        .into())
}

/// The interval that all files share and, where stated, the one that is expected.
fn one_interval(files: &[Reading], expected: Option<Interval>) -> Result<Interval> {
    let mut known: Option<(Interval, &str)> = None;
    for reading in files {
        let Some(found) = check::interval(reading)? else { continue };
        let fault =
            |problem| Fault::new(reading.place(0, reading.fields.time), problem).found(found);
        if let Some(expected) = expected.filter(|&expected| expected != found) {
            let accepted = format!("bars of {expected}, as asked for");
            return Err(fault("wrong interval").accepted(accepted).into());
        }
        let &mut (interval, whose) = known.get_or_insert((found, &reading.series.file));
        if interval != found {
            let accepted = format!("bars of {interval}, as in {whose}");
            return Err(fault("mixed intervals").accepted(accepted).into());
        }
    }
    let unknown = || {
        let first = &files[0];
        Fault::new(first.place(0, first.fields.time), "one bar alone does not tell its interval")
            .accepted("two bars or more, or an interval stated beside the files")
    };
    let interval = known.map(|(interval, _)| interval).or(expected).ok_or_else(unknown)?;
    let mut strict = Defects::stop_at_first();
    files.iter().try_for_each(|reading| check::steps(reading, interval, &mut strict))?;
    Ok(interval)
}

fn merged(files: Vec<Reading>) -> Result<Option<RawSeries>> {
    let mut files = files.into_iter();
    let Some(mut first) = files.next().map(|reading| reading.series) else { return Ok(None) };
    for reading in files {
        first.append(&reading.series).map_err(|bad| {
            let place = reading.place(0, reading.fields.close);
            Fault::new(place, format!("digits do not fit beside the other files: {bad}"))
        })?;
    }
    Ok(Some(first))
}
