//! What the order book gives: a size and an average price, no further than a limit.

use super::exact::{Exact, GRID, RATE};
use super::holding::Holding;
use super::procedure::rate;
use deleverage::scenario::{DepthCurve, SlippageModel};
use deleverage::venue::Contract;

/// What an order for a part of a position got.
#[derive(Debug, Clone, Copy)]
pub struct Got {
    pub size: Exact,
    pub price: Exact,
}

/// SLP-001 to SLP-006, and with a limit CLO-011 and CLO-015.
pub fn sweep(
    model: &SlippageModel,
    holding: &Holding,
    size: Exact,
    base: Exact,
    limit: Option<Exact>,
) -> Got {
    let nothing = Got { size: Exact::ZERO, price: base };
    let beyond = |limit: Exact, price: Exact| holding.sign() * (price - limit) < Exact::ZERO;
    let displaced =
        |share: Exact| holding.against(base * (Exact::ONE - holding.sign() * share), Exact::ONE);
    match model {
        SlippageModel::None | SlippageModel::Fixed(_) => {
            let price = match model {
                SlippageModel::Fixed(share) => displaced(rate(*share)),
                _ => base,
            };
            if limit.is_some_and(|limit| beyond(limit, price)) {
                nothing
            } else {
                Got { size, price }
            }
        }
        SlippageModel::Depth(curve) => {
            if limit.is_some_and(|limit| limit == base || beyond(limit, base)) {
                return nothing;
            }
            let notional = match holding.contract {
                Contract::Linear => (size * base).ceil(GRID),
                Contract::Inverse => size,
            };
            let room = limit.map(|limit| (base - limit).abs().over(base, RATE));
            let reach = room.map_or(rate(curve.reach), |room| room.min(rate(curve.reach)));
            let (share, cost) = depth(curve, notional, reach);
            Got { size: (size * share).floor(GRID), price: displaced(cost) }
        }
    }
}

/// SLP-003 to SLP-006, in the order of operations that the rules state: share and average cost.
fn depth(curve: &DepthCurve, notional: Exact, reach: Exact) -> (Exact, Exact) {
    let depth = available(curve);
    let (beta, reach) = (rate(curve.beta).to_f64(), reach.to_f64());
    let notional = atoms(notional);
    let needed = 0.01 * libm::pow(notional / depth, 1.0 / beta);
    let (share, displacement) = match needed <= reach {
        true => (1.0, needed),
        false => (depth * libm::pow(reach / 0.01, beta) / notional, reach),
    };
    let average = displacement * beta / (1.0 + beta);
    let steps = |value: f64| Exact::new(value as i128, RATE);
    (steps((share * 1e12).floor()), steps((average * 1e12).ceil()))
}

/// `k·D1`.
fn available(curve: &DepthCurve) -> f64 {
    atoms(Exact::new(curve.depth.atoms().into(), GRID)) * rate(curve.multiplier).to_f64()
}

/// An amount as `f64`: whole steps of its grid first, which an amount above 2^53 steps shows.
fn atoms(amount: Exact) -> f64 {
    amount.steps(GRID) as f64 / 1e8
}
