//! What a forced order is filled at.
//!
//! A sweep of the resting book: with cumulative depth `D(x) = k·D1·(x/1 %)^β` within the
//! displacement `x`, an order of notional `N` moves the price to `x = 1 %·(N/(k·D1))^(1/β)` and
//! pays on average `x·β/(1+β)`: convex in `N`. What lies beyond the end of the book stays
//! unfilled. The curve is computed in `f64` and enters exact arithmetic once, as a [`Rate`].

use super::margin::{Law, against};
use crate::money::{Price, Quantity, Rate, Round};
use crate::scenario::{DepthCurve, Side, SlippageModel};

/// What the book gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Filled; at most what was asked for.
    pub quantity: Quantity,
    /// Average price of what was filled, rounded against the position.
    pub price: Price,
}

/// Closes `quantity` of a position of this side, starting from the last price.
pub fn fill(law: &Law, model: &SlippageModel, side: Side, quantity: Quantity, last: Price) -> Fill {
    let (filled, cost) = match model {
        SlippageModel::None => (quantity, Rate::ZERO),
        SlippageModel::Fixed(rate) => (quantity, *rate),
        SlippageModel::Depth(curve) => {
            let (share, cost) = sweep(curve, notional(law, quantity, last));
            (part(quantity, share), cost)
        }
    };
    Fill { quantity: filled, price: displaced(side, last, cost) }
}

/// Share of the order that the book can fill, and the average displacement of that share.
fn sweep(curve: &DepthCurve, notional: f64) -> (Rate, Rate) {
    let (depth, beta, reach) = (curve.available(), curve.beta.to_f64(), curve.reach.to_f64());
    let displacement = 0.01 * libm::pow(notional / depth, 1.0 / beta);
    let (share, displacement) = if displacement <= reach {
        (1.0, displacement)
    } else {
        (depth * libm::pow(reach / 0.01, beta) / notional, reach)
    };
    let average = displacement * beta / (1.0 + beta);
    let share = Rate::quantise(share, Round::Floor).unwrap_or(Rate::ZERO);
    let cost = Rate::quantise(average, Round::Ceil).unwrap_or(curve.reach);
    (share, cost)
}

fn notional(law: &Law, quantity: Quantity, last: Price) -> f64 {
    law.notional(quantity, last).atoms() as f64 / 1e8
}

/// A share (0 to 1) of a quantity, rounded down: what is not surely filled is unfilled.
fn part(quantity: Quantity, share: Rate) -> Quantity {
    let product = i128::from(quantity.lots()) * i128::from(share.steps());
    let lots = Round::Floor.div(product, i128::from(Rate::ONE));
    Quantity::from_lots(lots.min(i128::from(quantity.lots())) as i64)
}

/// The last price moved against the position: below it for a long's sale, above it for a short's
/// purchase; rounded the same way.
fn displaced(side: Side, last: Price, cost: Rate) -> Price {
    let one = i128::from(Rate::ONE);
    let factor = one - side.sign() * i128::from(cost.steps());
    Price::from_steps(against(side).div(i128::from(last.steps()) * factor, one) as i64)
}
