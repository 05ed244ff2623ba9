//! The shipped tables, held against figures from outside and against the series they came from.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod shared;

use deleverage::history::event::{
    Bar, Figures, Tables, Words, digest, events, series, tabulate, to_hours,
};
use deleverage::history::rfc3339;
use deleverage::history::{Interval, Kind, RawSeries};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

fn of_kind(event: &str, symbol: &str, kind: Kind) -> RawSeries {
    let all = series(event, "binance-um", symbol).unwrap();
    all.into_iter().find(|series| series.kind == kind).unwrap()
}

/// Lowest low on one calendar day, UTC.
fn low_on(day: &str, series: &RawSeries) -> String {
    let on_day = |time: &i64| rfc3339(*time).starts_with(day);
    let lows = (0..series.len())
        .map(|i| (series.time[i], series.low.get(i)))
        .filter(|(time, _)| on_day(time));
    lows.map(|(_, low)| low).min().unwrap().to_string()
}

#[test]
fn lows_are_those_that_are_on_record() {
    for (event, day, symbol, trade, mark) in [
        ("2020-03-12", "2020-03-13", "BTCUSDT", "3621.81", "3801.83"),
        ("2021-05-19", "2021-05-19", "ETHUSDT", "1400.73", "1764.3"),
        ("2025-10-10", "2025-10-10", "BTCUSDT", "101516.5", "101877.7"),
    ] {
        let [traded, marked] = [Kind::Trade, Kind::Mark].map(|kind| of_kind(event, symbol, kind));
        assert_eq!(low_on(day, &traded), trade, "{event} {symbol}");
        let rounded: Decimal = low_on(day, &marked).parse().unwrap();
        let stated: Decimal = mark.parse().unwrap();
        assert_eq!(rounded.round_dp(stated.scale()), stated, "{event} {symbol}");
    }
}

#[test]
fn a_print_above_the_mark_is_kept() {
    let at = |series: &RawSeries| {
        series.time.iter().position(|&time| rfc3339(time) == "2020-03-13T02:00:00Z").unwrap()
    };
    let trade = of_kind("2020-03-12", "ETHUSDT", Kind::Trade);
    let mark = of_kind("2020-03-12", "ETHUSDT", Kind::Mark);
    assert_eq!(trade.high.get(at(&trade)), Decimal::from(323));
    assert!(mark.high.get(at(&mark)) < Decimal::from(120));
}

fn traded(event: &str, venue: &str, symbol: &str) -> RawSeries {
    series(event, venue, symbol).unwrap().swap_remove(0)
}

fn hour(series: &RawSeries, time: &str) -> usize {
    series.time.iter().position(|&hour| rfc3339(hour) == time).unwrap()
}

/// Press: YFI fell from 14,500 to 8,300 on 18 November 2023 (chart of Binance), 43 % within hours.
#[test]
fn yfi_falls_as_far_and_as_fast_as_the_press_said() {
    let yfi = traded("2023-11-17-yfi", "binance-spot", "YFIUSDT");
    let low: Decimal = low_on("2023-11-18", &yfi).parse().unwrap();
    assert_eq!(low, Decimal::from(8_258));
    let before = yfi.close.get(hour(&yfi, "2023-11-17T23:00:00Z"));
    assert!((before - Decimal::from(14_500)).abs() < Decimal::from(100), "{before}");
    let fall = Decimal::ONE - low / before;
    assert!(Decimal::new(42, 2) < fall && fall < Decimal::new(45, 2), "{fall}");
    let hours = 0..yfi.len();
    let bottom = hours.min_by_key(|&i| yfi.low.get(i)).unwrap();
    assert_eq!(rfc3339(yfi.time[bottom]), "2023-11-18T05:00:00Z");
}

/// OKEx: a long opened from 02:00 (Hong Kong) on 31 July 2018 was liquidated at 20:17:14, bankrupt
/// at 8,020, and settled at 7,483 on 3 August at 16:00. With the basis of the settlement the
/// perpetual goes through the bankruptcy price in that hour; none since the evening had closed
/// below it.
#[test]
fn bitcoin_falls_through_the_whale_at_the_hour_that_okex_named() {
    let bitcoin = traded("2018-07-31-okex", "bitmex", "XBTUSD");
    let [liquidated, settled] =
        ["2018-07-31T12:00:00Z", "2018-08-03T08:00:00Z"].map(|time| hour(&bitcoin, time));
    let ratio = |future: i64, bar: usize| Decimal::from(future) / bitcoin.open.get(bar);
    let basis = ratio(7_483, settled) - Decimal::ONE;
    assert!(Decimal::new(1, 2) < basis && basis < Decimal::new(2, 2), "{basis}");
    let bankrupt = Decimal::from(8_020) / ratio(7_483, settled);
    assert!(bitcoin.low.get(liquidated) < bankrupt && bankrupt < bitcoin.high.get(liquidated));
    let mut since = hour(&bitcoin, "2018-07-30T20:00:00Z")..liquidated;
    assert!(since.all(|bar| bitcoin.close.get(bar) > bankrupt));
}

#[test]
fn every_table_reads_and_keeps_the_order_of_prices_and_times() {
    let shipped = events();
    assert_eq!(shipped.len(), 13);
    for event in &shipped {
        for instrument in &event.instruments {
            let Some(origin) = instrument.origin(Figures::Trade) else { continue };
            let all = series(&event.name, &instrument.venue, &instrument.symbol).unwrap();
            assert_eq!(all[0].kind, Kind::Trade);
            assert_eq!(all[0].len() as u64, origin.rows, "{} {instrument}", event.name);
            assert_eq!(all.len(), instrument.origins.len(), "{} {instrument}", event.name);
            all.iter().for_each(assert_ordered);
        }
    }
}

fn assert_ordered(series: &RawSeries) {
    assert!(series.time.is_sorted_by(|a, b| a < b), "{}", series.file);
    for bar in 0..series.open.len() {
        let (open, close) = (series.open.get(bar), series.close.get(bar));
        let (low, high) = (series.low.get(bar), series.high.get(bar));
        assert!(Decimal::ZERO < low && low <= open.min(close), "{} {bar}", series.file);
        assert!(open.max(close) <= high, "{} {bar}", series.file);
    }
}

#[test]
fn what_does_not_ship_is_answered_with_what_does() {
    for (event, venue, symbol, message) in [
        ("2021-05-20", "binance-um", "BTCUSDT", "no such event ships: found `2021-05-20`; accep"),
        ("../events/2021-05-19", "binance-um", "BTCUSDT", "no such event ships"),
        ("2021-05-19", "okx-swap", "BTCUSDT", "no such instrument in the event"),
        ("2021-05-19", "binance-um", "SOLUSDT", "binance-um ETHUSDT, binance-um XRPUSDT"),
        ("2024-01-03", "okx-swap", "BTCUSDT", "mark prices but no trades"),
    ] {
        let error = series(event, venue, symbol).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    assert!(digest("nothing").is_err());
}

#[test]
fn digests_tell_tables_apart() {
    let mut all: Vec<String> = events().iter().map(|event| digest(&event.name).unwrap()).collect();
    assert!(all.iter().all(|hex| hex.len() == 64));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), events().len());
}

fn shared_events() -> Option<PathBuf> {
    shared::data().map(|data| data.join("events"))
}

fn retabulate(source: &Path, event: &str) -> Tables {
    let shipped = events().into_iter().find(|shipped| shipped.name == event).unwrap();
    let words = Words { title: shipped.title, sentence: shipped.sentence };
    tabulate(&source.join(event), event, &words).unwrap()
}

#[test]
fn tabulating_again_gives_the_committed_bytes() {
    let Some(source) = shared_events() else { return };
    let out = tempfile::tempdir().unwrap();
    for event in ["2021-05-19", "2025-10-10"] {
        let written = retabulate(&source, event).write(out.path()).unwrap();
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/events").join(event);
        for file in ["hourly.csv", "funding.csv", "event.toml"] {
            let [new, old] =
                [&written, &committed].map(|dir| std::fs::read(dir.join(file)).unwrap());
            assert!(new == old, "{event}/{file} differs");
        }
    }
}

const HOUR_BAR: &str = "open_time_ms,open,high,low,close,volume\n0,1,1,1,1,1\n";

/// A folder `crash` of source series, and the folder above it.
fn sources(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("crash");
    std::fs::create_dir(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    (root, folder)
}

fn words() -> Words {
    Words { title: "a crash".into(), sentence: "It fell.".into() }
}

#[test]
fn hours_count_before_finer_bars_and_what_is_not_read_is_named() {
    let finer = HOUR_BAR.replace("0,1,1,1,1,1", "0,2,2,2,2,2");
    let (_root, folder) = sources(&[
        ("binance-um-BTCUSDT-trade-1m.csv", &finer),
        ("binance-um-BTCUSDT-trade-1h.csv", HOUR_BAR),
        ("notes.txt", ""),
    ]);
    let tables = tabulate(&folder, "crash", &words()).unwrap();
    assert_eq!(tables.about.left_out, ["notes.txt: not a .csv file"]);
    let hourly = String::from_utf8(tables.files[0].1.clone()).unwrap();
    let row = "1970-01-01T00:00:00Z,binance-um,BTCUSDT,trade,1,1,1,1,1,Binance USD-M futures 1h";
    assert_eq!(hourly.lines().nth(1), Some(row));
    assert_eq!(hourly.lines().count(), 2);
}

#[test]
fn folders_that_make_no_table_are_refused() {
    for (file, message) in [
        ("notes.txt", "no source series in this folder"),
        ("elsewhere-BTCUSDT-trade-1h.csv", "unknown venue in the name of a source series"),
        ("binance-um-BTCUSDT-trade-1m.csv", "the source series hold no complete hour"),
    ] {
        let (_root, folder) = sources(&[(file, HOUR_BAR)]);
        let error = tabulate(&folder, "crash", &words()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_source_that_is_not_the_one_of_the_manifest_is_refused() {
    let file = "binance-um-BTCUSDT-trade-1h.csv";
    let (root, folder) = sources(&[(file, HOUR_BAR)]);
    let manifest = format!("file,source,sha256\ncrash/{file},somewhere,00\n");
    std::fs::write(root.path().join("MANIFEST.csv"), manifest).unwrap();
    let error = tabulate(&folder, "crash", &words()).unwrap_err().to_string();
    assert!(error.contains("SHA-256 is not the one"), "{error}");
}

#[test]
fn a_table_keeps_its_words_when_it_is_made_again() {
    let (root, folder) = sources(&[("bitmex-XBTUSD-trade-1h.csv", HOUR_BAR)]);
    let tables = tabulate(&folder, "again", &words()).unwrap();
    let written = tables.write(root.path()).unwrap();
    assert_eq!(Words::of(root.path(), "again").unwrap(), words());
    assert_eq!(std::fs::read_dir(written).unwrap().count(), 3);
    assert!(Words::of(root.path(), "never").is_err());
}

/// Minutes and hours were gathered from different collections: brought to hours, they must agree.
#[test]
fn hours_made_of_minutes_are_the_hours_that_the_exchange_publishes() {
    let Some(source) = shared_events() else { return };
    let read = |interval: &str| {
        let file = format!("2025-02-03/binance-um-BTCUSDT-trade-{interval}.csv");
        to_hours(&bars(&source.join(file)), Interval::parse(interval).unwrap()).unwrap()
    };
    let (made, published) = (read("1m"), read("1h"));
    assert_eq!(made.missing, 0);
    let prices = |bar: &Bar| (bar.time, bar.open, bar.high, bar.low, bar.close);
    assert!(made.bars.iter().map(prices).eq(published.bars.iter().map(prices)));
}

fn bars(path: &Path) -> Vec<Bar> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize::<(i64, String, String, String, String, String)>();
    rows.map(|row| {
        let (time, open, high, low, close, volume) = row.unwrap();
        let [open, high, low, close, volume] =
            [open, high, low, close, volume].map(|text| text.parse().unwrap());
        Bar { time, open, high, low, close, volume: Some(volume) }
    })
    .collect()
}
