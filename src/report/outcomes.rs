//! One row per position, streamed: `outcomes.parquet` or `outcomes.csv`.

use crate::engine::{Cause, Liquidation};
use crate::fault::{Error, Result};
use crate::history::rfc3339;
use crate::money::{Cash, PriceScale, Quantity, Rate, Round};
use crate::scenario::OutcomeFormat;
use crate::tally::Row;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column, DataFrame, DataType, Field, ParquetCompression, ParquetWriter, Schema,
};
use rayon::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};

/// One field of a row. `None` anywhere below is an empty field or a null, never a 0.
enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
    Flag(bool),
}

/// A column: its name, its type, and how it is read off a row.
struct Definition {
    name: &'static str,
    data: DataType,
    value: fn(&Row, PriceScale) -> Value,
}

/// The columns, in order. Amounts and prices are decimal text, so that no digit is lost.
fn definitions() -> Vec<Definition> {
    [position_and_end(), liquidation_steps()].into_iter().flatten().collect()
}

fn text(name: &'static str, value: fn(&Row, PriceScale) -> Value) -> Definition {
    Definition { name, data: DataType::String, value }
}

fn whole(name: &'static str, value: fn(&Row, PriceScale) -> Value) -> Definition {
    Definition { name, data: DataType::Int64, value }
}

fn flag(name: &'static str, value: fn(&Row, PriceScale) -> Value) -> Definition {
    Definition { name, data: DataType::Boolean, value }
}

fn position_and_end() -> Vec<Definition> {
    vec![
        text("entry_time", |row, _| Value::Text(Some(rfc3339(row.entered)))),
        text("side", |row, _| Value::Text(Some(row.side.to_string()))),
        text("leverage", |row, _| Value::Text(Some(row.leverage.to_string()))),
        text("notional", |row, _| cash(Some(row.notional))),
        whole("horizon_bars", |row, _| Value::Whole(Some(row.horizon_bars as i64))),
        text("entry_price", |row, scale| price(Some(row.position.entry), scale)),
        text("liquidation_price", |row, scale| price(row.outcome.liquidation_price, scale)),
        text("bankruptcy_price", |row, scale| price(row.outcome.bankruptcy_price, scale)),
        flag("liquidated", |row, _| Value::Flag(row.outcome.liquidation.is_some())),
        whole("bars_to_liquidation", |row, _| {
            let last = row.outcome.liquidation.and_then(|end| end.last_bar);
            Value::Whole(last.map(|bar| bar as i64))
        }),
        text("fill_price", |row, scale| {
            price(row.outcome.liquidation.map(|end| end.settlement.fill), scale)
        }),
        text("margin_returned", |row, _| {
            let closed = row.outcome.liquidation.filter(Liquidation::is_full);
            cash(closed.map(|end| end.settlement.returned))
        }),
        text("funding", |row, _| cash(Some(row.outcome.funding))),
        text("fees", |row, _| cash(Some(row.outcome.fees))),
        text("slippage", |row, _| cash(row.outcome.liquidation.map(|end| end.settlement.slippage))),
        text("deficit", |row, _| cash(row.outcome.liquidation.map(|end| end.settlement.deficit))),
        text("mae", |row, _| Value::Text(Some(row.outcome.mae.to_string()))),
    ]
}

/// How forced closing went, step by step.
fn liquidation_steps() -> Vec<Definition> {
    vec![
        whole("liquidation_steps", |row, _| {
            Value::Whole(Some(row.outcome.liquidation.map_or(0, |end| i64::from(end.steps))))
        }),
        text("closed_share", |row, _| {
            let closed = row.outcome.liquidation.map(|end| end.closed);
            Value::Text(closed.map(|closed| share(closed, row.position.quantity).to_string()))
        }),
        whole("first_liquidation_bar", |row, _| {
            Value::Whole(row.outcome.liquidation.map(|end| end.first_bar as i64))
        }),
        flag("fully_liquidated", |row, _| {
            Value::Flag(row.outcome.liquidation.is_some_and(|end| end.is_full()))
        }),
        text("kept", |row, _| cash(row.outcome.liquidation.map(|end| end.settlement.kept))),
        flag("raised_margin", |row, _| {
            let cause = row.outcome.liquidation.map(|end| end.cause);
            Value::Flag(cause == Some(Cause::RaisedMargin))
        }),
    ]
}

/// Rounded down, so that only a whole position is 1.
fn share(part: Quantity, of: Quantity) -> Rate {
    let scaled = i128::from(part.lots()) * i128::from(Rate::ONE);
    let steps = Round::Floor.div(scaled, i128::from(of.lots()));
    Rate::from_steps(i64::try_from(steps).unwrap_or(Rate::ONE))
}

fn cash(cash: Option<Cash>) -> Value {
    Value::Text(cash.map(|cash| cash.to_string()))
}

fn price(price: Option<crate::money::Price>, scale: PriceScale) -> Value {
    Value::Text(price.map(|price| scale.to_decimal(price).to_string()))
}

/// Names and texts of a row's columns, in order; an empty text for none.
pub(super) fn fields(row: &Row, scale: PriceScale) -> Vec<(String, String)> {
    let text = |column: Definition| (column.name.to_owned(), field((column.value)(row, scale)));
    definitions().into_iter().map(text).collect()
}

/// Takes rows in order, and closes the file.
pub trait Sink: Send {
    /// # Errors
    /// The file cannot be written to.
    fn write(&mut self, rows: &[Row]) -> Result<()>;

    /// # Errors
    /// The file cannot be written to.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// The sink of a format, writing into a folder.
///
/// # Errors
/// The file cannot be created.
pub fn sink(format: OutcomeFormat, folder: &Path, scale: PriceScale) -> Result<Box<dyn Sink>> {
    Ok(match format {
        OutcomeFormat::None => Box::new(Nowhere),
        OutcomeFormat::Csv => Box::new(CsvSink::create(folder, scale)?),
        OutcomeFormat::Parquet => Box::new(ParquetSink::create(folder, scale)?),
    })
}

struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, _: &[Row]) -> Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

struct CsvSink {
    writer: csv::Writer<File>,
    path: PathBuf,
    definitions: Vec<Definition>,
    scale: PriceScale,
}

impl CsvSink {
    fn create(folder: &Path, scale: PriceScale) -> Result<Self> {
        let path = folder.join("outcomes.csv");
        let file = File::create(&path).map_err(Error::io("create", &path))?;
        let mut writer = csv::Writer::from_writer(file);
        let definitions = definitions();
        writer
            .write_record(definitions.iter().map(|column| column.name))
            .map_err(|error| Error::io("write", &path)(error.into()))?;
        Ok(Self { writer, path, definitions, scale })
    }
}

impl Sink for CsvSink {
    fn write(&mut self, rows: &[Row]) -> Result<()> {
        let (definitions, scale) = (&self.definitions, self.scale);
        let fields = |row: &Row| -> Vec<String> {
            definitions.iter().map(|column| field((column.value)(row, scale))).collect()
        };
        let records: Vec<Vec<String>> = rows.par_iter().map(fields).collect();
        for record in records {
            self.writer
                .write_record(record)
                .map_err(|error| Error::io("write", &self.path)(error.into()))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.writer.flush().map_err(Error::io("write", &self.path))
    }
}

fn field(value: Value) -> String {
    match value {
        Value::Text(text) => text.unwrap_or_default(),
        Value::Whole(whole) => whole.map_or(String::new(), |whole| whole.to_string()),
        Value::Flag(flag) => flag.to_string(),
    }
}

struct ParquetSink {
    writer: BatchedWriter<File>,
    path: PathBuf,
    definitions: Vec<Definition>,
    scale: PriceScale,
}

impl ParquetSink {
    fn create(folder: &Path, scale: PriceScale) -> Result<Self> {
        let path = folder.join("outcomes.parquet");
        let file = File::create(&path).map_err(Error::io("create", &path))?;
        let definitions = definitions();
        let schema: Schema = definitions
            .iter()
            .map(|column| Field::new(column.name.into(), column.data.clone()))
            .collect();
        let writer = ParquetWriter::new(file)
            .with_compression(ParquetCompression::Zstd(None))
            .batched(&schema)
            .map_err(|error| polars_error(&path, error))?;
        Ok(Self { writer, path, definitions, scale })
    }
}

impl Sink for ParquetSink {
    fn write(&mut self, rows: &[Row]) -> Result<()> {
        let scale = self.scale;
        let columns: Vec<Column> =
            self.definitions.par_iter().map(|column| filled(column, rows, scale)).collect();
        let frame = DataFrame::new(rows.len(), columns);
        frame
            .and_then(|frame| self.writer.write_batch(&frame))
            .map_err(|error| polars_error(&self.path, error))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.writer.finish().map(|_| ()).map_err(|error| polars_error(&self.path, error))
    }
}

/// One column of a row group.
fn filled(column: &Definition, rows: &[Row], scale: PriceScale) -> Column {
    let values = rows.iter().map(|row| (column.value)(row, scale));
    let name = column.name.into();
    match column.data {
        DataType::Int64 => {
            let of = |value| if let Value::Whole(whole) = value { whole } else { None };
            Column::new(name, values.map(of).collect::<Vec<Option<i64>>>())
        }
        DataType::Boolean => {
            let of = |value| matches!(value, Value::Flag(true));
            Column::new(name, values.map(of).collect::<Vec<bool>>())
        }
        _ => {
            let of = |value| if let Value::Text(text) = value { text } else { None };
            Column::new(name, values.map(of).collect::<Vec<Option<String>>>())
        }
    }
}

fn polars_error(path: &Path, error: polars::error::PolarsError) -> Error {
    Error::io("write", path)(std::io::Error::other(error))
}
