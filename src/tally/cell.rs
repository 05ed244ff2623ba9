//! What is counted for one side, leverage and horizon.

use super::interval::{Block, Estimate, estimate};
use super::quantile::LogHistogram;
use crate::engine::{Cause, Ended};
use crate::money::{Cash, Leverage, Rate, Round};
use crate::scenario::Side;

/// All positions of one side, leverage and horizon, over all entries and notionals.
#[derive(Debug, Clone)]
pub struct Cell {
    pub side: Side,
    pub leverage: Leverage,
    /// As written in the scenario.
    pub horizon: String,
    /// In bars.
    pub bars: usize,
    /// First steps of liquidations by exposed bar, the first bar first.
    pub deaths: Vec<u64>,
    steps: Steps,
    liquidated: Vec<Block>,
    owing: Vec<Block>,
    owed: OwedSums,
    margin_of_liquidated: i128,
    returned: i128,
}

/// How the positions with at least one liquidation step went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Steps {
    /// Nothing was left of them.
    pub full: u64,
    /// A part lived on to the end of the horizon.
    pub partial: u64,
    /// Liquidated only because the venue had raised its requirement; also counted above.
    pub raised_margin: u64,
}

#[derive(Debug, Clone, Default)]
struct OwedSums {
    total: i128,
    largest: Cash,
    of_margin: LogHistogram,
    largest_of_margin: Rate,
    sum_of_margin: i128,
}

/// Deficits of a cell: what the traders would owe without negative-balance protection.
#[derive(Debug, Clone, PartialEq)]
pub struct Owed {
    /// Share of all positions that end below zero.
    pub share: Estimate,
    /// Over those that owe; `None` where nobody does.
    pub amounts: Option<OwedAmounts>,
}

/// Amounts over the positions that owe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwedAmounts {
    /// Rounded down to the atom.
    pub mean: Cash,
    pub largest: Cash,
    /// Fractions of the position's margin.
    pub mean_of_margin: f64,
    /// From buckets of relative width 1/64.
    pub p99_of_margin: f64,
    pub largest_of_margin: f64,
}

impl Cell {
    pub fn new(side: Side, leverage: Leverage, horizon: (String, usize), blocks: usize) -> Self {
        let (horizon, bars) = horizon;
        Self {
            side,
            leverage,
            horizon,
            bars,
            deaths: vec![0; bars],
            steps: Steps::default(),
            liquidated: vec![Block::default(); blocks],
            owing: vec![Block::default(); blocks],
            owed: OwedSums::default(),
            margin_of_liquidated: 0,
            returned: 0,
        }
    }

    /// Counts positions in the calendar block of their entry.
    pub fn enter(&mut self, block: usize, positions: u64) {
        self.liquidated[block].n += positions;
        self.owing[block].n += positions;
    }

    /// Counts the liquidation of one of them.
    pub fn end(&mut self, block: usize, margin: Cash, end: &Ended) {
        self.liquidated[block].hits += 1;
        self.deaths[end.first_bar - 1] += 1;
        self.steps.add(end);
        if end.last_bar.is_some() {
            self.margin_of_liquidated += i128::from(margin.atoms());
            self.returned += i128::from(end.returned.atoms());
        }
        if end.deficit > Cash::ZERO {
            self.owing[block].hits += 1;
            self.owed.add(margin, end.deficit);
        }
    }

    /// Adds what another cell of the same side, leverage and horizon has counted.
    pub fn merge(&mut self, other: &Self) {
        self.deaths.iter_mut().zip(&other.deaths).for_each(|(sum, more)| *sum += more);
        self.steps = self.steps.plus(other.steps);
        for (blocks, more) in
            [(&mut self.liquidated, &other.liquidated), (&mut self.owing, &other.owing)]
        {
            blocks.iter_mut().zip(more).for_each(|(block, more)| block.merge(*more));
        }
        self.owed.merge(&other.owed);
        self.margin_of_liquidated += other.margin_of_liquidated;
        self.returned += other.returned;
    }

    /// Share of positions with at least one liquidation step; `None` where none was opened.
    pub fn share(&self) -> Option<Estimate> {
        estimate(&self.liquidated)
    }

    /// `None` where no position was opened.
    pub fn owed(&self) -> Option<Owed> {
        let share = estimate(&self.owing)?;
        Some(Owed { share, amounts: self.owed.amounts(share.hits) })
    }

    /// How many were liquidated whole, in part, and because of a raised requirement.
    pub fn steps(&self) -> Steps {
        self.steps
    }

    /// What came back of the margin of fully liquidated positions, as a fraction; `None` where
    /// there are none.
    pub fn margin_returned(&self) -> Option<f64> {
        let margin = self.margin_of_liquidated;
        (margin > 0).then(|| self.returned as f64 / margin as f64)
    }

    /// Share not yet liquidated, not even in part, after each exposed bar; starts with 1 before the
    /// first.
    pub fn survival(&self) -> Option<Vec<f64>> {
        let n = self.share()?.n as f64;
        let mut alive = n;
        let after = self.deaths.iter().map(|dead| {
            alive -= *dead as f64;
            alive / n
        });
        Some(std::iter::once(1.0).chain(after).collect())
    }
}

impl Steps {
    fn add(&mut self, end: &Ended) {
        self.full += u64::from(end.last_bar.is_some());
        self.partial += u64::from(end.last_bar.is_none());
        self.raised_margin += u64::from(end.cause == Cause::RaisedMargin);
    }

    /// Counts of two cells together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            full: self.full + other.full,
            partial: self.partial + other.partial,
            raised_margin: self.raised_margin + other.raised_margin,
        }
    }
}

impl OwedSums {
    fn add(&mut self, margin: Cash, deficit: Cash) {
        self.total += i128::from(deficit.atoms());
        self.largest = self.largest.max(deficit);
        let scaled = i128::from(deficit.atoms()) * i128::from(Rate::ONE);
        let steps = Round::Floor.div(scaled, i128::from(margin.atoms()));
        let ratio = Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX));
        self.largest_of_margin = self.largest_of_margin.max(ratio);
        self.sum_of_margin += i128::from(ratio.steps());
        self.of_margin.add(ratio.steps().unsigned_abs());
    }

    fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.largest = self.largest.max(other.largest);
        self.of_margin.merge(&other.of_margin);
        self.largest_of_margin = self.largest_of_margin.max(other.largest_of_margin);
        self.sum_of_margin += other.sum_of_margin;
    }

    fn amounts(&self, owing: u64) -> Option<OwedAmounts> {
        let p99 = self.of_margin.quantile(0.99)?;
        let one = Rate::ONE as f64;
        Some(OwedAmounts {
            mean: Cash::from_atoms(Round::Floor.div(self.total, i128::from(owing)) as i64),
            largest: self.largest,
            mean_of_margin: self.sum_of_margin as f64 / owing as f64 / one,
            p99_of_margin: (p99 as f64 / one).min(self.largest_of_margin.to_f64()),
            largest_of_margin: self.largest_of_margin.to_f64(),
        })
    }
}
