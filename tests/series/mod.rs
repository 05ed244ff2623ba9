//! Random series, and how each format writes them.

use deleverage::history::{ColumnRef, Columns};
use polars::prelude::*;
use proptest::prelude::{Just, Strategy, prop_oneof};
use std::io::Cursor;

const FIRST: i64 = 1_735_689_600_000;
const MINUTE: i64 = 60_000;

/// Prices and volume in steps of the series' decimals.
#[derive(Debug, Clone)]
struct Row {
    time: i64,
    /// Open, high, low and close.
    bar: [i64; 4],
    volume: i64,
}

#[derive(Debug, Clone)]
pub struct Series {
    rows: Vec<Row>,
    decimals: u32,
}

/// A gap now and then, and an open beyond its bar.
pub fn any() -> impl Strategy<Value = Series> {
    let step = prop_oneof![9 => Just(1), 1 => 2..5_i64];
    let open = prop_oneof![9 => 0..100_i64, 1 => 0..130_i64];
    let bar = (1..100_000_i64, 100..1_000_i64, open, 0..100_i64);
    let row = (step, bar, 0..1_000_000_i64);
    (proptest::collection::vec(row, 2..60), 0..5_u32).prop_map(|(rows, decimals)| {
        let mut time = FIRST;
        let row = |(step, (low, span, open, close), volume)| {
            time += step * MINUTE;
            let at = |share: i64| low + span * share / 100;
            Row { time, bar: [at(open), low + span, low, at(close)], volume }
        };
        Series { rows: rows.into_iter().map(row).collect(), decimals }
    })
}

/// Minutes without a gap, in cents.
pub fn regular(count: usize) -> Series {
    let row = |row: i64| {
        let open = 4_000_000 + row * row % 997;
        Row {
            time: FIRST + row * MINUTE,
            bar: [open, open + 800, open - 700, open + row % 600],
            volume: 100 + row,
        }
    };
    Series { rows: (0..count as i64).map(row).collect(), decimals: 2 }
}

impl Series {
    pub fn remove(&mut self, row: usize) {
        self.rows.remove(row);
    }

    /// All four prices of a bar.
    pub fn set_bar(&mut self, row: usize, steps: i64) {
        self.rows[row].bar = [steps; 4];
    }

    fn text(&self, steps: i64) -> String {
        let unit = 10_i64.pow(self.decimals);
        match self.decimals {
            0 => steps.to_string(),
            places => {
                format!("{}.{:0width$}", steps / unit, steps % unit, width = places as usize)
            }
        }
    }

    /// Open, high, low, close and volume between commas.
    fn cells(&self, row: &Row) -> String {
        let [open, high, low, close] = row.bar.map(|steps| self.text(steps));
        format!("{open},{high},{low},{close},{}", self.text(row.volume))
    }

    fn csv(&self, header: &str, line: impl Fn(&Row) -> String) -> Vec<u8> {
        let lines = self.rows.iter().map(|row| line(row) + "\n");
        std::iter::once(header.to_owned()).chain(lines).collect::<String>().into_bytes()
    }

    fn frame(&self) -> DataFrame {
        let unit = 10_f64.powi(self.decimals.cast_signed());
        let floats = |cell: &dyn Fn(&Row) -> i64| -> Vec<f64> {
            self.rows.iter().map(|row| cell(row) as f64 / unit).collect()
        };
        let time: Vec<i64> = self.rows.iter().map(|row| row.time).collect();
        let [open, high, low, close] = [0, 1, 2, 3].map(|price| floats(&|row| row.bar[price]));
        let volume = floats(&|row| row.volume);
        df!("date" => time, "open" => open, "high" => high, "low" => low, "close" => close,
            "volume" => volume)
        .unwrap()
    }
}

/// The file of a format, and the map that it needs.
pub fn file_of(format: &str, series: &Series) -> (Vec<u8>, Option<Columns>) {
    let bar = |row: &Row| format!("{},{}", row.time, series.cells(row));
    let rate = |row: &Row| format!("0.000{}", row.volume);
    let content = match format {
        "headed" => series.csv("Date,Open,High,Low,Close,Volume\n", bar),
        "bars" => series.csv("open_time_ms,open,high,low,close,volume\n", bar),
        "binance-klines" => {
            series.csv("", |row| format!("{},{},1,2,3,4,0", bar(row), row.time + MINUTE - 1))
        }
        "binance-funding" => series
            .csv("calc_time,funding_interval_hours,last_funding_rate\n", |row| {
                format!("{},8,{}", row.time, rate(row))
            }),
        "funding" => series
            .csv("funding_time_ms,funding_rate\n", |row| format!("{},{}", row.time, rate(row))),
        "ticks" => {
            series.csv("time_ms,price\n", |row| format!("{},{}", row.time, series.text(row.bar[3])))
        }
        "binance-metrics" => series.csv("create_time,symbol,sum_open_interest\n", |row| bar(row)),
        "parquet" => {
            let mut bytes = Cursor::new(Vec::new());
            let writer = ParquetWriter::new(&mut bytes).with_row_group_size(Some(16));
            writer.finish(&mut series.frame()).unwrap();
            bytes.into_inner()
        }
        "feather" => {
            let mut bytes = Cursor::new(Vec::new());
            IpcWriter::new(&mut bytes).finish(&mut series.frame()).unwrap();
            bytes.into_inner()
        }
        "columns" => series.csv("", |row| bar(row).replace(',', ";")),
        other => panic!("how is {other} written?"),
    };
    (content, (format == "columns").then(numbered))
}

/// A table without header, cut by semicolons.
fn numbered() -> Columns {
    let at = |number| Some(ColumnRef::Number(number));
    Columns {
        time: ColumnRef::Number(1),
        unit: None,
        open: at(2),
        high: at(3),
        low: at(4),
        close: ColumnRef::Number(5),
        volume: at(6),
        delimiter: Some(';'),
    }
}
