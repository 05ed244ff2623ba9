//! One row of a finished run's `outcomes` or `worlds` file.

use crate::fault::{Error, Fault, Place, Result};
use polars::prelude::{AnyValue, ParquetReader, SerReader};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Names and texts of a row as a file holds it; an empty text for none.
pub type Fields = Vec<(String, String)>;

/// Compares what was replayed with its row in the report's file of that name; `false` where the run
/// wrote no rows.
///
/// # Errors
/// The file cannot be read, has no such row, or says something else.
pub fn agrees(report: &Path, stem: &str, number: u64, replayed: &Fields) -> Result<bool> {
    let Some((path, recorded)) = read(&report.join(stem), number)? else { return Ok(false) };
    let place = Place::file(&path).at(number + 2, 1);
    let recorded = recorded
        .ok_or_else(|| Fault::new(place.clone(), "the report has no such row").found(number))?;
    let written = |name: &str| recorded.iter().find(|(known, _)| known == name).map(|(_, t)| t);
    let differs = |(name, text): &&(String, String)| written(name) != Some(text);
    match replayed.iter().find(differs) {
        None => Ok(true),
        Some((name, text)) => Err(Fault::new(place, format!("{name} is not what the run wrote"))
            .found(text)
            .accepted(written(name).map_or("a report with this column", |text| text))
            .into()),
    }
}

fn read(stem: &Path, number: u64) -> Result<Option<(PathBuf, Option<Fields>)>> {
    let (csv, parquet) = (stem.with_extension("csv"), stem.with_extension("parquet"));
    if csv.is_file() {
        let fields = of_csv(&csv, number).map_err(|e| Error::io("read", &csv)(e.into()))?;
        return Ok(Some((csv, fields)));
    }
    if parquet.is_file() {
        let fields = of_parquet(&parquet, number)?;
        return Ok(Some((parquet, fields)));
    }
    Ok(None)
}

fn of_csv(path: &Path, number: u64) -> Result<Option<Fields>, csv::Error> {
    let mut reader = csv::Reader::from_path(path)?;
    let names = reader.headers()?.clone();
    let record = reader.records().nth(usize::try_from(number).unwrap_or(usize::MAX)).transpose()?;
    let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    Ok(record.map(|record| names.iter().zip(&record).map(owned).collect()))
}

fn of_parquet(path: &Path, number: u64) -> Result<Option<Fields>> {
    let broken = |error| Error::io("read", path)(std::io::Error::other(error));
    let file = File::open(path).map_err(Error::io("read", path))?;
    let start = usize::try_from(number).unwrap_or(usize::MAX);
    let frame = ParquetReader::new(file).with_slice(Some((start, 1))).finish().map_err(broken)?;
    if frame.height() == 0 {
        return Ok(None);
    }
    let text = |column: &polars::prelude::Column| {
        let value = column.get(0).map_err(broken)?;
        Ok((column.name().to_string(), text_of(&value)))
    };
    frame.columns().iter().map(text).collect::<Result<Fields>>().map(Some)
}

fn text_of(value: &AnyValue) -> String {
    match (value, value.get_str()) {
        (AnyValue::Null, _) => String::new(),
        (_, Some(text)) => text.to_owned(),
        (other, None) => other.to_string(),
    }
}
