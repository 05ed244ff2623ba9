//! Facts of levels: falls from a high, and how far a position goes under. Rule `PTH-015`.

use crate::history::History;
use crate::paths::window::Extremes;
use crate::scenario::Side;

/// At every bar the fall from the highest high of the last `bars` to the low, of the mark. Within
/// one bar the high counts as before the low.
pub fn falls(history: &History, bars: usize) -> Vec<f64> {
    let (high, low) = (&history.mark.high, &history.mark.low);
    let mut highs = Extremes::highest(high, bars);
    let fall = |bar: usize| {
        let top = high[highs.push(bar)];
        1.0 - low[bar].steps() as f64 / top.steps() as f64
    };
    (0..history.len()).map(fall).collect()
}

/// Maximum adverse excursion of a position that is opened at each open and held for `bars`, over
/// its entry; entries without a full horizon are left out.
pub fn excursions(history: &History, bars: usize, side: Side) -> Vec<f64> {
    let mark = &history.mark;
    let (prices, mut worst) = match side {
        Side::Long => (&mark.low, Extremes::lowest(&mark.low, bars)),
        Side::Short => (&mark.high, Extremes::highest(&mark.high, bars)),
    };
    let sign = side.sign() as f64;
    let mut found = Vec::new();
    for bar in 0..history.len() {
        let against = prices[worst.push(bar)].steps() as f64;
        if let Some(entry) = (bar + 1).checked_sub(bars) {
            let open = mark.open[entry].steps() as f64;
            found.push((sign * (open - against) / open).max(0.0));
        }
    }
    found
}

/// The smallest value that at least this share of all do not exceed.
pub fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    let rank = ((share * values.len() as f64).ceil() as usize).clamp(1, values.len());
    *values.select_nth_unstable_by(rank - 1, f64::total_cmp).1
}
