//! Worlds made by hand.

use deleverage::exchange::{Need, Sample, Waterfall, World};
use deleverage::money::Cash;

pub fn cash(units: i64) -> Cash {
    Cash::from_atoms(units * 100_000_000)
}

/// A world in which the fund falls from 1,000 by `fall` in cash and twice that marked to market;
/// from 500 on winners are deleveraged.
pub fn world(number: u32, fall: i64) -> World {
    let adl = fall >= 500;
    World {
        world: number,
        seed: 7,
        fund_start: cash(1_000),
        fund_low: cash(1_000 - fall),
        fund_end: cash(1_000 - fall),
        fund_low_mtm: cash(1_000 - 2 * fall),
        fund_end_mtm: cash(1_000 - fall),
        fund_drawdown: cash(fall),
        fund_drawdown_mtm: cash(2 * fall),
        fund_drawdown_8h: cash(2 * fall),
        fund_income: cash(3),
        liquidated_notional: cash(100 * fall),
        liquidations: 10,
        taken_over: cash(40 * fall),
        adl_notional: if adl { cash(10 * fall) } else { Cash::ZERO },
        adl_events: if adl { 4 } else { 0 },
        adl_accounts: if adl { 2 } else { 0 },
        first_liquidation: Some(1_760_130_000_000),
        first_adl: adl.then_some(1_760_130_000_000 + fall * 1_000),
        waterfall: Waterfall {
            margin: cash(6 * fall),
            fund: cash(3 * fall),
            adl: if adl { cash(fall) } else { Cash::ZERO },
            ..Waterfall::default()
        },
        need: Need::default(),
        charged: [Cash::ZERO; 3],
        first_r_price: None,
        timeline: vec![Sample { fund_cash: cash(1_000 - fall), ..Sample::default() }],
    }
}
