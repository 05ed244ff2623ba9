//! Files of the Binance public archive. Older ones have no header line; spot files carry
//! microseconds from 2025 on.

use crate::fault::{Fault, Result};
use crate::history::defects::Defects;
use crate::history::raw::{Fields, Kind, Reading};
use crate::history::registry::Ask;
use crate::history::stamp::TimeUnit;
use crate::history::text::{self, Header, Layout};

const UNITS: &[TimeUnit] = &[TimeUnit::Millis, TimeUnit::Micros];
const KLINES: &str = "open_time,open,high,low,close,volume,close_time,quote_volume,count,\
                      taker_buy_volume,taker_buy_quote_volume,ignore";
const KLINE_HEAD: [&str; 5] = ["open_time", "open", "high", "low", "close"];
const KLINE_WIDTH: usize = 12;
/// A row this wide without a header can only be klines, perhaps torn ones.
const KLINE_LIKE: std::ops::RangeInclusive<usize> = 9..=15;
const FUNDING: &str = "calc_time,funding_interval_hours,last_funding_rate";
const METRICS: &str = "create_time,symbol,sum_open_interest,sum_open_interest_value,\
                       count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,\
                       count_long_short_ratio,sum_taker_long_short_vol_ratio";

fn cells(bytes: &[u8]) -> Vec<&str> {
    let line = text::first_line(bytes).unwrap_or_default();
    line.split(',').map(|cell| cell.trim_matches([' ', '"'])).collect()
}

fn is_number(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit())
}

pub fn is_klines(bytes: &[u8]) -> bool {
    let cells = cells(bytes);
    cells[0] == KLINE_HEAD[0] || (is_number(cells[0]) && KLINE_LIKE.contains(&cells.len()))
}

pub fn is_funding(bytes: &[u8]) -> bool {
    let cells = cells(bytes);
    cells[0] == "calc_time" || (cells.len() == 3 && is_number(cells[0]) && is_number(cells[1]))
}

pub fn is_metrics(bytes: &[u8]) -> bool {
    cells(bytes)[0] == "create_time"
}

pub fn read_klines(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    let cells = cells(ask.bytes);
    let header = header(&cells);
    if header == Header::Present && (cells.len() != KLINE_WIDTH || cells[..5] != KLINE_HEAD) {
        return Err(wrong_header(ask, KLINES).into());
    }
    let kind = ask.bar_kind();
    if !kind.has_bars() {
        return Err(ask.fault(format!("bars where {kind} is wanted")).accepted(FUNDING).into());
    }
    let fields = match kind {
        Kind::Trade => Fields::BARS_AND_VOLUME,
        _ => Fields::BARS,
    };
    read(ask, layout(kind, fields, KLINES, header), defects)
}

pub fn read_funding(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    let header = exact_header(ask, FUNDING)?;
    only(ask, Kind::Funding)?;
    let fields = Fields { close: 2, ..Fields::SINGLE };
    read(ask, layout(Kind::Funding, fields, FUNDING, header), defects)
}

pub fn read_metrics(ask: &Ask, defects: &mut Defects) -> Result<Reading> {
    let header = exact_header(ask, METRICS)?;
    only(ask, Kind::OpenInterest)?;
    let fields = Fields { close: 2, ..Fields::SINGLE };
    read(ask, layout(Kind::OpenInterest, fields, METRICS, header), defects)
}

fn layout(kind: Kind, fields: Fields, columns: &str, header: Header) -> Layout {
    let width = columns.split(',').count();
    let columns = columns.to_owned();
    Layout { kind, fields, width, columns, units: UNITS, header, delimiter: b',' }
}

fn read(ask: &Ask, layout: Layout, defects: &mut Defects) -> Result<Reading> {
    text::read(ask.file, ask.bytes, layout, defects)
}

fn header(cells: &[&str]) -> Header {
    if is_number(cells[0]) { Header::Absent } else { Header::Present }
}

fn exact_header(ask: &Ask, columns: &str) -> Result<Header> {
    let cells = cells(ask.bytes);
    match header(&cells) {
        Header::Present if cells.join(",") != columns => Err(wrong_header(ask, columns).into()),
        header => Ok(header),
    }
}

/// Refuses to read what the file holds as something else.
pub fn only(ask: &Ask, holds: Kind) -> Result<()> {
    match ask.kind {
        Some(wanted) if wanted != holds => {
            Err(ask.fault(format!("{holds} series where {wanted} is wanted")).into())
        }
        _ => Ok(()),
    }
}

pub fn wrong_header(ask: &Ask, columns: &str) -> Fault {
    let mut fault = ask.fault("wrong columns").accepted(columns);
    fault.place = fault.place.at(1, 1);
    fault.found(text::first_line(ask.bytes).unwrap_or_default())
}
