//! Random histories: bars with jumps and wicks, at prices and moves of every size.

use super::draw::Draw;
use super::market::{self, Ohlc};
use deleverage::history::{Funding, History, Interval};
use deleverage::money::Rate;

/// Rate steps in a basis point.
pub const POINT: i64 = 100_000_000;

/// How a history moves.
pub struct Climate {
    /// Price steps that all prices are multiples of.
    tick: i64,
    /// Largest move of one leg in basis points.
    pub wild: i64,
    /// Milliseconds per bar.
    length: i64,
}

impl Climate {
    pub fn draw(draw: &mut Draw) -> Self {
        Self {
            tick: draw.pick(&[1, 1_000, 1_000_000, 10_000_000]),
            wild: draw.pick(&[3, 20, 80, 250, 900, 3_000]),
            length: draw.pick(&[30_000, 60_000, 60_000, 300_000, 3_600_000]),
        }
    }

    /// From 0.01 to 100,000, in at least a thousand ticks.
    fn first(&self, draw: &mut Draw) -> i64 {
        let least = 1_000_000.max(1_000 * self.tick);
        draw.magnitude(least, 10_000_000_000_000) / self.tick * self.tick
    }

    /// A move in basis points, often none.
    fn leg(&self, draw: &mut Draw) -> i64 {
        if draw.one_in(5) { 0 } else { draw.between(0, self.wild + 1) }
    }

    fn shifted(&self, price: i64, points: i64) -> i64 {
        let moved = price + (i128::from(price) * i128::from(points) / 10_000) as i64;
        (moved / self.tick * self.tick).max(self.tick)
    }

    fn bar(&self, draw: &mut Draw, before: i64) -> (Ohlc, Ohlc) {
        let jump = self.leg(draw) * draw.pick(&[-1, 0, 0, 1]);
        let open = self.shifted(before, jump);
        let low = self.shifted(open, -self.leg(draw));
        let high = self.shifted(open, self.leg(draw)).max(open);
        let inside = (high - low) / self.tick;
        let close = low + draw.between(0, inside + 1) * self.tick;
        let basis = draw.between(-20, 21);
        let traded = |price: i64| self.shifted(price, basis);
        let bottom = self.shifted(traded(low), -self.leg(draw) / 4);
        let top = self.shifted(traded(high), self.leg(draw) / 4).max(traded(high));
        ([open, high, low, close], [traded(open), top, bottom, traded(close)])
    }
}

/// Some bars and settlements.
pub fn history(draw: &mut Draw, climate: &Climate) -> History {
    let bars = draw.between(8, 41) as usize;
    let mut at = climate.first(draw);
    let (mut marks, mut trades) = (Vec::new(), Vec::new());
    for _ in 0..bars {
        let (mark, trade) = climate.bar(draw, at);
        at = mark[3];
        marks.push(mark);
        trades.push(trade);
    }
    let time = times(draw, bars, climate.length);
    let funding = settlements(draw, *time.last().unwrap() + climate.length, climate.length);
    let mut history = market::history(time, &trades, &marks, funding);
    history.interval = Interval::from_millis(climate.length).unwrap();
    history
}

/// Opens, now and then with bars missing.
fn times(draw: &mut Draw, bars: usize, length: i64) -> Vec<i64> {
    let mut now = 0;
    let mut next = |draw: &mut Draw| {
        let open = now;
        now += length * if draw.one_in(30) { draw.between(2, 20) } else { 1 };
        open
    };
    (0..bars).map(|_| next(draw)).collect()
}

fn settlements(draw: &mut Draw, end: i64, length: i64) -> Vec<Funding> {
    let count = draw.between(0, 5);
    let one = |draw: &mut Draw| {
        let largest = draw.pick(&[1, 100, 20_000, 900_000]) * POINT / 100;
        let into = draw.pick(&[0, 0, 7_000, 15_000, 15_001, length - 1]).min(length - 1);
        let time = draw.between(0, end) / length * length + into;
        Funding { time, rate: Rate::from_steps(draw.between(-largest, largest + 1)) }
    };
    let mut all: Vec<Funding> = (0..count).map(|_| one(draw)).collect();
    all.sort_by_key(|settlement| settlement.time);
    all
}
