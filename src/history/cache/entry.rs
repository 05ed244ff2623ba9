//! A reading as an Arrow IPC file.
//!
//! The file has one field of integers, and each column of the reading is a record batch of it:
//! polars reads a batch into memory of its own, which becomes the column without a copy, and writes
//! it through a buffer of its size. What is no column stands in the metadata of the schema.

use super::name::Name;
use crate::history::Column;
use crate::history::load::Parsed;
use crate::history::raw::{Fields, Kind, RawSeries, Reading, volume_column};
use crate::history::registry::Format;
use crate::history::source::in_blocks;
use polars::prelude::{
    DataFrame, Int64Chunked, IntoSeries, IpcReader, IpcWriter, PolarsResult, SerReader, SerWriter,
};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// End of the name of an entry that is being written.
pub const PART: &str = ".part";
const FIELD: &str = "cells";
const HEADER: &str = "deleverage";

/// What of a reading is no column.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    key: String,
    format: String,
    rows: usize,
    first_line: Option<u64>,
    fields: Fields,
    moved_opens: u64,
    /// Of each column but the times.
    decimals: Vec<u32>,
}

/// What an entry does not say, because it does not depend on the file's content.
pub struct Blank<'a> {
    pub path: &'a str,
    pub kind: Kind,
}

/// Bytes of the columns of an entry.
pub fn size(reading: &Reading) -> u64 {
    let columns = 2 + 3 * u64::from(reading.fields.bar.is_some());
    let columns = columns + u64::from(reading.fields.volume.is_some());
    8 * columns * reading.series.len() as u64
}

/// Writes an entry under a name of its own and then under its right one. `None` where that fails.
pub fn write(folder: &Path, parsed: &mut Parsed, settings: &str) -> Option<()> {
    // A row that is left out has no place in the header, and no strict reading has one.
    parsed.reading.skipped.is_empty().then_some(())?;
    std::fs::create_dir_all(folder).ok()?;
    let named = tempfile::Builder::new().suffix(PART).tempfile_in(folder).ok()?;
    let Parsed { sha256, bytes, format, .. } = parsed;
    let mut name = Name { sha256: sha256.clone(), ..Name::first(*bytes, settings) };
    let header = Header::of(&parsed.reading, name.key(), format);
    let mut sink = Summed { file: named.as_file(), checksum: Xxh3::new() };
    into_arrow(&mut parsed.reading, &header, &mut sink).ok()?;
    name.checksum = sink.checksum.digest();
    named.persist(folder.join(name.to_string())).ok().map(drop)
}

/// The reading of an entry and its format; `None` unless it is whole and of that name.
pub fn read(file: &File, name: &Name, blank: &Blank) -> Option<(Reading, &'static str)> {
    let mut checksum = Xxh3::new();
    in_blocks(file, |block| checksum.update(block)).ok()?;
    // Lengths of a damaged file would be asked of the memory: it is not looked into before.
    (checksum.digest() == name.checksum).then_some(())?;
    let (header, columns) = from_arrow(file.try_clone().ok()?)?;
    let format = Format::named(&header.format)?.name;
    let reading = (header.key == name.key()).then(|| header.reading(columns, blank))??;
    Some((reading, format))
}

impl Header {
    fn of(reading: &Reading, key: String, format: &str) -> Self {
        let Reading { series, fields, moved_opens, .. } = reading;
        let bar = fields.bar.map(|_| [&series.open, &series.high, &series.low]);
        let columns = bar.into_iter().flatten().chain([&series.close]).chain(&series.volume);
        Self {
            key,
            format: format.to_owned(),
            rows: series.len(),
            first_line: series.first_line,
            fields: *fields,
            moved_opens: *moved_opens,
            decimals: columns.map(Column::decimals).collect(),
        }
    }

    /// The reading that this is the header of, if the columns are.
    fn reading(self, columns: Vec<Vec<i64>>, blank: &Blank) -> Option<Reading> {
        let mut series = RawSeries::new(blank.kind, blank.path, self.first_line);
        series.volume = self.fields.volume.map(|_| volume_column());
        let mut reading = Reading::new(series, self.fields, Vec::new());
        reading.moved_opens = self.moved_opens;
        let mut grids = self.decimals.into_iter();
        for column in reading.columns_mut() {
            let decimals = grids.next()?;
            column.steps_mut(decimals).ok()?;
            (column.decimals() == decimals).then_some(())?;
        }
        let cells = reading.cells_mut();
        let is_whole =
            cells.len() == columns.len() && columns.iter().all(|column| column.len() == self.rows);
        (is_whole && self.rows > 0).then_some(())?;
        cells.into_iter().zip(columns).for_each(|(cells, column)| *cells = column);
        Some(reading)
    }
}

/// Lends the columns to a frame, writes it, and takes them back.
fn into_arrow(reading: &mut Reading, header: &Header, sink: &mut impl Write) -> PolarsResult<()> {
    let lent = reading.cells_mut().into_iter().map(std::mem::take);
    let chunks = lent.flat_map(|cells| {
        Int64Chunked::from_vec(FIELD.into(), cells).downcast_into_iter().collect::<Vec<_>>()
    });
    let all = Int64Chunked::from_chunk_iter(FIELD.into(), chunks);
    let written = in_batches(all.clone(), header, sink);
    reading.cells_mut().into_iter().zip(apart(all)).for_each(|(cells, column)| *cells = column);
    written
}

fn in_batches(cells: Int64Chunked, header: &Header, sink: &mut impl Write) -> PolarsResult<()> {
    let text = serde_json::to_string(header).map_err(io::Error::other)?;
    let mut writer = IpcWriter::new(sink);
    writer.set_custom_schema_metadata(Arc::new([(HEADER.into(), text.into())].into()));
    writer.finish(&mut DataFrame::new_infer_height(vec![cells.into_series().into()])?)
}

fn from_arrow(file: File) -> Option<(Header, Vec<Vec<i64>>)> {
    let mut reader = IpcReader::new(file).set_rechunk(false);
    let about = reader.custom_metadata().ok()??;
    let header = serde_json::from_str(about.get(HEADER)?).ok()?;
    let frame = reader.finish().ok()?;
    let cells = frame.columns().first()?.as_materialized_series().i64().ok()?.clone();
    drop(frame);
    Some((header, apart(cells).collect()))
}

/// The chunks of a column, without a copy where nobody else holds them.
fn apart(cells: Int64Chunked) -> impl Iterator<Item = Vec<i64>> {
    cells.downcast_into_iter().map(|chunk| chunk.into_inner().1.to_vec())
}

/// A file whose bytes are summed as they are written.
struct Summed<'a> {
    file: &'a File,
    checksum: Xxh3,
}

impl Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.checksum.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
