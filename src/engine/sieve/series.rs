//! The left side of the law: one series of numbers for a side and a rate.

use super::{Reach, Sieve, steps};
use crate::engine::at_once::AtOnce;
use crate::engine::position::Position;
use crate::money::{Cash, Price, Quantity, Rate};
use crate::scenario::Side;
use crate::venue::Contract;

/// The series of one side and rate, and who asks it.
pub struct Series {
    pub side: Side,
    pub rate: f64,
    pub asked: Vec<Ask>,
}

/// A notional in a tier.
#[derive(Clone, Copy)]
pub struct Ask {
    /// Number of the notional.
    pub notional: usize,
    /// Of the tier, in atoms.
    pub deduction: f64,
    /// Whether nothing is left wherever inside a bar it is liquidated.
    pub spends: bool,
}

impl Sieve<'_> {
    /// One series for each rate that a size may come under.
    pub(super) fn series(&self, reach: &Reach, side: Side) -> Vec<Series> {
        let mut all: Vec<Series> = Vec::new();
        for number in 0..self.study.notionals.len() {
            for (rate, ask) in self.lines(reach, number) {
                match all.iter_mut().find(|series| series.rate == rate) {
                    Some(series) => series.asked.push(ask),
                    None => all.push(Series { side, rate, asked: vec![ask] }),
                }
            }
        }
        all
    }

    /// Each tier between the smallest and the largest value that a notional can come to, by rate.
    fn lines(&self, reach: &Reach, notional: usize) -> Vec<(f64, Ask)> {
        let law = &self.scene.market.law;
        let sizes = reach.sizes.iter().skip(notional).step_by(self.study.notionals.len());
        let fewest = sizes.clone().min().copied().unwrap_or_default();
        let most = sizes.max().copied().unwrap_or_default();
        let (low, high) = match law.contract {
            Contract::Linear => (reach.lowest, reach.highest),
            Contract::Inverse => (reach.highest, reach.lowest),
        };
        let held = |lots| {
            let (side, quantity) = (Side::Long, Quantity::from_lots(lots));
            Position { side, quantity, entry: low, margin: Cash::ZERO }
        };
        let (smallest, largest) = (held(fewest), held(most));
        let tiers = law.tier_index(&smallest, low)..=law.tier_index(&largest, high);
        let atom = law.fine_per_atom() as f64;
        let only = tiers.clone().count() == 1 && law.tiers.slope == Rate::ZERO;
        let ask = |tier| {
            let line = law.line(tier, &largest);
            let spends = |at_once: AtOnce| only && at_once.spends(line, fewest, reach.lowest);
            let spends = self.at_once.is_some_and(spends);
            let deduction = line.deduction as f64 / atom;
            (line.rate as f64 / Rate::ONE as f64, Ask { notional, deduction, spends })
        };
        tiers.map(ask).collect()
    }

    /// The left side, bar by bar, on the grid.
    pub(super) fn values(
        &self,
        (reach, series): (&Reach, &Series),
        marks: &[Price],
        values: &mut Vec<i32>,
    ) {
        let (funding, sign) = (self.scene.market.funding, series.side.sign() as f64);
        values.clear();
        values.reserve(reach.bars.len());
        let mut from = reach.bars.start;
        while from < reach.bars.end {
            let settled = funding.through(from).max(reach.base);
            let until =
                funding.bar_of(settled).map_or(reach.bars.end, |bar| bar.min(reach.bars.end));
            let paid = sign * self.paid(reach, settled) * reach.grid;
            let stretch = &marks[from..until];
            match self.scene.market.law.contract {
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
}
