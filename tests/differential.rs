//! The engine beside the plain reference of `tests/reference`, on random markets.
//!
//! Both know the same rules (`docs/model`), and nothing of each other: everything must be equal,
//! discrete results, prices and money, to the last digit.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;
mod reference;

use deleverage::engine::{Exposure, FundingBook, Outcome, Position, simulate};
use deleverage::history::History;
use deleverage::money::{Cash, Leverage, Price, PriceScale, Rate};
use deleverage::scenario::{BarPath, DepthCurve, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Edge, Fees, VenueRules};
use market::shapes::{Drawn, POINT, Shape, draw, exact_tiers, funding, shape, tier_rows};
use market::{MINUTE, Ohlc};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reference::{Ask, Bar, Death, Ending, World};
use rust_decimal::Decimal;

#[derive(Debug, Clone)]
struct Case {
    start_cents: i64,
    shapes: Vec<Shape>,
    /// Milliseconds after the first open, and a rate in hundredths of a basis point.
    funding: Vec<(i64, i64)>,
    /// Further floors in whole units, and rates in basis points.
    tiers: Vec<(i64, i64)>,
    side: Side,
    leverage: u32,
    notional: i64,
    first: usize,
    edge: Edge,
    path: BarPath,
    slippage: Slippage,
    fees: (i64, i64),
}

fn model() -> impl Strategy<Value = SlippageModel> {
    let depth = (
        select(vec!["5000", "250000", "20000000", "185000000"]),
        select(vec!["0.4", "0.75", "1", "2"]),
        select(vec!["1", "0.25", "0.05", "0.01"]),
        select(vec!["0.5%", "10%", "60%"]),
    );
    prop_oneof![
        Just(SlippageModel::None),
        (0_i64..400).prop_map(|points| SlippageModel::Fixed(Rate::from_steps(points * POINT))),
        depth.prop_map(|(depth, beta, multiplier, reach)| SlippageModel::Depth(DepthCurve {
            depth: market::cash(depth),
            beta: market::rate(beta),
            multiplier: market::rate(multiplier),
            reach: market::rate(reach),
        })),
    ]
}

fn paths() -> impl Strategy<Value = BarPath> {
    use BarPath::{OpenHighLowClose, OpenLowHighClose, WorstForLongs, WorstForShorts};
    select(vec![OpenLowHighClose, OpenHighLowClose, WorstForLongs, WorstForShorts])
}

prop_compose! {
    fn case()(
        start_cents in prop_oneof![1_000_i64..100_000, 100_000_i64..10_000_000],
        shapes in prop::collection::vec(shape(), 1..14),
        funding in funding(),
        tiers in tier_rows(),
        leverage in prop_oneof![100_u32..3_000, select(vec![100, 1_000, 5_000, 10_000, 12_500])],
    )(
        first in 0..shapes.len(),
        side in select(vec![Side::Long, Side::Short]),
        notional in prop_oneof![1_000_i64..100_000, 100_000_i64..10_000_000],
        edge in select(vec![Edge::AtOrBelow, Edge::Below]),
        path in paths(),
        model in model(),
        base in select(vec![FillBase::Last, FillBase::Mark]),
        fees in (0_i64..10, 0_i64..200),
        (start_cents, shapes, funding) in Just((start_cents, shapes, funding)),
        (tiers, leverage) in Just((tiers, leverage)),
        centre in 50_i64..150,
    ) -> Case {
        let tiers = around(&tiers, notional * centre / 100);
        let slippage = Slippage { model, base };
        Case {
            start_cents, shapes, funding, tiers, side, leverage, notional, first, edge, path,
            slippage, fees,
        }
    }
}

fn history(case: &Case) -> History {
    draw(case.start_cents, &case.shapes).history(&case.funding)
}

/// The same tiers, stretched until the middle floor is this one: prices cross it.
fn around(rows: &[(i64, i64)], centre: i64) -> Vec<(i64, i64)> {
    let middle = rows[rows.len() / 2].0.max(1);
    let mut least = 0;
    let stretched = rows.iter().map(|(floor, rate)| {
        let floor = (floor * centre / middle).max(least);
        least = floor + 1;
        (floor, *rate)
    });
    stretched.collect()
}

fn rules(case: &Case) -> VenueRules {
    let rows = exact_tiers(&case.tiers);
    let fees = Fees {
        taker: Rate::from_steps(case.fees.0 * POINT),
        liquidation: Rate::from_steps(case.fees.1 * POINT),
    };
    market::rules(market::tiers(&rows), case.edge, fees)
}

fn world(case: &Case) -> World {
    let Drawn { time, trade, mark } = draw(case.start_cents, &case.shapes);
    let decimals = |row: &Ohlc| row.map(|cents| Decimal::new(cents, 2));
    let bar =
        |at: usize| Bar { time: time[at], mark: decimals(&mark[at]), trade: decimals(&trade[at]) };
    let points = |points: i64| Decimal::new(points, 4);
    World {
        interval: MINUTE,
        bars: (0..time.len()).map(bar).collect(),
        funding: case.funding.iter().map(|&(time, rate)| (time, Decimal::new(rate, 6))).collect(),
        tiers: case.tiers.iter().map(|&(floor, rate)| (floor.into(), points(rate))).collect(),
        equal_is_enough: case.edge == Edge::Below,
        path: case.path,
        taker_fee: points(case.fees.0),
        liquidation_fee: points(case.fees.1),
        slippage: case.slippage.model,
        base: case.slippage.base,
    }
}

fn expected(case: &Case) -> Ending {
    world(case).run(&Ask {
        side: case.side,
        notional: case.notional.into(),
        leverage: Decimal::new(case.leverage.into(), 2),
        first: case.first,
        bars: case.shapes.len() - case.first,
    })
}

fn simulated(case: &Case) -> Ending {
    let (history, rules) = (history(case), rules(case));
    let funding = FundingBook::of(&history);
    let market = market::market(&history, &funding, &rules, case.path);
    let entry = history.trade.open[case.first];
    let leverage = Leverage::parse(&Decimal::new(case.leverage.into(), 2).to_string()).unwrap();
    let notional = Cash::from_atoms(case.notional * 100_000_000);
    let position = Position::open(case.side, notional, entry, leverage, history.scale).unwrap();
    let exposure = Exposure { first: case.first, bars: case.shapes.len() - case.first };
    let outcome = simulate(&market, &rules, &case.slippage, &position, exposure);
    ending(&position, &outcome, case.first)
}

fn decimal(price: Price) -> Decimal {
    PriceScale::USUAL.to_decimal(price)
}

fn ending(position: &Position, outcome: &Outcome, first: usize) -> Ending {
    let death = outcome.liquidation.map(|end| {
        assert_eq!(end.first_bar, end.trigger.bar - first + 1, "TIM-009");
        let left = end.settlement;
        Death {
            bar: end.trigger.bar,
            mark: decimal(end.trigger.mark),
            last: decimal(end.trigger.last),
            fill: decimal(left.fill),
            slippage: left.slippage.to_decimal(),
            fee: left.fee.to_decimal(),
            returned: left.returned.to_decimal(),
            deficit: left.deficit.to_decimal(),
        }
    });
    Ending {
        quantity: position.quantity.to_decimal(),
        margin: position.margin.to_decimal(),
        liquidation_price: outcome.liquidation_price.map(decimal),
        bankruptcy_price: outcome.bankruptcy_price.map(decimal),
        death,
        funding: outcome.funding.to_decimal(),
        fees: outcome.fees.to_decimal(),
        mae: outcome.mae.to_decimal(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24_000,
        failure_persistence: None,
        ..Default::default()
    })]

    /// TIM-001 to TIM-009, FND-001 to FND-006, SLP-001 to SLP-008, CLO-001 to CLO-008,
    /// MRG-001 to MRG-011.
    #[test]
    fn the_engine_equals_the_reference(case in case()) {
        prop_assert_eq!(simulated(&case), expected(&case));
    }
}

/// What the random cases are worth: how many of them come to each of the ends that matter.
#[test]
fn the_random_cases_reach_every_end() {
    let mut runner = TestRunner::deterministic();
    let mut seen = [0_u32; 8];
    let strategy = case();
    for _ in 0..4_000 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        for (count, reached) in seen.iter_mut().zip(ends(&case)) {
            *count += u32::from(reached);
        }
    }
    println!("{ENDS:?}\n{seen:?} of 4000");
    assert!(seen.iter().all(|count| *count >= 20), "{ENDS:?} {seen:?}");
}

const ENDS: [&str; 8] = [
    "alive",
    "inside a bar",
    "by a jump",
    "by funding alone",
    "in another tier",
    "below zero",
    "beyond the book",
    "never",
];

fn ends(case: &Case) -> [bool; 8] {
    let world = world(case);
    let got = expected(case);
    let Some(death) = &got.death else {
        let never = got.liquidation_price.is_none();
        return [true, false, false, false, false, false, false, never];
    };
    let at_open = death.mark == world.bars[death.bar].mark[0];
    let unfunded = Case { funding: Vec::new(), ..case.clone() };
    let tier = |price: Decimal| {
        let notional = got.quantity * price;
        world.tiers.iter().filter(|(floor, _)| *floor < notional).count()
    };
    [
        false,
        !at_open,
        at_open && death.bar > case.first,
        expected(&unfunded).death.is_none(),
        tier(world.bars[case.first].trade[0]) != tier(death.mark),
        death.deficit > Decimal::ZERO,
        outgrows_the_book(case, &got, death),
        false,
    ]
}

/// Whether the book ended before the order did.
fn outgrows_the_book(case: &Case, got: &Ending, death: &Death) -> bool {
    let SlippageModel::Depth(curve) = case.slippage.model else { return false };
    let base = if case.slippage.base == FillBase::Last { death.last } else { death.mark };
    let order: f64 = (got.quantity * base).to_string().parse().unwrap();
    order > curve.available() * libm::pow(curve.reach.to_f64() / 0.01, curve.beta.to_f64())
}
