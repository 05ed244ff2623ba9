//! How far funding moves the mark that liquidates.
//!
//! What longs pay raises the liquidation price of both sides (MRG-013). Take the edge `e` of a
//! position once, at the end of a band of funding sums that is given by [`Drift::anchor`]. Where
//! the requirement is continuous, the edge at another sum of the band moves at least as fast as
//! that of a position with the lowest rate `m` of all tiers, so that, with `s = ±1`,
//!
//! ```text
//! linear    P·(1 − s·m) − F       at the edge is, seen from s, at most what it is at the anchor
//! inverse   (1 + s·m)/P + G       at the edge is, seen from s, at least what it is at the anchor
//! ```
//!
//! Solved for `P`, this is a mark before which the position cannot be liquidatable: exact for
//! positions of the lowest rate, early by a fraction `m_k − m` of the band's width for the others.
//! Where the requirement jumps, the edge at the anchor itself is such a mark.

use super::funding::FundingPerUnit;
use super::margin::{Law, RATE};
use super::position::Position;
use crate::money::{Price, Rate, Round};
use crate::scenario::Side;
use crate::venue::Contract;

/// Half the width of a band, as one settlement: between the funding of a few calm days and that of
/// a few stressed hours.
const HALF_WIDTH: Rate = Rate::from_steps(Rate::ONE / 128);
/// Twice the rounding of an inverse position's funding, one fine unit, for a position of one lot.
const INVERSE_ROUNDING: i128 = 2 * FundingPerUnit::INVERSE_PER_FINE + 4;
const USUAL_STEPS: i128 = 100_000_000;

/// A band of funding sums, and how edges move in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drift {
    low: FundingPerUnit,
    high: FundingPerUnit,
    contract: Contract,
    jumps: bool,
    /// Lowest rate of all tiers, in steps.
    lowest: i128,
    /// Inverse funding sums are divided by this, so that quotients by a price fit 128 bits.
    coarse: i128,
}

impl Drift {
    /// The band around a funding sum, at a mark.
    pub fn around(law: &Law, funding: FundingPerUnit, mark: Price) -> Self {
        let half = match law.contract {
            Contract::Linear => FundingPerUnit::settlement(HALF_WIDTH, mark),
            Contract::Inverse => FundingPerUnit::inverse_settlement(HALF_WIDTH, mark, law.scale),
        };
        let (low, high) = (funding.since(half), funding.plus(half));
        let rates = law.tiers.steps.iter().map(|tier| i128::from(tier.maintenance.steps()));
        let lowest = rates.min().unwrap_or(0) + i128::from(law.closing_fee.steps());
        let coarse = law.scale.steps_per_unit() / USUAL_STEPS;
        let (contract, jumps) = (law.contract, law.jumps());
        Self { low, high, contract, jumps, lowest: lowest.min(RATE - 1), coarse }
    }

    /// Whether a funding sum lies in the band.
    pub fn covers(&self, funding: FundingPerUnit) -> bool {
        (self.low..=self.high).contains(&funding)
    }

    /// The funding sum at which the edges of one side are to be taken.
    pub fn anchor(&self, side: Side) -> FundingPerUnit {
        match (self.jumps, self.contract, side) {
            (true, _, Side::Long) | (false, Contract::Linear, _) => self.high,
            (true, _, Side::Short) | (false, Contract::Inverse, _) => self.low,
        }
    }

    /// A mark before which nobody whose edge at the anchor is `edge` can be liquidatable: a long
    /// at no higher, a short at no lower one.
    pub fn reach(&self, side: Side, edge: Price, funding: FundingPerUnit) -> Price {
        let at = i128::from(edge.steps());
        let steps = match (self.jumps, self.contract) {
            (true, _) => return edge,
            (false, Contract::Linear) => self.linear(side, at, funding),
            (false, Contract::Inverse) => self.inverse(side, at, funding),
        };
        // Within i64 by the clamp.
        Price::from_steps(steps.clamp(0, i128::from(i64::MAX)) as i64)
    }

    fn linear(&self, side: Side, edge: i128, funding: FundingPerUnit) -> i128 {
        let below = self.high.since(funding).steps();
        let slope = RATE - side.sign() * self.lowest;
        match side {
            Side::Long => edge + 1 - Round::Ceil.div(below, slope),
            Side::Short => edge - 1 - Round::Floor.div(below, slope),
        }
    }

    fn inverse(&self, side: Side, edge: i128, funding: FundingPerUnit) -> i128 {
        let above = funding.since(self.low).steps();
        let rate = RATE + side.sign() * self.lowest;
        let unit = USUAL_STEPS * rate * FundingPerUnit::INVERSE_PER_FINE;
        let left = match side {
            Side::Long => {
                let due = Round::Ceil.div(above, self.coarse);
                Round::Floor.div(unit, edge.saturating_add(1)) - due - INVERSE_ROUNDING
            }
            Side::Short if edge <= 1 => return 0,
            Side::Short => {
                let due = Round::Floor.div(above, self.coarse);
                Round::Ceil.div(unit, edge - 1) - due + INVERSE_ROUNDING
            }
        };
        match side {
            _ if left <= 0 => i128::from(i64::MAX),
            Side::Long => Round::Ceil.div(unit, left),
            Side::Short => Round::Floor.div(unit, left),
        }
    }
}

impl Law<'_> {
    /// A position's own edge: the furthest mark in its favour that liquidates, from wherever the
    /// mark may come; `None` where no price does.
    pub(crate) fn own_edge(&self, position: &Position, paid: FundingPerUnit) -> Option<Price> {
        let furthest = match position.side {
            Side::Long => Price::from_steps(i64::MAX),
            Side::Short => Price::from_steps(1),
        };
        self.edge_from(position, paid, furthest)
    }
}
