//! Leverage by share of open interest. Rule `POP-003`.

use crate::money::{Leverage, Rate};
use crate::scenario::exchange::{Band, LeverageTable};

/// The leverage below which lies the share `u` of the open interest, uniform within a band.
pub fn quantile(table: &LeverageTable, u: f64) -> Leverage {
    let (steps, mut before) = (u * Rate::ONE as f64, 0);
    for band in &table.bands {
        let end = before + band.share.steps();
        if steps < end as f64 {
            return within(band, (steps - before as f64) / band.share.steps() as f64);
        }
        before = end;
    }
    table.bands.last().map_or(Leverage::clamped(Leverage::ONE), |band| band.to)
}

fn within(band: &Band, part: f64) -> Leverage {
    let (from, to) = (band.from.hundredths(), band.to.hundredths());
    let above = f64::from(to.saturating_sub(from)) * part.clamp(0.0, 1.0);
    Leverage::clamped(from + above as u32)
}

/// The correlation of two normal scores whose ranks have the correlation `rank` (K. Pearson, 1907).
pub fn of_scores(rank: Rate) -> f64 {
    2.0 * libm::sin(std::f64::consts::PI / 6.0 * rank.to_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::exchange::Preset;

    #[test]
    fn the_quantile_goes_through_the_bands() {
        let table = LeverageTable::of(Preset::Bitmex2019).unwrap();
        let at = |u: f64| quantile(&table, u).to_string();
        assert_eq!([at(0.0), at(0.2), at(0.4)], ["1", "5.5", "10"]);
        assert_eq!([at(0.8), at(0.9), at(1.0)], ["50", "75", "100"]);
    }

    #[test]
    fn scores_that_rank_alike_are_alike() {
        let one = of_scores(Rate::from_steps(Rate::ONE));
        assert!((one - 1.0).abs() < 1e-12, "{one}");
        assert!((of_scores(Rate::parse("-0.3").unwrap()) + 0.312_869).abs() < 1e-6);
    }
}
