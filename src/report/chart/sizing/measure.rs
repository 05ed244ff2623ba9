//! What a result is counted in.

use super::Spacing;
use super::axes::{self, Ticks};
use crate::report::chart::axis::Axis;
use crate::report::chart::label;
use crate::report::chart::unit::amount;

/// The unit of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Units of an asset: `USDT`.
    Amount(String),
    /// A multiple of what happened: ×1.3.
    Multiple,
    /// 0.01 is 1 %.
    Share,
}

impl Default for Measure {
    fn default() -> Self {
        Self::Amount(String::new())
    }
}

impl Measure {
    /// A result in words: `62.1 M USDT`, `×1.3`, `0.42 %`.
    pub fn text(&self, value: f64) -> String {
        match self {
            Self::Amount(asset) => amount(value, asset),
            Self::Multiple => label::multiple(value),
            Self::Share => label::fine_percent(value),
        }
    }

    /// Ticks of an axis, and what they count.
    pub fn ticks(&self, (spacing, values): (Spacing, (f64, f64))) -> (Ticks, String) {
        let plain = |text: fn(f64) -> String, name: &str| {
            let ticks = Axis::spaced(spacing, values, (0.0, 1.0)).ticks(10);
            (ticks.into_iter().map(|tick| (tick, text(tick))).collect(), name.to_owned())
        };
        match self {
            Self::Amount(asset) => axes::amounts((spacing, values), asset),
            Self::Multiple => plain(|tick| Self::Multiple.text(tick), "multiple"),
            Self::Share => plain(label::fine_tick, "share"),
        }
    }
}
