//! Size × price becomes money here, for both kinds of contract.

use crate::scenario::Side;
use crate::venue::Contract;
use rust_decimal::Decimal;

/// A position without its margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    pub side: Side,
    pub contract: Contract,
    /// Above zero.
    pub entry: Decimal,
    /// Above zero: base units (linear) or quote units (inverse).
    pub quantity: Decimal,
}

impl Leg {
    /// +1 for a long, −1 for a short.
    pub fn sign(&self) -> Decimal {
        match self.side {
            Side::Long => Decimal::ONE,
            Side::Short => Decimal::NEGATIVE_ONE,
        }
    }

    /// +1 where a rise in value is a gain, −1 where it is a loss.
    pub fn direction(&self) -> Decimal {
        match self.contract {
            Contract::Linear => self.sign(),
            Contract::Inverse => -self.sign(),
        }
    }

    /// Value at a price, in the settlement asset.
    pub fn value(&self, price: Decimal) -> Option<Decimal> {
        match self.contract {
            Contract::Linear => self.quantity.checked_mul(price),
            Contract::Inverse => self.quantity.checked_div(price),
        }
    }

    /// Value at entry.
    pub fn entry_value(&self) -> Option<Decimal> {
        self.value(self.entry)
    }

    /// The price that gives a value; `None` unless it is above zero.
    pub(super) fn price_at(&self, value: Decimal) -> Option<Decimal> {
        let price = match self.contract {
            Contract::Linear => value.checked_div(self.quantity),
            Contract::Inverse => self.quantity.checked_div(value),
        };
        price.filter(|price| *price > Decimal::ZERO)
    }

    /// Unrealised profit at a price.
    pub fn profit(&self, price: Decimal) -> Option<Decimal> {
        let moved = self.value(price)?.checked_sub(self.entry_value()?)?;
        self.direction().checked_mul(moved)
    }

    /// Two legs of one side as one, at the entry that keeps their profit.
    fn merge(self, other: Self) -> Option<Self> {
        let quantity = self.quantity.checked_add(other.quantity)?;
        let value = self.entry_value()?.checked_add(other.entry_value()?)?;
        let entry = match self.contract {
            Contract::Linear => value.checked_div(quantity)?,
            Contract::Inverse => quantity.checked_div(value)?,
        };
        Some(Self { entry, quantity, ..self })
    }

    /// What remains of two legs of one symbol, and the profit that is locked in between them:
    /// of the smaller size `k`, `k·(EP_short − EP_long)`; inverse `k·(1/EP_long − 1/EP_short)`.
    /// The outer `None` is a number too large, the inner one a full hedge.
    pub(super) fn net(self, other: Self) -> Option<(Option<Self>, Decimal)> {
        if self.side == other.side {
            return Some((Some(self.merge(other)?), Decimal::ZERO));
        }
        let (large, small) =
            if self.quantity >= other.quantity { (self, other) } else { (other, self) };
        let locked = Self { quantity: small.quantity, ..large }.profit(small.entry)?;
        let quantity = large.quantity - small.quantity;
        let rest = (!quantity.is_zero()).then_some(Self { quantity, ..large });
        Some((rest, locked))
    }
}
