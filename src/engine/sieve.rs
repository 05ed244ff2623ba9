//! Which bars are worth a look, for all positions of many entries at once.
//!
//! With side `s`, the rate `r` and deduction `c` of a tier, size `q`, margin `M`, and the funding
//! `F` (inverse: `G`) that a long pays per unit up to a bar, the law of one tier is
//!
//! ```text
//! linear     (s − r)·P − s·F  ≤   s·EP − s·F(entry) − (M + c)/q
//! inverse   −(s + r)/P − s·G  ≤  −s/EP − s·G(entry) − (M + c)/q
//! ```
//!
//! The left side is one series for a side and a rate, the right side one number for a position.
//! Both are kept on a grid so coarse that the error of their `f64` is nothing beside it, and the
//! right side is rounded up by a step of it: no bar that liquidates can be missed. Whether one
//! that is let through does liquidate is for the law to say.

use super::funding::FundingPerUnit;
use super::position::Position;
use super::walk::{Market, Outlook};
use crate::money::{Cash, Price, Quantity, Rate};
use crate::passage::{Engine, Records};
use crate::scenario::{Entry, MarginMode, Plan, Side, Study};
use crate::venue::Contract;
use std::ops::Range;

/// Steps of the grid from zero to the largest value.
const GRID: f64 = (1 << 29) as f64;
/// No bar.
const NEVER: u32 = u32::MAX;

/// The positions of a study, seen from the marks.
#[derive(Debug, Clone)]
pub struct Sieve<'a> {
    market: &'a Market<'a>,
    study: &'a Study,
    engine: Engine,
    /// The longest horizon.
    bars: usize,
    /// Price steps in one unit of the quote.
    scale: f64,
    /// What one step of [`FundingPerUnit`] is in the unit of a series: price steps, or coin per
    /// unit of the quote.
    funding_step: f64,
    /// The most that is paid or received between two moments, in the unit of a series.
    widest: f64,
    margins: Margins,
}

/// What of the margins does not depend on the entry.
#[derive(Debug, Clone)]
struct Margins {
    /// Numbers of the leverages, the highest leverage and so the smallest margin first.
    ascending: Vec<usize>,
    /// In atoms, of each notional and, in that order, each leverage.
    atoms: Vec<f64>,
}

impl Margins {
    fn of(study: &Study) -> Self {
        let mut ascending: Vec<usize> = (0..study.leverages.len()).collect();
        ascending.sort_by_key(|number| std::cmp::Reverse(study.leverages[*number]));
        let margin = |notional: &Cash, number: usize| match study.margin {
            MarginMode::Isolated => notional.atoms() as f64 / study.leverages[number].to_f64(),
            MarginMode::Cross { wallet } => wallet.atoms() as f64,
        };
        let each = |notional| ascending.iter().map(move |number| margin(notional, *number));
        let atoms = study.notionals.iter().flat_map(each).collect();
        Self { ascending, atoms }
    }
}

/// What a [`Sieve`] let through: of each entry, side, leverage and notional the first bar. Kept from
/// one call to the next, it saves the memory.
#[derive(Debug, Clone, Default)]
pub struct Sifted {
    combinations: usize,
    first: Vec<u32>,
    /// Lots of each entry and notional; 0: nothing that can be held.
    sizes: Vec<i64>,
    notionals: usize,
    scratch: Scratch,
}

/// What a pass needs of memory.
#[derive(Debug, Clone, Default)]
struct Scratch {
    values: Vec<i32>,
    records: Records,
    /// Where each asker found its last record.
    near: Vec<usize>,
}

impl Sifted {
    /// What lies ahead of the position of an entry with a number among side × leverage × notional.
    pub fn outlook(&self, entry: usize, combination: usize) -> Outlook {
        match self.first[entry * self.combinations + combination] {
            NEVER => Outlook::Quiet,
            bar => Outlook::Looks { bar: bar as usize },
        }
    }

    /// The positions of an entry that are worth a look: number among side × leverage × notional,
    /// and the first bar.
    pub fn looks(&self, entry: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let row = entry * self.combinations..(entry + 1) * self.combinations;
        let numbered = self.first[row].iter().enumerate();
        numbered.filter(|(_, bar)| **bar != NEVER).map(|(number, bar)| (number, *bar as usize))
    }

    /// What the notional of a combination buys at an entry; `None`: nothing that can be held.
    pub fn size(&self, entry: usize, combination: usize) -> Option<Quantity> {
        let lots = self.sizes[entry * self.notionals + combination % self.notionals];
        Some(lots).filter(|lots| *lots > 0).map(Quantity::from_lots)
    }
}

/// The bars that entries live through, the marks in them, and the sizes that are opened.
struct Reach<'a> {
    entries: &'a [Entry],
    bars: Range<usize>,
    sizes: &'a [i64],
    lowest: Price,
    highest: Price,
    /// Settlements before the first bar.
    base: usize,
    /// Steps of the grid per unit of a series.
    grid: f64,
}

/// The series of one side and rate, and who asks it.
struct Series {
    side: Side,
    rate: f64,
    /// Numbers of notionals, and the deduction of the tier in atoms.
    asked: Vec<(usize, f64)>,
}

/// What belongs to one entry, of all its positions.
struct Stakes {
    /// What an atom of margin and one of a deduction count for on the grid, of each notional.
    per_atom: Vec<(f64, f64)>,
    /// The right side without margin and deduction, on the grid.
    start: f64,
}

impl<'a> Sieve<'a> {
    /// `None`: the engine asks for each position apart, or the requirement changes with time, so
    /// that there is no one series.
    pub fn of(
        engine: Engine,
        market: &'a Market<'a>,
        study: &'a Study,
        plan: &Plan,
    ) -> Option<Self> {
        let bars = plan.horizons.iter().max().copied()?;
        let engine = match engine {
            Engine::Auto if is_dense(plan, bars, combinations(study)) => Engine::Stack,
            other => other,
        };
        let passes = matches!(engine, Engine::Stack | Engine::Window);
        let funding_step = match market.law.contract {
            Contract::Linear => 1.0 / Rate::ONE as f64,
            Contract::Inverse => 1e-28,
        };
        let scale = market.law.scale.steps_per_unit() as f64;
        let widest = market.funding.widest().steps() as f64 * funding_step;
        let margins = Margins::of(study);
        let sieve = Self { market, study, engine, bars, scale, funding_step, widest, margins };
        (passes && market.raised.is_none()).then_some(sieve)
    }

    /// Sifts the positions of entries in the order of time.
    pub fn sift(&self, entries: &[Entry], sifted: &mut Sifted) {
        let (law, notionals) = (&self.market.law, &self.study.notionals);
        let combinations = combinations(self.study);
        (sifted.combinations, sifted.notionals) = (combinations, notionals.len());
        sifted.first.clear();
        sifted.first.resize(entries.len() * combinations, NEVER);
        sifted.sizes.clear();
        sifted.sizes.extend(entries.iter().flat_map(|entry| {
            let lots = |notional: &Cash| law.size(*notional, entry.price).map(Quantity::lots);
            notionals.iter().map(move |notional| lots(notional).unwrap_or_default())
        }));
        let Sifted { first, sizes, scratch, .. } = sifted;
        let Some(reach) = self.reach(entries, sizes) else { return };
        for (number, side) in self.study.sides.iter().enumerate() {
            for series in self.series(&reach, *side) {
                self.values(&reach, &series, &mut scratch.values);
                self.pass(&reach, (&series, number), first, scratch);
            }
        }
    }

    /// Where an entry's longest life ends.
    fn end(&self, entry: &Entry) -> usize {
        entry.first + self.bars.min(entry.room)
    }

    fn reach<'e>(&self, entries: &'e [Entry], sizes: &'e [i64]) -> Option<Reach<'e>> {
        let bars = entries.first()?.first..self.end(entries.last()?);
        let mark = &self.market.history.mark;
        let lowest = mark.low.get(bars.clone())?.iter().min().copied()?;
        let highest = mark.high.get(bars.clone())?.iter().max().copied()?;
        let base = self.market.funding.before_open(bars.start);
        let largest = match self.market.law.contract {
            Contract::Linear => 2.0 * steps(highest),
            Contract::Inverse => 2.0 * self.scale / steps(lowest),
        };
        let grid = GRID / (largest + self.widest);
        Some(Reach { entries, bars, sizes, lowest, highest, base, grid })
    }

    /// What a long has paid since the first bar, in the unit of a series.
    fn paid(&self, reach: &Reach, settled: usize) -> f64 {
        match self.market.funding.from_margin(reach.base, settled) {
            FundingPerUnit::NONE => 0.0,
            paid => paid.steps() as f64 * self.funding_step,
        }
    }

    /// One series for each rate that a size may come under.
    fn series(&self, reach: &Reach, side: Side) -> Vec<Series> {
        let mut all: Vec<Series> = Vec::new();
        for number in 0..self.study.notionals.len() {
            for (rate, deduction) in self.lines(reach, number) {
                match all.iter_mut().find(|series| series.rate == rate) {
                    Some(series) => series.asked.push((number, deduction)),
                    None => all.push(Series { side, rate, asked: vec![(number, deduction)] }),
                }
            }
        }
        all
    }

    /// Rate and deduction (in atoms) of each tier between the smallest and the largest value that
    /// a notional can come to.
    fn lines(&self, reach: &Reach, notional: usize) -> Vec<(f64, f64)> {
        let law = &self.market.law;
        let sizes = reach.sizes.iter().skip(notional).step_by(self.study.notionals.len());
        let smallest = Quantity::from_lots(sizes.clone().min().copied().unwrap_or_default());
        let largest = Quantity::from_lots(sizes.max().copied().unwrap_or_default());
        let (low, high) = match law.contract {
            Contract::Linear => (reach.lowest, reach.highest),
            Contract::Inverse => (reach.highest, reach.lowest),
        };
        let held =
            |quantity| Position { side: Side::Long, quantity, entry: low, margin: Cash::ZERO };
        let (smallest, largest) = (held(smallest), held(largest));
        let tiers = law.tier_index(&smallest, low)..=law.tier_index(&largest, high);
        let atom = law.fine_per_atom() as f64;
        tiers
            .map(|tier| law.line(tier, &largest))
            .map(|line| (line.rate as f64 / Rate::ONE as f64, line.deduction as f64 / atom))
            .collect()
    }

    /// Walks from the last bar back to the first entry and answers all who ask this series.
    fn pass(
        &self,
        reach: &Reach,
        (series, side): (&Series, usize),
        answers: &mut [u32],
        scratch: &mut Scratch,
    ) {
        let Scratch { values, records, near } = scratch;
        let (mut next, first, leverages) =
            (values.len(), reach.bars.start, self.margins.ascending.len());
        let per_side = leverages * self.study.notionals.len();
        let mut stakes = Stakes { per_atom: vec![], start: 0.0 };
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
                self.answer(records, (*ask, &stakes), near, (first, entry, row));
            }
        }
    }

    /// Writes down the first bar of each leverage of a notional, unless an earlier one is known;
    /// the highest leverage first, because what it survives, all others do.
    fn answer(
        &self,
        records: &Records,
        ((notional, deduction), stakes): ((usize, f64), &Stakes),
        near: &mut [usize],
        (first, entry, row): (usize, &Entry, &mut [u32]),
    ) {
        let Some(least) = records.least() else { return };
        let (leverages, notionals) = (near.len(), self.study.notionals.len());
        let (per_margin, per_atom) = stakes.per_atom[notional];
        let start = stakes.start - deduction * per_atom;
        let margins = &self.margins.atoms[notional * leverages..][..leverages];
        for ((leverage, margin), near) in self.margins.ascending.iter().zip(margins).zip(near) {
            // Rounded up: a step above what lies below it.
            let level = ((start - margin * per_margin) as i32).saturating_add(1);
            if level < least {
                return;
            }
            let bar = match self.engine {
                Engine::Window => Some((entry.first - first) as u32),
                _ => records.first_at_most(level, near),
            };
            let slot = &mut row[leverage * notionals + notional];
            *slot = bar.map_or(*slot, |bar| (*slot).min(bar + first as u32));
        }
    }

    /// The left side, bar by bar, on the grid.
    fn values(&self, reach: &Reach, series: &Series, values: &mut Vec<i32>) {
        let (funding, mark) = (self.market.funding, &self.market.history.mark);
        let sign = series.side.sign() as f64;
        let extremes = match series.side {
            Side::Long => &mark.low,
            Side::Short => &mark.high,
        };
        values.clear();
        values.reserve(reach.bars.len());
        let mut from = reach.bars.start;
        while from < reach.bars.end {
            let settled = funding.through(from).max(reach.base);
            let until =
                funding.bar_of(settled).map_or(reach.bars.end, |bar| bar.min(reach.bars.end));
            let paid = sign * self.paid(reach, settled) * reach.grid;
            let stretch = &extremes[from..until];
            match self.market.law.contract {
                Contract::Linear => {
                    let factor = (sign - series.rate) * reach.grid;
                    values.extend(stretch.iter().map(|at| (factor * steps(*at) - paid) as i32));
                }
                Contract::Inverse => {
                    let factor = -(sign + series.rate) * self.scale * reach.grid;
                    values.extend(stretch.iter().map(|at| (factor / steps(*at) - paid) as i32));
                }
            }
            from = until;
        }
    }

    /// What changes from entry to entry.
    fn stake(&self, reach: &Reach, side: Side, place: usize, stakes: &mut Stakes) {
        let entry = &reach.entries[place];
        let (law, funding) = (&self.market.law, self.market.funding);
        let (sign, price) = (side.sign() as f64, steps(entry.price));
        let settled = funding.before_open(entry.first);
        let paid = sign * self.paid(reach, settled);
        let coin = self.scale / price;
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

fn steps(price: Price) -> f64 {
    price.steps() as f64
}

/// Positions of one entry and horizon.
fn combinations(study: &Study) -> usize {
    study.sides.len() * study.leverages.len() * study.notionals.len()
}

/// Whether a walk over all bars costs less than a question for each position: a step of the walk is
/// about a twentieth of a question.
fn is_dense(plan: &Plan, bars: usize, combinations: usize) -> bool {
    let ends = plan.entries.first().zip(plan.entries.last());
    let walked = ends.map_or(0, |(first, last)| last.first - first.first + bars);
    walked < 20 * plan.entries.len() * combinations
}
