//! One series as a file tells it, before it is joined with others.

use super::column::{Column, remove_rows};
use crate::fault::Place;
use crate::money::decimal::BadNumber;
use crate::money::{PriceScale, Rate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What a series records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Trade,
    Mark,
    Index,
    Funding,
    OpenInterest,
}

impl Kind {
    /// An empty column for values of this kind.
    pub fn column(self) -> Column {
        match self {
            Self::Funding => Column::new(Rate::DECIMALS, Rate::DECIMALS),
            Self::Trade | Self::Mark | Self::Index | Self::OpenInterest => {
                Column::new(PriceScale::USUAL.decimals(), PriceScale::FINEST.decimals())
            }
        }
    }

    /// Whether the series may come as bars of open, high, low and close.
    pub(super) fn has_bars(self) -> bool {
        matches!(self, Self::Trade | Self::Mark | Self::Index)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trade => "trade",
            Self::Mark => "mark",
            Self::Index => "index",
            Self::Funding => "funding",
            Self::OpenInterest => "open interest",
        })
    }
}

/// Decimals of a volume: [`super::History::volume`] counts in steps of 1e-8.
pub const VOLUME_DECIMALS: u32 = 8;

/// An empty column for volumes.
pub fn volume_column() -> Column {
    Column::new(VOLUME_DECIMALS, VOLUME_DECIMALS)
}

/// Rows of one series in the order of the file, with exact decimals.
///
/// Series of bars fill `open` … `close` (and `volume` where the source has one). Series of single
/// values (funding rate, open interest, index ticks) fill `close` alone and leave the other
/// columns empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSeries {
    pub kind: Kind,
    /// The file as the user named it, for messages and manifests.
    pub file: String,
    /// Line of the first row in the file, where the format has lines.
    pub first_line: Option<u64>,
    /// UTC milliseconds: the open of a bar, or the stamp of a single value.
    pub time: Vec<i64>,
    pub open: Column,
    pub high: Column,
    pub low: Column,
    pub close: Column,
    pub volume: Option<Column>,
}

impl RawSeries {
    /// A series without rows, ready to be filled.
    pub fn new(kind: Kind, file: impl Into<String>, first_line: Option<u64>) -> Self {
        Self {
            kind,
            file: file.into(),
            first_line,
            time: Vec::new(),
            open: kind.column(),
            high: kind.column(),
            low: kind.column(),
            close: kind.column(),
            volume: None,
        }
    }

    pub fn len(&self) -> usize {
        self.time.len()
    }

    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    pub fn has_bars(&self) -> bool {
        !self.open.is_empty()
    }

    /// The finest grid among the prices.
    pub fn decimals(&self) -> u32 {
        [&self.open, &self.high, &self.low, &self.close]
            .map(Column::decimals)
            .into_iter()
            .max()
            .unwrap_or_default()
    }

    /// Appends the rows of `other`, which has the same columns.
    pub(super) fn append(&mut self, other: &Self) -> Result<(), BadNumber> {
        self.time.extend_from_slice(&other.time);
        self.open.append(&other.open)?;
        self.high.append(&other.high)?;
        self.low.append(&other.low)?;
        self.close.append(&other.close)?;
        match (&mut self.volume, &other.volume) {
            (Some(volume), Some(more)) => volume.append(more),
            _ => Ok(()),
        }
    }

    /// Room for `rows` in all, in the columns that are in use.
    pub(super) fn reserve(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.len());
        self.time.reserve(more);
        self.close.reserve(more);
        if self.has_bars() {
            for column in [&mut self.open, &mut self.high, &mut self.low] {
                column.reserve(more);
            }
        }
        if let Some(volume) = &mut self.volume {
            volume.reserve(more);
        }
    }

    /// Drops the rows of `bad`.
    pub(super) fn remove(&mut self, bad: &BTreeSet<usize>) {
        if bad.is_empty() {
            return;
        }
        remove_rows(&mut self.time, bad);
        for column in [&mut self.open, &mut self.high, &mut self.low, &mut self.close] {
            column.remove(bad);
        }
        if let Some(volume) = &mut self.volume {
            volume.remove(bad);
        }
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.time.truncate(rows);
        for column in [&mut self.open, &mut self.high, &mut self.low, &mut self.close] {
            column.truncate(rows);
        }
        if let Some(volume) = &mut self.volume {
            volume.truncate(rows);
        }
    }
}

/// Field of each column in the file, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fields {
    pub time: usize,
    /// Open, high and low, where the series has bars.
    pub bar: Option<[usize; 3]>,
    pub close: usize,
    pub volume: Option<usize>,
}

impl Fields {
    pub const BARS: Self = Self { time: 0, bar: Some([1, 2, 3]), close: 4, volume: None };
    pub const BARS_AND_VOLUME: Self = Self { volume: Some(5), ..Self::BARS };
    pub const SINGLE: Self = Self { time: 0, bar: None, close: 1, volume: None };
}

/// A series together with the places of its cells.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub series: RawSeries,
    pub fields: Fields,
    /// Lines (rows from 1, in a format without lines) that hold no usable row, rising.
    pub skipped: Vec<u64>,
    /// Opens that [`super::opens::settle`] has moved.
    pub moved_opens: u64,
}

impl Reading {
    pub fn new(series: RawSeries, fields: Fields, skipped: Vec<u64>) -> Self {
        Self { series, fields, skipped, moved_opens: 0 }
    }

    /// A series that was not read from a table of a known shape.
    pub fn of(series: RawSeries) -> Self {
        let fields = match (series.has_bars(), &series.volume) {
            (true, Some(_)) => Fields::BARS_AND_VOLUME,
            (true, None) => Fields::BARS,
            (false, _) => Fields::SINGLE,
        };
        Self::new(series, fields, Vec::new())
    }

    /// The columns that the file has, but for the times.
    pub fn columns_mut(&mut self) -> Vec<&mut Column> {
        let RawSeries { open, high, low, close, volume, .. } = &mut self.series;
        let bar = self.fields.bar.map(|_| [open, high, low]);
        bar.into_iter().flatten().chain([close]).chain(volume).collect()
    }

    /// The numbers of the file: its times, then those of [`Reading::columns_mut`].
    pub fn cells_mut(&mut self) -> Vec<&mut Vec<i64>> {
        let RawSeries { time, open, high, low, close, volume, .. } = &mut self.series;
        let bar = self.fields.bar.map(|_| [open, high, low]);
        let columns = bar.into_iter().flatten().chain([close]).chain(volume);
        std::iter::once(time).chain(columns.map(Column::cells)).collect()
    }

    /// The places alone, without the rows.
    pub fn places(&self) -> Self {
        let RawSeries { kind, ref file, first_line, .. } = self.series;
        let series = RawSeries::new(kind, file.clone(), first_line);
        Self::new(series, self.fields, self.skipped.clone())
    }

    /// Where `field` of `row` stands; the file alone where the format has no lines.
    pub fn place(&self, row: usize, field: usize) -> Place {
        let place = Place::file(&self.series.file);
        match self.series.first_line {
            Some(first) => place.at(self.line(first, row), field as u64 + 1),
            None => place,
        }
    }

    fn line(&self, first: u64, row: usize) -> u64 {
        let skip = |line: u64, &bad: &u64| if bad <= line { line + 1 } else { line };
        self.skipped.iter().fold(first + row as u64, skip)
    }

    /// Names the row where the format has no lines.
    pub fn name_row(&self, row: usize, problem: &str) -> String {
        match self.series.first_line {
            Some(_) => problem.to_owned(),
            None => format!("row {}: {problem}", self.line(1, row)),
        }
    }
}
