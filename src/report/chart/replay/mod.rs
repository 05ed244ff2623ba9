//! A crash replayed: the price, the entry, and each leverage's liquidation level up to its hour
//! of death.

mod plot;
mod scale;

use super::canvas::paint;
use super::frame::{self, Caption};
use super::{ChartError, positive};
use crate::scenario::Side;

/// What the crash replay shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What prices are counted in: `USDT`.
    pub quote: String,
    /// What [`Bar::close`] is: `mark`, or `last` where the history has no mark.
    pub price_name: String,
    /// Milliseconds from one bar's open to the next.
    pub interval: i64,
    /// By ascending time; gaps are left open.
    pub bars: Vec<Bar>,
    pub entry: Entry,
    /// By ascending leverage.
    pub levels: Vec<Level>,
}

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

/// Where the positions were opened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    pub price: f64,
    pub side: Side,
}

/// One leverage's liquidation price and fate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Level {
    /// A multiple: 10 is ten times.
    pub leverage: f64,
    /// `None` where no price liquidates the position.
    pub price: Option<f64>,
    /// Open time of the bar that liquidated it, milliseconds since 1970 UTC; `None` if it
    /// survives.
    pub death: Option<i64>,
}

/// Draws the crash replay.
///
/// # Errors
/// [`ChartError::NoData`] without bars or with an interval not above 0;
/// [`ChartError::BadNumber`] for a price that is not finite and above 0, bars that run backwards,
/// and an entry or a death outside the bars.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    check(input)?;
    paint(|canvas| {
        let place = frame::draw(canvas, &input.caption)?;
        plot::Plot::new(input, place)?.draw(canvas)
    })
}

fn check(input: &Input) -> Result<(), ChartError> {
    if input.bars.is_empty() || input.interval <= 0 {
        return Err(ChartError::NoData("no bar"));
    }
    for bar in &input.bars {
        let (low, high) = bar.last.unwrap_or((bar.low, bar.high));
        for price in [bar.low, bar.high, bar.close, low, high] {
            positive("price", price)?;
        }
    }
    positive("entry price", input.entry.price)?;
    check_times(input)?;
    for level in &input.levels {
        positive("leverage", level.leverage)?;
        level.price.map_or(Ok(0.0), |price| positive("liquidation price", price))?;
    }
    Ok(())
}

/// The end of the year 9999, milliseconds since 1970 UTC.
const LATEST: i64 = 253_402_300_799_999;

/// Bars ascend; the entry and every death lie within them.
fn check_times(input: &Input) -> Result<(), ChartError> {
    let wrong = |what, time: i64| Err(ChartError::BadNumber { what, value: time.to_string() });
    let calendar = -LATEST..=LATEST;
    let mut times = input.bars.iter().map(|bar| bar.time).chain([input.interval]);
    if let Some(time) = times.find(|time| !calendar.contains(time)) {
        return wrong("a time beyond the calendar", time);
    }
    if let Some(pair) = input.bars.windows(2).find(|pair| pair[0].time >= pair[1].time) {
        return wrong("bars that run backwards", pair[1].time);
    }
    let span = input.bars[0].time..=input.bars[input.bars.len() - 1].time + input.interval;
    if !span.contains(&input.entry.time) {
        return wrong("an entry outside the bars", input.entry.time);
    }
    let deaths = input.levels.iter().filter_map(|level| level.death);
    deaths
        .filter(|time| !span.contains(time))
        .try_for_each(|time| wrong("a death outside the bars", time))
}
