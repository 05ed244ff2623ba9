//! Rows of a text table, one reader for every layout.

use super::chunks;
use super::defects::Defects;
use super::number;
use super::raw::{Fields, Kind, RawSeries, Reading, volume_column};
use super::stamp::{Clock, TimeUnit};
use crate::fault::{Fault, Place, Result};
use crate::history::Column;
use crate::money::decimal::BadNumber;
use csv::ByteRecord;

/// What the columns of a text table hold.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub kind: Kind,
    pub fields: Fields,
    /// Fields in every row, and how to say so.
    pub width: usize,
    pub columns: String,
    pub units: &'static [TimeUnit],
    pub header: Header,
    pub delimiter: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    Present,
    Absent,
}

/// Bytes of a table that are read by themselves: some ten thousand rows.
const CHUNK: usize = 1 << 20;

/// A cell that is wrong: its field from 0, and why.
struct BadCell {
    field: usize,
    problem: String,
    accepted: String,
}

/// The text without a byte order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The first line, trimmed; `None` where it is not UTF-8.
pub(super) fn first_line(bytes: &[u8]) -> Option<&str> {
    let bytes = without_mark(bytes);
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    std::str::from_utf8(&bytes[..end]).ok().map(str::trim)
}

/// Reads all rows of a table.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    layout: Layout,
    defects: &mut Defects,
) -> Result<Reading> {
    let text = Text { file, bytes: without_mark(bytes), layout: &layout };
    match chunks::read(text, CHUNK) {
        Some(reading) => Ok(reading),
        None => in_one_go(text, defects),
    }
}

/// A table, or the rows between two line ends of it.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub file: &'a str,
    pub bytes: &'a [u8],
    pub layout: &'a Layout,
}

impl<'a> Text<'a> {
    fn reader(self) -> csv::Reader<&'a [u8]> {
        csv::ReaderBuilder::new()
            .has_headers(self.layout.header == Header::Present)
            .flexible(true)
            .delimiter(self.layout.delimiter)
            .from_reader(self.bytes)
    }
}

/// Reads row by row and says what is wrong with each.
pub(super) fn in_one_go(text: Text, defects: &mut Defects) -> Result<Reading> {
    let mut rows = Rows::new(text);
    let mut reader = text.reader();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| rows.broken(&error))? {
        if let Err(bad) = rows.take(&record) {
            rows.skip(&record, *bad, defects)?;
        }
    }
    rows.finish()
}

/// The rows of a text without any mistake, and the unit of its stamps.
pub(super) fn flawless(text: Text) -> Option<(RawSeries, Option<TimeUnit>)> {
    let mut rows = Rows::new(text);
    let mut reader = text.reader();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).ok()? {
        rows.take(&record).ok()?;
    }
    let unit = rows.clock.unit();
    rows.finish().ok().map(|reading| (reading.series, unit))
}

struct Rows<'a> {
    text: Text<'a>,
    clock: Clock,
    reading: Reading,
}

impl<'a> Rows<'a> {
    fn new(text: Text<'a>) -> Self {
        let Text { file, bytes, layout } = text;
        let first = if layout.header == Header::Present { 2 } else { 1 };
        let mut series = RawSeries::new(layout.kind, file, Some(first));
        series.volume = layout.fields.volume.map(|_| volume_column());
        reserve(&mut series, layout.fields, bytes);
        let clock = Clock::new(layout.units);
        Self { text, clock, reading: Reading::new(series, layout.fields, Vec::new()) }
    }

    #[inline]
    fn take(&mut self, record: &ByteRecord) -> Result<(), Box<BadCell>> {
        if record.len() != self.text.layout.width {
            return Err(self.bad_width(record));
        }
        let fields = self.text.layout.fields;
        let time = self.time(&record[fields.time])?;
        let series = &mut self.reading.series;
        if let Some([open, high, low]) = fields.bar {
            push(&mut series.open, record, open, "open")?;
            push(&mut series.high, record, high, "high")?;
            push(&mut series.low, record, low, "low")?;
        }
        push(&mut series.close, record, fields.close, name_of_close(series.kind))?;
        if let (Some(volume), Some(field)) = (&mut series.volume, fields.volume) {
            push(volume, record, field, "volume")?;
        }
        series.time.push(time);
        Ok(())
    }

    #[inline]
    fn time(&mut self, cell: &[u8]) -> Result<i64, Box<BadCell>> {
        self.clock.read(cell).map_err(|bad| {
            let (problem, accepted) = (bad.problem, bad.accepted);
            Box::new(BadCell { field: self.text.layout.fields.time, problem, accepted })
        })
    }

    fn bad_width(&self, record: &ByteRecord) -> Box<BadCell> {
        let problem = format!("wrong columns: {} fields in this row", record.len());
        let Layout { width, columns, .. } = self.text.layout;
        let accepted = format!("{width} fields: {columns}");
        Box::new(BadCell { field: record.len().min(*width), problem, accepted })
    }

    fn skip(&mut self, record: &ByteRecord, bad: BadCell, defects: &mut Defects) -> Result<()> {
        let series = &mut self.reading.series;
        series.truncate(series.time.len());
        let line = self.line(record);
        self.reading.skipped.push(line);
        let cell = record.get(bad.field).unwrap_or_default();
        let place = Place::file(self.text.file).at(line, bad.field as u64 + 1);
        let problem = match std::str::from_utf8(cell) {
            Ok(_) => bad.problem,
            Err(_) => "not UTF-8 text".to_owned(),
        };
        let text: String = String::from_utf8_lossy(cell).chars().take(60).collect();
        defects.note(Fault::new(place, problem).found(text).accepted(bad.accepted))
    }

    /// The reader skips blank lines and counts a carriage return late, so a line is counted anew.
    fn line(&self, record: &ByteRecord) -> u64 {
        let start = record.position().map_or(0, csv::Position::byte) as usize;
        let blank = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let bytes = self.text.bytes;
        let lead = bytes[start..].iter().take_while(|byte| blank(byte)).count();
        count(&bytes[..start + lead], b'\n') as u64 + 1
    }

    fn broken(&self, error: &csv::Error) -> Fault {
        Fault::new(Place::file(self.text.file), "not a text table").found(error)
    }

    /// Lines are named by counting rows, so no line may be blank before the last row.
    fn finish(self) -> Result<Reading> {
        let Text { file, bytes, layout } = self.text;
        let end = bytes.iter().rposition(|byte| !byte.is_ascii_whitespace());
        let text = &bytes[..end.map_or(0, |end| end + 1)];
        let header = usize::from(layout.header == Header::Present);
        let rows = self.reading.series.len() + self.reading.skipped.len();
        if count(text, b'\n') + 1 == rows + header || rows == 0 {
            return Ok(self.reading);
        }
        let blank = text.split(|&byte| byte == b'\n').position(is_broken);
        let place = Place::file(file).at(blank.map_or(1, |line| line as u64 + 1), 1);
        Err(Fault::new(place, "blank line or line break inside a cell")
            .accepted("one row a line, without blank lines between rows")
            .into())
    }
}

/// A line that is blank, or opens a quotation that it does not close.
fn is_broken(line: &[u8]) -> bool {
    let quotes = line.iter().filter(|&&byte| byte == b'"').count();
    line.iter().all(|&byte| byte == b'\r') || quotes % 2 == 1
}

/// How often a byte is there. Counts in bytes, no more at once than a byte can count, so that many
/// are compared at a time.
pub(super) fn count(bytes: &[u8], wanted: u8) -> usize {
    let is_it = |&byte: &u8| u8::from(byte == wanted);
    let few = |few: &[u8]| few.iter().map(is_it).fold(0, u8::wrapping_add);
    bytes.chunks(192).map(|bytes| usize::from(few(bytes))).sum()
}

/// Room for as many rows as the first line suggests.
fn reserve(series: &mut RawSeries, fields: Fields, bytes: &[u8]) {
    let line = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| end + 1);
    let rows = bytes.len() / line.max(8);
    series.time.reserve(rows);
    series.close.reserve(rows);
    if fields.bar.is_some() {
        for column in [&mut series.open, &mut series.high, &mut series.low] {
            column.reserve(rows);
        }
    }
    if let Some(volume) = &mut series.volume {
        volume.reserve(rows);
    }
}

#[inline]
fn push(
    column: &mut Column,
    record: &ByteRecord,
    field: usize,
    name: &str,
) -> Result<(), Box<BadCell>> {
    let cell = &record[field];
    number::parse(cell)
        .and_then(|(digits, decimals)| column.push(digits, decimals))
        .map_err(|bad| bad_number(field, name, bad))
}

fn bad_number(field: usize, name: &str, bad: BadNumber) -> Box<BadCell> {
    let problem = number::complaint(name, bad);
    Box::new(BadCell { field, problem, accepted: accepted_number(name).to_owned() })
}

pub(super) fn accepted_number(name: &str) -> &'static str {
    match name {
        "rate" => "a decimal fraction such as 0.0001",
        "volume" | "open interest" => "a decimal number, 0 or above",
        _ => "a decimal number above 0",
    }
}

pub(super) fn name_of_close(kind: Kind) -> &'static str {
    match kind {
        Kind::Trade | Kind::Mark | Kind::Index => "close",
        Kind::Funding => "rate",
        Kind::OpenInterest => "open interest",
    }
}
