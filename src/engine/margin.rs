//! The margin law: one exact predicate.
//!
//! With side `s` = ±1, size `q`, entry `EP`, margin `M`, funding paid per unit since the entry `F`
//! (inverse: `G`), maintenance rate `m` and deduction `c` of the tier at the mark `P`:
//!
//! ```text
//! linear    equity(P) = M + s·q·(P − EP) − s·q·F        maintenance(P) = q·P·m − c
//! inverse   equity(P) = M + s·(q/EP − q/P) − s·q·G      maintenance(P) = q/P·m − c
//! liquidated ⇔ equity(P) ≤ maintenance(P)                (< where the venue is strict)
//! ```
//!
//! Everything is compared in [`Fine`] units; the inverse side of the comparison is multiplied by
//! `P`, so that the predicate has no division. Source of the formulas: Binance support, "How to
//! calculate liquidation price of USDⓈ-M futures contracts" and "… of COIN-M futures contracts".

use super::funding::FundingPerUnit;
use super::position::Position;
use crate::money::{Cash, Price, PriceScale, Quantity, Rate, Round};
use crate::scenario::Side;
use crate::venue::{Contract, Edge, Lookup, Tier, Tiers, VenueRules};

/// Money in steps of `10^-(price decimals + 20)` of the quote (linear) or `10^-20` coin (inverse):
/// price × size × rate, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fine(pub(super) i128);

/// The rounding of a price that falls against a position: a long sells lower, a short buys higher.
pub(super) fn against(side: Side) -> Round {
    match side {
        Side::Long => Round::Floor,
        Side::Short => Round::Ceil,
    }
}

/// The law of one venue for one symbol, on the price grid of one instrument.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    pub contract: Contract,
    /// Size of one contract, where tiers count contracts.
    pub face: Quantity,
    pub tiers: &'a Tiers,
    /// Added to every maintenance rate; 0 where the closing fee is no part of the trigger.
    pub closing_fee: Rate,
    pub edge: Edge,
    pub scale: PriceScale,
}

/// `rate · value − deduction`: the requirement of one tier, over all prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Steps of a [`Rate`], closing fee and slope included; below 1.
    pub rate: i128,
    /// Fine units.
    pub deduction: i128,
}

pub(super) const RATE: i128 = Rate::ONE as i128;
/// Size of one contract where sizes are not counted in contracts.
const ONE_UNIT: Quantity = Quantity::from_lots(100_000_000);

impl<'a> Law<'a> {
    /// The law of a venue on the price grid of an instrument.
    pub fn of(rules: &'a VenueRules, scale: PriceScale) -> Self {
        let closing_fee = rules.closing_fee();
        let VenueRules { contract, face, tiers, edge, .. } = rules;
        Self { contract: *contract, face: *face, tiers, closing_fee, edge: *edge, scale }
    }

    /// Linear contracts, no closing fee in the trigger.
    pub fn linear(tiers: &'a Tiers, edge: Edge, scale: PriceScale) -> Self {
        let (contract, face, closing_fee) = (Contract::Linear, ONE_UNIT, Rate::ZERO);
        Self { contract, face, tiers, closing_fee, edge, scale }
    }
}

impl Law<'_> {
    /// Whether all products of this position stay within 128 bits between two prices, and all
    /// amounts within 64 (with a factor of 4 to spare). Positions are checked once, before anything
    /// is computed with them.
    pub fn holds(&self, position: &Position, lowest: Price, highest: Price) -> bool {
        let (low, high) = (i128::from(lowest.steps()), i128::from(highest.steps()));
        let margin = i128::from(position.margin.atoms()).abs() * RATE;
        let size = position.lots() * RATE;
        let scale = self.scale.steps_per_unit();
        let fits = |value: Option<i128>| value.and_then(|value| value.checked_mul(4)).is_some();
        match self.contract {
            Contract::Linear => {
                let value = size.checked_mul(high);
                let margin = margin.checked_mul(scale);
                fits(value.zip(margin).and_then(|(value, margin)| value.checked_add(margin)))
            }
            Contract::Inverse => {
                let value = size.checked_mul(scale).map(|size| size / low.max(1));
                let coin = value.and_then(|value| value.checked_add(margin));
                let in_atoms = coin.is_some_and(|coin| coin / RATE < i128::from(i64::MAX) / 4);
                in_atoms && fits(coin.and_then(|coin| coin.checked_mul(high)))
            }
        }
    }

    /// Whether there is also room for the funding of this position, which is never more than `most`
    /// per unit, at prices up to the highest, and for what its lowest tier deducts.
    pub fn bears(&self, position: &Position, most: FundingPerUnit, highest: Price) -> bool {
        let deducted = self.tiers.steps.first().map_or(0, |tier| tier.deduction.atoms());
        let deducted = i128::from(deducted).checked_mul(self.fine_per_atom());
        let factor = match self.contract {
            Contract::Linear => 8,
            Contract::Inverse => 8 * i128::from(highest.steps()),
        };
        let fits = |fine: Option<i128>| fine.and_then(|fine| fine.checked_mul(factor)).is_some();
        let due = match self.contract {
            Contract::Linear => most.steps(),
            Contract::Inverse => most.steps() / FundingPerUnit::INVERSE_PER_FINE + 1,
        };
        fits(deducted) && fits(position.lots().checked_mul(due))
    }

    /// Margin and unrealised profit, net of the funding paid. An inverse contract's values at
    /// entry and mark are rounded against the trader.
    pub fn equity(&self, position: &Position, paid: FundingPerUnit, mark: Price) -> Fine {
        self.equity_under(position, self.head(position, paid), mark)
    }

    /// The same, with the part that does not depend on the mark.
    pub(super) fn equity_under(&self, position: &Position, head: i128, mark: Price) -> Fine {
        let value = self.value_of(position.quantity, mark, opposite(against(position.side))).0;
        Fine(match (self.contract, position.side) {
            (Contract::Linear, side) => head.saturating_add(side.sign() * value),
            (Contract::Inverse, side) => head.saturating_sub(side.sign() * value),
        })
    }

    /// Maintenance margin at a mark, from the tier at that mark; an inverse contract's is rounded
    /// up.
    pub fn maintenance(&self, position: &Position, mark: Price) -> Fine {
        let line = self.line_at(position, mark);
        Fine(match self.contract {
            Contract::Linear => {
                position.lots() * i128::from(mark.steps()) * line.rate - line.deduction
            }
            Contract::Inverse => {
                let size = position.lots() * self.scale.steps_per_unit() * line.rate;
                Round::Ceil.div(size, i128::from(mark.steps())) - line.deduction
            }
        })
    }

    /// The predicate itself; nothing in it is rounded but an inverse contract's value at entry.
    pub fn is_liquidatable(&self, position: &Position, paid: FundingPerUnit, mark: Price) -> bool {
        let line = self.line_at(position, mark);
        let head = self.head(position, paid).saturating_add(line.deduction);
        self.edge.is_reached(self.excess(position, head, line, mark))
    }

    /// Equity less maintenance of one line; times the mark where the contract is inverse. Whatever
    /// does not fit is larger than all that follows: its sign is the right one.
    fn excess(&self, position: &Position, head: i128, line: Line, mark: Price) -> i128 {
        let (sign, mark) = (position.side.sign(), i128::from(mark.steps()));
        match self.contract {
            Contract::Linear => {
                head.saturating_add(position.lots() * mark * (sign * RATE - line.rate))
            }
            Contract::Inverse => {
                let size = position.lots() * self.scale.steps_per_unit();
                head.saturating_mul(mark).saturating_sub(size * (sign * RATE + line.rate))
            }
        }
    }

    /// The part of the equity that does not depend on the mark: linear `M − s·q·(EP + F)`, inverse
    /// `M + s·W − s·q·G`.
    ///
    /// [`Law::holds`] bounds a position and the margin that it was opened with. What the others of
    /// a cross account have won or lost since can be any amount: a head that does not fit is as
    /// large as fits, which is more than the position can win or lose between those prices.
    pub(super) fn head(&self, position: &Position, paid: FundingPerUnit) -> i128 {
        let (sign, margin) = (position.side.sign(), self.fine(position.margin));
        let at_entry = self.value_of(position.quantity, position.entry, against(position.side)).0;
        let cost = self.funding_fine(position, paid);
        let own = match self.contract {
            Contract::Linear => -sign * at_entry - cost,
            Contract::Inverse => sign * at_entry - cost,
        };
        margin.saturating_add(own).max(-i128::MAX)
    }

    /// What funding took from the equity; an inverse contract's is rounded up.
    pub(super) fn funding_fine(&self, position: &Position, paid: FundingPerUnit) -> i128 {
        let size = position.side.sign() * position.lots();
        match self.contract {
            Contract::Linear => size * paid.steps(),
            Contract::Inverse => {
                // In two parts, because the product itself may not fit.
                let whole = paid.steps().div_euclid(FundingPerUnit::INVERSE_PER_FINE);
                let rest = paid.steps().rem_euclid(FundingPerUnit::INVERSE_PER_FINE);
                size * whole + Round::Ceil.div(size * rest, FundingPerUnit::INVERSE_PER_FINE)
            }
        }
    }

    /// The requirement at a mark.
    pub(super) fn line_at(&self, position: &Position, mark: Price) -> Line {
        self.line(self.tier_index(position, mark), position)
    }

    /// The requirement of one tier for a position of this size.
    pub(super) fn line(&self, tier: usize, position: &Position) -> Line {
        let tier = &self.tiers.steps[tier];
        let by_size = match i128::from(self.tiers.slope.steps()) {
            0 => 0,
            slope => Round::Ceil.div(slope * position.lots(), i128::from(ONE_UNIT.lots())),
        };
        let rate = i128::from(tier.maintenance.steps()) + i128::from(self.closing_fee.steps());
        Line { rate: (rate + by_size).min(RATE - 1), deduction: self.fine(tier.deduction) }
    }

    /// Whether the requirement jumps at a floor, so that marks beyond a liquidation price may be
    /// safe.
    pub(crate) fn jumps(&self) -> bool {
        matches!(self.tiers.lookup, Lookup::WholeByNotional | Lookup::RiskSteps)
    }

    /// What a position would have to pay wherever the mark stands between two prices, as one line:
    /// the requirement of the highest tier that it reaches there.
    pub(super) fn line_between(&self, position: &Position, lowest: Price, highest: Price) -> Line {
        self.line_at(
            position,
            match self.contract {
                Contract::Linear => highest,
                Contract::Inverse => lowest,
            },
        )
    }

    /// The tier at a mark.
    pub fn tier_at(&self, position: &Position, mark: Price) -> &Tier {
        &self.tiers.steps[self.tier_index(position, mark)]
    }

    /// Index of the tier at a mark: the last one whose floor lies below the position.
    pub fn tier_index(&self, position: &Position, mark: Price) -> usize {
        let above = |tier: &Tier| self.exceeds(position, tier.floor, mark);
        // Most positions lie in the lowest tier.
        match self.tiers.steps.get(1) {
            Some(second) if above(second) => self.tiers.steps.partition_point(above) - 1,
            _ => 0,
        }
    }

    /// Whether a position would be liquidatable if it paid the rate of one tier, whole.
    pub(super) fn fails_tier(
        &self,
        position: &Position,
        paid: FundingPerUnit,
        mark: Price,
        tier: usize,
    ) -> bool {
        let line = Line { deduction: 0, ..self.line(tier, position) };
        self.excess(position, self.head(position, paid), line, mark) <= 0
    }

    /// The largest size, in lots, below or at the floor of a tier at a mark.
    pub(super) fn top_below(&self, tier: usize, mark: i128) -> i128 {
        let floor = i128::from(self.tiers.steps[tier].floor.atoms());
        let scale = self.scale.steps_per_unit();
        match (self.tiers.lookup, self.contract) {
            (Lookup::WholeByContracts, _) => {
                Round::Floor.div(floor * i128::from(self.face.lots()), i128::from(ONE_UNIT.lots()))
            }
            (_, Contract::Linear) => Round::Floor.div(floor * scale, mark),
            (_, Contract::Inverse) => Round::Floor.div(floor * mark, scale),
        }
    }

    /// Whether a position is larger than a floor of its tiers, in their unit.
    pub(super) fn exceeds(&self, position: &Position, floor: Cash, mark: Price) -> bool {
        let (floor, mark) = (i128::from(floor.atoms()), i128::from(mark.steps()));
        let scale = self.scale.steps_per_unit();
        match (self.tiers.lookup, self.contract) {
            (Lookup::WholeByContracts, _) => {
                floor * i128::from(self.face.lots()) < position.lots() * i128::from(ONE_UNIT.lots())
            }
            (_, Contract::Linear) => floor * scale < position.lots() * mark,
            (_, Contract::Inverse) => floor.saturating_mul(mark) < position.lots() * scale,
        }
    }
}

pub(super) fn opposite(round: Round) -> Round {
    match round {
        Round::Floor => Round::Ceil,
        Round::Ceil => Round::Floor,
    }
}
