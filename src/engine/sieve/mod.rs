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
//! that is let through does liquidate is for the law to say, unless it is told by more steps of
//! the grid than its error, and nothing is left whatever the exact price.

mod critical;
mod pass;
mod series;
mod sifted;

pub use critical::{CriticalLevels, Windows};
pub use sifted::{Look, Sifted};

use super::at_once::AtOnce;
use super::funding::FundingPerUnit;
use super::simulate::Scene;
use crate::money::{Cash, Price, Quantity, Rate};
use crate::passage::Engine;
use crate::scenario::{Entry, MarginMode, Plan, Side, Study};
use crate::venue::Contract;
use sifted::NEVER;
use std::ops::Range;

/// Steps of the grid from zero to the largest value.
const GRID: f64 = (1 << 29) as f64;

/// The positions of a study, seen from the marks.
#[derive(Debug, Clone)]
pub struct Sieve<'a> {
    scene: Scene<'a>,
    at_once: Option<AtOnce<'a>>,
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
    /// Where the answers of a leverage begin among those of a side, the highest leverage and so the
    /// smallest margin first.
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
        let ascending = ascending.iter().map(|number| number * study.notionals.len()).collect();
        Self { ascending, atoms }
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

impl<'a> Sieve<'a> {
    /// `None`: the engine asks for each position apart, or the requirement changes with time, so
    /// that there is no one series.
    pub fn of(engine: Engine, scene: Scene<'a>, study: &'a Study, plan: &Plan) -> Option<Self> {
        let market = scene.market;
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
        let at_once = AtOnce::of(scene);
        let sieve =
            Self { scene, at_once, study, engine, bars, scale, funding_step, widest, margins };
        (passes && market.raised.is_none()).then_some(sieve)
    }

    /// Sifts the positions of entries in the order of time.
    pub fn sift(&self, entries: &[Entry], sifted: &mut Sifted) {
        let combinations = combinations(self.study);
        (sifted.combinations, sifted.notionals) = (combinations, self.study.notionals.len());
        sifted.first.clear();
        sifted.first.resize(entries.len() * combinations, NEVER);
        self.buy(entries, &mut sifted.sizes);
        let Sifted { first, sizes, scratch, .. } = sifted;
        let Some(reach) = self.reach(entries, sizes) else { return };
        for (number, side) in self.study.sides.iter().enumerate() {
            for series in self.series(&reach, *side) {
                self.values((&reach, &series), self.extremes(*side), &mut scratch.values);
                if series.asked.iter().any(|ask| ask.spends) {
                    let opens = &self.scene.market.history.mark.open;
                    self.values((&reach, &series), opens, &mut scratch.opens);
                }
                self.pass(&reach, (&series, number), first, scratch);
            }
        }
    }

    /// What each notional buys at each entry, in lots; 0: nothing that can be held.
    fn buy(&self, entries: &[Entry], sizes: &mut Vec<i64>) {
        let (law, notionals) = (&self.scene.market.law, &self.study.notionals);
        sizes.clear();
        sizes.extend(entries.iter().flat_map(|entry| {
            let lots = |notional: &Cash| law.size(*notional, entry.price).map(Quantity::lots);
            notionals.iter().map(move |notional| lots(notional).unwrap_or_default())
        }));
    }

    /// The marks that reach a side first.
    fn extremes(&self, side: Side) -> &'a [Price] {
        let mark = &self.scene.market.history.mark;
        match side {
            Side::Long => &mark.low,
            Side::Short => &mark.high,
        }
    }

    /// Where an entry's longest life ends.
    fn end(&self, entry: &Entry) -> usize {
        entry.first + self.bars.min(entry.room)
    }

    fn reach<'e>(&self, entries: &'e [Entry], sizes: &'e [i64]) -> Option<Reach<'e>> {
        let bars = entries.first()?.first..self.end(entries.last()?);
        let mark = &self.scene.market.history.mark;
        let lowest = mark.low.get(bars.clone())?.iter().min().copied()?;
        let highest = mark.high.get(bars.clone())?.iter().max().copied()?;
        let base = self.scene.market.funding.before_open(bars.start);
        let largest = match self.scene.market.law.contract {
            Contract::Linear => 2.0 * steps(highest),
            Contract::Inverse => 2.0 * self.scale / steps(lowest),
        };
        let grid = GRID / (largest + self.widest);
        Some(Reach { entries, bars, sizes, lowest, highest, base, grid })
    }

    /// What a long has paid since the first bar, in the unit of a series.
    fn paid(&self, reach: &Reach, settled: usize) -> f64 {
        match self.scene.market.funding.from_margin(reach.base, settled) {
            FundingPerUnit::NONE => 0.0,
            paid => paid.steps() as f64 * self.funding_step,
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
