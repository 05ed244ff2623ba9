//! The leverages at which the distribution of the critical leverage is counted.

use super::bracket::Opening;
use super::plan::Plan;
use super::study::Study;
use crate::money::{Leverage, PriceScale};
use crate::venue::VenueRules;

/// Leverages from 1× to the highest that a venue admits, rising. Rule `CRT-004`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeverageGrid {
    levels: Vec<Leverage>,
    /// Of each leverage in hundredths from 1× on, the number of the first level that is not below
    /// it.
    first: Vec<u32>,
}

/// From, to and step, in hundredths: steps of 1 to 2.5 %.
const STEPS: [(u32, u32, u32); 9] = [
    (100, 200, 2),
    (200, 500, 5),
    (500, 1_000, 10),
    (1_000, 2_000, 20),
    (2_000, 5_000, 50),
    (5_000, 10_000, 100),
    (10_000, 20_000, 200),
    (20_000, 50_000, 500),
    (50_000, 100_000, 1_000),
];

impl LeverageGrid {
    /// Up to the highest leverage at which every notional of a study can be opened at the lowest
    /// entry price, with the study's own leverages among the levels.
    pub fn of(study: &Study, plan: &Plan, rules: &VenueRules, scale: PriceScale) -> Self {
        let entry = plan.entries.iter().map(|entry| entry.price).min();
        let admitted = study.notionals.iter().filter_map(|notional| {
            Some(Opening { notional: *notional, entry: entry?, scale }.highest_leverage(rules))
        });
        let own = study.leverages.iter().copied();
        let top = admitted.min().into_iter().chain(own.clone()).max();
        Self::up_to(top.unwrap_or(Leverage::clamped(0)), own)
    }

    /// The usual levels up to the highest, which is one itself, and others below it.
    pub fn up_to(top: Leverage, others: impl Iterator<Item = Leverage>) -> Self {
        let usual = STEPS.iter().flat_map(|(from, to, step)| (*from..*to).step_by(*step as usize));
        let usual = usual.filter_map(Leverage::from_hundredths);
        let mut levels: Vec<Leverage> =
            usual.chain(others).filter(|level| *level < top).chain([top]).collect();
        levels.sort_unstable();
        levels.dedup();
        let mut first = Vec::with_capacity((top.hundredths() - Leverage::ONE) as usize + 1);
        for (number, level) in levels.iter().enumerate() {
            first.resize((level.hundredths() - Leverage::ONE) as usize + 1, number as u32);
        }
        Self { levels, first }
    }

    /// Rising; the last one is the highest that is admitted.
    pub fn levels(&self) -> &[Leverage] {
        &self.levels
    }

    /// Number of the first level that is not below a leverage; how many there are where all are.
    pub fn first_from(&self, leverage: Leverage) -> usize {
        self.numbered((leverage.hundredths() - Leverage::ONE) as usize)
    }

    /// The same of a multiple that is not known to the last bit, rounded up to a hundredth.
    pub fn first_from_about(&self, multiple: f64) -> usize {
        let one = f64::from(Leverage::ONE);
        // Rounded up by hand: a call costs more than the rest.
        let hundredths = (multiple * one - one).max(0.0);
        let whole = hundredths as usize;
        self.numbered(whole.saturating_add(usize::from((whole as f64) < hundredths)))
    }

    fn numbered(&self, above_one: usize) -> usize {
        self.first.get(above_one).map_or(self.levels.len(), |level| *level as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leverage(hundredths: u32) -> Leverage {
        Leverage::from_hundredths(hundredths).unwrap()
    }

    #[test]
    fn levels_are_one_to_two_and_a_half_percent_apart() {
        let grid = LeverageGrid::up_to(leverage(100_000), std::iter::empty());
        let apart = |pair: &[Leverage]| pair[1].to_f64() / pair[0].to_f64() - 1.0;
        let levels = grid.levels();
        assert!(levels.windows(2).map(apart).all(|step| (0.0099..=0.02501).contains(&step)));
        assert_eq!((levels[0], levels[levels.len() - 1]), (leverage(100), leverage(100_000)));
    }

    proptest! {
        #[test]
        fn the_level_found_is_the_first_that_is_not_below(
            top in 100_u32..20_000,
            others in prop::collection::vec(100_u32..20_000, 0..9),
            wanted in 100_u32..20_100,
        ) {
            let grid = LeverageGrid::up_to(leverage(top), others.into_iter().map(leverage));
            let walked = grid.levels().iter().position(|level| level.hundredths() >= wanted);
            let found = grid.first_from(leverage(wanted));
            prop_assert_eq!(walked.unwrap_or(grid.levels().len()), found);
            prop_assert_eq!(grid.levels().last(), Some(&leverage(top)));
        }
    }
}
