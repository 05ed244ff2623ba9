//! The book of the exchange, its way through time, and where a fall feeds itself: against closed
//! forms, and as laws on random inputs.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod book;
mod branching;
#[path = "../market/mod.rs"]
mod market;
mod path;
mod state;

use deleverage::engine::ForcedOrder;
use deleverage::history::Interval;
use deleverage::money::{Cash, Price, Quantity, Rate};
use deleverage::scenario::exchange::LiquidityChoice;
use deleverage::scenario::{DepthCurve, Side};
use deleverage::venue::{Contract, Edge, VenueRules};
use market::{NO_FEES, cash, rate};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

/// A book of 100 million within 1 %, without memory of volatility and permanent impact.
static PLAIN: LazyLock<LiquidityChoice> = LazyLock::new(|| LiquidityChoice {
    curve: DepthCurve {
        depth: cash("100000000"),
        beta: rate("0.75"),
        multiplier: rate("1"),
        reach: rate("50%"),
    },
    volatility: Rate::ZERO,
    displacement: Rate::ZERO,
    permanent: Rate::ZERO,
    half_life: Interval::parse("1m").unwrap(),
    participation: rate("1"),
});

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

fn sides() -> impl Strategy<Value = Side> {
    select(vec![Side::Long, Side::Short])
}

fn contracts() -> impl Strategy<Value = Contract> {
    select(vec![Contract::Linear, Contract::Inverse])
}

/// From one step to 1, most of them with few digits.
fn fractions() -> impl Strategy<Value = Rate> {
    let one = Rate::ONE;
    prop_oneof![
        6 => (1..=100_i64).prop_map(move |percent| one / 100 * percent),
        2 => 1..=one,
        1 => 1..=1_000_i64,
        1 => Just(one),
    ]
    .prop_map(Rate::from_steps)
}

/// Everything that a scenario may say.
fn choices() -> impl Strategy<Value = LiquidityChoice> {
    let depth = prop_oneof![1_i64..=1_000, 1_000_000..=i64::MAX / 4, Just(i64::MAX)];
    let curve = (depth, fractions(), fractions(), fractions());
    let coefficient = prop_oneof![Just(Rate::ZERO), fractions(), Just(rate("100"))];
    let stays = prop_oneof![Just(Rate::ZERO), fractions()];
    let life = 1_000_i64..=86_400_000;
    (curve, coefficient.clone(), coefficient, stays, life, fractions()).prop_map(
        |((depth, beta, multiplier, reach), volatility, displacement, permanent, life, share)| {
            let depth = Cash::from_atoms(depth);
            LiquidityChoice {
                curve: DepthCurve { depth, beta, multiplier, reach },
                volatility,
                displacement,
                permanent,
                half_life: Interval::from_millis(life).unwrap(),
                participation: share,
            }
        },
    )
}

/// Dust and whales, at prices from one step to 100 million, with and without a limit.
fn orders() -> impl Strategy<Value = ForcedOrder> {
    let lots = prop_oneof![1_i64..=1_000, 1_000..=10_000_000_000_i64, Just(1_000_000_000_000_i64)];
    let base = prop_oneof![1_i64..=1_000, 1_000_000..=10_000_000_000_000_i64];
    let limit = prop_oneof![Just(None), (1_i64..=20_000).prop_map(Some)];
    (sides(), lots, base, limit)
        .prop_map(|(side, lots, base, limit)| {
            let limit = limit.map(|points| (i128::from(base) * i128::from(points) / 10_000).max(1));
            ForcedOrder {
                side,
                quantity: Quantity::from_lots(lots),
                base: Price::from_steps(base),
                limit: limit.map(|steps| Price::from_steps(steps as i64)),
            }
        })
        .prop_filter("a value within 64 bits", |order| {
            i128::from(order.quantity.lots()) * i128::from(order.base.steps()) < 1 << 120
        })
}

fn rules(contract: Contract) -> VenueRules {
    let rules = market::rules(market::tiers(&[]), Edge::AtOrBelow, NO_FEES);
    VenueRules { contract, ..rules }
}

/// `quantity` of a position, at the market.
fn order(side: Side, quantity: &str, base: &str) -> ForcedOrder {
    let quantity = Quantity::parse(quantity).unwrap();
    ForcedOrder { side, quantity, base: market::price(base), limit: None }
}

/// A book of so much within 1 %.
fn deep(depth: &str, beta: &str) -> DepthCurve {
    DepthCurve { depth: cash(depth), beta: rate(beta), ..PLAIN.curve }
}
