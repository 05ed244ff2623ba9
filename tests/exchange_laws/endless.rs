//! A book that nothing moves; the benchmark of the exchange trades with it, too.

use deleverage::history::Interval;
use deleverage::money::{Cash, Rate};
use deleverage::scenario::DepthCurve;
use deleverage::scenario::exchange::LiquidityChoice;

/// So deep that every order is filled at its first price, and nothing stays of it.
pub fn endless() -> LiquidityChoice {
    let curve = DepthCurve {
        depth: Cash::from_atoms(i64::MAX / 4),
        beta: Rate::from_steps(Rate::ONE / 1_000),
        multiplier: Rate::from_steps(Rate::ONE),
        reach: Rate::from_steps(Rate::ONE / 2),
    };
    LiquidityChoice {
        curve,
        volatility: Rate::ZERO,
        displacement: Rate::ZERO,
        permanent: Rate::ZERO,
        half_life: Interval::parse("1s").unwrap(),
        participation: Rate::from_steps(Rate::ONE),
    }
}
