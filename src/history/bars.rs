//! The columns of a history.

use crate::money::{Price, PriceScale, Rate};
use std::fmt;
use std::sync::Arc;

/// Length of a bar, in milliseconds; from one second to one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval(i64);

impl Interval {
    pub const SECOND: i64 = 1_000;
    /// What [`Interval::parse`] takes, for messages.
    pub const ACCEPTED: &str = "a length such as 30s, 1m, 15m, 1h, 8h, 1d or 1w";

    /// From a number of seconds, minutes, hours, days or weeks: `30s`, `1m`, `4h`, `1d`, `1w`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unit = text.char_indices().last()?;
        let (digits, letter) = (&text[..unit.0], unit.1);
        let seconds = match letter {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        let count: i64 = digits.parse().ok()?;
        Self::from_millis(count.checked_mul(seconds)?.checked_mul(Self::SECOND)?)
    }

    pub fn from_millis(millis: i64) -> Option<Self> {
        (Self::SECOND..=366 * 86_400 * Self::SECOND).contains(&millis).then_some(Self(millis))
    }

    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / Self::SECOND;
        let units = [(604_800, 'w'), (86_400, 'd'), (3_600, 'h'), (60, 'm')];
        let (length, letter) =
            units.into_iter().find(|(length, _)| seconds % length == 0).unwrap_or((1, 's'));
        write!(f, "{}{letter}", seconds / length)
    }
}

/// Open, high, low and close, one entry a bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    pub open: Vec<Price>,
    pub high: Vec<Price>,
    pub low: Vec<Price>,
    pub close: Vec<Price>,
}

impl Bars {
    pub fn len(&self) -> usize {
        self.open.len()
    }

    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

/// One funding settlement. Longs pay when the rate is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    /// UTC milliseconds of the settlement, as recorded (stamps may jitter by milliseconds).
    pub time: i64,
    pub rate: Rate,
}

/// Where the mark prices come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkSource {
    /// A mark-price series of its own.
    Recorded,
    /// None was given: the trade series stands in, and every report says so.
    TradeStandsIn,
}

/// What to do about bars that are missing.
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
pub enum GapPolicy {
    /// A gap is an error.
    #[default]
    Refuse,
    /// No position lives across a gap.
    Split,
    /// The last close stands still, with volume 0, until the next bar.
    Hold,
}

/// A stretch of bars without a gap: `first .. end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub first: usize,
    pub end: usize,
}

/// The price history of one instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    pub symbol: String,
    pub interval: Interval,
    pub scale: PriceScale,
    /// UTC milliseconds of each bar's open, strictly rising.
    pub time: Vec<i64>,
    pub trade: Arc<Bars>,
    /// Traded volume in steps of 1e-8, in the unit of its source; `None` where none was given.
    pub volume: Option<Vec<i64>>,
    /// Same length as `trade`; the same bars where no mark series was given.
    pub mark: Arc<Bars>,
    pub mark_source: MarkSource,
    /// Close of the index price, where given.
    pub index: Option<Vec<Price>>,
    /// Rising in time.
    pub funding: Vec<Funding>,
    /// Stretches without a gap, in order; they cover all bars.
    pub segments: Vec<Segment>,
    /// Bars that the sources lack between their first and last bar, before any policy.
    pub missing: u64,
    /// Opens of the sources' bars that lay outside their own bar and were moved to its nearer
    /// edge; above 0 under [`super::OpenPolicy::Clamp`] alone.
    pub moved_opens: u64,
}

impl History {
    pub fn len(&self) -> usize {
        self.time.len()
    }

    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn intervals_read_back() {
        for text in ["30s", "1m", "15m", "1h", "8h", "1d", "1w"] {
            assert_eq!(Interval::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Interval::parse("60m").unwrap().to_string(), "1h");
        for text in ["", "m", "0m", "1x", "-1m", "1.5h", "é"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
    }
}
