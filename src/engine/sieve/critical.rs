//! Critical leverages of many entries at once, from the least value of the left side ahead.
//!
//! What lies between the right side without its margin and the least value of the left side within
//! a horizon is the *room*: the most margin that is liquidated there. In isolated margin that is
//! notional over leverage, so the critical leverage is notional over room. The room is known to a
//! few steps of the grid; where that leaves a level of leverages in doubt, the law is asked.

use super::pass::Stakes;
use super::series::Series;
use super::sifted::Scratch;
use super::{Reach, Sieve};
use crate::engine::critical::is_critical;
use crate::money::{Leverage, Rate};
use crate::scenario::{Entry, LeverageGrid, Side, Wanted};
use crate::venue::Lookup;

/// Steps of the grid by which a room may be off, without the rounding of a margin to its atom: one
/// for the least value, which is cut to a whole one, and one for all else.
const ERROR: f64 = 2.0;

/// What is asked about each entry.
#[derive(Debug, Clone, Copy)]
pub struct Windows<'a> {
    /// Horizons in bars.
    pub bars: &'a [usize],
    pub grid: &'a LeverageGrid,
}

/// Of each entry, side, horizon and notional, in this order, the first level of a grid of
/// leverages that is liquidated. Kept from one call to the next, it saves the memory.
#[derive(Debug, Clone, Default)]
pub struct CriticalLevels {
    levels: Vec<u32>,
    /// Positions of one entry.
    row: usize,
    /// Notionals.
    group: usize,
    sizes: Vec<i64>,
    /// Of the side in hand: the rooms of each entry, horizon and notional.
    rooms: Vec<f64>,
    near: Vec<usize>,
    scratch: Scratch,
}

impl CriticalLevels {
    /// Of one entry and number among side × horizon, each notional: the number of the level, or how
    /// many levels there are where none is liquidated. Means nothing where the entry has no room
    /// for the horizon.
    pub fn of(&self, entry: usize, cell: usize) -> &[u32] {
        &self.levels[entry * self.row + cell * self.group..][..self.group]
    }
}

impl Sieve<'_> {
    /// Finds the critical leverages of entries in the order of time, in isolated margin. Rules
    /// `CRT-002` and `CRT-004`.
    pub fn critical(&self, entries: &[Entry], windows: Windows, found: &mut CriticalLevels) {
        found.group = self.study.notionals.len();
        let half = windows.bars.len() * found.group;
        found.row = self.study.sides.len() * half;
        found.levels.clear();
        found.levels.resize(entries.len() * found.row, windows.grid.levels().len() as u32);
        self.buy(entries, &mut found.sizes);
        let CriticalLevels { levels, sizes, rooms, near, scratch, row, .. } = found;
        let Some(reach) = self.reach(entries, sizes) else { return };
        for (number, side) in self.study.sides.iter().enumerate() {
            let all = self.series(&reach, *side);
            rooms.clear();
            rooms.resize(entries.len() * half, f64::NEG_INFINITY);
            for series in &all {
                self.values((&reach, series), self.extremes(*side), &mut scratch.values);
                near.clear();
                near.resize(windows.bars.len(), 0);
                self.measure((&reach, series), windows, (rooms, near), scratch);
            }
            let is_exact = self.exact(&reach, &all);
            let rows = levels.chunks_exact_mut(*row).map(|row| &mut row[number * half..][..half]);
            let question = Question { reach: &reach, windows, side: *side, is_exact: &is_exact };
            for (place, (row, rooms)) in rows.zip(rooms.chunks_exact(half)).enumerate() {
                self.place_entry(&question, place, (rooms, row));
            }
        }
    }

    /// Walks from the last bar back to the first entry: the most room of each horizon.
    fn measure(
        &self,
        (reach, series): (&Reach, &Series),
        windows: Windows,
        (rooms, near): (&mut [f64], &mut [usize]),
        scratch: &mut Scratch,
    ) {
        let Scratch { values, records, .. } = scratch;
        let (mut next, first, notionals) =
            (values.len(), reach.bars.start, self.study.notionals.len());
        let mut stakes = Stakes::new();
        records.clear();
        let rows = rooms.chunks_exact_mut(windows.bars.len() * notionals);
        for ((place, entry), row) in reach.entries.iter().enumerate().zip(rows).rev() {
            let start = entry.first - first;
            while next > start {
                next -= 1;
                records.push(next as u32, values[next]);
            }
            self.stake(reach, series.side, place, &mut stakes);
            let groups = row.chunks_exact_mut(notionals);
            for ((bars, near), group) in windows.bars.iter().zip(near.iter_mut()).zip(groups) {
                if *bars > entry.room {
                    continue;
                }
                let least = records.least_before((start + bars) as u32, near);
                let ahead =
                    least.map_or(f64::NEG_INFINITY, |least| stakes.start - f64::from(least));
                for ask in &series.asked {
                    let (_, per_atom) = stakes.per_atom[ask.notional];
                    let room = &mut group[ask.notional];
                    *room = room.max(ahead - ask.deduction * per_atom);
                }
            }
        }
    }

    /// Whether the most room of all series is that of the law, by notional: where it has one line,
    /// or is the highest of its lines. Elsewhere it may be less.
    fn exact(&self, reach: &Reach, all: &[Series]) -> Vec<bool> {
        let tiers = &self.scene.market.law.tiers;
        let is_exact = |notional: usize| {
            let sizes = reach.sizes.iter().skip(notional).step_by(self.study.notionals.len());
            let lines = all.iter().flat_map(|series| &series.asked);
            let is_one = lines.filter(|ask| ask.notional == notional).count() == 1;
            let is_flat = tiers.slope == Rate::ZERO || sizes.clone().min() == sizes.max();
            is_flat && (is_one || tiers.lookup == Lookup::Marginal)
        };
        (0..self.study.notionals.len()).map(is_exact).collect()
    }

    /// From rooms to levels, for one entry and side.
    fn place_entry(&self, question: &Question, place: usize, (rooms, row): (&[f64], &mut [u32])) {
        let Question { reach, windows, side, .. } = *question;
        let (entry, notionals) = (&reach.entries[place], self.study.notionals.len());
        let mut stakes = Stakes::new();
        self.stake(reach, side, place, &mut stakes);
        for (number, (room, level)) in rooms.iter().zip(row).enumerate() {
            let (notional, bars) = (number % notionals, windows.bars[number / notionals]);
            let (per_margin, per_atom) = stakes.per_atom[notional];
            let value = self.study.notionals[notional].atoms() as f64 * per_margin;
            let error = ERROR + per_atom;
            if *room + error <= 0.0 {
                continue;
            }
            let levels = windows.grid.levels();
            let first = windows.grid.first_from_about(value / (room + error));
            let Some(leverage) = levels.get(first) else { continue };
            let is_sure =
                question.is_exact[notional] && leverage.to_f64() * (room - error) >= value;
            let offset =
                if is_sure { 0 } else { self.asked(question, entry, (notional, bars), first) };
            *level = (first + offset) as u32;
        }
    }

    /// How many levels from one on the law does not liquidate.
    fn asked(
        &self,
        question: &Question,
        entry: &Entry,
        (notional, bars): (usize, usize),
        first: usize,
    ) -> usize {
        let notional = self.study.notionals[notional];
        let survives = |leverage: &Leverage| {
            let (cell, side, leverage) = (0, question.side, *leverage);
            let wanted = Wanted { cell, side, leverage, notional, bars };
            !is_critical(self.scene.market, self.study, &wanted, (entry.price, entry.first))
        };
        let levels = &question.windows.grid.levels()[first..];
        // Most often it is the first or the second.
        let mut width = 1;
        while width < levels.len() && survives(&levels[width - 1]) {
            width *= 2;
        }
        levels[..width.min(levels.len())].partition_point(survives)
    }
}

/// The entries and levels of one side.
struct Question<'a> {
    reach: &'a Reach<'a>,
    windows: Windows<'a>,
    side: Side,
    /// By notional.
    is_exact: &'a [bool],
}
