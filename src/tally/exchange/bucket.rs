//! Accounts by size.

use crate::engine::Law;
use crate::money::{Cash, Price, Quantity};
use crate::population::Population;
use crate::venue::Contract;
use std::fmt;

/// Where an account stands among all accounts of a world, by the value of what it holds at the
/// start, at its entry prices. Rule `STA-012`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// The largest 1 %, rounded up.
    Top1,
    /// Up to 10 %.
    Next9,
    /// Up to one half.
    Next40,
    Rest,
}

impl Bucket {
    pub const ALL: [Self; 4] = [Self::Top1, Self::Next9, Self::Next40, Self::Rest];

    /// Down to which share of the accounts it reaches, in percent.
    const fn reach(self) -> usize {
        match self {
            Self::Top1 => 1,
            Self::Next9 => 10,
            Self::Next40 => 50,
            Self::Rest => 100,
        }
    }

    fn of(place: usize, accounts: usize) -> Self {
        let within = |bucket: &Self| place < (accounts * bucket.reach()).div_ceil(100);
        Self::ALL.into_iter().find(within).unwrap_or(Self::Rest)
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Top1 => "top 1 %",
            Self::Next9 => "next 9 %",
            Self::Next40 => "next 40 %",
            Self::Rest => "smaller half",
        })
    }
}

/// Who was there at the start, and under which laws, one a symbol.
#[derive(Debug, Clone, Copy)]
pub struct Census<'a> {
    pub population: &'a Population,
    pub laws: &'a [Law<'a>],
}

impl Census<'_> {
    pub fn law(&self, symbol: u16) -> &Law<'_> {
        &self.laws[usize::from(symbol)]
    }
}

/// The bucket of each trader, by its number. Larger accounts come first, ties by number.
pub fn buckets(census: Census) -> Vec<Bucket> {
    let population = census.population;
    let size = |range: &std::ops::Range<u32>| -> i128 {
        let held = &population.holdings[range.start as usize..range.end as usize];
        let values = held
            .iter()
            .map(|held| in_quote(census.law(held.symbol), held.quantity, held.entry).atoms());
        values.map(i128::from).sum()
    };
    let mut order: Vec<(i128, usize)> = population
        .traders
        .iter()
        .enumerate()
        .map(|(number, trader)| (-size(&trader.holdings), number))
        .collect();
    order.sort_unstable();
    let mut buckets = vec![Bucket::Rest; order.len()];
    for (place, (_, number)) in order.iter().enumerate() {
        buckets[*number] = Bucket::of(place, order.len());
    }
    buckets
}

/// The value of a size in quote units: of an inverse contract that is the size itself.
pub fn in_quote(law: &Law, quantity: Quantity, price: Price) -> Cash {
    match law.contract {
        Contract::Linear => law.notional(quantity, price),
        Contract::Inverse => Cash::from_atoms(quantity.lots()),
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn every_place_has_its_bucket() {
        let of = |accounts: usize| {
            let count =
                |bucket| (0..accounts).filter(|p| Bucket::of(*p, accounts) == bucket).count();
            Bucket::ALL.map(count)
        };
        assert_eq!(of(1_000), [10, 90, 400, 500]);
        assert_eq!(of(150), [2, 13, 60, 75]);
        assert_eq!(of(3), [1, 0, 1, 1]);
    }
}
