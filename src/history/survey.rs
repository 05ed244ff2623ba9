//! What one file holds and what is wrong with it.

use super::bars::Interval;
use super::check;
use super::defects::Defects;
use super::raw::{Kind, Reading};
use super::registry::{Ask, Format};
use super::source::Source;
use crate::fault::{Error, Fault, Result};
use rust_decimal::Decimal;

/// A price and when it was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extreme {
    pub value: Decimal,
    /// UTC milliseconds.
    pub time: i64,
}

/// What [`survey`] finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Survey {
    pub file: String,
    /// Name of its [`Format`]; `None` where it is of no known format.
    pub format: Option<&'static str>,
    pub kind: Option<Kind>,
    /// Rows that could be read.
    pub rows: u64,
    /// UTC milliseconds of the first and last row.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// `None` for series of single values.
    pub interval: Option<Interval>,
    /// Runs of missing bars, and the bars in them.
    pub gaps: u64,
    pub missing: u64,
    /// The first thousand, in the order of the file for each check.
    pub defects: Vec<Fault>,
    /// All of them.
    pub defect_count: u64,
    pub lowest: Option<Extreme>,
    pub highest: Option<Extreme>,
}

/// Reads one file and lists every defect. Gaps are counted, but are no defects.
///
/// # Errors
/// Only where the file cannot be read from disk.
pub fn survey(file: &str) -> Result<Survey> {
    let source = Source::open(file)?;
    let mut defects = Defects::list_all();
    let mut survey = Survey { file: file.to_owned(), ..Survey::default() };
    match fill(&source, &mut survey, &mut defects) {
        Err(Error::Input(fault)) => defects.note(*fault)?,
        other => other?,
    }
    survey.defects = defects.kept;
    survey.defect_count = defects.count;
    Ok(survey)
}

fn fill(source: &Source, survey: &mut Survey, defects: &mut Defects) -> Result<()> {
    let table = source.table()?;
    let ask = Ask { file: &source.file, bytes: &table, kind: None, columns: None };
    let format = Format::choose(&ask, None)?;
    survey.format = Some(format.name);
    let reading = (format.read)(&ask, defects)?;
    describe(&reading, survey);
    check::rows(&reading, defects)?;
    if !reading.series.has_bars() {
        return Ok(());
    }
    if let Some(interval) = check::interval(&reading)? {
        survey.interval = Some(interval);
        check::steps(&reading, interval, defects)?;
        count_gaps(&reading, interval, survey);
    }
    Ok(())
}

fn describe(reading: &Reading, survey: &mut Survey) {
    let series = &reading.series;
    survey.kind = Some(series.kind);
    survey.rows = series.len() as u64;
    survey.first = series.time.first().copied();
    survey.last = series.time.last().copied();
    let (low, high) = match series.has_bars() {
        true => (&series.low, &series.high),
        false => (&series.close, &series.close),
    };
    let at = |column: &super::Column, row: usize| Extreme {
        value: column.get(row),
        time: series.time[row],
    };
    let rows = || 0..series.len();
    survey.lowest = rows().min_by_key(|&row| low.steps()[row]).map(|row| at(low, row));
    let highest = rows().min_by_key(|&row| std::cmp::Reverse(high.steps()[row]));
    survey.highest = highest.map(|row| at(high, row));
}

fn count_gaps(reading: &Reading, interval: Interval, survey: &mut Survey) {
    for pair in reading.series.time.windows(2) {
        let absent = (pair[1] - pair[0]) / interval.millis() - 1;
        if absent > 0 {
            survey.gaps += 1;
            survey.missing += absent.unsigned_abs();
        }
    }
}
