//! Finer bars → hours.

use crate::history::Interval;
use crate::money::decimal::BadNumber;
use rust_decimal::Decimal;

/// One bar as its source tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// UTC milliseconds of the open.
    pub time: i64,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub close: Decimal,
    /// In the unit of the source; mark prices have none.
    pub volume: Option<Decimal>,
}

/// The complete hours of a series, and how many hours of its span are not complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    pub bars: Vec<Bar>,
    pub missing: u64,
    /// Hours whose stated open no trade of the hour had; see [`to_hours`].
    pub moved_opens: u64,
}

pub(super) const HOUR: i64 = 3_600_000;

/// Open of the first bar, highest high, lowest low, close of the last bar, sum of the volumes.
///
/// `bars` rise strictly in time on the grid of `interval`, which divides the hour. An hour that
/// lacks a bar is left out and counted: a low that nobody recorded cannot be told from one that
/// did not happen. Where the source calls the close before an open, that price can lie outside
/// the hour; the open is then moved to the nearer end of the hour's range, and counted.
///
/// # Errors
/// [`BadNumber::TooLarge`] if the volumes of an hour do not fit a [`Decimal`].
pub fn to_hours(bars: &[Bar], interval: Interval) -> Result<Hours, BadNumber> {
    let wanted = usize::try_from(HOUR / interval.millis()).unwrap_or(usize::MAX);
    let mut hours: Vec<Bar> = bars
        .chunk_by(|a, b| hour_of(a) == hour_of(b))
        .filter(|hour| hour.len() == wanted)
        .map(merge)
        .collect::<Result<_, _>>()?;
    let span = match bars {
        [first, .., last] => hour_of(last) - hour_of(first) + 1,
        one_or_none => i64::try_from(one_or_none.len()).unwrap_or(i64::MAX),
    };
    let missing = span.unsigned_abs() - hours.len() as u64;
    let moved_opens = hours.iter_mut().map(move_open).sum();
    Ok(Hours { bars: hours, missing, moved_opens })
}

fn move_open(hour: &mut Bar) -> u64 {
    let stated = hour.open;
    hour.open = stated.clamp(hour.low, hour.high);
    u64::from(hour.open != stated)
}

fn hour_of(bar: &Bar) -> i64 {
    bar.time.div_euclid(HOUR)
}

fn merge(hour: &[Bar]) -> Result<Bar, BadNumber> {
    let mut merged = hour[0].clone();
    for bar in &hour[1..] {
        merged.high = merged.high.max(bar.high);
        merged.low = merged.low.min(bar.low);
        merged.close = bar.close;
        merged.volume = sum(merged.volume, bar.volume)?;
    }
    Ok(merged)
}

fn sum(left: Option<Decimal>, right: Option<Decimal>) -> Result<Option<Decimal>, BadNumber> {
    let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
    left.checked_add(right).map(Some).ok_or(BadNumber::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(minute: i64, [open, high, low, close, volume]: [i64; 5]) -> Bar {
        let exact = |tenths| Decimal::new(tenths, 1);
        Bar {
            time: minute * 60_000,
            open: exact(open),
            high: exact(high),
            low: exact(low),
            close: exact(close),
            volume: Some(exact(volume)),
        }
    }

    fn half_hours() -> Interval {
        Interval::parse("30m").unwrap()
    }

    #[test]
    fn an_hour_opens_with_its_first_and_closes_with_its_last_bar() {
        let bars = [bar(60, [10, 15, 9, 14, 1]), bar(90, [13, 14, 2, 3, 2])];
        let hours = to_hours(&bars, half_hours()).unwrap();
        assert_eq!(
            hours,
            Hours { bars: vec![bar(60, [10, 15, 2, 3, 3])], missing: 0, moved_opens: 0 }
        );
    }

    #[test]
    fn an_hour_that_lacks_a_bar_is_counted_and_not_written() {
        let bars = [
            bar(0, [5, 5, 5, 5, 1]),
            bar(30, [5, 6, 4, 5, 1]),
            bar(90, [5, 9, 1, 5, 1]),
            bar(240, [5, 5, 5, 5, 0]),
            bar(270, [5, 5, 5, 6, 0]),
        ];
        let hours = to_hours(&bars, half_hours()).unwrap();
        let times: Vec<i64> = hours.bars.iter().map(|bar| bar.time / 60_000).collect();
        assert_eq!((times, hours.missing), (vec![0, 240], 3));
    }

    #[test]
    fn hours_pass_through_and_nothing_stays_nothing() {
        let hour = Interval::parse("1h").unwrap();
        let bars = [bar(60, [1, 2, 1, 2, 7])];
        assert_eq!(
            to_hours(&bars, hour).unwrap(),
            Hours { bars: bars.to_vec(), missing: 0, moved_opens: 0 }
        );
        assert_eq!(
            to_hours(&[], hour).unwrap(),
            Hours { bars: Vec::new(), missing: 0, moved_opens: 0 }
        );
    }

    #[test]
    fn an_open_outside_its_hour_moves_to_the_nearer_end_and_is_counted() {
        let bars = [bar(0, [4, 7, 5, 6, 1]), bar(30, [6, 9, 6, 8, 1])];
        let hours = to_hours(&bars, half_hours()).unwrap();
        assert_eq!(hours.bars, [bar(0, [5, 9, 5, 8, 2])]);
        assert_eq!(hours.moved_opens, 1);
        let bars = [bar(0, [4, 7, 5, 6, 1]), bar(30, [6, 9, 3, 8, 1])];
        let hours = to_hours(&bars, half_hours()).unwrap();
        assert_eq!((hours.bars[0].open, hours.moved_opens), (Decimal::new(4, 1), 0));
    }

    #[test]
    fn marks_have_no_volume() {
        let mark = |minute| Bar { volume: None, ..bar(minute, [1, 1, 1, 1, 0]) };
        let hours = to_hours(&[mark(0), mark(30)], half_hours()).unwrap();
        assert_eq!(hours.bars[0].volume, None);
    }
}
