//! What a forced order is filled at, and what it leaves.

use super::exact::{CASH, PRICE, ceil_div, floor_div, times};
use super::{Account, Death, World};
use deleverage::scenario::{DepthCurve, FillBase, Side, SlippageModel};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

impl World {
    /// CLO-001 to CLO-006.
    pub(super) fn close_out(
        &self,
        account: &Account,
        bar: usize,
        mark: Decimal,
        last: Decimal,
    ) -> Death {
        let base = if self.base == FillBase::Last { last } else { mark };
        let (filled, book) = self.sweep(account, base);
        let fill = taken_over(account, filled, book);
        let equity = floor_div(account.equity(fill), Decimal::ONE, CASH);
        let left = equity.max(Decimal::ZERO);
        let charged = times(times(account.quantity, fill), self.liquidation_fee);
        let fee = ceil_div(charged, Decimal::ONE, CASH).min(left);
        Death {
            bar,
            mark,
            last,
            fill,
            slippage: ceil_div(times(filled, (book - base).abs()), Decimal::ONE, CASH),
            fee,
            returned: left - fee,
            deficit: (-equity).max(Decimal::ZERO),
        }
    }

    /// SLP-001 to SLP-006: how much the book takes, at what average price.
    fn sweep(&self, account: &Account, base: Decimal) -> (Decimal, Decimal) {
        let whole = account.quantity;
        let (filled, cost) = match &self.slippage {
            SlippageModel::None => (whole, Decimal::ZERO),
            SlippageModel::Fixed(rate) => (whole, rate.to_decimal()),
            SlippageModel::Depth(curve) => {
                let notional = ceil_div(times(whole, base), Decimal::ONE, CASH);
                let (share, cost) = depth(curve, notional);
                (floor_div(times(whole, share), Decimal::ONE, CASH).min(whole), cost)
            }
        };
        let price = match account.side {
            Side::Long => floor_div(times(base, Decimal::ONE - cost), Decimal::ONE, PRICE),
            Side::Short => ceil_div(times(base, Decimal::ONE + cost), Decimal::ONE, PRICE),
        };
        (filled, price)
    }
}

/// SLP-003 to SLP-006, in the order of operations that the rules state.
fn depth(curve: &DepthCurve, notional: Decimal) -> (Decimal, Decimal) {
    let number = |decimal: Decimal| decimal.to_string().parse::<f64>().unwrap();
    let depth = number(curve.depth.to_decimal()) * number(curve.multiplier.to_decimal());
    let (beta, reach) = (number(curve.beta.to_decimal()), number(curve.reach.to_decimal()));
    let notional = number(notional);
    let needed = 0.01 * libm::pow(notional / depth, 1.0 / beta);
    let (share, displacement) = match needed <= reach {
        true => (1.0, needed),
        false => (depth * libm::pow(reach / 0.01, beta) / notional, reach),
    };
    let average = displacement * beta / (1.0 + beta);
    let whole = |value: f64| Decimal::from_f64(value).unwrap();
    let steps = Decimal::from(1_000_000_000_000_i64);
    (whole((share * 1e12).floor()) / steps, whole((average * 1e12).ceil()) / steps)
}

/// CLO-002: the average of what the book took and what the fund took over.
fn taken_over(account: &Account, filled: Decimal, book: Decimal) -> Decimal {
    let rest = account.quantity - filled;
    let Some(bankruptcy) = account.bankruptcy_price().filter(|_| !rest.is_zero()) else {
        return book;
    };
    let value = times(filled, book) + times(rest, bankruptcy);
    match account.side {
        Side::Long => floor_div(value, account.quantity, PRICE),
        Side::Short => ceil_div(value, account.quantity, PRICE),
    }
}
