//! Recorded bars at displaced prices: the one way in which a generator makes a price.

use super::generated::unfit;
use crate::fault::Result;
use crate::history::{Bars, History, MarkSource};
use crate::money::Price;
use std::sync::Arc;

/// Logs by which the open, high, low and close of a recorded bar are displaced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// Number of the recorded bar.
    pub bar: usize,
    pub by: [f64; 4],
}

impl Row {
    /// All of a bar, by the same log.
    pub fn whole(bar: usize, by: f64) -> Self {
        Self { bar, by: [by; 4] }
    }
}

/// The mark of a history in logs: what displacements are computed from.
pub(super) struct Logs<'a>(pub &'a History);

impl Logs<'_> {
    /// Open, high, low and close.
    pub fn bar(&self, bar: usize) -> [f64; 4] {
        let mark = &self.0.mark;
        [&mark.open, &mark.high, &mark.low, &mark.close].map(|prices| log(prices[bar]))
    }

    /// The close before a bar; of the first bar its own open, from which it starts.
    pub fn before(&self, bar: usize) -> f64 {
        match bar.checked_sub(1) {
            Some(before) => log(self.0.mark.close[before]),
            None => log(self.0.mark.open[bar]),
        }
    }
}

/// Of a price in steps; only differences mean anything.
pub(super) fn log(price: Price) -> f64 {
    libm::log(price.steps() as f64)
}

/// Rules `PTH-001` and `PTH-002`: the history whose bars are these rows, at `time`. Funding is left
/// as it is; volume follows its row.
pub(super) fn displaced(history: &History, time: Vec<i64>, rows: &[Row]) -> Result<History> {
    let place = |bars: &Bars| placed(bars, rows).ok_or_else(|| beyond(history));
    let trade = Arc::new(place(&history.trade)?);
    let mark = match history.mark_source {
        MarkSource::Recorded => Arc::new(place(&history.mark)?),
        MarkSource::TradeStandsIn => Arc::clone(&trade),
    };
    let index = history.index.as_ref().map(|index| column(index, rows, 3));
    let index = index.map(|index| index.ok_or_else(|| beyond(history))).transpose()?;
    let volume = |volume: &Vec<i64>| rows.iter().map(|row| volume[row.bar]).collect();
    let volume = history.volume.as_ref().map(volume);
    Ok(History { time, trade, mark, index, volume, ..history.clone() })
}

fn beyond(history: &History) -> crate::fault::Error {
    unfit(format!("paths: a price of {} leaves the grid of its prices", history.symbol))
        .accepted("a smaller scale, beta or jump")
        .into()
}

/// `None` where a price falls to nothing or grows beyond all bounds.
fn placed(bars: &Bars, rows: &[Row]) -> Option<Bars> {
    let mut placed = Bars {
        open: column(&bars.open, rows, 0)?,
        high: column(&bars.high, rows, 1)?,
        low: column(&bars.low, rows, 2)?,
        close: column(&bars.close, rows, 3)?,
    };
    for bar in 0..placed.len() {
        let (open, close) = (placed.open[bar], placed.close[bar]);
        placed.high[bar] = placed.high[bar].max(open).max(close);
        placed.low[bar] = placed.low[bar].min(open).min(close);
    }
    Some(placed)
}

fn column(prices: &[Price], rows: &[Row], point: usize) -> Option<Vec<Price>> {
    rows.iter().map(|row| moved(prices[row.bar], row.by[point])).collect()
}

/// To the nearest step. A price that is not displaced is not touched.
fn moved(price: Price, by: f64) -> Option<Price> {
    if by == 0.0 {
        return Some(price);
    }
    let steps = libm::round(price.steps() as f64 * libm::exp(by));
    (1.0..LARGEST).contains(&steps).then(|| Price::from_steps(steps as i64))
}

/// Steps that leave room for the sums of the engine.
const LARGEST: f64 = (1_u64 << 62) as f64;
