//! Histories made by hand, by a coin, or by a law of returns.

use crate::market::{self, Ohlc};
use deleverage::history::{Funding, History, Interval};
use deleverage::money::{Price, Rate};
use deleverage::scenario::draws::Stream;
use proptest::prelude::*;
use std::sync::Arc;

pub const HOUR: i64 = 3_600_000;
pub const UNIT: i64 = 100_000_000;
/// Midnight, UTC.
const FIRST: i64 = 1_735_689_600_000;

/// Hours from midnight on, in whole units of price; trade, index, volume and funding beside them.
pub fn hours(marks: &[Ohlc]) -> History {
    let steps = |row: &Ohlc| row.map(|price| price * UNIT);
    exactly(&marks.iter().map(steps).collect::<Vec<Ohlc>>(), 1.001)
}

/// Hours whose marks are these steps, and whose trades are `basis` times the marks.
fn exactly(marks: &[Ohlc], basis: f64) -> History {
    let trades = marks.iter().map(|row| row.map(|steps| (steps as f64 * basis) as i64));
    let trades: Vec<Ohlc> = trades.collect();
    let time: Vec<i64> = (0..marks.len() as i64).map(|bar| FIRST + bar * HOUR).collect();
    let settle = |bar: usize| Funding {
        time: time[bar] + 3,
        rate: Rate::from_steps(1_000_000 * (bar as i64 % 7 + 1)),
    };
    let funding = (0..time.len()).step_by(8).map(settle).collect();
    let mut history = market::history(time.clone(), &trades, marks, funding);
    history.interval = Interval::from_millis(HOUR).unwrap();
    history.volume = Some((1..=marks.len() as i64).collect());
    history.index = Some(history.mark.close.clone());
    history
}

/// Hours whose closes have these log returns, without wicks.
pub fn of_returns(returns: &[f64]) -> History {
    let mut log = 0.0;
    let mut last = 1_000 * UNIT;
    let row = |r: &f64| {
        log += r;
        let close = (1e11 * f64::exp(log)) as i64;
        let row = [last, last.max(close), last.min(close), close];
        last = close;
        row
    };
    exactly(&returns.iter().map(row).collect::<Vec<Ohlc>>(), 1.0)
}

/// Draws of a standard normal distribution, by Box and Muller.
pub fn normals(seed: u64, count: usize) -> Vec<f64> {
    let mut stream = Stream::new(seed, 77);
    let mut next = || {
        let (radius, angle) = (stream.unit(), stream.unit());
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    };
    (0..count).map(|_| next()).collect()
}

/// Two to four days of hours for one to three symbols: gaps between bars, wicks, a basis.
pub fn any_histories() -> impl Strategy<Value = Vec<History>> {
    let bar = (-300_i64..300, 0_i64..400, 0_i64..400, 0_i64..=100);
    let symbol = move |bars: usize| proptest::collection::vec(bar.clone(), bars);
    (48_usize..100, 1_usize..4)
        .prop_flat_map(move |(bars, symbols)| proptest::collection::vec(symbol(bars), symbols))
        .prop_map(|symbols| symbols.iter().map(|bars| walk(bars)).collect())
}

/// Jump to the open, way up, way down in basis points; where in the range the close is in percent.
fn walk(bars: &[(i64, i64, i64, i64)]) -> History {
    let mut at = 100 * UNIT;
    let row = |&(jump, up, down, close): &(i64, i64, i64, i64)| {
        let open = at + at / 10_000 * jump;
        let (high, low) = (open + open / 10_000 * up, open - open / 10_000 * down);
        at = low + (high - low) / 100 * close;
        [open, high, low, at]
    };
    exactly(&bars.iter().map(row).collect::<Vec<Ohlc>>(), 0.998)
}

/// What every history promises, and every column of the same length.
pub fn assert_valid(history: &History) {
    let bars = history.len();
    assert!(history.time.windows(2).all(|pair| pair[1] - pair[0] == history.interval.millis()));
    for side in [&history.trade, &history.mark] {
        let columns = [&side.open, &side.high, &side.low, &side.close];
        assert!(columns.iter().all(|column| column.len() == bars));
        for bar in 0..bars {
            let [open, high, low, close] = columns.map(|column| column[bar]);
            assert!(Price::from_steps(0) < low && low <= open.min(close), "bar {bar}");
            assert!(open.max(close) <= high, "bar {bar}");
        }
    }
    assert!(history.volume.as_ref().is_none_or(|volume| volume.len() == bars));
    assert!(history.index.as_ref().is_none_or(|index| index.len() == bars));
    assert!(history.funding.windows(2).all(|pair| pair[0].time < pair[1].time));
    assert_eq!(history.segments.len(), 1);
    assert_eq!((history.segments[0].first, history.segments[0].end), (0, bars));
}

/// The trade stands in for the mark, as where no mark is recorded.
pub fn without_mark(history: &History) -> History {
    let mark_source = deleverage::history::MarkSource::TradeStandsIn;
    History { mark: Arc::clone(&history.trade), mark_source, ..history.clone() }
}

/// `ln(to / from)`.
pub fn log(to: Price, from: Price) -> f64 {
    (to.steps() as f64 / from.steps() as f64).ln()
}
