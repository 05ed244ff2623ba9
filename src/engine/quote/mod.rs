//! One position in decimals, each figure with the formula that gave it.
//!
//! The same law as [`super::margin`], written for people: nothing is rounded to a price grid, so
//! that the printed numbers can be followed with a pocket calculator. A property test ties it to
//! the integer law.
//!
//! Both kinds of contract obey one formula, written in the *value* `y` of the position instead of
//! its price: `y = q·P` where the contract is linear, `y = Q/P` where it is inverse. With `σ = s`
//! (linear) or `σ = −s` (inverse), `y0` the value at entry and `f` the closing fee of a venue that
//! counts it into the trigger (otherwise 0):
//!
//! ```text
//! equity(y)      = M + σ·(y − y0)
//! maintenance(y) = (m + f)·y − c
//! edge           y* = (M + c − σ·y0) / (m + f − σ)
//! bankruptcy     y0 − σ·M;   with a closing fee f   (y0 − σ·M) / (1 − σ·f)
//! ```
//!
//! Solved for the price these are the forms that the venues print: Binance USDⓈ-M and COIN-M, OKX,
//! Gate, Hyperliquid, dYdX, Kraken; [`Valuation::AtEntry`] is that of Bybit's older pages and of
//! BitMEX's example.

mod account;
mod edge;
mod leg;
mod requirement;

pub use account::{Account, Backing, Held};
pub use leg::Leg;
pub use requirement::{Bracket, Requirement, Valuation};

use rust_decimal::Decimal;

/// A position, what stands behind it, and what it must keep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms<'a> {
    pub leg: Leg,
    /// Isolated: the margin with what was added later. Cross: [`Backing::margin`], which may lie
    /// below zero.
    pub margin: Decimal,
    pub requirement: Requirement<'a>,
    /// Fee of a close-out, for the bankruptcy price that includes it.
    pub fee: Option<Decimal>,
}

/// What can be said of a position without a market.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// Value at entry, in the settlement asset.
    pub notional: Decimal,
    /// The bracket at entry.
    pub bracket: Bracket,
    /// At entry, without a closing fee.
    pub maintenance_margin: Decimal,
    /// The bracket at the liquidation price, which is the one that counts; `None` with the price.
    pub bracket_at_liquidation: Option<Bracket>,
    /// `None`: no positive price is an edge; [`Terms::is_liquidatable`] says whether none
    /// liquidates or all do.
    pub liquidation_price: Option<Decimal>,
    /// The floor, in value, where the requirement jumps past what is left: the liquidation price
    /// is its price, itself still safe. `None` where the price solves the bracket's own line.
    pub jump: Option<Decimal>,
    /// `None`: no positive price empties the margin.
    pub bankruptcy_price: Option<Decimal>,
    /// `None` without a fee, or with no such price.
    pub bankruptcy_price_with_fee: Option<Decimal>,
}

/// Fractions and prices keep this many decimals: more than any exchange prints.
pub const DECIMALS: u32 = 12;

impl<'a> Terms<'a> {
    /// A position whose close-out costs nothing that is known.
    pub fn new(leg: Leg, margin: Decimal, requirement: Requirement<'a>) -> Self {
        Self { leg, margin, requirement, fee: None }
    }

    /// `None` where the numbers are too large for 28 digits.
    pub fn quote(&self) -> Option<Quote> {
        let notional = self.leg.entry_value()?;
        let bracket = self.requirement.bracket(&self.leg, notional)?;
        let edge = edge::find(self)?;
        let empty = self.leg.direction().checked_mul(self.margin)?;
        let bankrupt = notional.checked_sub(empty)?;
        let with_fee = match self.fee {
            Some(fee) => bankrupt.checked_div(Decimal::ONE - self.leg.direction() * fee),
            None => None,
        };
        let price = |value: Decimal| self.leg.price_at(value).map(|price| price.round_dp(DECIMALS));
        Some(Quote {
            notional,
            bracket,
            maintenance_margin: bracket.maintenance_of(notional)?,
            bracket_at_liquidation: price(edge.value).map(|_| edge.bracket),
            liquidation_price: price(edge.value),
            jump: edge.jump.then_some(edge.value),
            bankruptcy_price: price(bankrupt),
            bankruptcy_price_with_fee: with_fee.and_then(price),
        })
    }

    /// Margin and unrealised profit at a mark.
    pub fn equity(&self, mark: Decimal) -> Option<Decimal> {
        self.margin.checked_add(self.leg.profit(mark)?)
    }

    /// Whether equity is at or below what must be kept at a mark. (A venue that is strict spares
    /// the mark at which they are equal; no printed price depends on it.)
    pub fn is_liquidatable(&self, mark: Decimal) -> Option<bool> {
        Some(self.equity(mark)? <= self.requirement.due(&self.leg, mark)?)
    }
}
