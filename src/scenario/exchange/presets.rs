//! Leverage tables that have a name.

use super::choices::{Band, LeverageTable, Preset};
use crate::money::{Leverage, Rate};

/// Lowest and highest leverage in hundredths, share of the open interest in per mille.
type Row = (u32, u32, i64);

/// Open interest by leverage on Hyperliquid over the 24 hours to 15 December 2025, two months after
/// the crash: 2.77 of 7.63 bn USD below 3×, 3.70 from 3× to 7×, 1.16 above (@ai_9684xtpa, published
/// on that day by PANews, 6a7285a4): 36, 49 and 15 %. How the last 15 % divide is assumed, up to
/// the 40× that the venue allows.
const HYPERLIQUID_2025: [Row; 4] =
    [(100, 300, 360), (300, 700, 490), (700, 2_000, 110), (2_000, 4_000, 40)];

/// Effective leverage on BitMEX, weighted by open interest: mean 22× to 30×, 80th percentile 47× to
/// 54× (May 2018, April 2019). These bands have a mean of 27.2× and an 80th percentile of 50×.
const BITMEX_2019: [Row; 4] =
    [(100, 1_000, 400), (1_000, 2_500, 250), (2_500, 5_000, 150), (5_000, 10_000, 200)];

impl LeverageTable {
    /// The table of a name; `None` for [`Preset::Own`], which has its bands in the scenario.
    pub fn of(preset: Preset) -> Option<Self> {
        let rows = match preset {
            Preset::Hyperliquid2025 => HYPERLIQUID_2025,
            Preset::Bitmex2019 => BITMEX_2019,
            Preset::Own => return None,
        };
        let bands = rows.into_iter().map(band).collect::<Option<_>>()?;
        Some(Self { preset, bands })
    }
}

fn band((from, to, per_mille): Row) -> Option<Band> {
    let share = Rate::from_steps(per_mille * (Rate::ONE / 1_000));
    let (from, to) = (Leverage::from_hundredths(from)?, Leverage::from_hundredths(to)?);
    Some(Band { from, to, share })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Share of the open interest below a leverage, uniform within a band.
    fn below(table: &LeverageTable, leverage: f64) -> f64 {
        let part = |band: &Band| {
            let (from, to) = (band.from.to_f64(), band.to.to_f64());
            band.share.to_f64() * ((leverage - from) / (to - from)).clamp(0.0, 1.0)
        };
        table.bands.iter().map(part).sum()
    }

    #[test]
    fn the_tables_say_what_their_sources_say() {
        let table = LeverageTable::of(Preset::Hyperliquid2025).unwrap();
        assert!((below(&table, 3.0) - 2.77 / 7.63).abs() < 0.005);
        assert!((below(&table, 7.0) - (2.77 + 3.70) / 7.63).abs() < 0.005);
        let table = LeverageTable::of(Preset::Bitmex2019).unwrap();
        let middle = |band: &Band| (band.from.to_f64() + band.to.to_f64()) / 2.0;
        let mean: f64 = table.bands.iter().map(|band| band.share.to_f64() * middle(band)).sum();
        assert!((22.0..=30.0).contains(&mean), "{mean}");
        assert!(below(&table, 47.0) <= 0.8 && below(&table, 54.0) >= 0.8);
        assert_eq!(LeverageTable::of(Preset::Own), None);
    }

    #[test]
    fn shares_add_up_to_one() {
        for preset in [Preset::Hyperliquid2025, Preset::Bitmex2019] {
            let bands = LeverageTable::of(preset).unwrap().bands;
            let sum: i64 = bands.iter().map(|band| band.share.steps()).sum();
            assert_eq!(sum, Rate::ONE);
            assert!(bands.windows(2).all(|pair| pair[0].to <= pair[1].from));
        }
    }
}
