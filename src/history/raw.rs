//! One series as a file tells it, before it is joined with others.

use rust_decimal::Decimal;

/// What a series records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Trade,
    Mark,
    Index,
    Funding,
    OpenInterest,
}

/// Rows of one series in the order of the file, with exact decimals.
///
/// Series of bars fill `open` … `close` (and `volume` where the source has one). Series of single
/// values (funding rate, open interest) fill `close` alone and leave the other columns empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSeries {
    pub kind: Kind,
    /// The file as the user named it, for messages and manifests.
    pub file: String,
    /// Line of the first row in the file, where the format has lines.
    pub first_line: Option<u64>,
    /// UTC milliseconds: the open of a bar, or the stamp of a single value.
    pub time: Vec<i64>,
    pub open: Vec<Decimal>,
    pub high: Vec<Decimal>,
    pub low: Vec<Decimal>,
    pub close: Vec<Decimal>,
    pub volume: Option<Vec<Decimal>>,
}

impl RawSeries {
    pub fn len(&self) -> usize {
        self.time.len()
    }

    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }
}
