//! What a population looks like at the start.

use super::book::{Holding, Population, Trader, TraderKind};
use super::ground::Listing;
use crate::engine::{self, FundingPerUnit, Position, cross_margin};
use crate::money::{Cash, Price, Round};
use crate::scenario::Side;
use crate::venue::Contract;

/// Lower ends of the leverage bands of a [`SideDescription`]; the last one is open.
pub const BANDS: [f64; 8] = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 50.0];
/// Width of a bin of [`SideDescription::density`], as a fraction of the mark.
pub const BIN: f64 = 0.01;
/// Bins: beyond the last one lies whoever is farther away or never liquidated.
pub const BINS: usize = 50;

/// A population at the start's marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    pub users: u32,
    pub makers: u32,
    /// One a symbol, in the order of the study.
    pub symbols: Vec<SymbolDescription>,
}

/// One symbol.
#[derive(Debug, Clone, PartialEq)]
pub struct SymbolDescription {
    pub symbol: String,
    pub mark: Price,
    pub long: SideDescription,
    pub short: SideDescription,
}

/// One side of a symbol. Values are in quote units at the start's mark.
#[derive(Debug, Clone, PartialEq)]
pub struct SideDescription {
    pub side: Side,
    /// Of users.
    pub positions: u32,
    /// All positions, market makers' included: the open interest.
    pub value: Cash,
    /// The market makers' part of it.
    pub makers: Cash,
    /// Largest position of a user.
    pub largest: Cash,
    /// Deciles over the users' positions; `None` where there are none.
    pub users: Option<Deciles>,
    /// Share of the side's value in each of [`BANDS`].
    pub leverage: [f64; BANDS.len()],
    /// Value that is liquidated first in each bin of distance from the mark.
    pub density: Vec<f64>,
}

/// 10 %, 20 % … 90 % of the positions are not above these values.
#[derive(Debug, Clone, PartialEq)]
pub struct Deciles {
    pub value: [Cash; 9],
    /// Value of the account's positions at their entries over its margin; infinite without any.
    pub leverage: [f64; 9],
    /// How far the mark is from the liquidation price, as a fraction of it, if the other symbols
    /// stand still and no funding is paid; infinite where no mark liquidates.
    pub distance: [f64; 9],
}

/// What is told of one position.
struct Figures {
    kind: TraderKind,
    lots: i64,
    value: Cash,
    leverage: f64,
    distance: f64,
}

/// Describes a population at the marks from which bar `first` begins.
pub fn describe(population: &Population, listings: &[Listing], first: usize) -> Description {
    let count = |kind| population.traders.iter().filter(|trader| trader.kind == kind).count();
    let mut sides: Vec<[Vec<Figures>; 2]> = listings.iter().map(|_| Default::default()).collect();
    for trader in &population.traders {
        let range = trader.holdings.start as usize..trader.holdings.end as usize;
        let held = &population.holdings[range];
        for number in 0..held.len() {
            let figures = figures(trader, held, number, (listings, first));
            let Holding { symbol, side, .. } = held[number];
            sides[usize::from(symbol)][side as usize].push(figures);
        }
    }
    let described = |(listing, [long, short]): (&Listing, [Vec<Figures>; 2])| SymbolDescription {
        symbol: listing.history.symbol.clone(),
        mark: listing.start(first),
        long: side(Side::Long, &long, (listing, first)),
        short: side(Side::Short, &short, (listing, first)),
    };
    Description {
        users: count(TraderKind::User) as u32,
        makers: count(TraderKind::Maker) as u32,
        symbols: listings.iter().zip(sides).map(described).collect(),
    }
}

fn figures(
    trader: &Trader,
    held: &[Holding],
    number: usize,
    (listings, first): (&[Listing], usize),
) -> Figures {
    let listing = |holding: &Holding| &listings[usize::from(holding.symbol)];
    let at_entry = |holding: &Holding| {
        listing(holding).law.notional(holding.quantity, holding.entry).atoms() as f64
    };
    let others = held.iter().enumerate().filter(|(other, _)| *other != number);
    let others: Vec<engine::Holding> = others
        .map(|(_, other)| {
            let (law, mark) = (listing(other).law, listing(other).start(first));
            engine::Holding { law, position: position(other, Cash::ZERO), mark }
        })
        .collect();
    let own = &held[number];
    let margin = cross_margin(trader.margin, &others);
    let leverage = held.iter().map(at_entry).sum::<f64>() / trader.margin.atoms() as f64;
    Figures {
        kind: trader.kind,
        lots: own.quantity.lots(),
        value: listing(own).value(own.quantity.lots().into(), first),
        // To 1/100, so that a margin that was rounded up does not leave its band.
        leverage: (leverage * 100.0).round() / 100.0,
        distance: listing(own).distance(&position(own, margin), first),
    }
}

fn position(holding: &Holding, margin: Cash) -> Position {
    let Holding { side, quantity, entry, .. } = *holding;
    Position { side, quantity, entry, margin }
}

impl Listing<'_> {
    /// Value of a number of lots at the start's mark, in quote units, rounded up.
    fn value(&self, lots: i128, first: usize) -> Cash {
        let atoms = match self.law.contract {
            Contract::Linear => {
                let value = lots * i128::from(self.start(first).steps());
                Round::Ceil.div(value, self.law.scale.steps_per_unit())
            }
            Contract::Inverse => lots,
        };
        Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
    }

    fn distance(&self, position: &Position, first: usize) -> f64 {
        let mark = self.start(first);
        if self.law.is_liquidatable(position, FundingPerUnit::NONE, mark) {
            return 0.0;
        }
        let edge = self.law.edge_from(position, FundingPerUnit::NONE, mark);
        edge.map_or(f64::INFINITY, |edge| {
            let away = edge.steps().abs_diff(mark.steps());
            away as f64 / mark.steps() as f64
        })
    }
}

fn side(side: Side, all: &[Figures], (listing, first): (&Listing, usize)) -> SideDescription {
    let is_user = |figures: &&Figures| figures.kind == TraderKind::User;
    let users: Vec<&Figures> = all.iter().filter(is_user).collect();
    // Of the sums, so that what rounding adds to each position does not add up.
    let value = listing.value(all.iter().map(|one| i128::from(one.lots)).sum(), first);
    let of_users = listing.value(users.iter().map(|one| i128::from(one.lots)).sum(), first);
    let mut described = SideDescription {
        side,
        positions: users.len() as u32,
        value,
        makers: value - of_users,
        largest: users.iter().map(|one| one.value).max().unwrap_or_default(),
        users: (!users.is_empty()).then(|| deciles(&users)),
        leverage: [0.0; BANDS.len()],
        density: vec![0.0; BINS],
    };
    for one in all {
        let band = BANDS.partition_point(|from| *from <= one.leverage).saturating_sub(1);
        described.leverage[band] += one.value.atoms() as f64 / value.atoms() as f64;
        let bin = one.distance / BIN;
        if let Some(sum) = described.density.get_mut(bin as usize) {
            *sum += one.value.atoms() as f64 / 1e8;
        }
    }
    described
}

fn deciles(users: &[&Figures]) -> Deciles {
    let sorted = |read: fn(&Figures) -> f64| {
        let mut all: Vec<f64> = users.iter().map(|one| read(one)).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let mut values: Vec<Cash> = users.iter().map(|one| one.value).collect();
    values.sort_unstable();
    Deciles {
        value: nine(&values),
        leverage: nine(&sorted(|one| one.leverage)),
        distance: nine(&sorted(|one| one.distance)),
    }
}

/// By nearest rank.
fn nine<T: Copy>(sorted: &[T]) -> [T; 9] {
    std::array::from_fn(|tenth| sorted[((tenth + 1) * sorted.len()).div_ceil(10) - 1])
}

#[cfg(test)]
mod tests {
    use super::nine;

    #[test]
    fn deciles_are_values_that_are_there() {
        let all: Vec<u32> = (1..=20).collect();
        assert_eq!(nine(&all), [2, 4, 6, 8, 10, 12, 14, 16, 18]);
        assert_eq!(nine(&[7]), [7; 9]);
        assert_eq!(nine(&[1, 2]), [1, 1, 1, 1, 1, 2, 2, 2, 2]);
    }
}
