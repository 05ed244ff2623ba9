//! `deleverage data list`: what ships.

use super::out;
use crate::fault::Result;
use crate::history::event::{EventInfo, Figures, Instrument, events, series};
use crate::history::{Kind, RawSeries, rfc3339};
use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use std::collections::BTreeMap;

/// Columns of a wide terminal; the table is also read in pipes, which have no width.
const WIDTH: u16 = 132;
const HOUR: i64 = 3_600_000;

/// Prints one row for each shipped event.
///
/// # Errors
/// A shipped table that does not read.
pub fn list() -> Result<()> {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(["event", "title", "instruments", "span (UTC)", "hours", "lowest BTC trade"]);
    for event in events() {
        table.add_row(row(&event)?);
    }
    out::line(format!("{table}\n(SYMBOL): mark prices only; `[history] event` needs trades"))
}

fn row(event: &EventInfo) -> Result<[String; 6]> {
    let hours = (event.last - event.first) / HOUR + 1;
    Ok([
        event.name.clone(),
        event.title.clone(),
        instruments(event),
        format!("{} …\n{}", minute(event.first), minute(event.last)),
        hours.to_string(),
        lowest_bitcoin(event)?,
    ])
}

/// One line a venue; what has marks but no trades is in brackets.
fn instruments(event: &EventInfo) -> String {
    let mut venues: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for instrument in &event.instruments {
        let symbol = match instrument.origin(Figures::Trade) {
            Some(_) => instrument.symbol.clone(),
            None => format!("({})", instrument.symbol),
        };
        venues.entry(&instrument.venue).or_default().push(symbol);
    }
    let lines: Vec<String> =
        venues.iter().map(|(venue, symbols)| format!("{venue}: {}", symbols.join(" "))).collect();
    lines.join("\n")
}

fn lowest_bitcoin(event: &EventInfo) -> Result<String> {
    let bitcoin = |instrument: &&Instrument| {
        ["BTCUSDT", "XBTUSD"].contains(&instrument.symbol.as_str())
            && instrument.origin(Figures::Trade).is_some()
    };
    let mut lows = Vec::new();
    for instrument in event.instruments.iter().filter(bitcoin) {
        let all = series(&event.name, &instrument.venue, &instrument.symbol)?;
        let trade = all.iter().find(|series| series.kind == Kind::Trade);
        let lows_of =
            |trade: &RawSeries| (0..trade.len()).map(|i| (trade.low.get(i), trade.time[i])).min();
        let low = trade.and_then(lows_of);
        lows.extend(low.map(|(low, time)| (low, time, &instrument.venue)));
    }
    let lowest = lows.into_iter().min();
    Ok(lowest.map_or_else(String::new, |(low, time, venue)| {
        format!("{low} on {venue}\n{}", minute(time))
    }))
}

/// `2021-05-19 13:00`.
fn minute(millis: i64) -> String {
    let text = rfc3339(millis).replace('T', " ");
    text.strip_suffix(":00Z").unwrap_or(&text).to_owned()
}
