//! The engine beside the plain reference of `tests/reference`, on random markets.
//!
//! Both know the same rules (`docs/model`), and nothing of each other: everything must be equal,
//! discrete results, prices and money, to the last digit.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;
mod reference;

use deleverage::engine::{Exposure, FundingBook, Outcome, Position, simulate};
use deleverage::history::{Funding, History};
use deleverage::money::{Cash, Leverage, Price, PriceScale, Rate};
use deleverage::scenario::{BarPath, DepthCurve, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Edge, Fees, VenueRules};
use market::{MINUTE, Ohlc};
use proptest::prelude::*;
use proptest::sample::select;
use reference::{Ask, Bar, Death, Ending, World};
use rust_decimal::Decimal;

/// Price steps in a cent: prices of the random markets have two decimals.
const CENT: i64 = 1_000_000;
/// Rate steps in a basis point.
const POINT: i64 = 100_000_000;

/// One bar, in basis points of where the one before it ended.
#[derive(Debug, Clone)]
struct Shape {
    /// Of the mark between two bars.
    jump: i64,
    /// Of the mark's extremes from its open.
    down: i64,
    up: i64,
    /// Where the close lies between the extremes, per cent.
    close: i64,
    /// Of the trade's open against the mark's.
    basis: i64,
    /// Of the trade's wicks beyond the mark's.
    wicks: (i64, i64),
    /// Minutes that are missing before this bar.
    missing: i64,
}

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

fn moves() -> impl Strategy<Value = i64> {
    prop_oneof![4 => Just(0), 8 => 0_i64..40, 4 => 0_i64..300, 1 => 0_i64..3_000]
}

fn shape() -> impl Strategy<Value = Shape> {
    let signed = (moves(), select(vec![-1, 1])).prop_map(|(size, sign)| size * sign);
    let missing = prop_oneof![9 => Just(0), 1 => 1_i64..30];
    let wicks = (moves(), moves());
    (signed, moves(), moves(), 0..=100_i64, -60_i64..60, wicks, missing).prop_map(
        |(jump, down, up, close, basis, wicks, missing)| Shape {
            jump,
            down,
            up,
            close,
            basis,
            wicks,
            missing,
        },
    )
}

fn funding() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let rate =
        prop_oneof![4 => -100_i64..100, 2 => -20_000_i64..20_000, 1 => -900_000_i64..900_000];
    let into = prop_oneof![2 => Just(0), 2 => 0_i64..16_000, 3 => 0..MINUTE];
    let one = (0_i64..16, into, rate).prop_map(|(bar, into, rate)| (bar * MINUTE + into, rate));
    prop::collection::vec(one, 0..4).prop_map(|mut all| {
        all.sort_unstable();
        all
    })
}

/// Tiers whose floors the notionals cross, with rates that rise.
fn tier_rows() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let steps = prop::collection::vec((1_i64..400, 1_i64..250), 1..7);
    steps.prop_map(|steps| {
        let (mut floor, mut rate) = (0, 0);
        let grow = |(at, (wide, rise)): (usize, &(i64, i64))| {
            rate += if at == 0 { rise % 90 + 10 } else { *rise };
            let row = (floor, rate);
            floor += wide * 10_i64.pow(at as u32 + 2).min(10_000);
            row
        };
        steps.iter().enumerate().map(grow).collect()
    })
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
        leverage in prop_oneof![100_u32..3_000, select(vec![1_000, 5_000, 10_000, 12_500])],
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
    ) -> Case {
        let slippage = Slippage { model, base };
        Case {
            start_cents, shapes, funding, tiers, side, leverage, notional, first, edge, path,
            slippage, fees,
        }
    }
}

fn shifted(cents: i64, points: i64) -> i64 {
    (cents + cents * points / 10_000).max(1)
}

/// Trade and mark of all bars, in cents, and their opens.
fn drawn(case: &Case) -> (Vec<i64>, Vec<Ohlc>, Vec<Ohlc>) {
    let (mut time, mut trade, mut mark) = (Vec::new(), Vec::new(), Vec::new());
    let (mut at, mut now) = (case.start_cents, 0);
    for shape in &case.shapes {
        now += shape.missing * MINUTE;
        let open = shifted(at, shape.jump);
        let (low, high) = (shifted(open, -shape.down), shifted(open, shape.up));
        let close = low + (high - low) * shape.close / 100;
        mark.push([open, high, low, close]);
        let traded = |cents: i64| shifted(cents, shape.basis);
        let low = shifted(traded(low), -shape.wicks.0);
        trade.push([traded(open), shifted(traded(high), shape.wicks.1), low, traded(close)]);
        time.push(now);
        now += MINUTE;
        at = close;
    }
    (time, trade, mark)
}

fn in_steps(rows: &[Ohlc]) -> Vec<Ohlc> {
    rows.iter().map(|row| row.map(|cents| cents * CENT)).collect()
}

fn history(case: &Case) -> History {
    let (time, trade, mark) = drawn(case);
    let settle =
        |&(time, rate): &(i64, i64)| Funding { time, rate: Rate::from_steps(rate * POINT / 100) };
    let funding = case.funding.iter().map(settle).collect();
    market::history(time, &in_steps(&trade), &in_steps(&mark), funding)
}

fn rules(case: &Case) -> VenueRules {
    let row = |&(floor, rate): &(i64, i64)| {
        (Cash::from_atoms(floor * 100_000_000), Rate::from_steps(rate * POINT))
    };
    let rows: Vec<_> = case.tiers.iter().map(row).collect();
    let fees = Fees {
        taker: Rate::from_steps(case.fees.0 * POINT),
        liquidation: Rate::from_steps(case.fees.1 * POINT),
    };
    market::rules(market::tiers(&rows), case.edge, fees)
}

fn world(case: &Case) -> World {
    let (time, trade, mark) = drawn(case);
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
        assert_eq!(end.bars, end.trigger.bar - first + 1, "TIM-009");
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
    #![proptest_config(ProptestConfig { cases: 24_000, failure_persistence: None, ..Default::default() })]

    /// TIM-001 to TIM-009, FND-001 to FND-006, SLP-001 to SLP-008, CLO-001 to CLO-008,
    /// MRG-001 to MRG-011.
    #[test]
    fn the_engine_equals_the_reference(case in case()) {
        prop_assert_eq!(simulated(&case), expected(&case));
    }
}
