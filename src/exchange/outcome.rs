//! What a world comes to.

use super::need::Need;
use crate::money::{Cash, Price};

/// Who bore the losses beyond the margins; each ≥ 0. Rule `EXC-029`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waterfall {
    /// What the liquidated traders lost of their own: cash at the start (with top-ups) less what
    /// they were left with, as far as it is above zero.
    pub margin: Cash,
    /// Deficits paid, and losses of the inventory.
    pub fund: Cash,
    /// What winners gave up: lots × |mark − price|.
    pub adl: Cash,
    pub socialised: Cash,
    pub owed: Cash,
    pub injected: Cash,
    pub bad_debt: Cash,
}

/// The state at the end of one bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sample {
    /// All tranches, inventory at cost.
    pub fund_cash: Cash,
    /// All tranches, inventory at the marks.
    pub fund_mtm: Cash,
    /// Since the start, in quote units.
    pub liquidated: Cash,
    /// Since the start, in quote units.
    pub adl: Cash,
    /// Value of all longs at the mark, all symbols, in quote units.
    pub open_interest: Cash,
}

/// One world. Amounts are money of the settlement asset unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    pub world: u32,
    /// Of its population's draws.
    pub seed: u64,
    pub fund_start: Cash,
    /// Lowest cash of all tranches together.
    pub fund_low: Cash,
    pub fund_end: Cash,
    pub fund_low_mtm: Cash,
    pub fund_end_mtm: Cash,
    /// Largest fall of cash from an earlier peak.
    pub fund_drawdown: Cash,
    /// Largest fall from an earlier peak, marked to market.
    pub fund_drawdown_mtm: Cash,
    /// Largest fall from the peak of the last 8 hours, marked to market.
    pub fund_drawdown_8h: Cash,
    /// Residuals and fees that went to the fund.
    pub fund_income: Cash,
    /// Size of all first orders and takeovers at their mark, in quote units.
    pub liquidated_notional: Cash,
    /// Accounts that were liquidated, in part or whole.
    pub liquidations: u32,
    /// Taken over by the fund or vault, at the mark, in quote units.
    pub taken_over: Cash,
    /// At the mark, in quote units.
    pub adl_notional: Cash,
    /// Trades with one counterparty each.
    pub adl_events: u32,
    /// Different counterparties.
    pub adl_accounts: u32,
    /// UTC milliseconds.
    pub first_liquidation: Option<i64>,
    /// UTC milliseconds.
    pub first_adl: Option<i64>,
    pub waterfall: Waterfall,
    /// What the fund would have had to begin with; said on the path that this fund left.
    pub need: Need,
    /// The three largest losses that single traders left to the fund: deficits that it paid, and
    /// takeovers that were worse than the mark. The largest first.
    pub charged: [Cash; 3],
    /// Not of the world itself but of its start, and set by whoever looks there: first price of the
    /// first symbol at which the scenario's depth gives R ≥ 1, on the way down.
    pub first_r_price: Option<Price>,
    /// One a bar, from the first one on.
    pub timeline: Vec<Sample>,
}
