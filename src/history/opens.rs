//! Opens that lie outside their own bar.
//!
//! Some exchanges (BitMEX) publish the close of the bar before as a bar's open. No trade of the
//! bar need have been made at that price, so it may lie above the bar's high or below its low.

use super::raw::Reading;

/// What to do about an open that lies outside its own bar.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum OpenPolicy {
    /// It is an error.
    #[default]
    Refuse,
    /// It is moved to the nearer edge of its bar, and counted.
    Clamp,
}

/// Applies the policy and counts what it moves.
///
/// Only the open of an otherwise sound bar is moved, and only from one price to another: all else
/// is left for [`super::check::rows`] to refuse as it was written.
pub(super) fn settle(reading: &mut Reading, policy: OpenPolicy) {
    if policy == OpenPolicy::Clamp && reading.series.has_bars() {
        reading.moved_opens = clamp(reading);
    }
}

fn clamp(reading: &mut Reading) -> u64 {
    let series = &mut reading.series;
    let grid = series.decimals();
    let edges = (series.high.at(grid), series.low.at(grid), series.close.at(grid));
    let ((Ok(high), Ok(low), Ok(close)), Ok(open)) = (edges, series.open.steps_mut(grid)) else {
        return 0;
    };
    let bars = open.iter_mut().zip(high.iter()).zip(low.iter().zip(close.iter()));
    let mut moved = 0;
    for ((open, high), (low, close)) in bars {
        let sound = 0 < *low && low <= close && close <= high;
        if sound && *open > 0 && !(low..=high).contains(&&*open) {
            *open = (*open).clamp(*low, *high);
            moved += 1;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Kind, RawSeries};

    /// Open, high, low and close, with their decimals.
    fn clamped(bar: [(i64, u32); 4]) -> (u64, String) {
        let mut series = RawSeries::new(Kind::Trade, "x.csv", None);
        series.time.push(1_600_000_000_000);
        let columns = [&mut series.open, &mut series.high, &mut series.low, &mut series.close];
        for (column, (digits, decimals)) in columns.into_iter().zip(bar) {
            column.push(digits, decimals).unwrap();
        }
        let mut reading = Reading::of(series);
        settle(&mut reading, OpenPolicy::Clamp);
        (reading.moved_opens, reading.series.open.get(0).to_string())
    }

    #[test]
    fn an_open_moves_to_the_nearer_edge() {
        assert_eq!(clamped([(12, 0), (11, 0), (9, 0), (10, 0)]), (1, "11".into()));
        assert_eq!(clamped([(8, 0), (11, 0), (9, 0), (10, 0)]), (1, "9".into()));
        assert_eq!(
            clamped([(8, 0), (11, 0), (90_000_000_001, 10), (10, 0)]),
            (1, "9.0000000001".into())
        );
        assert_eq!(clamped([(10, 0), (11, 0), (9, 0), (10, 0)]), (0, "10".into()));
    }

    #[test]
    fn what_else_is_wrong_stays_as_it_was_written() {
        assert_eq!(clamped([(12, 0), (11, 0), (9, 0), (12, 0)]), (0, "12".into()));
        assert_eq!(clamped([(12, 0), (8, 0), (9, 0), (10, 0)]), (0, "12".into()));
        assert_eq!(clamped([(0, 0), (11, 0), (9, 0), (10, 0)]), (0, "0".into()));
        assert_eq!(clamped([(-5, 0), (11, 0), (9, 0), (10, 0)]), (0, "-5".into()));
    }
}
