//! Rows of a book of accounts as texts, whatever the file's format, each with its place.

use crate::fault::{Error, Fault, Place, Result};
use crate::history::{is_parquet, parquet};
use crate::money::decimal::parse_float;
use csv::{ByteRecord, Position};
use polars::prelude::{Column, DataFrame};
use std::borrow::Cow;

/// The columns of the file, in the order of the rows that are handed on.
pub const COLUMNS: [&str; 7] =
    ["account", "symbol", "side", "quantity", "entry_price", "margin", "mode"];
/// Those that a columnar file may hold as numbers.
const FIGURES: [&str; 3] = ["quantity", "entry_price", "margin"];

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    file: &'a str,
    /// Line of a text; `None` in a columnar file.
    line: Option<u64>,
    /// From 1.
    row: u64,
    /// Field of each column in the file, from 0.
    fields: [usize; 7],
}

impl Spot<'_> {
    /// A fault at a column of the row.
    pub fn fault(&self, column: usize, problem: &str) -> Fault {
        let place = Place::file(self.file);
        match self.line {
            Some(line) => Fault::new(place.at(line, self.fields[column] as u64 + 1), problem),
            None => Fault::new(place, format!("row {}: {problem}", self.row)),
        }
    }
}

/// What takes the rows, one after another.
type Take<'t> = dyn FnMut(&Spot, [&str; 7]) -> Result<()> + 't;

/// Hands on every row of a file.
///
/// # Errors
/// Other columns than those of a book, damage, or what `take` refuses.
pub fn read(file: &str, bytes: &[u8], take: &mut Take) -> Result<()> {
    match is_parquet(bytes) {
        true => columnar(file, &parquet(file, bytes)?, take),
        false => text(file, bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), take),
    }
}

/// The field of each column.
fn fields(place: &Place, names: &[&str]) -> Result<[usize; 7]> {
    let mut fields = [0; 7];
    let wrong = |problem: String| {
        let fault = Fault::new(place.clone(), problem).found(names.join(","));
        Error::from(fault.accepted(format!("{}, in any order", COLUMNS.join(","))))
    };
    for (field, column) in fields.iter_mut().zip(COLUMNS) {
        let missing = || wrong(format!("wrong columns: no column {column}"));
        *field = names.iter().position(|name| *name == column).ok_or_else(missing)?;
    }
    match names.iter().enumerate().find(|(field, _)| !fields.contains(field)) {
        Some((_, name)) => Err(wrong(format!("wrong columns: one too many, {name}"))),
        None => Ok(fields),
    }
}

fn text(file: &str, bytes: &[u8], take: &mut Take) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut lines = Lines { bytes, start: 0, line: 1 };
    let mut record = ByteRecord::new();
    let mut fields_of = None;
    let mut row = 0;
    let broken = |error: csv::Error| Fault::new(Place::file(file), "not a text table").found(error);
    while reader.read_byte_record(&mut record).map_err(broken)? {
        let line = lines.of(record.position());
        let Some(fields) = fields_of else {
            let names: Vec<Cow<str>> = record.iter().map(String::from_utf8_lossy).collect();
            let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
            fields_of = Some(fields(&Place::file(file).at(line, 1), &names)?);
            continue;
        };
        row += 1;
        take_record(&Spot { file, line: Some(line), row, fields }, &record, take)?;
    }
    match fields_of {
        Some(_) => Ok(()),
        None => fields(&Place::file(file), &[]).map(|_| ()),
    }
}

fn take_record(spot: &Spot, record: &ByteRecord, take: &mut Take) -> Result<()> {
    if record.len() != COLUMNS.len() {
        let problem = format!("wrong columns: {} fields in this row", record.len());
        let place = Place { column: Some(record.len().min(7) as u64), ..spot.fault(0, "").place };
        let accepted = format!("{} fields, as in the header", COLUMNS.len());
        return Err(Fault::new(place, problem).accepted(accepted).into());
    }
    let mut cells = [""; 7];
    for (column, cell) in cells.iter_mut().enumerate() {
        let bytes = &record[spot.fields[column]];
        *cell = std::str::from_utf8(bytes)
            .map_err(|_| {
                let text: String = String::from_utf8_lossy(bytes).chars().take(60).collect();
                spot.fault(column, "not UTF-8 text").found(text)
            })?
            .trim();
    }
    take(spot, cells)
}

/// Lines of records, counted on the way: the reader skips blank lines without a word.
struct Lines<'a> {
    bytes: &'a [u8],
    start: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&Position>) -> u64 {
        let start = position.map_or(0, Position::byte) as usize;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.bytes[self.start..start + blank];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.start = start + blank;
        self.line
    }
}

fn columnar(file: &str, frame: &DataFrame, take: &mut Take) -> Result<()> {
    let names: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
    let fields = fields(&Place::file(file), &names)?;
    let columns = fields.map(|field| &frame.columns()[field]);
    let mut texts = Vec::with_capacity(COLUMNS.len());
    for (column, name) in columns.into_iter().zip(COLUMNS) {
        texts.push(self::texts(column, name).ok_or_else(|| wrong_type(file, column, name))?);
    }
    let cell = |column: usize, row: usize| texts[column][row].trim();
    for row in 0..frame.height() {
        let cells = std::array::from_fn(|column| cell(column, row));
        take(&Spot { file, line: None, row: row as u64 + 1, fields }, cells)?;
    }
    Ok(())
}

/// The cells of a column: empty where there is none, numbers as their shortest decimals.
fn texts(column: &Column, name: &str) -> Option<Vec<String>> {
    let cells = column.as_materialized_series();
    if let Ok(cells) = cells.str() {
        return Some(cells.iter().map(|cell| cell.unwrap_or_default().to_owned()).collect());
    }
    let is_figure = FIGURES.contains(&name);
    if let Some(cells) = cells.i64().ok().filter(|_| is_figure || name == COLUMNS[0]) {
        let text = |cell: Option<i64>| cell.map(|cell| cell.to_string()).unwrap_or_default();
        return Some(cells.iter().map(text).collect());
    }
    let text = |cell: Option<f64>| match cell {
        Some(cell) => parse_float(cell).map_or(cell.to_string(), |exact| exact.to_string()),
        None => String::new(),
    };
    let cells = cells.f64().ok().filter(|_| is_figure)?;
    Some(cells.iter().map(text).collect())
}

fn wrong_type(file: &str, column: &Column, name: &str) -> Fault {
    let accepted = match (FIGURES.contains(&name), name == COLUMNS[0]) {
        (true, _) => "64-bit floats, 64-bit integers or decimal text",
        (_, true) => "text or 64-bit integers",
        _ => "text",
    };
    Fault::new(Place::file(file), format!("wrong type of column {name}"))
        .found(column.dtype())
        .accepted(accepted)
}
