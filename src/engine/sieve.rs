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
#[derive(Debug, Clone, Copy)]
pub struct Sieve<'a> {
    market: &'a Market<'a>,
    study: &'a Study,
    engine: Engine,
    /// The longest horizon.
    bars: usize,
    /// The most that is paid or received per unit between two moments.
    widest: FundingPerUnit,
}

/// What a [`Sieve`] let through: of each entry, side, leverage and notional the first bar.
#[derive(Debug, Clone)]
pub struct Sifted {
    combinations: usize,
    first: Vec<u32>,
}

impl Sifted {
    /// What lies ahead of the position of an entry with a number among side × leverage × notional.
    pub fn outlook(&self, entry: usize, combination: usize) -> Outlook {
        match self.first[entry * self.combinations + combination] {
            NEVER => Outlook::Quiet,
            bar => Outlook::Looks { bar: bar as usize },
        }
    }
}

/// The bars that entries live through, the marks in them, and the sizes that are opened.
struct Reach<'a> {
    entries: &'a [Entry],
    bars: Range<usize>,
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
    /// Margin in atoms, or what of it does not depend on the entry, of each notional and leverage.
    margin: Vec<f64>,
    /// What an atom of that margin and one of a deduction count for, of each notional.
    per_atom: Vec<(f64, f64)>,
    /// The right side without margin and deduction.
    start: f64,
}

/// The records of one pass, and where each asker found its last one.
struct Ahead {
    records: Records,
    near: Vec<usize>,
    levels: Vec<i32>,
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
        let widest = market.funding.widest();
        let sieve = Self { market, study, engine, bars, widest };
        (passes && market.raised.is_none()).then_some(sieve)
    }

    /// Sifts the positions of entries in the order of time.
    pub fn sift(&self, entries: &[Entry]) -> Sifted {
        let combinations = combinations(self.study);
        let mut sifted = Sifted { combinations, first: vec![NEVER; entries.len() * combinations] };
        if let Some(reach) = self.reach(entries) {
            for number in 0..self.study.sides.len() {
                for series in self.series(&reach, self.study.sides[number]) {
                    self.pass(&reach, &series, number, &mut sifted);
                }
            }
        }
        sifted
    }

    /// Where an entry's longest life ends.
    fn end(&self, entry: &Entry) -> usize {
        entry.first + self.bars.min(entry.room)
    }

    fn reach<'e>(&self, entries: &'e [Entry]) -> Option<Reach<'e>> {
        let bars = entries.first()?.first..self.end(entries.last()?);
        let mark = &self.market.history.mark;
        let lowest = mark.low.get(bars.clone())?.iter().min().copied()?;
        let highest = mark.high.get(bars.clone())?.iter().max().copied()?;
        let base = self.market.funding.before_open(bars.start);
        let largest = match self.market.law.contract {
            Contract::Linear => 2.0 * steps(highest),
            Contract::Inverse => 2.0 * self.scale() / steps(lowest),
        };
        let grid = GRID / (largest + self.due(self.widest));
        Some(Reach { entries, bars, lowest, highest, base, grid })
    }

    fn scale(&self) -> f64 {
        self.market.law.scale.steps_per_unit() as f64
    }

    /// Funding in the unit of a series: price steps, or coin per unit of the quote.
    fn due(&self, paid: FundingPerUnit) -> f64 {
        match self.market.law.contract {
            Contract::Linear => paid.steps() as f64 / Rate::ONE as f64,
            Contract::Inverse => paid.steps() as f64 / 1e28,
        }
    }

    /// One series for each rate that a size may come under.
    fn series(&self, reach: &Reach, side: Side) -> Vec<Series> {
        let mut all: Vec<Series> = Vec::new();
        for (number, notional) in self.study.notionals.iter().enumerate() {
            for (rate, deduction) in self.lines(reach, *notional) {
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
    fn lines(&self, reach: &Reach, notional: Cash) -> Vec<(f64, f64)> {
        let law = &self.market.law;
        let prices = reach.entries.iter().map(|entry| entry.price);
        let sizes = [prices.clone().max(), prices.min()].map(|price| {
            price.and_then(|price| law.size(notional, price)).unwrap_or(Quantity::ZERO)
        });
        let (low, high) = match law.contract {
            Contract::Linear => (reach.lowest, reach.highest),
            Contract::Inverse => (reach.highest, reach.lowest),
        };
        let held =
            |quantity| Position { side: Side::Long, quantity, entry: low, margin: Cash::ZERO };
        let (smallest, largest) = (held(sizes[0]), held(sizes[1]));
        let tiers = law.tier_index(&smallest, low)..=law.tier_index(&largest, high);
        let atom = law.fine_per_atom() as f64;
        tiers
            .map(|tier| law.line(tier, &largest))
            .map(|line| (line.rate as f64 / Rate::ONE as f64, line.deduction as f64 / atom))
            .collect()
    }

    /// Walks from the last bar back to the first entry and answers all who ask this series.
    fn pass(&self, reach: &Reach, series: &Series, side: usize, sifted: &mut Sifted) {
        let values = self.values(reach, series);
        let (mut next, first) = (values.len(), reach.bars.start);
        let per_side = self.study.leverages.len() * self.study.notionals.len();
        let (mut ahead, mut stakes) = (self.ahead(series), self.stakes());
        for (place, entry) in reach.entries.iter().enumerate().rev() {
            while next > entry.first - first {
                next -= 1;
                ahead.records.push(next as u32, values[next]);
            }
            ahead.records.close((self.end(entry) - first) as u32);
            self.stake(reach, series.side, entry, &mut stakes);
            let row = place * sifted.combinations + side * per_side;
            let row = &mut sifted.first[row..row + per_side];
            for (number, ask) in series.asked.iter().enumerate() {
                self.levels(reach, &stakes, *ask, &mut ahead.levels);
                self.answer(&mut ahead, (number, ask.0), (first, entry), row);
            }
        }
    }

    fn ahead(&self, series: &Series) -> Ahead {
        let leverages = self.study.leverages.len();
        let near = vec![0; leverages * series.asked.len()];
        Ahead { records: Records::default(), near, levels: vec![0; leverages] }
    }

    /// The right side of each leverage, a step above it.
    fn levels(&self, reach: &Reach, stakes: &Stakes, ask: (usize, f64), levels: &mut [i32]) {
        let (notional, deduction) = ask;
        let (per_margin, per_atom) = stakes.per_atom[notional];
        let start = (stakes.start - deduction * per_atom) * reach.grid;
        let per_margin = per_margin * reach.grid;
        let margins = stakes.margin[notional * levels.len()..].iter();
        for (level, margin) in levels.iter_mut().zip(margins) {
            *level = ((start - margin * per_margin) as i32).saturating_add(1);
        }
    }

    /// Writes down the first bar of each leverage, unless an earlier one is known.
    fn answer(
        &self,
        ahead: &mut Ahead,
        (ask, notional): (usize, usize),
        (first, entry): (usize, &Entry),
        row: &mut [u32],
    ) {
        let Some(least) = ahead.records.least() else { return };
        let (leverages, notionals) = (ahead.levels.len(), self.study.notionals.len());
        for leverage in 0..leverages {
            let level = ahead.levels[leverage];
            if level < least {
                continue;
            }
            let bar = match self.engine {
                Engine::Window => Some((entry.first - first) as u32),
                _ => {
                    ahead.records.first_at_most(level, &mut ahead.near[ask * leverages + leverage])
                }
            };
            let slot = &mut row[leverage * notionals + notional];
            *slot = bar.map_or(*slot, |bar| (*slot).min(bar + first as u32));
        }
    }

    /// The left side, bar by bar, on the grid.
    fn values(&self, reach: &Reach, series: &Series) -> Vec<i32> {
        let (funding, mark) = (self.market.funding, &self.market.history.mark);
        let sign = series.side.sign() as f64;
        let extremes = match series.side {
            Side::Long => &mark.low,
            Side::Short => &mark.high,
        };
        let mut values = Vec::with_capacity(reach.bars.len());
        let mut from = reach.bars.start;
        while from < reach.bars.end {
            let settled = funding.through(from).max(reach.base);
            let until =
                funding.bar_of(settled).map_or(reach.bars.end, |bar| bar.min(reach.bars.end));
            let paid = sign * self.due(funding.from_margin(reach.base, settled)) * reach.grid;
            let stretch = &extremes[from..until];
            match self.market.law.contract {
                Contract::Linear => {
                    let factor = (sign - series.rate) * reach.grid;
                    values.extend(stretch.iter().map(|at| (factor * steps(*at) - paid) as i32));
                }
                Contract::Inverse => {
                    let factor = -(sign + series.rate) * self.scale() * reach.grid;
                    values.extend(stretch.iter().map(|at| (factor / steps(*at) - paid) as i32));
                }
            }
            from = until;
        }
        values
    }

    fn stakes(&self) -> Stakes {
        let study = self.study;
        let margin = |notional: &Cash| {
            let atoms = notional.atoms() as f64;
            study.leverages.iter().map(move |leverage| match study.margin {
                MarginMode::Isolated => atoms / leverage.to_f64(),
                MarginMode::Cross { wallet } => wallet.atoms() as f64,
            })
        };
        let margin = study.notionals.iter().flat_map(margin).collect();
        Stakes { margin, per_atom: vec![(0.0, 0.0); study.notionals.len()], start: 0.0 }
    }

    /// What changes from entry to entry.
    fn stake(&self, reach: &Reach, side: Side, entry: &Entry, stakes: &mut Stakes) {
        let (law, funding) = (&self.market.law, self.market.funding);
        let (sign, price) = (side.sign() as f64, steps(entry.price));
        let settled = funding.before_open(entry.first);
        let paid = sign * self.due(funding.from_margin(reach.base, settled));
        let coin = self.scale() / price;
        stakes.start = match law.contract {
            Contract::Linear => sign * price - paid,
            Contract::Inverse => -sign * coin - paid,
        };
        for (per, notional) in stakes.per_atom.iter_mut().zip(&self.study.notionals) {
            let lots = law.size(*notional, entry.price).map_or(1.0, |size| size.lots() as f64);
            *per = match (law.contract, self.study.margin) {
                (Contract::Linear, _) => (self.scale() / lots, self.scale() / lots),
                (Contract::Inverse, MarginMode::Isolated) => (coin / lots, 1.0 / lots),
                (Contract::Inverse, MarginMode::Cross { .. }) => (1.0 / lots, 1.0 / lots),
            };
        }
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
