//! What a position must keep.

use super::Leg;
use crate::venue::{Lookup, Tiers, VenueRules};
use rust_decimal::Decimal;

/// At which price the maintenance margin is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Valuation {
    /// At the price that triggers, so that it moves with the price. All venues whose code or
    /// current documents say anything do this: Binance, OKX, Hyperliquid, dYdX, and Bybit since
    /// its text of 2026.
    #[default]
    AtMark,
    /// At the entry price, once and for all: `LP = EP − s·(M − MM)/q`. Bybit's older help pages and
    /// BitMEX's example are written so. For a long it asks too much on the way down, for a short
    /// too little on the way up: at 10x and m = 0.5 % by 0.05 % of the price.
    AtEntry,
}

/// The rules of what must be kept, of one symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Requirement<'a> {
    pub tiers: &'a Tiers,
    /// Size of one contract, for tiers that are counted in contracts.
    pub face: Decimal,
    /// Closing fee inside the trigger; 0 where it is no part of it.
    pub closing_fee: Decimal,
    pub valuation: Valuation,
}

/// The bracket of a position, in decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket {
    /// 1 for the lowest.
    pub number: usize,
    pub initial: Decimal,
    pub maintenance: Decimal,
    pub deduction: Decimal,
}

impl Bracket {
    /// `m·y − c`.
    pub fn maintenance_of(&self, value: Decimal) -> Option<Decimal> {
        value.checked_mul(self.maintenance)?.checked_sub(self.deduction)
    }
}

impl<'a> Requirement<'a> {
    /// Tiers by value, no closing fee in the trigger.
    pub fn by_value(tiers: &'a Tiers) -> Self {
        let (face, closing_fee) = (Decimal::ONE, Decimal::ZERO);
        Self { tiers, face, closing_fee, valuation: Valuation::AtMark }
    }

    /// The rules of a venue.
    pub fn of(rules: &'a VenueRules) -> Self {
        let closing_fee = rules.closing_fee().to_decimal();
        Self { face: rules.face.to_decimal(), closing_fee, ..Self::by_value(&rules.tiers) }
    }

    /// The bracket of a position at a value.
    pub fn bracket(&self, leg: &Leg, value: Decimal) -> Option<Bracket> {
        self.nth(self.index(leg, value)?, leg)
    }

    /// Maintenance margin at a mark, and the closing fee where the venue counts it in.
    pub fn due(&self, leg: &Leg, mark: Decimal) -> Option<Decimal> {
        let at_mark = leg.value(mark)?;
        let value = match self.valuation {
            Valuation::AtMark => at_mark,
            Valuation::AtEntry => leg.entry_value()?,
        };
        let maintenance = self.bracket(leg, value)?.maintenance_of(value)?;
        maintenance.checked_add(at_mark.checked_mul(self.closing_fee)?)
    }

    /// Index of the bracket: by value, or by the number of contracts at any value. A floor belongs
    /// to the bracket below it.
    pub(super) fn index(&self, leg: &Leg, value: Decimal) -> Option<usize> {
        let measure = match self.tiers.lookup {
            Lookup::Marginal | Lookup::WholeByNotional | Lookup::RiskSteps => value,
            Lookup::WholeByContracts => leg.quantity.checked_div(self.face)?,
            Lookup::LinearInSize => return Some(0),
        };
        let below = self.tiers.steps.partition_point(|tier| tier.floor.to_decimal() < measure);
        Some(below.saturating_sub(1))
    }

    /// The values that a bracket covers, above the first and up to the second, where brackets are
    /// those of the value; `None` where the price cannot lead out of one.
    pub(super) fn range(&self, index: usize) -> Option<(Decimal, Option<Decimal>)> {
        match (self.tiers.lookup, self.valuation) {
            (_, Valuation::AtEntry) => None,
            (Lookup::WholeByContracts | Lookup::LinearInSize, _) => None,
            (Lookup::Marginal | Lookup::WholeByNotional | Lookup::RiskSteps, _) => {
                let floor = |tier: &crate::venue::Tier| tier.floor.to_decimal();
                let low = self.tiers.steps.get(index).map(floor)?;
                Some((low, self.tiers.steps.get(index + 1).map(floor)))
            }
        }
    }

    /// The bracket of an index; with the addition for the size where rates rise with it.
    pub(super) fn nth(&self, index: usize, leg: &Leg) -> Option<Bracket> {
        let tier = self.tiers.steps.get(index)?;
        let added = match self.tiers.lookup {
            Lookup::LinearInSize => self.tiers.slope.to_decimal().checked_mul(leg.quantity)?,
            _ => Decimal::ZERO,
        };
        let deduction = match self.tiers.lookup {
            Lookup::Marginal => tier.deduction.to_decimal(),
            _ => Decimal::ZERO,
        };
        Some(Bracket {
            number: index + 1,
            initial: tier.initial.to_decimal().checked_add(added)?,
            maintenance: tier.maintenance.to_decimal().checked_add(added)?,
            deduction,
        })
    }
}
