//! An account kept as cash and inventory, as on-chain venues keep it: equity at any prices is
//! `cash + Σ size·price`, and no entry price is needed. Source: dYdX v4, `x/subaccounts` and
//! `x/clob/keeper/liquidations.go`.

use crate::money::Rate;
use crate::scenario::Side;
use crate::venue::Edge;
use rust_decimal::{Decimal, RoundingStrategy};

/// One position of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Perpetual {
    /// Base units; below zero: a short.
    pub size: Decimal,
    /// The oracle's.
    pub price: Decimal,
    /// Maintenance margin rate.
    pub maintenance: Rate,
}

/// Cash, and what was bought and sold with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subaccount {
    /// What was paid is taken off, what was sold for is added: below zero behind most longs.
    pub cash: Decimal,
    pub perpetuals: Vec<Perpetual>,
}

impl Perpetual {
    /// `size·price`; below zero for a short.
    pub fn value(&self) -> Option<Decimal> {
        self.size.checked_mul(self.price)
    }

    /// `|size|·price·m`.
    pub fn requirement(&self) -> Option<Decimal> {
        self.value()?.abs().checked_mul(self.maintenance.to_decimal())
    }

    fn side(&self) -> Side {
        if self.size.is_sign_negative() { Side::Short } else { Side::Long }
    }
}

/// All of this is `None` where a number does not fit into 28 digits.
impl Subaccount {
    /// Total net collateral.
    pub fn equity(&self) -> Option<Decimal> {
        let add = |sum: Decimal, perpetual: &Perpetual| sum.checked_add(perpetual.value()?);
        self.perpetuals.iter().try_fold(self.cash, add)
    }

    /// Total maintenance margin requirement.
    pub fn requirement(&self) -> Option<Decimal> {
        let add = |sum: Decimal, perpetual: &Perpetual| sum.checked_add(perpetual.requirement()?);
        self.perpetuals.iter().try_fold(Decimal::ZERO, add)
    }

    pub fn is_liquidatable(&self, edge: Edge) -> Option<bool> {
        let (equity, requirement) = (self.equity()?, self.requirement()?);
        Some(match edge {
            Edge::AtOrBelow => equity <= requirement,
            Edge::Below => equity < requirement,
        })
    }

    /// What closing a part, 0 to 1, of one perpetual must bring (below zero: may cost) so that the
    /// account is left with its equity's share of what it still has to keep:
    /// `value closed − equity · requirement closed / requirement`.
    ///
    /// Of an account with this one perpetual it is the quote at which equity is zero. Rounded up at
    /// `decimals`, in favour of the account that is closed. `None` also where nothing is required.
    pub fn bankruptcy_quote(
        &self,
        closed: &Perpetual,
        part: Decimal,
        decimals: u32,
    ) -> Option<Decimal> {
        let value = closed.value()?.checked_mul(part)?;
        let released = closed.requirement()?.checked_mul(part)?;
        let share = self.equity()?.checked_mul(released)?.checked_div(self.requirement()?)?;
        let exact = value.checked_sub(share)?;
        Some(exact.round_dp_with_strategy(decimals, RoundingStrategy::ToPositiveInfinity))
    }

    /// The worst price at which a perpetual may be closed in the book,
    /// `P·(1 − s·clamp(adjustment·(1 − E/MM), 0, 1)·spread·m)`: the oracle's price for an account
    /// at the edge, and further off the deeper it is under water. `None` also where nothing is
    /// required.
    pub fn fillable_price(
        &self,
        closed: &Perpetual,
        adjustment: Rate,
        spread: Rate,
    ) -> Option<Decimal> {
        let kept = self.equity()?.checked_div(self.requirement()?)?;
        let depth = adjustment.to_decimal().checked_mul(Decimal::ONE.checked_sub(kept)?)?;
        let depth = depth.clamp(Decimal::ZERO, Decimal::ONE);
        let off = depth.checked_mul(spread.to_decimal())?;
        let off = off.checked_mul(closed.maintenance.to_decimal())?;
        let factor = match closed.side() {
            Side::Long => Decimal::ONE.checked_sub(off)?,
            Side::Short => Decimal::ONE.checked_add(off)?,
        };
        closed.price.checked_mul(factor)
    }
}
