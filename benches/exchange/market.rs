//! A market of minute bars: a walk with a settlement every eight hours, and perhaps a fall.

use crate::{START, below};
use deleverage::history::{Bars, Funding, History, Interval, MarkSource, Segment};
use deleverage::money::{Price, PriceScale, Rate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;

const MINUTE: i64 = 60_000;
/// Bars before the worlds begin, out of which their accounts have their entries.
pub const BEFORE: usize = 1_440;
const FUNDING_EVERY: usize = 480;
/// The worlds begin so many bars before a settlement.
const TO_SETTLEMENT: usize = 5;
/// Bars of the fall, and how many the worlds have seen when it begins.
const FALLING: usize = 10;
const UNTIL_FALL: usize = 7;

/// How a market moves.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Furthest from open to close in a bar, in hundredths of a basis point.
    pub wander: i64,
    /// Whole fall, in per mille of the start.
    pub fall: i64,
}

impl Weather {
    /// 3 basis points a minute (standard deviation): hardly anybody is liquidated.
    pub const CALM: Self = Self { wander: 450, fall: 0 };
    /// 12 basis points a minute: somebody is liquidated in most of the minutes.
    pub const RESTLESS: Self = Self { wander: 2_000, fall: 0 };

    /// A calm market that falls in ten minutes.
    pub const fn falling(per_mille: i64) -> Self {
        Self { fall: per_mille, ..Self::CALM }
    }

    fn of_bar(self, bar: usize) -> i64 {
        let falls = (BEFORE + UNTIL_FALL..BEFORE + UNTIL_FALL + FALLING).contains(&bar);
        if falls { START / 1_000 * self.fall / FALLING as i64 } else { 0 }
    }
}

/// The first bars of a market, so many after its worlds begin; a longer one begins with the same.
pub fn history(weather: Weather, bars: usize) -> History {
    let count = BEFORE + bars;
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (mut at, mut all) = (START, Bars::default());
    for bar in 0..count {
        let part = at / 1_000_000;
        let mut moved = |most: i64| part * below(&mut random, most + 1);
        let (up, above, beneath) =
            (moved(2 * weather.wander), moved(weather.wander / 2), moved(weather.wander / 2));
        let close = at + up - part * weather.wander - weather.of_bar(bar);
        all.open.push(Price::from_steps(at));
        all.high.push(Price::from_steps(at.max(close) + above));
        all.low.push(Price::from_steps(at.min(close) - beneath));
        all.close.push(Price::from_steps(close));
        at = close;
    }
    let bars = Arc::new(all);
    let settled = (0..count).filter(|bar| bar % FUNDING_EVERY == BEFORE % FUNDING_EVERY);
    let settled = settled.map(|bar| bar + TO_SETTLEMENT).filter(|bar| *bar < count);
    let rate = Rate::parse("0.01%").unwrap();
    History {
        symbol: "BTCUSDT".into(),
        interval: Interval::from_millis(MINUTE).unwrap(),
        scale: PriceScale::USUAL,
        time: (0..count as i64).map(|bar| bar * MINUTE).collect(),
        trade: Arc::clone(&bars),
        volume: None,
        mark: bars,
        mark_source: MarkSource::Recorded,
        index: None,
        funding: settled.map(|bar| Funding { time: bar as i64 * MINUTE, rate }).collect(),
        segments: vec![Segment { first: 0, end: count }],
        missing: 0,
        moved_opens: 0,
    }
}
