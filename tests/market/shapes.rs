//! Random markets: bars with jumps and wicks, settlements, tiers.
//!
//! Prices are whole cents and rates whole points, so that decimals of 28 digits hold every
//! product.

use super::{MINUTE, Ohlc, history};
use deleverage::history::{Funding, History};
use deleverage::money::{Cash, Rate};
use proptest::prelude::*;
use proptest::sample::select;

/// Price steps in a cent: prices of the random markets have two decimals.
pub const CENT: i64 = 1_000_000;
/// Rate steps in a basis point.
pub const POINT: i64 = 100_000_000;

/// One bar, in basis points of where the one before it ended.
#[derive(Debug, Clone)]
pub struct Shape {
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

impl Shape {
    pub const STILL: Self =
        Self { jump: 0, down: 0, up: 0, close: 0, basis: 0, wicks: (0, 0), missing: 0 };
}

fn moves() -> impl Strategy<Value = i64> {
    prop_oneof![4 => Just(0), 8 => 0_i64..40, 4 => 0_i64..300, 1 => 0_i64..3_000]
}

pub fn shape() -> impl Strategy<Value = Shape> {
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

pub fn funding() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let rate =
        prop_oneof![3 => -100_i64..100, 3 => -50_000_i64..50_000, 2 => -900_000_i64..900_000];
    let into = prop_oneof![2 => Just(0), 2 => 0_i64..16_000, 3 => 0..MINUTE];
    let one = (0_i64..16, into, rate).prop_map(|(bar, into, rate)| (bar * MINUTE + into, rate));
    prop::collection::vec(one, 0..4).prop_map(|mut all| {
        all.sort_unstable();
        all
    })
}

/// Tiers whose floors the notionals cross, with rates that rise.
pub fn tier_rows() -> impl Strategy<Value = Vec<(i64, i64)>> {
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

fn shifted(cents: i64, points: i64) -> i64 {
    (cents + cents * points / 10_000).max(1)
}

/// All bars, in cents, and their opens.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub time: Vec<i64>,
    pub trade: Vec<Ohlc>,
    pub mark: Vec<Ohlc>,
}

pub fn draw(start_cents: i64, shapes: &[Shape]) -> Drawn {
    let mut drawn = Drawn { time: Vec::new(), trade: Vec::new(), mark: Vec::new() };
    let (mut at, mut now) = (start_cents, 0);
    for shape in shapes {
        now += shape.missing * MINUTE;
        let open = shifted(at, shape.jump);
        let (low, high) = (shifted(open, -shape.down), shifted(open, shape.up));
        let close = low + (high - low) * shape.close / 100;
        drawn.mark.push([open, high, low, close]);
        let traded = |cents: i64| shifted(cents, shape.basis);
        let (bottom, top) = (traded(low), traded(high));
        let wicks = (shifted(bottom, -shape.wicks.0), shifted(top, shape.wicks.1));
        drawn.trade.push([traded(open), wicks.1, wicks.0, traded(close)]);
        drawn.time.push(now);
        now += MINUTE;
        at = close;
    }
    drawn
}

impl Drawn {
    /// With settlements of (milliseconds after the first open, hundredths of a basis point).
    pub fn history(&self, funding: &[(i64, i64)]) -> History {
        let steps = |rows: &[Ohlc]| -> Vec<Ohlc> {
            rows.iter().map(|row| row.map(|cents| cents * CENT)).collect()
        };
        let settle = |&(time, rate): &(i64, i64)| Funding {
            time,
            rate: Rate::from_steps(rate * POINT / 100),
        };
        let funding = funding.iter().map(settle).collect();
        history(self.time.clone(), &steps(&self.trade), &steps(&self.mark), funding)
    }
}

/// Floors in whole units and rates in basis points, exactly.
pub fn exact_tiers(rows: &[(i64, i64)]) -> Vec<(Cash, Rate)> {
    let row = |&(floor, rate): &(i64, i64)| {
        (Cash::from_atoms(floor * 100_000_000), Rate::from_steps(rate * POINT))
    };
    rows.iter().map(row).collect()
}
