//! `hourly.csv` and `funding.csv`: written by [`super::tabulate`], read by [`super::series`].

use super::about::Figures;
use super::resample::Bar;
use super::source::Settlement;
use super::stamp;
use crate::fault::{Error, Fault, Place, Result};
use crate::history::{Column, Kind, RawSeries, VOLUME_DECIMALS, rfc3339};
use crate::money::decimal;

pub(super) const HOURLY: &str = "hourly.csv";
pub(super) const FUNDING: &str = "funding.csv";
const HOURLY_COLUMNS: [&str; 10] =
    ["time", "venue", "instrument", "series", "open", "high", "low", "close", "volume", "source"];
const FUNDING_COLUMNS: [&str; 5] = ["time", "venue", "instrument", "rate", "source"];

/// Whose figures a block of rows holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub venue: &'a str,
    pub symbol: &'a str,
    pub source: &'a str,
}

/// A table in memory, header first.
pub(super) struct Writer {
    csv: csv::Writer<Vec<u8>>,
    file: &'static str,
}

impl Writer {
    pub fn hourly() -> Result<Self> {
        Self::new(HOURLY, &HOURLY_COLUMNS)
    }

    pub fn funding() -> Result<Self> {
        Self::new(FUNDING, &FUNDING_COLUMNS)
    }

    fn new(file: &'static str, columns: &[&str]) -> Result<Self> {
        let mut writer = Self { csv: csv::Writer::from_writer(Vec::new()), file };
        writer.row(columns)?;
        Ok(writer)
    }

    fn row(&mut self, fields: &[&str]) -> Result<()> {
        self.csv.write_record(fields).map_err(|error| not_written(self.file, &error))
    }

    pub fn bar(&mut self, block: Block, figures: Figures, bar: &Bar) -> Result<()> {
        let [open, high, low, close] =
            [bar.open, bar.high, bar.low, bar.close].map(|price| price.normalize().to_string());
        let volume = bar.volume.map(|volume| volume.normalize().to_string()).unwrap_or_default();
        self.row(&[
            &rfc3339(bar.time),
            block.venue,
            block.symbol,
            figures.name(),
            &open,
            &high,
            &low,
            &close,
            &volume,
            block.source,
        ])
    }

    pub fn settlement(&mut self, block: Block, settlement: &Settlement) -> Result<()> {
        let rate = settlement.rate.normalize().to_string();
        self.row(&[&rfc3339(settlement.time), block.venue, block.symbol, &rate, block.source])
    }

    pub fn finish(self) -> Result<Vec<u8>> {
        self.csv.into_inner().map_err(|error| not_written(self.file, &error))
    }
}

fn not_written(file: &str, error: &dyn std::fmt::Display) -> Error {
    Fault::new(Place::file(file), format!("cannot be written: {error}")).into()
}

/// One table of one event, and the instrument wanted from it.
pub(super) struct Query<'a> {
    pub bytes: &'a [u8],
    /// How messages name the table.
    pub file: &'a str,
    pub venue: &'a str,
    pub symbol: &'a str,
}

impl Query<'_> {
    /// The hours of trade or mark prices; empty where the table has none.
    pub fn hours(&self, figures: Figures) -> Result<RawSeries> {
        let kind = if figures == Figures::Mark { Kind::Mark } else { Kind::Trade };
        let mut series = self.empty(kind);
        let mut volume = Column::new(VOLUME_DECIMALS, VOLUME_DECIMALS);
        self.each_row(&HOURLY_COLUMNS, |row| {
            if row.text(3) != figures.name() {
                return Ok(());
            }
            row.time(&mut series)?;
            row.push(4, &mut series.open)?;
            row.push(5, &mut series.high)?;
            row.push(6, &mut series.low)?;
            row.push(7, &mut series.close)?;
            if kind == Kind::Trade {
                row.push(8, &mut volume)?;
            }
            Ok(())
        })?;
        series.volume = (kind == Kind::Trade).then_some(volume);
        Ok(series)
    }

    /// The funding settlements; empty where the table has none.
    pub fn funding(&self) -> Result<RawSeries> {
        let mut series = self.empty(Kind::Funding);
        self.each_row(&FUNDING_COLUMNS, |row| {
            row.time(&mut series)?;
            row.push(3, &mut series.close)?;
            Ok(())
        })?;
        Ok(series)
    }

    fn empty(&self, kind: Kind) -> RawSeries {
        RawSeries::new(kind, self.file, None)
    }

    fn each_row(&self, columns: &[&str], mut take: impl FnMut(Row) -> Result<()>) -> Result<()> {
        let mut reader = csv::Reader::from_reader(self.bytes);
        let broken = |error: csv::Error| {
            Fault::new(Place::file(self.file), format!("not a CSV table: {error}"))
        };
        let header = reader.headers().map_err(broken)?;
        if header != columns {
            let place = Place::file(self.file).at(1, 1);
            return Err(Fault::new(place, "wrong columns").accepted(columns.join(",")).into());
        }
        for record in reader.records() {
            let record = record.map_err(broken)?;
            if &record[1] == self.venue && &record[2] == self.symbol {
                take(Row { record: &record, file: self.file })?;
            }
        }
        Ok(())
    }
}

struct Row<'a> {
    record: &'a csv::StringRecord,
    file: &'a str,
}

impl Row<'_> {
    fn text(&self, field: usize) -> &str {
        &self.record[field]
    }

    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn fault(&self, field: usize, problem: impl Into<String>) -> Fault {
        let place = Place::file(self.file).at(self.line(), field as u64 + 1);
        Fault::new(place, problem).found(self.text(field))
    }

    fn time(&self, series: &mut RawSeries) -> Result<()> {
        let time = stamp::parse(self.text(0));
        series.time.push(time.ok_or_else(|| self.fault(0, "not an RFC 3339 time"))?);
        series.first_line.get_or_insert(self.line());
        Ok(())
    }

    /// Appends a field's number to a column.
    fn push(&self, field: usize, column: &mut Column) -> Result<()> {
        let number =
            decimal::parse(self.text(field)).and_then(|number| column.push_decimal(number));
        Ok(number.map_err(|bad| self.fault(field, bad.to_string()))?)
    }
}
