//! Leverage tables with names: shares of open interest by leverage.

use super::choices::{Band, LeverageTable, Preset};
use crate::money::{Leverage, Rate};

/// From, to and share of the open interest, in whole numbers and percent.
type Row = (u32, u32, i64);

/// Accounts that were deleveraged on Hyperliquid on 10 October 2025 (ConejoCapital,
/// HyperMultiAssetedADL): up to 3× 36 %, 3× to 7× 49 %, above 15 %. The highest leverage is the
/// venue's, 40×.
const HYPERLIQUID_2025: [Row; 3] = [(1, 3, 36), (3, 7, 49), (7, 40, 15)];

/// BitMEX's leverage statistics of 2019: a mean of 22× to 30×, and a fifth above 47× to 54×. The
/// bands reproduce both (28.6×, 50×); their limits are assumed.
const BITMEX_2019: [Row; 5] = [(1, 5, 20), (5, 10, 15), (10, 25, 25), (25, 50, 20), (50, 100, 20)];

/// Names of the tables in scenarios.
pub(super) const NAMES: [(&str, Preset); 2] =
    [("hyperliquid-2025", Preset::Hyperliquid2025), ("bitmex-2019", Preset::Bitmex2019)];

impl LeverageTable {
    /// A table with a name; without bands for [`Preset::Own`].
    pub fn of(preset: Preset) -> Self {
        let rows = match preset {
            Preset::Hyperliquid2025 => &HYPERLIQUID_2025[..],
            Preset::Bitmex2019 => &BITMEX_2019[..],
            Preset::Own => &[],
        };
        Self { preset, bands: rows.iter().filter_map(band).collect() }
    }
}

/// `None` never: the tests read every row.
fn band((from, to, percent): &Row) -> Option<Band> {
    let from = Leverage::parse(&from.to_string()).ok()?;
    let to = Leverage::parse(&to.to_string()).ok()?;
    Some(Band { from, to, share: Rate::from_steps(percent * Rate::ONE / 100) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(table: &LeverageTable) -> f64 {
        let middle = |band: &Band| (band.from.to_f64() + band.to.to_f64()) / 2.0;
        table.bands.iter().map(|band| middle(band) * band.share.to_f64()).sum()
    }

    #[test]
    fn shares_add_up_and_bands_touch() {
        for (name, preset) in NAMES {
            let bands = LeverageTable::of(preset).bands;
            let total: i64 = bands.iter().map(|band| band.share.steps()).sum();
            assert_eq!(total, Rate::ONE, "{name}");
            assert!(bands.len() >= 3, "{name} lacks a row");
            assert!(bands.windows(2).all(|pair| pair[0].to == pair[1].from), "{name}");
            assert!(bands.iter().all(|band| band.from < band.to), "{name}");
        }
    }

    #[test]
    fn bitmex_has_the_published_mean_and_upper_fifth() {
        let table = LeverageTable::of(Preset::Bitmex2019);
        assert!((22.0..=30.0).contains(&mean(&table)), "{}", mean(&table));
        let upper: i64 = table.bands[4..].iter().map(|band| band.share.steps()).sum();
        assert_eq!(upper, Rate::ONE / 5);
        assert!((47.0..=54.0).contains(&table.bands[4].from.to_f64()));
    }
}
