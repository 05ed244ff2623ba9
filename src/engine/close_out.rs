//! What a liquidation leaves: fill, fee, residual, deficit.

use super::margin::{FundingPerUnit, Law, Position, against};
use super::slippage::{Fill, fill};
use crate::money::{Cash, Price};
use crate::scenario::Slippage;
use crate::venue::VenueRules;

/// The cash of one close-out. `returned − deficit` is the trader's equity after it, fee paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Average price over all that was closed.
    pub fill: Price,
    /// Cost of the book's displacement against the last price; ≥ 0.
    pub slippage: Cash,
    /// Liquidation fee that was really taken: never more than what was left.
    pub fee: Cash,
    /// What the fund or vault keeps of the margin besides the fee; ≥ 0.
    pub kept: Cash,
    /// Margin that goes back to the trader; ≥ 0.
    pub returned: Cash,
    /// Loss beyond the margin; ≥ 0. The venue says who bears it.
    pub deficit: Cash,
}

/// Closes a position that became liquidatable with the last price at `last`.
pub fn settle(
    law: &Law,
    rules: &VenueRules,
    slippage: &Slippage,
    position: &Position,
    at: (Price, FundingPerUnit),
) -> Settlement {
    let (last, paid) = at;
    let book = fill(law, &slippage.model, position.side, position.quantity, last);
    let price = with_takeover(law, position, paid, book);
    // One rounding for the whole close-out, down: against the trader.
    let equity = law.cash_floor(law.equity(position, paid, price));
    let left = equity.gain();
    let fee = law.charge(position.quantity, price, rules.fees.liquidation).min(left);
    Settlement {
        fill: price,
        slippage: displacement_cost(law, last, book),
        fee,
        kept: Cash::ZERO,
        returned: left - fee,
        deficit: equity.loss(),
    }
}

/// Average over the book's part and the part that the insurance fund takes over at the bankruptcy
/// price, rounded against the position.
fn with_takeover(law: &Law, position: &Position, paid: FundingPerUnit, book: Fill) -> Price {
    let rest = position.quantity.lots() - book.quantity.lots();
    let bankruptcy = law.bankruptcy_price(position, paid);
    let Some(bankruptcy) = bankruptcy.filter(|_| rest > 0) else { return book.price };
    let value = i128::from(book.quantity.lots()) * i128::from(book.price.steps())
        + i128::from(rest) * i128::from(bankruptcy.steps());
    let round = against(position.side);
    Price::from_steps(round.div(value, i128::from(position.quantity.lots())) as i64)
}

/// Quantity filled × distance from the last price, rounded up.
fn displacement_cost(law: &Law, last: Price, book: Fill) -> Cash {
    let distance = (book.price.steps() - last.steps()).abs();
    law.notional(book.quantity, Price::from_steps(distance))
}
