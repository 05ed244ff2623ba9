//! Files with one row a thing, streamed: CSV or Parquet.

use super::columns::{self, Definition, polars_error};
use crate::fault::{Error, Result};
use crate::scenario::OutcomeFormat;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{Column, DataFrame, ParquetCompression, ParquetWriter};
use rayon::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Takes rows in order, and closes the file.
pub trait Sink<R>: Send {
    /// # Errors
    /// The file cannot be written to.
    fn write(&mut self, rows: &[R]) -> Result<()>;

    /// # Errors
    /// The file cannot be written to.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Where rows go: `STEM.csv`, `STEM.parquet`, or nowhere.
#[derive(Debug, Clone, Copy)]
pub struct RowFile<'a> {
    pub folder: &'a Path,
    pub stem: &'a str,
    pub format: OutcomeFormat,
}

impl RowFile<'_> {
    fn path(&self, extension: &str) -> PathBuf {
        self.folder.join(self.stem).with_extension(extension)
    }
}

/// The sink of a format.
///
/// # Errors
/// The file cannot be created.
pub fn sink<R, C>(
    file: RowFile,
    definitions: Vec<Definition<R, C>>,
    context: C,
) -> Result<Box<dyn Sink<R>>>
where
    R: Sync + 'static,
    C: Copy + Send + Sync + 'static,
{
    Ok(match file.format {
        OutcomeFormat::None => Box::new(Nowhere),
        OutcomeFormat::Csv => Box::new(CsvSink::create(file, definitions, context)?),
        OutcomeFormat::Parquet => Box::new(ParquetSink::create(file, definitions, context)?),
    })
}

struct Nowhere;

impl<R> Sink<R> for Nowhere {
    fn write(&mut self, _: &[R]) -> Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

struct CsvSink<R, C> {
    writer: csv::Writer<File>,
    path: PathBuf,
    definitions: Vec<Definition<R, C>>,
    context: C,
}

impl<R, C> CsvSink<R, C> {
    fn create(file: RowFile, definitions: Vec<Definition<R, C>>, context: C) -> Result<Self> {
        let path = file.path("csv");
        let file = File::create(&path).map_err(Error::io("create", &path))?;
        let mut writer = csv::Writer::from_writer(file);
        writer
            .write_record(definitions.iter().map(|column| column.name))
            .map_err(|error| Error::io("write", &path)(error.into()))?;
        Ok(Self { writer, path, definitions, context })
    }
}

impl<R: Sync, C: Copy + Send + Sync> Sink<R> for CsvSink<R, C> {
    fn write(&mut self, rows: &[R]) -> Result<()> {
        let (definitions, context) = (&self.definitions, self.context);
        let texts = |row: &R| columns::texts(definitions, row, context);
        let records: Vec<Vec<String>> = rows.par_iter().map(texts).collect();
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

struct ParquetSink<R, C> {
    writer: BatchedWriter<File>,
    path: PathBuf,
    definitions: Vec<Definition<R, C>>,
    context: C,
}

impl<R, C> ParquetSink<R, C> {
    fn create(file: RowFile, definitions: Vec<Definition<R, C>>, context: C) -> Result<Self> {
        let path = file.path("parquet");
        let file = File::create(&path).map_err(Error::io("create", &path))?;
        let writer = ParquetWriter::new(file)
            .with_compression(ParquetCompression::Zstd(None))
            .batched(&columns::schema(&definitions))
            .map_err(|error| polars_error(&path, error))?;
        Ok(Self { writer, path, definitions, context })
    }
}

impl<R: Sync, C: Copy + Send + Sync> Sink<R> for ParquetSink<R, C> {
    fn write(&mut self, rows: &[R]) -> Result<()> {
        let context = self.context;
        let columns: Vec<Column> =
            self.definitions.par_iter().map(|column| column.filled(rows, context)).collect();
        let frame = DataFrame::new(rows.len(), columns);
        frame
            .and_then(|frame| self.writer.write_batch(&frame))
            .map_err(|error| polars_error(&self.path, error))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.writer.finish().map(|_| ()).map_err(|error| polars_error(&self.path, error))
    }
}
