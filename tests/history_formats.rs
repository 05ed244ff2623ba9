//! Every format tells the same story.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::history::{
    ColumnRef, Columns, FORMATS, Funding, GapPolicy, History, Kind, LoadRequest, MarkSource,
    Sources, TimeUnit, load, survey,
};
use deleverage::money::{PriceScale, Rate};
use polars::prelude::*;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const FIRST: i64 = 1_735_689_600_000;
const MINUTE: i64 = 60_000;
/// Open, high, low, close and volume of three minutes.
const BARS: [[&str; 5]; 3] = [
    ["93576.00", "93610.93", "93537.50", "93610.93", "8.21827"],
    ["93610.93", "93652.00", "93606.20", "93652.00", "11.27813"],
    ["93652.00", "121332.9600000000", "0.0000111300", "93656.18", "0"],
];

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn sources(path: &Path) -> Sources {
    [path.display().to_string()].into_iter().collect()
}

fn trades(path: &Path) -> LoadRequest {
    LoadRequest { symbol: "BTCUSDT".into(), trade: sources(path), ..LoadRequest::default() }
}

fn history(path: &Path) -> History {
    load(&trades(path)).unwrap().history
}

fn plain() -> String {
    let mut text = String::from("open_time_ms,open,high,low,close,volume\n");
    for (row, bar) in BARS.iter().enumerate() {
        writeln!(text, "{},{}", FIRST + row as i64 * MINUTE, bar.join(",")).unwrap();
    }
    text
}

fn klines(unit: i64) -> String {
    let mut text = String::new();
    for (row, bar) in BARS.iter().enumerate() {
        let open = (FIRST + row as i64 * MINUTE) * unit;
        let close = open + MINUTE * unit - 1;
        writeln!(text, "{open},{},{close},1,2,3,4,0", bar.join(",")).unwrap();
    }
    text
}

const HEADER: &str = "open_time,open,high,low,close,volume,close_time,quote_volume,count,\
                      taker_buy_volume,taker_buy_quote_volume,ignore\n";

fn zipped(name: &str, content: &str) -> Vec<u8> {
    let mut archive = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, ::zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

fn frame() -> DataFrame {
    let column =
        |field: usize| -> Vec<f64> { BARS.iter().map(|bar| bar[field].parse().unwrap()).collect() };
    let time: Vec<i64> = (0..3).map(|row| FIRST + row * MINUTE).collect();
    let date = Series::new("date".into(), time)
        .cast(&DataType::Datetime(polars::prelude::TimeUnit::Milliseconds, None))
        .unwrap();
    df!("date" => date, "open" => column(0), "high" => column(1), "low" => column(2),
        "close" => column(3), "volume" => column(4))
    .unwrap()
}

#[test]
fn prices_are_exact() {
    let folder = Folder::new();
    let history = history(&folder.file("bars.csv", plain()));
    let scale = history.scale;
    assert_eq!(scale, PriceScale::USUAL);
    assert_eq!(scale.to_decimal(history.trade.low[2]).to_string(), "0.00001113");
    assert_eq!(scale.to_decimal(history.trade.high[2]).to_string(), "121332.96");
    assert_eq!(history.volume.as_ref().unwrap()[0], 821_827_000);
    assert_eq!(history.mark_source, MarkSource::TradeStandsIn);
    assert_eq!(history.mark, history.trade);
}

#[test]
fn all_formats_agree() {
    let folder = Folder::new();
    let expected = history(&folder.file("bars.csv", plain()));
    let with_header = format!("{HEADER}{}", klines(1));
    let texts = [
        ("k.csv", klines(1)),
        ("header.csv", with_header.clone()),
        ("micros.csv", klines(1_000)),
        ("crlf.csv", with_header.replace('\n', "\r\n")),
        ("mark.csv", format!("\u{feff}{with_header}")),
        ("end.csv", plain().trim_end().to_owned()),
        ("tail.csv", format!("{}\n\n", plain())),
    ];
    for (name, text) in texts {
        assert_eq!(history(&folder.file(name, &text)), expected, "{name}");
        let name = format!("{name}.zip");
        assert_eq!(history(&folder.file(&name, zipped("k.csv", &text))), expected, "{name}");
    }
    let (parquet, feather) = (folder.0.path().join("k.pq"), folder.0.path().join("k.arrow"));
    ParquetWriter::new(File::create(&parquet).unwrap()).finish(&mut frame()).unwrap();
    IpcWriter::new(File::create(&feather).unwrap()).finish(&mut frame()).unwrap();
    assert_eq!(history(&parquet), expected);
    assert_eq!(history(&feather), expected);
}

/// What other tools write: the usual words, any order, stamps as numbers or as text.
#[test]
fn headers_in_the_usual_words_need_no_map() {
    let folder = Folder::new();
    let expected = history(&folder.file("bars.csv", plain()));
    for (name, time) in [("ccxt.csv", "timestamp"), ("open.csv", "open_time"), ("d.csv", "Date")] {
        let text = plain().replace("open_time_ms,open,high", &format!("{time},Open,High"));
        assert_eq!(history(&folder.file(name, &text)), expected, "{name}");
    }
    let mut turned = String::from("close,volume,low,high,open,time,trades\n");
    for (row, [open, high, low, close, volume]) in BARS.iter().enumerate() {
        let time = jiff::Timestamp::from_millisecond(FIRST + row as i64 * MINUTE).unwrap();
        writeln!(turned, "{close},{volume},{low},{high},{open},{time},7").unwrap();
    }
    assert_eq!(history(&folder.file("turned.csv", &turned)), expected);
    let mark = LoadRequest {
        mark: sources(&folder.file("m.csv", &turned)),
        ..trades(&folder.file("t.csv", plain()))
    };
    assert_eq!(load(&mark).unwrap().history.mark, expected.trade);
}

#[test]
fn columns_by_name_or_number_in_any_order() {
    let folder = Folder::new();
    let expected = history(&folder.file("bars.csv", plain()));
    let mut text = String::from("Close;Vol;Low;High;Open;When\n");
    for (row, [open, high, low, close, volume]) in BARS.iter().enumerate() {
        let seconds = (FIRST + row as i64 * MINUTE) / 1_000;
        writeln!(text, "{close};{volume};{low};{high};{open};{seconds}").unwrap();
    }
    let name = |name: &str| ColumnRef::Name(name.into());
    let named = Columns {
        time: name("When"),
        unit: Some(TimeUnit::Seconds),
        open: Some(name("Open")),
        high: Some(name("High")),
        low: Some(name("Low")),
        close: name("Close"),
        volume: Some(name("Vol")),
        delimiter: Some(';'),
    };
    let numbered = Columns {
        time: ColumnRef::Number(6),
        unit: None,
        open: Some(ColumnRef::Number(5)),
        high: Some(ColumnRef::Number(4)),
        low: Some(ColumnRef::Number(3)),
        close: ColumnRef::Number(1),
        volume: Some(ColumnRef::Number(2)),
        delimiter: Some(';'),
    };
    let bare = text.split_once('\n').unwrap().1.to_owned();
    for (text, columns) in [(text, named.clone()), (bare, numbered)] {
        let mut request = trades(&folder.file("odd.csv", text));
        request.trade.columns = Some(columns);
        assert_eq!(load(&request).unwrap().history, expected);
    }
    let mut request = trades(&folder.file("odd.csv", "Close;When\n1;2\n"));
    request.trade.columns = Some(named);
    let refused = load(&request).unwrap_err().to_string();
    assert!(refused.contains("no such column: found `Open`"), "{refused}");
}

#[test]
fn funding_in_three_spellings() {
    let folder = Folder::new();
    let trade = folder.file("bars.csv", plain());
    let stamp = FIRST + 3;
    let early = FIRST - 1;
    let late = FIRST + 3 * MINUTE;
    let rows = |sep: &str| {
        let row = |time: i64, rate: &str| format!("{time}{sep}{rate}\n");
        row(early, "0.1") + &row(stamp, "-6.3989e-04") + &row(late, "0.1")
    };
    let archive = format!("calc_time,funding_interval_hours,last_funding_rate\n{}", rows(",8,"));
    let plain = format!("funding_time_ms,funding_rate\n{}", rows(","));
    let feather = folder.0.path().join("funding.feather");
    let rates = vec![0.1, -0.00063989, 0.1];
    let zero = vec![0.0; 3];
    let mut frame =
        df!("date" => vec![early, stamp, late], "open" => rates, "high" => zero.clone(),
        "low" => zero.clone(), "close" => zero.clone(), "volume" => zero)
        .unwrap();
    IpcWriter::new(File::create(&feather).unwrap()).finish(&mut frame).unwrap();
    for path in [folder.file("a.csv", archive), folder.file("b.csv", plain), feather] {
        let request = LoadRequest { funding: sources(&path), ..trades(&trade) };
        let funding = load(&request).unwrap().history.funding;
        let rate = Rate::parse("-0.00063989").unwrap();
        assert_eq!(funding, [Funding { time: stamp, rate }], "{}", path.display());
    }
}

#[test]
fn months_in_a_folder_or_glob_are_one_history() {
    let folder = Folder::new();
    let expected = history(&folder.file("bars.csv", plain()));
    let lines: Vec<String> = klines(1).lines().map(str::to_owned).collect();
    folder.file("klines/BTCUSDT-1m-2025-01.csv", format!("{}\n{}\n", lines[0], lines[1]));
    let later = format!("{HEADER}{}\n", lines[2]);
    folder.file("klines/BTCUSDT-1m-2025-02.zip", zipped("x.csv", &later));
    folder.file("klines/BTCUSDT-1m-2025-02.zip.CHECKSUM", "abc  BTCUSDT-1m-2025-02.zip");
    let months = folder.0.path().join("klines");
    assert_eq!(history(&months), expected);
    let loaded = load(&trades(&months.join("BTC*"))).unwrap();
    assert_eq!(loaded.history, expected);
    assert_eq!(loaded.files.iter().map(|file| file.rows).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(loaded.files[0].sha256.len(), 64);
    folder.file("klines/BTCUSDT-1m-2025-03.csv", klines(1));
    let overlap = load(&trades(&months)).unwrap_err().to_string();
    assert!(overlap.contains("overlaps"), "{overlap}");
}

#[test]
fn mark_index_and_ticks_are_joined_by_time() {
    let folder = Folder::new();
    let trade = folder.file("bars.csv", plain());
    let early = format!("{},1,1,1,1,0,0,0,0,0,0,0\n{}", FIRST - MINUTE, klines(1));
    let mark = folder.file("markPriceKlines.csv", early);
    let ticks: String = (0..6).fold("time_ms,price\n".into(), |text, tick| {
        text + &format!("{},{}\n", FIRST + tick * MINUTE / 2 + 7, 90_000 + tick)
    });
    let index = folder.file("ticks.csv", ticks);
    let request = LoadRequest { mark: sources(&mark), index: sources(&index), ..trades(&trade) };
    let history = load(&request).unwrap().history;
    assert_eq!(history.mark_source, MarkSource::Recorded);
    assert_eq!(history.mark, history.trade);
    let index: Vec<String> = history
        .index
        .unwrap()
        .iter()
        .map(|&price| history.scale.to_decimal(price).to_string())
        .collect();
    assert_eq!(index, ["90001", "90003", "90005"]);
}

#[test]
fn open_interest_is_surveyed() {
    let folder = Folder::new();
    let header = "create_time,symbol,sum_open_interest,sum_open_interest_value,\
                  count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,\
                  count_long_short_ratio,sum_taker_long_short_vol_ratio\n";
    let rows = "2025-01-01 00:00:00,BTCUSDT,82135.1790000000000000,1,1,1,1,1\n\
                2025-01-01 00:05:00,BTCUSDT,82140,1,1,1,1,1\n";
    let path = folder.file("BTCUSDT-metrics.csv", format!("{header}{rows}"));
    let found = survey(&path.display().to_string()).unwrap();
    assert_eq!((found.kind, found.rows), (Some(Kind::OpenInterest), 2));
    assert_eq!((found.format, found.first), (Some("binance-metrics"), Some(FIRST)));
    assert_eq!(found.lowest.unwrap().value.to_string(), "82135.179");
    assert_eq!(found.defects, []);
}

#[test]
fn a_survey_lists_all_defects_with_their_lines() {
    let folder = Folder::new();
    let bar = |minute: i64, rest: &str| format!("{},{rest}\n", FIRST + minute * MINUTE);
    let text = String::from("open_time_ms,open,high,low,close\n")
        + &bar(0, "1,2,0.5,1")
        + &bar(1, "1,2,0.5,x")
        + &bar(2, "1,2,0.5,")
        + &bar(3, "1,2,0.5,1")
        + &bar(4, "1,0.7,0.5,0.6")
        + &bar(5, "1,2,0.5,1")
        + &bar(5, "1,2,0.5,1")
        + &bar(9, "1,3,0.5,1");
    let found = survey(&folder.file("mark.csv", text).display().to_string()).unwrap();
    let mut lines: Vec<_> = found.defects.iter().map(|fault| fault.place.line.unwrap()).collect();
    lines.sort_unstable();
    assert_eq!(lines, [3, 4, 6, 8]);
    assert_eq!((found.kind, found.gaps, found.missing), (Some(Kind::Mark), 2, 5));
    assert_eq!(found.highest.unwrap().value.to_string(), "3");
}

#[test]
fn a_format_can_be_named() {
    let folder = Folder::new();
    let path = folder.file("bars.csv", plain());
    let expected = history(&path);
    for format in FORMATS {
        let mut request = trades(&path);
        request.trade.format = Some(format.name.into());
        match (format.name, load(&request)) {
            ("bars", loaded) => assert_eq!(loaded.unwrap().history, expected),
            (name, loaded) => assert!(loaded.is_err(), "{name}"),
        }
    }
}

/// The law of the border: what is written as text reads back as the same history.
#[test]
fn written_and_read_again_is_equal() {
    let folder = Folder::new();
    let gap =
        plain().replacen(&format!("{}", FIRST + 2 * MINUTE), &format!("{}", FIRST + 5 * MINUTE), 1);
    let mut request = trades(&folder.file("gap.csv", gap));
    request.gaps = GapPolicy::Split;
    let before = load(&request).unwrap().history;
    assert_eq!((before.segments.len(), before.missing), (2, 3));
    let path = folder.file("again.csv", text(&before));
    let after = load(&LoadRequest { trade: sources(&path), ..request }).unwrap().history;
    assert_eq!(after, before);
}

fn text(history: &History) -> String {
    let mut text = String::from("open_time_ms,open,high,low,close,volume\n");
    let bars = &history.trade;
    for row in 0..history.len() {
        let price = |column: &Vec<deleverage::money::Price>| history.scale.to_decimal(column[row]);
        let volume = history.volume.as_ref().unwrap()[row];
        let volume = deleverage::money::decimal::from_scaled(volume, 8);
        let [open, high, low, close] = [&bars.open, &bars.high, &bars.low, &bars.close].map(price);
        writeln!(text, "{},{open},{high},{low},{close},{volume}", history.time[row]).unwrap();
    }
    text
}
