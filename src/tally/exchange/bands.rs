//! Quantiles over worlds at the end of one bar.

use super::spread::Spread;
use crate::exchange::Sample;
use crate::money::Cash;

/// A column of the timeline, and where its amounts are in a world.
type Series = (&'static str, fn(&Sample) -> Cash);

/// What a timeline follows, in the order of its columns.
pub const SERIES: [Series; 5] = [
    ("fund_cash", |sample| sample.fund_cash),
    ("fund_mtm", |sample| sample.fund_mtm),
    ("liquidated", |sample| sample.liquidated),
    ("adl", |sample| sample.adl),
    ("open_interest", |sample| sample.open_interest),
];

/// Quantiles of one series over worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Band {
    pub quantiles: [Cash; 5],
}

impl Band {
    /// The quantiles, in percent.
    pub const PERCENT: [u32; 5] = [5, 25, 50, 75, 95];
}

/// One [`Band`] a series, in the order of [`SERIES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bands {
    pub series: [Band; 5],
}

impl Bands {
    /// Over the samples of all worlds at one bar; `None` without worlds.
    pub fn over(samples: &[Sample]) -> Option<Self> {
        let mut bands = Self::default();
        for (band, (_, of)) in bands.series.iter_mut().zip(SERIES) {
            let spread = Spread::of(samples.iter().map(of))?;
            band.quantiles = Band::PERCENT.map(|percent| spread.quantile(percent));
        }
        Some(bands)
    }
}
