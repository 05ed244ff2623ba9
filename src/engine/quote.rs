//! One position in decimals, each figure with the formula that gave it.
//!
//! The same law as [`super::margin`], written for people: nothing is rounded to a price grid, so
//! that the printed numbers can be followed with a pocket calculator. A property test ties it to
//! the integer law.

use crate::scenario::Side;
use crate::venue::Tiers;
use rust_decimal::Decimal;

/// An isolated position in a linear contract, as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms<'a> {
    pub side: Side,
    /// Above zero.
    pub entry: Decimal,
    /// Above zero.
    pub quantity: Decimal,
    /// Above zero; with what was added later.
    pub margin: Decimal,
    pub tiers: &'a Tiers,
    /// Fee of a close-out, for the bankruptcy price that includes it.
    pub fee: Option<Decimal>,
}

/// A bracket in decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket {
    /// 1 for the lowest.
    pub number: usize,
    pub initial: Decimal,
    pub maintenance: Decimal,
    pub deduction: Decimal,
}

/// What can be said of a position without a market.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    pub notional: Decimal,
    /// The bracket of the notional at entry.
    pub bracket: Bracket,
    pub maintenance_margin: Decimal,
    /// The bracket at the liquidation price, which is the one that counts; `None` with the price.
    pub bracket_at_liquidation: Option<Bracket>,
    /// `None`: no positive price liquidates.
    pub liquidation_price: Option<Decimal>,
    /// `None`: no positive price empties the margin.
    pub bankruptcy_price: Option<Decimal>,
    /// `None` without a fee, or with no such price.
    pub bankruptcy_price_with_fee: Option<Decimal>,
}

/// Fractions and prices keep this many decimals: more than any exchange prints.
pub const DECIMALS: u32 = 12;

impl Terms<'_> {
    /// `None` where the numbers are too large for 28 digits.
    pub fn quote(&self) -> Option<Quote> {
        let notional = self.quantity.checked_mul(self.entry)?;
        let bracket = self.bracket(notional);
        let edge = self.edge()?;
        let bankrupt = self.sign().checked_mul(self.margin)?.checked_div(self.quantity)?;
        let bankruptcy = self.entry.checked_sub(bankrupt)?;
        let one = Decimal::ONE;
        let with_fee = self.fee.and_then(|fee| bankruptcy.checked_div(one - self.sign() * fee));
        let positive = |price: Decimal| (price > Decimal::ZERO).then(|| price.round_dp(DECIMALS));
        Some(Quote {
            notional,
            maintenance_margin: notional * bracket.maintenance - bracket.deduction,
            bracket,
            bracket_at_liquidation: positive(edge.1).map(|_| edge.0),
            liquidation_price: positive(edge.1),
            bankruptcy_price: positive(bankruptcy),
            bankruptcy_price_with_fee: with_fee.and_then(positive),
        })
    }

    pub fn sign(&self) -> Decimal {
        match self.side {
            Side::Long => Decimal::ONE,
            Side::Short => Decimal::NEGATIVE_ONE,
        }
    }

    fn bracket(&self, notional: Decimal) -> Bracket {
        let above = |tier: &&crate::venue::Tier| tier.floor.to_decimal() < notional;
        let index = self.tiers.steps.iter().take_while(above).count().saturating_sub(1);
        self.nth(index)
    }

    fn nth(&self, index: usize) -> Bracket {
        let tier = &self.tiers.steps[index];
        Bracket {
            number: index + 1,
            initial: tier.initial.to_decimal(),
            maintenance: tier.maintenance.to_decimal(),
            deduction: tier.deduction.to_decimal(),
        }
    }

    /// Marginal tiers are the upper envelope of their lines: the first price that a mark meets on
    /// its way against the position, over all lines.
    fn edge(&self) -> Option<(Bracket, Decimal)> {
        let mut nearest: Option<(Bracket, Decimal)> = None;
        for index in 0..self.tiers.steps.len() {
            let bracket = self.nth(index);
            let price = self.solve(&bracket)?;
            let nearer = |best: Decimal| match self.side {
                Side::Long => price > best,
                Side::Short => price < best,
            };
            if nearest.is_none_or(|(_, best)| nearer(best)) {
                nearest = Some((bracket, price));
            }
        }
        nearest
    }

    /// `(M + c − s·q·EP) / (q·m − s·q)`.
    fn solve(&self, bracket: &Bracket) -> Option<Decimal> {
        let value = self.sign().checked_mul(self.quantity)?.checked_mul(self.entry)?;
        let head = self.margin.checked_add(bracket.deduction)?.checked_sub(value)?;
        let slope = self.quantity.checked_mul(bracket.maintenance - self.sign())?;
        head.checked_div(slope)
    }
}
