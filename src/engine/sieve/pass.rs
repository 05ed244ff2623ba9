//! One walk backwards that answers all who ask one series.

use super::series::{Ask, Series};
use super::sifted::{SPENT, Scratch};
use super::{Reach, Sieve, steps};
use crate::passage::{Engine, Records};
use crate::scenario::{MarginMode, Side};
use crate::venue::Contract;

/// Steps of the grid by which a comparison must differ to be sure.
const SURE: i32 = 4;

/// What belongs to one entry, of all its positions.
pub(super) struct Stakes {
    /// What an atom of margin and one of a deduction count for on the grid, of each notional.
    pub per_atom: Vec<(f64, f64)>,
    /// The right side without margin and deduction, on the grid.
    pub start: f64,
    /// Settlements before the entry, and what they come to.
    paid: (usize, f64),
}

impl Stakes {
    pub const fn new() -> Self {
        Self { per_atom: Vec::new(), start: 0.0, paid: (usize::MAX, 0.0) }
    }
}

impl Sieve<'_> {
    /// Walks from the last bar back to the first entry and answers all who ask this series.
    pub(super) fn pass(
        &self,
        reach: &Reach,
        (series, side): (&Series, usize),
        answers: &mut [u32],
        scratch: &mut Scratch,
    ) {
        let Scratch { values, opens, records, near } = scratch;
        let (mut next, first, leverages) =
            (values.len(), reach.bars.start, self.margins.ascending.len());
        let per_side = leverages * self.study.notionals.len();
        let mut stakes = Stakes::new();
        records.clear();
        near.clear();
        near.resize(leverages * series.asked.len(), 0);
        let rows = answers.chunks_exact_mut(self.study.sides.len() * per_side);
        for ((place, entry), row) in reach.entries.iter().enumerate().zip(rows).rev() {
            while next > entry.first - first {
                next -= 1;
                records.push(next as u32, values[next]);
            }
            records.close((self.end(entry) - first) as u32);
            self.stake(reach, series.side, place, &mut stakes);
            let row = &mut row[side * per_side..(side + 1) * per_side];
            for (ask, near) in series.asked.iter().zip(near.chunks_exact_mut(leverages)) {
                let found = |(place, value): (u32, i32), level: i32| {
                    let is_spent = ask.spends && is_inside((value, opens[place as usize]), level);
                    (place + first as u32) | if is_spent { SPENT } else { 0 }
                };
                self.answer(records, (*ask, &stakes), near, (entry.first - first, found, row));
            }
        }
    }

    /// Writes down the first bar of each leverage of a notional, unless an earlier one is known;
    /// the highest leverage first, because what it survives, all others do.
    fn answer(
        &self,
        records: &Records,
        (ask, stakes): (Ask, &Stakes),
        near: &mut [usize],
        (entry, found, row): (usize, impl Fn((u32, i32), i32) -> u32, &mut [u32]),
    ) {
        let Some(least) = records.least() else { return };
        let leverages = near.len();
        let (per_margin, per_atom) = stakes.per_atom[ask.notional];
        let start = stakes.start - ask.deduction * per_atom;
        let margins = &self.margins.atoms[ask.notional * leverages..][..leverages];
        for ((answers, margin), near) in self.margins.ascending.iter().zip(margins).zip(near) {
            // Rounded up: a step above what lies below it.
            let level = ((start - margin * per_margin) as i32).saturating_add(1);
            if level < least {
                return;
            }
            let place = match self.engine {
                Engine::Window => Some((entry as u32, i32::MAX)),
                _ => records.first_at_most(level, near),
            };
            let slot = &mut row[answers + ask.notional];
            *slot = place.map_or(*slot, |place| (*slot).min(found(place, level)));
        }
    }

    /// What changes from entry to entry.
    pub(super) fn stake(&self, reach: &Reach, side: Side, place: usize, stakes: &mut Stakes) {
        let entry = &reach.entries[place];
        let (law, funding) = (&self.scene.market.law, self.scene.market.funding);
        let (sign, price) = (side.sign() as f64, steps(entry.price));
        let settled = funding.before_open(entry.first);
        if stakes.paid.0 != settled {
            stakes.paid = (settled, sign * self.paid(reach, settled));
        }
        let paid = stakes.paid.1;
        let coin = match law.contract {
            Contract::Linear => 0.0,
            Contract::Inverse => self.scale / price,
        };
        let start = match law.contract {
            Contract::Linear => sign * price - paid,
            Contract::Inverse => -sign * coin - paid,
        };
        stakes.start = start * reach.grid;
        let notionals = self.study.notionals.len();
        let sizes = &reach.sizes[place * notionals..(place + 1) * notionals];
        stakes.per_atom.clear();
        stakes.per_atom.extend(sizes.iter().map(|lots| {
            let per_lot = reach.grid / (*lots).max(1) as f64;
            match (law.contract, self.study.margin) {
                (Contract::Linear, _) => (self.scale * per_lot, self.scale * per_lot),
                (Contract::Inverse, MarginMode::Isolated) => (coin * per_lot, per_lot),
                (Contract::Inverse, MarginMode::Cross { .. }) => (per_lot, per_lot),
            }
        }));
    }
}

/// Whether the extreme of a bar surely liquidates and its open surely does not.
fn is_inside((extreme, open): (i32, i32), level: i32) -> bool {
    extreme <= level.saturating_sub(SURE) && open >= level.saturating_add(SURE)
}
