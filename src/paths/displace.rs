//! Recorded bars at displaced prices: the one way in which a generator makes a price.

use super::generated::unfit;
use crate::fault::Result;
use crate::history::{Bars, Funding, History, MarkSource, Segment};
use crate::money::Price;
use std::sync::Arc;

/// Logs by which the open, high, low and close of a recorded bar are displaced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// Number of the recorded bar.
    pub bar: usize,
    pub by: [f64; 4],
}

/// The mark of a history in logs: what displacements are computed from.
pub(super) struct Logs<'a>(pub &'a History);

impl Logs<'_> {
    /// Open, high, low and close.
    pub fn bar(&self, bar: usize) -> [f64; 4] {
        let mark = &self.0.mark;
        [&mark.open, &mark.high, &mark.low, &mark.close].map(|prices| log(prices[bar]))
    }

    pub fn close(&self, bar: usize) -> f64 {
        log(self.0.mark.close[bar])
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
fn log(price: Price) -> f64 {
    libm::log(price.steps() as f64)
}

/// What a path is made of.
#[derive(Debug)]
pub(super) struct Layout {
    /// Opens of the bars, one a row.
    pub time: Vec<i64>,
    pub rows: Vec<Row>,
    pub funding: Vec<Funding>,
}

impl Layout {
    /// All recorded bars, in their time, each displaced.
    pub fn in_place(history: &History, rows: Vec<Row>) -> Self {
        Self { time: history.time.clone(), rows, funding: history.funding.clone() }
    }
}

/// Rules `PTH-001` and `PTH-002`: the history whose bars are these rows, without a gap.
pub(super) fn displaced(history: &History, layout: Layout) -> Result<History> {
    let Layout { time, rows, funding } = layout;
    let place = |bars: &Bars| placed(bars, &rows).ok_or_else(|| beyond(history));
    let trade = Arc::new(place(&history.trade)?);
    let mark = match history.mark_source {
        MarkSource::Recorded => Arc::new(place(&history.mark)?),
        MarkSource::TradeStandsIn => Arc::clone(&trade),
    };
    let closes = |index: &Vec<Price>| column(index, &rows, 3).ok_or_else(|| beyond(history));
    let volumes = |volume: &Vec<i64>| rows.iter().map(|row| volume[row.bar]).collect();
    Ok(History {
        symbol: history.symbol.clone(),
        index: history.index.as_ref().map(closes).transpose()?,
        volume: history.volume.as_ref().map(volumes),
        segments: vec![Segment { first: 0, end: rows.len() }],
        time,
        trade,
        mark,
        funding,
        ..*history
    })
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
