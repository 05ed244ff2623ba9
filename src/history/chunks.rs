//! A large text table, read side by side.
//!
//! The table is cut after line ends into chunks whose size knows nothing of threads. Chunks that
//! are flawless, each by itself and all together, are the table: whatever is wrong with it is
//! left for the reader that goes from the first row to the last, so that there is one account of
//! mistakes.

use super::raw::{RawSeries, Reading};
use super::stamp::TimeUnit;
use super::text::{Header, Layout, Text, count, flawless};
use rayon::prelude::*;

/// `None` where the table is small, or not flawless.
pub(super) fn read(text: Text, size: usize) -> Option<Reading> {
    let chunks = cut(text.bytes, size)?;
    let below = Layout { header: Header::Absent, ..text.layout.clone() };
    let part = |(chunk, bytes): (usize, &&[u8])| {
        let layout = if chunk == 0 { text.layout } else { &below };
        // Line ends inside quotation marks are no ends of rows.
        let is_plain = count(bytes, b'"') == 0;
        is_plain.then(|| flawless(Text { bytes, layout, ..text })).flatten()
    };
    let parts: Option<Vec<_>> = chunks.par_iter().enumerate().map(part).collect();
    let series = joined(parts?)?;
    Some(Reading::new(series, text.layout.fields, Vec::new()))
}

/// Chunks of at least `size` bytes, the last one aside; all but the last end before a line end.
/// `None` for a single one, and where a blank line would hide at the end of one.
fn cut(mut bytes: &[u8], size: usize) -> Option<Vec<&[u8]>> {
    let mut chunks = Vec::new();
    while let Some(end) = bytes.get(size..).and_then(|rest| rest.iter().position(is_line_end)) {
        let chunk = &bytes[..size + end];
        let line = chunk.strip_suffix(b"\r").unwrap_or(chunk);
        if line.is_empty() || line.ends_with(b"\n") {
            return None;
        }
        chunks.push(chunk);
        bytes = &bytes[size + end + 1..];
    }
    chunks.push(bytes);
    (chunks.len() > 1).then_some(chunks)
}

fn is_line_end(byte: &u8) -> bool {
    *byte == b'\n'
}

fn joined(parts: Vec<(RawSeries, Option<TimeUnit>)>) -> Option<RawSeries> {
    let rows = parts.iter().map(|(series, _)| series.len()).sum();
    let mut parts = parts.into_iter();
    let (mut series, unit) = parts.next()?;
    series.reserve(rows);
    for (more, other) in parts {
        if other != unit {
            return None;
        }
        series.append(&more).ok()?;
    }
    Some(series)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::defects::Defects;
    use crate::history::raw::{Fields, Kind};
    use crate::history::text::in_one_go;
    use proptest::prelude::*;

    fn layout(header: Header) -> Layout {
        Layout {
            kind: Kind::Trade,
            fields: Fields::SINGLE,
            width: 2,
            columns: "time,close".into(),
            units: TimeUnit::ALL,
            header,
            delimiter: b',',
        }
    }

    proptest! {
        /// Tables with blank lines, torn rows, other units and finer prices among the good rows.
        #[test]
        fn chunks_read_what_the_whole_reads(
            rows in proptest::collection::vec(
                prop_oneof![
                    20 => "16[0-9]{11},[1-9][0-9]{0,3}(\\.[0-9]{1,10})?\r?\n",
                    1 => "16[0-9]{8},1\n|\n|\r\n|1\n|\"16[0-9]{11}\",1\n|16[0-9]{11},1\r",
                ],
                0..40,
            ),
            size in 1_usize..200,
            header in prop_oneof![Just(Header::Present), Just(Header::Absent)],
        ) {
            let table = rows.concat();
            let layout = layout(header);
            let text = Text { file: "x.csv", bytes: table.as_bytes(), layout: &layout };
            let whole = in_one_go(text, &mut Defects::stop_at_first());
            match (read(text, size), whole) {
                (Some(chunks), Ok(whole)) => prop_assert_eq!(chunks.series, whole.series),
                (Some(_), Err(error)) => prop_assert!(false, "{error}"),
                (None, _) => {}
            }
        }
    }

    #[test]
    fn a_large_table_is_read_in_chunks() {
        let rows = |first: i64| (0..100).map(move |row| format!("{},{row}.5", first + row));
        let table: Vec<String> = rows(1_600_000_000_000).collect();
        let layout = layout(Header::Absent);
        let read = |table: &str| {
            let text = Text { file: "x.csv", bytes: table.as_bytes(), layout: &layout };
            read(text, 256).map(|reading| reading.series.len())
        };
        assert_eq!(read(&table.join("\n")), Some(100));
        assert_eq!(read(&(table.join("\r\n") + "\r\n\n")), Some(100));
        assert_eq!(read(&table[..5].join("\n")), None, "small");
        assert_eq!(read(&table.join("\n\n")), None, "blank lines");
        let seconds: Vec<String> = rows(1_600_000_000).collect();
        assert_eq!(read(&[table, seconds].concat().join("\n")), None, "two units");
    }
}
