//! What the axes span, and how finely bars are drawn.

use super::{Bar, Prices};
use crate::report::chart::axis::{Axis, round_step, widen};
use crate::report::chart::label;

/// A level further away than this many price ranges is named at the edge, not drawn.
const REACH: f64 = 0.4;
/// Unless it is within this fraction of the price.
const NEAR: f64 = 0.06;
/// From this ratio of highest to lowest price on, a price axis is logarithmic: below a decade it
/// would have one or two ticks.
const LOG_FROM: f64 = 10.0;
/// More bars than this are drawn as this many longer ones.
const MOST_BARS: i64 = 700;

/// Joins neighbouring bars where there are too many to be told apart; returns the bars and the
/// milliseconds each spans.
pub fn condense(bars: &[Bar], interval: i64) -> (Vec<Bar>, i64) {
    let (first, last) = (bars[0].time, bars[bars.len() - 1].time);
    let span = ((last - first) / interval / MOST_BARS + 1) * interval;
    let slot = |bar: &Bar| (bar.time - first) / span;
    let join = |run: &[Bar]| {
        let mut joined = Bar { time: first + slot(&run[0]) * span, ..run[0] };
        for bar in run {
            joined.low = joined.low.min(bar.low);
            joined.high = joined.high.max(bar.high);
            joined.close = bar.close;
            joined.last = match (joined.last, bar.last) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            };
        }
        joined
    };
    (bars.chunk_by(|a, b| slot(a) == slot(b)).map(join).collect(), span)
}

/// The axis' ends: all prices, and the levels that are near enough to be drawn.
pub fn price_range(prices: &Prices, levels: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut range = (prices.entry.price, prices.entry.price);
    let mut take = |low: f64, high: f64| range = (range.0.min(low), range.1.max(high));
    for bar in &prices.bars {
        take(bar.low.min(bar.close), bar.high.max(bar.close));
        if let Some((low, high)) = bar.last {
            take(low, high);
        }
    }
    let (low, high) = widen(range, REACH);
    let (low, high) = (low.min(range.0 * (1.0 - NEAR)), high.max(range.1 * (1.0 + NEAR)));
    for price in levels {
        if (low..=high).contains(&price) {
            range = (range.0.min(price), range.1.max(price));
        }
    }
    let (low, high) = widen(range, 0.04);
    (if low > 0.0 { low } else { range.0 * 0.9 }, high)
}

/// Prices laid over `pixels`.
pub fn price_axis((low, high): (f64, f64), pixels: (f64, f64)) -> Axis {
    let log = high / low > LOG_FROM;
    if log { Axis::log((low, high), pixels) } else { Axis::linear((low, high), pixels) }
}

/// The text of one of at most `most` ticks between `low` and `high`.
pub fn price_tick(price: f64, (low, high): (f64, f64), most: usize) -> String {
    let step = if high / low > LOG_FROM { price } else { round_step(high - low, most) };
    label::price(price, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const DAY: i64 = 1_440 * MINUTE;

    #[test]
    fn joined_bars_keep_the_extremes_the_gap_and_the_last_close() {
        let bar = |i: i64| Bar {
            time: i * MINUTE,
            low: 99.0 - i as f64 * 0.001,
            high: 101.0 + i as f64 * 0.001,
            close: 100.0 + i as f64 * 0.000_1,
            last: (i % 2 == 0).then_some((98.0, 102.0)),
        };
        let bars: Vec<Bar> = (0..5_000).chain(7_000..10_000).map(bar).collect();
        let (joined, span) = condense(&bars, MINUTE);
        assert!(joined.len() as i64 <= MOST_BARS);
        let low = |bars: &[Bar]| bars.iter().map(|b| b.low).fold(f64::INFINITY, f64::min);
        let high = |bars: &[Bar]| bars.iter().map(|b| b.high).fold(0.0, f64::max);
        assert_eq!((low(&joined), high(&joined)), (low(&bars), high(&bars)));
        assert_eq!(joined.last().map(|b| b.close), bars.last().map(|b| b.close));
        assert!(joined.iter().all(|b| b.last == Some((98.0, 102.0))));
        let gaps = joined.windows(2).filter(|pair| pair[1].time - pair[0].time > span).count();
        assert_eq!(gaps, 1);
    }

    #[test]
    fn few_bars_stay_as_they_are() {
        let bars = [0, 1, 3].map(|i| Bar { time: i * DAY, close: 5.0, ..Bar::default() });
        assert_eq!(condense(&bars, DAY), (bars.to_vec(), DAY));
    }
}
