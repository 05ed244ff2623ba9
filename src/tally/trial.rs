//! One scenario of a fund's size: what a crash would have needed.

use crate::exchange::{Need, World};
use crate::money::Cash;

/// One scenario; amounts in the settlement asset unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Number of the scenario, and of its population's draw.
    pub scenario: u32,
    /// What the fund would have had to begin with.
    pub need: Need,
    /// The same with the largest account out of reach; `None`: not asked for.
    pub without_largest: Option<Need>,
    /// The three largest losses that single traders left to the fund, the largest first.
    pub charged: [Cash; 3],
    /// Largest fall of the fund's cash from a peak,
    pub drawdown: Cash,
    /// of its worth, inventory at the marks,
    pub drawdown_mtm: Cash,
    /// and from the peak of the last 8 hours.
    pub drawdown_8h: Cash,
    /// Quote units.
    pub liquidated_notional: Cash,
    pub liquidations: u32,
}

impl Trial {
    pub fn of(world: &World, without_largest: Option<Need>) -> Self {
        Self {
            scenario: world.world,
            need: world.need,
            without_largest,
            charged: world.charged,
            drawdown: world.fund_drawdown,
            drawdown_mtm: world.fund_drawdown_mtm,
            drawdown_8h: world.fund_drawdown_8h,
            liquidated_notional: world.liquidated_notional,
            liquidations: world.liquidations,
        }
    }
}
