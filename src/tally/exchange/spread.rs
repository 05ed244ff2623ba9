//! Order statistics over worlds.

use crate::money::{Cash, Round};
use crate::tally::binomial::ranks;

/// Values of all worlds, sorted; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread<T> {
    sorted: Vec<T>,
}

impl<T: Ord + Copy> Spread<T> {
    /// `None` without values.
    pub fn of(values: impl Iterator<Item = T>) -> Option<Self> {
        let mut sorted: Vec<T> = values.collect();
        sorted.sort_unstable();
        (!sorted.is_empty()).then_some(Self { sorted })
    }

    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The smallest value that at least so many percent of the values do not exceed: an order
    /// statistic, never an average of two.
    pub fn quantile(&self, percent: u32) -> T {
        self.sorted[rank(percent, self.sorted.len()) - 1]
    }

    pub fn least(&self) -> T {
        self.sorted[0]
    }

    pub fn most(&self) -> T {
        self.sorted[self.sorted.len() - 1]
    }

    /// Between which values the true quantile lies with 95 % confidence, whatever the
    /// distribution. `None` at an end: too few values to bound it there.
    pub fn interval(&self, percent: u32) -> (Option<T>, Option<T>) {
        let (low, high) = ranks(f64::from(percent) / 100.0, self.sorted.len());
        let at = |rank: usize| self.sorted[rank - 1];
        (low.map(at), high.map(at))
    }
}

impl Spread<Cash> {
    /// Rounded down to the atom.
    pub fn mean(&self) -> Cash {
        let sum: i128 = self.sorted.iter().map(|cash| i128::from(cash.atoms())).sum();
        let mean = Round::Floor.div(sum, self.sorted.len() as i128);
        // The mean of 64-bit numbers is one.
        Cash::from_atoms(mean as i64)
    }
}

/// `⌈percent·n / 100⌉`, at least 1.
fn rank(percent: u32, n: usize) -> usize {
    let rank = (u128::from(percent) * n as u128).div_ceil(100);
    (rank as usize).clamp(1, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[i64]) -> Spread<i64> {
        Spread::of(values.iter().copied()).unwrap()
    }

    #[test]
    fn quantiles_are_values_that_occurred() {
        let ten = spread(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!([5, 10, 11, 50, 51, 95, 100].map(|p| ten.quantile(p)), [1, 1, 2, 5, 6, 10, 10]);
        assert_eq!((ten.least(), ten.most(), ten.count()), (1, 10, 10));
        assert_eq!(Spread::<i64>::of(std::iter::empty()), None);
    }

    /// `0.05·60` and `0.95·20` are whole numbers, whatever binary fractions say.
    #[test]
    fn a_rank_that_is_whole_is_not_rounded_up() {
        for n in (20..=2_000).step_by(20) {
            assert_eq!(rank(5, n), n / 20);
            assert_eq!(rank(95, n), n / 20 * 19);
        }
    }

    #[test]
    fn means_are_exact_to_the_atom() {
        let cash = |atoms: &[i64]| Spread::of(atoms.iter().map(|a| Cash::from_atoms(*a))).unwrap();
        assert_eq!(cash(&[i64::MAX, i64::MAX]).mean(), Cash::from_atoms(i64::MAX));
        assert_eq!(cash(&[1, 2]).mean(), Cash::from_atoms(1));
        assert_eq!(cash(&[-1, -2]).mean(), Cash::from_atoms(-2));
    }
}
