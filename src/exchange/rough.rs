//! What accounts are about worth, in binary floating point: it says who need not be looked at
//! exactly, and nothing else.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use crate::engine::{FundingPerUnit, Law, Position};
use crate::money::{Price, Quantity};
use crate::scenario::Side;
use crate::venue::{Contract, Lookup, Tier};

/// What all sums here may be off by, as a part of all that was added up: rates are rounded to
/// 1e-12, and the dozen operations in a term to 1e-16 each.
const PART: f64 = 1e-11;
/// Atoms by which the exact amounts of an account, and of each of its positions, are rounded.
const ROUNDED: f64 = 8.0;
/// Fine units of an inverse contract's funding in an atom.
const INVERSE_FUNDING: f64 = 1e28;

/// Amounts of an account in atoms; each of them lies no further than `off` from the exact one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rough {
    /// Equity at the marks.
    pub worth: f64,
    /// Profit of all positions, without funding.
    pub profit: f64,
    pub off: f64,
}

impl<J: Journal> Floor<'_, J> {
    pub fn rough(&self, account: AccountId) -> Rough {
        let cash = self.state.ledger.cash(account).atoms() as f64;
        let mut all = Rough { worth: cash, profit: 0.0, off: ROUNDED + PART * cash.abs() };
        for (symbol, position, due) in self.state.ledger.held(account) {
            let (law, mark) = (self.law(symbol), self.mark(symbol));
            let (now, then) =
                (brings(law, &position, mark), brings(law, &position, position.entry));
            let funding = funding(law, &position, due);
            all.worth += now - funding;
            all.profit += now - then;
            all.off += ROUNDED + PART * (now.abs() + then.abs() + funding.abs());
        }
        all
    }
}

/// What a position adds to its account's cash at a price, without funding.
fn brings(law: &Law, position: &Position, price: Price) -> f64 {
    let value = value(law, position.quantity, price);
    match (law.contract, position.side) {
        (Contract::Linear, Side::Long) | (Contract::Inverse, Side::Short) => value,
        (Contract::Linear, Side::Short) | (Contract::Inverse, Side::Long) => -value,
    }
}

/// Profit of a position at a mark, without funding.
pub(super) fn profit(law: &Law, position: &Position, mark: Price) -> f64 {
    brings(law, position, mark) - brings(law, position, position.entry)
}

/// Of a size at a price.
pub(super) fn value(law: &Law, quantity: Quantity, price: Price) -> f64 {
    let (lots, price) = (quantity.lots() as f64, law.scale.to_f64(price));
    match law.contract {
        Contract::Linear => lots * price,
        Contract::Inverse => lots / price,
    }
}

/// Maintenance margin, with what it may be off by.
pub(super) fn required(law: &Law, position: &Position, mark: Price) -> (f64, f64) {
    let (size, worth) =
        (position.quantity.lots() as f64 / 1e8, value(law, position.quantity, mark));
    let tier = tier(law, worth).unwrap_or_else(|| law.tier_at(position, mark));
    let slope = law.tiers.slope.to_f64() * size;
    let rate = (tier.maintenance.to_f64() + law.closing_fee.to_f64() + slope).min(1.0);
    let deduction = tier.deduction.atoms() as f64;
    (worth * rate - deduction, ROUNDED + PART * (worth + deduction))
}

/// The tier of a value where floors are values; `None`: it lies too near to one.
fn tier<'a>(law: &Law<'a>, worth: f64) -> Option<&'a Tier> {
    if matches!(law.tiers.lookup, Lookup::WholeByContracts) {
        return None;
    }
    let floor = |tier: &Tier| tier.floor.atoms() as f64;
    let (steps, off) = (&law.tiers.steps, 1.0 + PART * worth);
    let above = steps.partition_point(|tier| floor(tier) < worth);
    let clear = steps.get(above).is_none_or(|next| floor(next) > worth + off);
    let tier = steps.get(above.checked_sub(1)?)?;
    (clear && (above == 1 || floor(tier) < worth - off)).then_some(tier)
}

fn funding(law: &Law, position: &Position, due: FundingPerUnit) -> f64 {
    if due == FundingPerUnit::NONE {
        return 0.0;
    }
    let all = position.quantity.lots() as f64 * due.steps() as f64;
    let paid = match law.contract {
        Contract::Linear => all / 1e12 / law.scale.steps_per_unit() as f64,
        Contract::Inverse => all / INVERSE_FUNDING,
    };
    match position.side {
        Side::Long => paid,
        Side::Short => -paid,
    }
}
