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
    /// Of each entry and notional.
    bets: Vec<Bet>,
    near: Vec<usize>,
    scratch: Scratch,
}

/// A notional on the grid of the series, and by how much a room may be off.
#[derive(Debug, Clone, Copy, Default)]
struct Bet {
    value: f64,
    error: f64,
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
        let CriticalLevels { levels, sizes, rooms, bets, near, scratch, row, group } = found;
        let Some(reach) = self.reach(entries, sizes) else { return };
        for (number, side) in self.study.sides.iter().enumerate() {
            let all = self.series(&reach, *side);
            rooms.clear();
            rooms.resize(entries.len() * half, f64::NEG_INFINITY);
            bets.resize(entries.len() * *group, Bet::default());
            for series in &all {
                self.values((&reach, series), self.extremes(*side), &mut scratch.values);
                near.clear();
                near.resize(windows.bars.len(), 0);
                self.measure((&reach, series), windows, (rooms, bets, near), scratch);
            }
            let is_exact = self.exact(&reach, &all);
            let rows = levels.chunks_exact_mut(*row).map(|row| &mut row[number * half..][..half]);
            let question = Question { windows, side: *side, is_exact: &is_exact };
            let each = rows.zip(rooms.chunks_exact(half)).zip(bets.chunks_exact(*group));
            for (entry, ((row, rooms), bets)) in entries.iter().zip(each) {
                self.place(&question, entry, bets, (rooms, row));
            }
        }
    }

    /// Walks from the last bar back to the first entry: the most room of each horizon.
    fn measure(
        &self,
        (reach, series): (&Reach, &Series),
        windows: Windows,
        (rooms, bets, near): (&mut [f64], &mut [Bet], &mut [usize]),
        scratch: &mut Scratch,
    ) {
        let Scratch { values, records, .. } = scratch;
        let (mut next, first, notionals) =
            (values.len(), reach.bars.start, self.study.notionals.len());
        let mut stakes = Stakes::new();
        records.clear();
        let rows = rooms.chunks_exact_mut(windows.bars.len() * notionals);
        let rows = rows.zip(bets.chunks_exact_mut(notionals));
        for ((place, entry), (row, bets)) in reach.entries.iter().enumerate().zip(rows).rev() {
            let start = entry.first - first;
            while next > start {
                next -= 1;
                records.push(next as u32, values[next]);
            }
            self.stake(reach, series.side, place, &mut stakes);
            let per_atom = stakes.per_atom.iter().zip(&self.study.notionals);
            for (bet, ((per_margin, per_atom), notional)) in bets.iter_mut().zip(per_atom) {
                *bet = Bet { value: notional.atoms() as f64 * per_margin, error: ERROR + per_atom };
            }
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
    fn place(
        &self,
        question: &Question,
        entry: &Entry,
        bets: &[Bet],
        (rooms, row): (&[f64], &mut [u32]),
    ) {
        let (grid, notionals) = (question.windows.grid, bets.len());
        let groups = rooms.chunks_exact(notionals).zip(row.chunks_exact_mut(notionals));
        for (bars, (rooms, levels)) in question.windows.bars.iter().zip(groups) {
            let each = rooms.iter().zip(bets).zip(levels).enumerate();
            for (notional, ((room, Bet { value, error }), level)) in each {
                if room + error <= 0.0 {
                    continue;
                }
                let first = grid.first_from_about(value / (room + error));
                let Some(leverage) = grid.levels().get(first) else { continue };
                let is_sure = leverage.to_f64() * (room - error) >= *value;
                let offset = match is_sure && question.is_exact[notional] {
                    true => 0,
                    false => self.asked(question, entry, (notional, *bars), first),
                };
                *level = (first + offset) as u32;
            }
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

/// What is asked of one side.
struct Question<'a> {
    windows: Windows<'a>,
    side: Side,
    /// By notional.
    is_exact: &'a [bool],
}
