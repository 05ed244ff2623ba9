//! What a close-out brings to the insurance fund, or costs it.

use crate::engine::Leg;
use crate::money::Rate;
use rust_decimal::Decimal;

/// What a fill leaves against the bankruptcy price, `s·q·(fill − B)` (inverse
/// `s·Q·(1/B − 1/fill)`): a loss, below zero, is the fund's. `None`: a number does not fit.
pub fn surplus(leg: Leg, bankruptcy: Decimal, fill: Decimal) -> Option<Decimal> {
    Leg { entry: bankruptcy, ..leg }.profit(fill)
}

/// What the fund books of a surplus where its fee is capped: `min(surplus, most · |value|)`, the
/// rest of a gain is the trader's; a loss is borne in full (dYdX v4). `None`: does not fit.
pub fn credit(surplus: Decimal, value: Decimal, most: Rate) -> Option<Decimal> {
    Some(surplus.min(value.abs().checked_mul(most.to_decimal())?))
}
