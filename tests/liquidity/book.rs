//! What an order is filled at: `DEP-001` to `DEP-003`.

use super::market::{self, price, rate};
use super::{PLAIN, cases, choices, contracts, deep, order, orders, rules, sides};
use deleverage::engine::{Fill, ForcedOrder, fill};
use deleverage::exchange::{Impact, Liquidity};
use deleverage::money::{Cash, Price, PriceScale, Quantity};
use deleverage::scenario::exchange::LiquidityChoice;
use deleverage::scenario::{DepthCurve, Side, SlippageModel};
use deleverage::venue::Contract;
use proptest::prelude::*;

/// Fills by orders one after another in the same sub-step.
fn filled(choice: &LiquidityChoice, contract: Contract, orders: &[ForcedOrder]) -> Vec<Fill> {
    let rules = rules(contract);
    let law = market::law(&rules, PriceScale::USUAL);
    let mut book = Liquidity::start(choice);
    orders.iter().map(|order| book.fill(choice, &law, *order, Impact::Leaves)).collect()
}

fn beyond(order: &ForcedOrder, fill: &Fill) -> bool {
    order.limit.is_some_and(|limit| match order.side {
        Side::Long => fill.price < limit,
        Side::Short => fill.price > limit,
    })
}

/// Cost relative to the base.
fn cost(fill: &Fill, order: &ForcedOrder) -> f64 {
    (fill.price.steps() - order.base.steps()).abs() as f64 / order.base.steps() as f64
}

/// DEP-002: an order so small that it displaces nothing fills at a limit that is the last price.
#[test]
fn what_displaces_nothing_fills_at_its_limit() {
    let curve = DepthCurve { beta: rate("1%"), ..PLAIN.curve };
    let choice = LiquidityChoice { curve, ..*PLAIN };
    let lowest = Price::from_steps(1);
    let tiny = order(Side::Long, "1", "1");
    let tiny =
        ForcedOrder { quantity: Quantity::from_lots(1), base: lowest, limit: Some(lowest), ..tiny };
    let fill = filled(&choice, Contract::Linear, &[tiny])[0];
    assert_eq!((fill.quantity, fill.price), (Quantity::from_lots(1), lowest));
}

proptest! {
    #![proptest_config(cases(1_500))]

    /// DEP-001, DEP-002, SLP-009: an untouched book is the book of single positions, whatever the
    /// scenario says.
    #[test]
    fn an_untouched_book_is_a_sweep(
        choice in choices(), contract in contracts(), order in orders(),
    ) {
        let choice = LiquidityChoice { participation: PLAIN.participation, ..choice };
        let rules = rules(contract);
        let law = market::law(&rules, PriceScale::USUAL);
        let alone = fill(&law, &SlippageModel::Depth(choice.curve), order);
        let here = filled(&choice, contract, &[order])[0];
        prop_assert_eq!(here.quantity, alone.quantity);
        if here.quantity > Quantity::ZERO {
            prop_assert_eq!(here.price, alone.price);
        }
    }

    /// DEP-002: whatever was taken before, no fill is more than was asked for or beyond its limit,
    /// and nothing is filled at a price of zero.
    #[test]
    fn a_fill_keeps_within_its_order(
        choice in choices(), contract in contracts(),
        orders in prop::collection::vec(orders(), 1..8),
    ) {
        for (order, fill) in orders.iter().zip(filled(&choice, contract, &orders)) {
            prop_assert!(fill.quantity <= order.quantity);
            prop_assert!(fill.price.steps() >= 1);
            prop_assert!(fill.quantity == Quantity::ZERO || !beyond(order, &fill));
        }
    }

    /// DEP-002: what comes later pays at least as much, and what leaves nothing pays the same as
    /// what does.
    #[test]
    fn later_orders_never_pay_less(
        side in sides(), lots in 1_i64..100_000_000_000, n in 1_usize..9,
    ) {
        let one = ForcedOrder { quantity: Quantity::from_lots(lots), ..order(side, "1", "50000") };
        let fills = filled(&PLAIN, Contract::Linear, &vec![one; n + 1]);
        let costs = fills.iter().filter(|fill| fill.quantity > Quantity::ZERO);
        let costs: Vec<f64> = costs.map(|fill| cost(fill, &one)).collect();
        prop_assert!(costs.is_sorted(), "{costs:?}");
    }

    /// DEP-003: all orders of a sub-step together take no more than the participation.
    #[test]
    fn no_more_than_the_participation(
        choice in choices(), side in sides(),
        lots in prop::collection::vec(1_i64..1_000_000_000_000, 1..12),
    ) {
        // The whole depth of the side at a price of 1: lots are quote units.
        let choice = LiquidityChoice { permanent: PLAIN.permanent, ..choice };
        let orders: Vec<_> = lots.iter().map(|lots| {
            ForcedOrder { quantity: Quantity::from_lots(*lots), ..order(side, "1", "1") }
        }).collect();
        let fills = filled(&choice, Contract::Linear, &orders);
        let taken: i64 = fills.iter().map(|fill| fill.quantity.lots()).sum();
        let curve = choice.curve;
        let depth = curve.depth.atoms() as f64 * curve.multiplier.to_f64();
        let most = depth * (curve.reach.to_f64() * 100.0).powf(curve.beta.to_f64());
        prop_assert!(taken as f64 <= most * choice.participation.to_f64() * (1.0 + 1e-9) + 1.0);
    }

    /// DEP-002: sizes and depth on another scale change no price.
    #[test]
    fn only_size_against_depth_matters(
        side in sides(), lots in 1_i64..100_000_000, n in 1_usize..5,
    ) {
        let scaled = |by: i64| {
            let quantity = Quantity::from_lots(lots * by);
            let one = ForcedOrder { quantity, ..order(side, "1", "64") };
            let depth = Cash::from_atoms(PLAIN.curve.depth.atoms() / 1024 * by);
            let choice = LiquidityChoice {
                curve: DepthCurve { depth, ..PLAIN.curve }, ..*PLAIN
            };
            filled(&choice, Contract::Linear, &vec![one; n])
        };
        for (small, large) in scaled(1).iter().zip(scaled(1024)) {
            prop_assert_eq!(small.price, large.price);
        }
    }
}

/// DEP-002: the average is the integral of the marginal price over what is taken, by the midpoints
/// of a hundred thousand slices, for a book that was consumed before.
#[test]
fn the_average_is_the_integral_of_the_marginal_price() {
    const SLICES: u32 = 100_000;
    for (beta, before, size) in
        [("0.75", 300, 500), ("0.4", 20, 100), ("1", 900, 3), ("0.9", 1, 900)]
    {
        let choice = LiquidityChoice { curve: deep("100000000", beta), ..*PLAIN };
        let sold = |quantity: i32| order(Side::Long, &quantity.to_string(), "50000");
        let fills = filled(&choice, Contract::Linear, &[sold(before), sold(size)]);
        let marginal =
            |notional: f64| 0.01 * (notional / 1e8).powf(1.0 / choice.curve.beta.to_f64());
        let (from, wide) = (f64::from(before) * 5e4, f64::from(size) * 5e4);
        let middle = |slice: u32| from + wide * (f64::from(slice) + 0.5) / f64::from(SLICES);
        let mean =
            (0..SLICES).map(|slice| marginal(middle(slice))).sum::<f64>() / f64::from(SLICES);
        let paid = cost(&fills[1], &sold(size));
        assert!((paid / mean - 1.0).abs() < 1e-7, "{beta}: {paid}, not {mean}");
    }
}

/// DEP-002: however an order is cut, all pieces together pay what it pays whole.
#[test]
fn orders_add_up() {
    let whole = order(Side::Short, "1000", "50000");
    let fills = filled(&PLAIN, Contract::Linear, &[whole]);
    let value = |fill: &Fill| i128::from(fill.quantity.lots()) * i128::from(fill.price.steps());
    for pieces in [2, 5, 1_000] {
        let piece = order(Side::Short, &(1_000 / pieces).to_string(), "50000");
        let cut = filled(&PLAIN, Contract::Linear, &vec![piece; pieces]);
        let (sum, all) = (cut.iter().map(value).sum::<i128>(), value(&fills[0]));
        // One price step a piece, and a rate step of the base for each average.
        let apart = (sum - all).abs() as f64 / all as f64;
        assert!(apart < 1e-11, "{pieces} pieces: {apart}");
    }
}

/// DEP-002: an order that is tiny against what was taken pays the marginal price.
#[test]
fn a_tiny_order_pays_the_marginal_price() {
    let orders = [order(Side::Long, "2000", "50000"), order(Side::Long, "0.00000001", "50000")];
    let fills = filled(&PLAIN, Contract::Linear, &orders);
    // 100 million of 100 million within 1 %: the price stands 1 % lower, rounded by one rate step.
    assert_eq!(fills[1].quantity, orders[1].quantity);
    assert!((price("49499.99999995")..=price("49500")).contains(&fills[1].price), "{fills:?}");
}

/// DEP-002: inverse sizes are quote units, whatever the price.
#[test]
fn an_inverse_size_is_its_notional() {
    for base in ["100", "50000"] {
        let sold = order(Side::Long, "100000000", base);
        let fill = filled(&PLAIN, Contract::Inverse, &[sold])[0];
        assert!((cost(&fill, &sold) - 0.01 * 0.75 / 1.75).abs() < 1e-9);
    }
}

/// DEP-002: with next to nothing left of the depth, what is filled is next to nothing.
#[test]
fn a_blackout_fills_next_to_nothing() {
    let mut choice = *PLAIN;
    choice.curve.multiplier = rate("0.000000000001");
    let sold = order(Side::Long, "2000", "50000");
    let fill = filled(&choice, Contract::Linear, &[sold])[0];
    assert!(fill.quantity < Quantity::from_lots(10), "{fill:?}");
}
