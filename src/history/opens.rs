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
