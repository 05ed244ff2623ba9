//! `timeline.parquet`: how the fund, liquidations and auto-deleveraging went, bar by bar.

use super::Facts;
use crate::fault::{Error, Result};
use crate::history::rfc3339;
use crate::report::columns::polars_error;
use crate::tally::exchange::{Band, SERIES};
use polars::prelude::{Column, DataFrame, ParquetCompression, ParquetWriter};
use std::fs::File;
use std::path::Path;

/// Quantiles over worlds and the value of the picked world at the end of each bar; `time` is when
/// the bar ends. Amounts are decimal text.
pub fn write(facts: &Facts, folder: &Path) -> Result<()> {
    let path = folder.join("timeline.parquet");
    let file = File::create(&path).map_err(Error::io("create", &path))?;
    let columns = [ends(facts), marks(facts), series(facts)].concat();
    let rows = facts.timeline.bands.len();
    DataFrame::new(rows, columns)
        .and_then(|mut frame| {
            ParquetWriter::new(file)
                .with_compression(ParquetCompression::Zstd(None))
                .finish(&mut frame)
        })
        .map(|_| ())
        .map_err(|error| polars_error(&path, error))
}

/// When each bar that the worlds live through ends.
fn ends(facts: &Facts) -> Vec<Column> {
    let (history, first) = (facts.history(), facts.scene.first);
    let length = history.interval.millis();
    let ends = history.time[first..].iter().take(facts.timeline.bands.len());
    let texts: Vec<String> = ends.map(|open| rfc3339(open + length)).collect();
    vec![Column::new("time".into(), texts)]
}

/// Recorded marks at the closes; of several symbols, one column each: `mark_ETHUSDT`.
fn marks(facts: &Facts) -> Vec<Column> {
    let rows = facts.timeline.bands.len();
    let of_symbol = |(place, symbol): (usize, &super::Symbol)| {
        let history = symbol.history;
        let closes = history.mark.close[facts.scene.first..].iter().take(rows);
        let texts: Vec<String> =
            closes.map(|close| history.scale.to_decimal(*close).to_string()).collect();
        let name = match place {
            0 => "mark".to_owned(),
            _ => format!("mark_{}", history.symbol),
        };
        Column::new(name.into(), texts)
    };
    facts.symbols.iter().enumerate().map(of_symbol).collect()
}

/// `fund_cash_p5`, …, `fund_cash_p95`, `fund_cash_picked`, and so for each series.
fn series(facts: &Facts) -> Vec<Column> {
    let bands = &facts.timeline.bands;
    let mut columns = Vec::new();
    for (place, (name, of)) in SERIES.iter().enumerate() {
        for (which, percent) in Band::PERCENT.iter().enumerate() {
            let quantile = |bands: &crate::tally::exchange::Bands| {
                bands.series[place].quantiles[which].to_string()
            };
            let texts: Vec<String> = bands.iter().map(quantile).collect();
            columns.push(Column::new(format!("{name}_p{percent}").into(), texts));
        }
        let told = &facts.told.world.timeline;
        let texts: Vec<Option<String>> =
            (0..bands.len()).map(|bar| told.get(bar).map(|s| of(s).to_string())).collect();
        columns.push(Column::new(format!("{name}_picked").into(), texts));
    }
    columns
}
