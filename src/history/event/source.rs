//! Source series: `<venue>-<symbol>-<figures>[-<interval>].csv`.

use super::about::Figures;
use super::publisher::{self, Opens};
use super::resample::{Bar, HOUR};
use crate::fault::{Error, Fault, Place, Result};
use crate::history::Interval;
use crate::money::decimal;
use rust_decimal::Decimal;
use std::path::Path;

/// What the name of a source file says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub venue: String,
    pub symbol: String,
    pub figures: Figures,
    /// `None` for funding.
    pub interval: Option<Interval>,
}

impl Name {
    /// Or why a file of this name does not become figures of a table.
    pub fn parse(file: &str) -> Result<Self, &'static str> {
        let stem = file.strip_suffix(".csv").ok_or("not a .csv file")?;
        let (head, interval) = match stem.rsplit_once('-') {
            Some((head, "funding")) => (Some((head, Figures::Funding)), None),
            Some((head, length)) => (split_figures(head), Interval::parse(length)),
            None => (None, None),
        };
        let (head, figures) = head.ok_or("not a trade, mark or funding series")?;
        let (venue, symbol) = head.rsplit_once('-').ok_or("no venue in its name")?;
        if figures != Figures::Funding && !interval.is_some_and(divides_the_hour) {
            return Err("its interval does not divide the hour");
        }
        Ok(Self { venue: venue.to_owned(), symbol: symbol.to_owned(), figures, interval })
    }

    /// An hourly file before finer ones, and otherwise the finest first.
    pub fn preference(&self) -> (bool, Option<Interval>) {
        (self.interval.is_some_and(|interval| interval.millis() != HOUR), self.interval)
    }
}

fn split_figures(head: &str) -> Option<(&str, Figures)> {
    let (head, figures) = head.rsplit_once('-')?;
    Some((head, Figures::parse(figures)?))
}

fn divides_the_hour(interval: Interval) -> bool {
    HOUR % interval.millis() == 0
}

/// A funding rate at its settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settlement {
    pub time: i64,
    pub rate: Decimal,
}

/// Reads and checks the bars of one file.
pub(super) fn read_bars(bytes: &[u8], file: &Path, name: &Name) -> Result<Vec<Bar>> {
    let Some(interval) = name.interval else { return Ok(Vec::new()) };
    let opens = publisher::of(name, file)?.opens;
    let mut columns = vec!["open_time_ms", "open", "high", "low", "close"];
    if name.figures == Figures::Trade {
        columns.push("volume");
    }
    let mut bars: Vec<Bar> = Vec::new();
    each_row(bytes, file, &columns, |row| {
        let time = row.time(bars.last().map(|bar| bar.time))?;
        if time % interval.millis() != 0 {
            return Err(row.fault(0, "the bar does not open on a multiple of its interval").into());
        }
        bars.push(row.bar(time, opens)?);
        Ok(())
    })?;
    Ok(bars)
}

pub(super) fn read_funding(bytes: &[u8], file: &Path) -> Result<Vec<Settlement>> {
    let mut settlements: Vec<Settlement> = Vec::new();
    each_row(bytes, file, &["funding_time_ms", "funding_rate"], |row| {
        let time = row.time(settlements.last().map(|last| last.time))?;
        settlements.push(Settlement { time, rate: row.number(1)? });
        Ok(())
    })?;
    Ok(settlements)
}

fn each_row(
    bytes: &[u8],
    file: &Path,
    columns: &[&str],
    mut take: impl FnMut(Row) -> Result<()>,
) -> Result<()> {
    let mut reader = csv::Reader::from_reader(bytes);
    let broken = |error: csv::Error| {
        let line = error.position().map(csv::Position::line);
        let place = Place { line, ..Place::file(file) };
        Error::from(Fault::new(place, format!("not a CSV table: {error}")))
    };
    let header = reader.headers().map_err(broken)?;
    if header != columns {
        let found = header.iter().collect::<Vec<_>>().join(",");
        let place = Place::file(file).at(1, 1);
        return Err(Fault::new(place, "wrong columns")
            .found(found)
            .accepted(columns.join(","))
            .into());
    }
    for record in reader.records() {
        take(Row { record: &record.map_err(broken)?, file })?;
    }
    Ok(())
}

struct Row<'a> {
    record: &'a csv::StringRecord,
    file: &'a Path,
}

impl Row<'_> {
    fn text(&self, field: usize) -> &str {
        self.record.get(field).unwrap_or_default()
    }

    fn fault(&self, field: usize, problem: impl Into<String>) -> Fault {
        let line = self.record.position().map_or(0, csv::Position::line);
        let place = Place::file(self.file).at(line, field as u64 + 1);
        Fault::new(place, problem).found(self.text(field))
    }

    fn time(&self, last: Option<i64>) -> Result<i64> {
        let time = self.text(0).parse().map_err(|_| {
            self.fault(0, "not a time").accepted("UTC milliseconds, a whole number")
        })?;
        if last.is_some_and(|last| time <= last) {
            return Err(self.fault(0, "not later than the row before").into());
        }
        Ok(time)
    }

    fn number(&self, field: usize) -> Result<Decimal> {
        Ok(decimal::parse(self.text(field)).map_err(|bad| self.fault(field, bad.to_string()))?)
    }

    fn bar(&self, time: i64, opens: Opens) -> Result<Bar> {
        let [open, high, low, close] =
            [self.number(1)?, self.number(2)?, self.number(3)?, self.number(4)?];
        if low <= Decimal::ZERO {
            return Err(self.fault(3, "not a price").accepted("a decimal number above 0").into());
        }
        let inner = if opens == Opens::First { open } else { close };
        if low > inner.min(close) || high < inner.max(close) {
            return Err(self.fault(3, "breaks low ≤ open, close ≤ high").into());
        }
        let volume = if self.record.len() > 5 { Some(self.number(5)?) } else { None };
        if volume.is_some_and(|volume| volume < Decimal::ZERO) {
            return Err(self.fault(5, "a volume below 0").into());
        }
        Ok(Bar { time, open, high, low, close, volume })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_venue_symbol_figures_and_interval() {
        let name = Name::parse("binance-um-BTCUSDT-trade-1m.csv").unwrap();
        assert_eq!((name.venue.as_str(), name.symbol.as_str()), ("binance-um", "BTCUSDT"));
        assert_eq!((name.figures, name.interval), (Figures::Trade, Interval::parse("1m")));
        let name = Name::parse("bitmex-XBTUSD-funding.csv").unwrap();
        assert_eq!((name.venue.as_str(), name.figures), ("bitmex", Figures::Funding));
    }

    #[test]
    fn what_cannot_be_tabulated_says_why() {
        for (file, reason) in [
            ("notes.txt", "not a .csv"),
            ("drift-LUNA-oracle.csv", "not a trade"),
            ("gateio-swap-BTCUSDT-mark-8h.csv", "divide the hour"),
            ("BTCUSDT-trade-1m.csv", "no venue"),
        ] {
            assert!(Name::parse(file).unwrap_err().contains(reason), "{file}");
        }
    }

    #[test]
    fn an_open_outside_its_bar_is_fine_where_it_is_the_close_before() {
        let text = "open_time_ms,open,high,low,close,volume\n0,4,6,5,5,1\n";
        let read = |file| read_bars(text.as_bytes(), Path::new(file), &Name::parse(file).unwrap());
        assert_eq!(read("bitmex-XBTUSD-trade-1m.csv").unwrap().len(), 1);
        assert!(read("binance-um-BTCUSDT-trade-1m.csv").is_err());
    }

    #[test]
    fn rows_that_cannot_be_are_refused_with_their_place() {
        let name = Name::parse("binance-um-BTCUSDT-trade-1m.csv").unwrap();
        for (row, message) in [
            ("60000,5,6,4,x,1", "x.csv:3:5: not a decimal number: found `x`"),
            ("60000,5,6,5.5,5,1", "x.csv:3:4: breaks low ≤ open, close ≤ high: found `5.5`"),
            ("0,5,6,4,5,1", "x.csv:3:1: not later than the row before: found `0`"),
            ("60001,5,6,4,5,1", "x.csv:3:1: the bar does not open on a multiple"),
            ("60000,5,6,4,5,-1", "x.csv:3:6: a volume below 0: found `-1`"),
            ("60000,0,6,0,5,1", "x.csv:3:4: not a price: found `0`"),
            ("60000,5,6,4,5", "not a CSV table"),
        ] {
            let text = format!("open_time_ms,open,high,low,close,volume\n0,5,6,4,5,1\n{row}\n");
            let error = read_bars(text.as_bytes(), Path::new("x.csv"), &name).unwrap_err();
            assert!(error.to_string().contains(message), "{row}: {error}");
        }
    }
}
