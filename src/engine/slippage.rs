//! What a forced order is filled at.
//!
//! A sweep of the resting book: with cumulative depth `D(x) = k·D1·(x/1 %)^β` within the
//! displacement `x`, an order of notional `N` moves the price to `x = 1 %·(N/(k·D1))^(1/β)` and
//! pays on average `x·β/(1+β)`: convex in `N`. What lies beyond the end of the book, or beyond the
//! order's limit, stays unfilled. The curve is computed in `f64` and enters exact arithmetic once,
//! as a [`Rate`].

use super::depth::{Curve, Taking};
use super::margin::{Law, against};
use crate::money::{Price, Quantity, Rate, Round};
use crate::scenario::{DepthCurve, Side, SlippageModel};
use crate::venue::Contract;

/// What the book gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Filled; at most what was asked for.
    pub quantity: Quantity,
    /// Average price of what was filled, rounded against the position.
    pub price: Price,
}

/// A forced order: closes `quantity` of a position of this side.
#[derive(Debug, Clone, Copy)]
pub struct ForcedOrder {
    pub side: Side,
    pub quantity: Quantity,
    /// The price that the sweep starts from.
    pub base: Price,
    /// No part may be filled beyond it; `None`: as far as the book reaches.
    pub limit: Option<Price>,
}

/// Executes an order against the book.
pub fn fill(law: &Law, model: &SlippageModel, order: ForcedOrder) -> Fill {
    let ForcedOrder { side, quantity, base, limit } = order;
    let nothing = Fill { quantity: Quantity::ZERO, price: base };
    let Some(allowed) = allowed(order) else { return nothing };
    match model {
        SlippageModel::None => Fill { quantity, price: base },
        SlippageModel::Fixed(rate) => {
            let price = displaced(side, base, *rate);
            match limit.is_none_or(|limit| !beyond(side, price, limit)) {
                true => Fill { quantity, price },
                false => nothing,
            }
        }
        SlippageModel::Depth(curve) => {
            let (share, cost) = sweep(curve, notional(law, quantity, base), allowed);
            Fill { quantity: part(quantity, share), price: displaced(side, base, cost) }
        }
    }
}

/// How far from the base the limit lets the order go, rounded down; `None` where it already lies
/// beyond.
pub(crate) fn allowed(order: ForcedOrder) -> Option<Rate> {
    let Some(limit) = order.limit else { return Some(Rate::from_steps(i64::MAX)) };
    let distance = i128::from((order.base.steps() - limit.steps()).abs());
    let steps = Round::Floor.div(distance * i128::from(Rate::ONE), i128::from(order.base.steps()));
    let allowed = Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX));
    (!beyond(order.side, order.base, limit)).then_some(allowed)
}

/// Whether a price is worse for a position of this side than a limit.
pub(super) fn beyond(side: Side, price: Price, limit: Price) -> bool {
    match side {
        Side::Long => price < limit,
        Side::Short => price > limit,
    }
}

/// Share of the order that the book can fill within a displacement, and the average displacement
/// of that share.
fn sweep(curve: &DepthCurve, notional: f64, allowed: Rate) -> (Rate, Rate) {
    let reach = curve.reach.min(allowed).to_f64();
    let order = Taking { notional, consumed: 0.0, reach, room: f64::INFINITY };
    let taken = Curve::of(curve, curve.multiplier.to_f64()).sweep(order);
    let share = Rate::quantise(taken.share, Round::Floor).unwrap_or(Rate::ZERO);
    let cost = Rate::quantise(taken.average, Round::Ceil).unwrap_or(curve.reach);
    (share, cost)
}

/// In quote units, which is what the depth of a book is given in.
pub(crate) fn notional(law: &Law, quantity: Quantity, base: Price) -> f64 {
    match law.contract {
        Contract::Linear => law.notional(quantity, base).atoms() as f64 / 1e8,
        Contract::Inverse => quantity.lots() as f64 / 1e8,
    }
}

/// A share (0 to 1) of a quantity, rounded down: what is not surely filled is unfilled.
pub(crate) fn part(quantity: Quantity, share: Rate) -> Quantity {
    let product = i128::from(quantity.lots()) * i128::from(share.steps());
    let lots = Round::Floor.div(product, i128::from(Rate::ONE));
    Quantity::from_lots(lots.min(i128::from(quantity.lots())) as i64)
}

/// The base price moved against the position: below it for a long's sale, above it for a short's
/// purchase; rounded the same way, and never off the grid of prices.
pub(crate) fn displaced(side: Side, base: Price, cost: Rate) -> Price {
    let one = i128::from(Rate::ONE);
    let factor = one - side.sign() * i128::from(cost.steps());
    on_grid(against(side).div(i128::from(base.steps()) * factor, one))
}

/// The price of so many steps, or the nearest that there is.
pub(super) fn on_grid(steps: i128) -> Price {
    Price::from_steps(i64::try_from(steps.max(1)).unwrap_or(i64::MAX))
}
