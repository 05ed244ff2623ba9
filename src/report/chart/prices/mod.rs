//! A price over time with its entry: what the pictures of single positions are drawn on.

mod candles;
mod panel;
mod scale;

pub use candles::Candles;
pub use panel::Panel;
pub use scale::{price_axis, price_range, price_tick};

use super::time::{self, Moment};
use super::{ChartError, positive};
use crate::scenario::Side;

/// One bar of the price that triggers liquidations, and of the last price.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bar {
    /// Open time, milliseconds since 1970 UTC.
    pub time: i64,
    pub low: f64,
    pub high: f64,
    pub close: f64,
    /// Low and high of the last price; `None` where it is unknown or already the price above.
    pub last: Option<(f64, f64)>,
}

/// Where a position was opened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    pub price: f64,
    pub side: Side,
}

/// The prices around one position.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// What prices are counted in: `USDT`.
    pub quote: String,
    /// What [`Bar::close`] is: `mark`, or `last` where the history has no mark.
    pub name: String,
    /// Milliseconds from one bar's open to the next.
    pub interval: i64,
    /// By ascending time; gaps are left open.
    pub bars: Vec<Bar>,
    pub entry: Entry,
}

impl Prices {
    /// # Errors
    /// As [`check`], and [`ChartError::BadNumber`] for an entry outside the bars.
    pub fn check(&self) -> Result<(), ChartError> {
        check(&self.bars, self.interval)?;
        positive("entry price", self.entry.price)?;
        self.within("an entry outside the bars", self.entry.time)
    }

    /// # Errors
    /// [`ChartError::BadNumber`] for a time outside the bars.
    pub fn within(&self, what: &'static str, time: i64) -> Result<(), ChartError> {
        within((what, time), self.span())
    }

    /// How moments are written.
    pub fn moment(&self) -> Moment {
        time::moment(self.span())
    }

    /// There is at least one bar.
    fn span(&self) -> (i64, i64) {
        span(&self.bars, self.interval)
    }
}

/// From the first open to the end of the last bar; there is at least one bar.
pub fn span(bars: &[Bar], interval: i64) -> (i64, i64) {
    (bars[0].time, bars[bars.len() - 1].time + interval)
}

/// # Errors
/// [`ChartError::BadNumber`] for a time outside the span.
pub fn within(
    (what, time): (&'static str, i64),
    (first, end): (i64, i64),
) -> Result<(), ChartError> {
    if (first..=end).contains(&time) { Ok(()) } else { Err(wrong(what, time)) }
}

/// # Errors
/// [`ChartError::NoData`] without bars or with an interval not above 0;
/// [`ChartError::BadNumber`] for a price that is not finite and above 0, and bars that run
/// backwards.
pub fn check(bars: &[Bar], interval: i64) -> Result<(), ChartError> {
    if bars.is_empty() || interval <= 0 {
        return Err(ChartError::NoData("no bar"));
    }
    for bar in bars {
        let (low, high) = bar.last.unwrap_or((bar.low, bar.high));
        for price in [bar.low, bar.high, bar.close, low, high] {
            positive("price", price)?;
        }
    }
    let calendar = -LATEST..=LATEST;
    let mut times = bars.iter().map(|bar| bar.time).chain([interval]);
    if let Some(time) = times.find(|time| !calendar.contains(time)) {
        return Err(wrong("a time beyond the calendar", time));
    }
    match bars.windows(2).find(|pair| pair[0].time >= pair[1].time) {
        Some(pair) => Err(wrong("bars that run backwards", pair[1].time)),
        None => Ok(()),
    }
}

/// The end of the year 9999, milliseconds since 1970 UTC.
const LATEST: i64 = 253_402_300_799_999;

fn wrong(what: &'static str, time: i64) -> ChartError {
    ChartError::BadNumber { what, value: time.to_string() }
}
