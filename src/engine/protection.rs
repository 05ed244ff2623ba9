//! Two things a trader can do before the liquidation price: stop earlier, or be insured.

use super::Leg;
use rust_decimal::Decimal;

/// A stop a share of the way from the liquidation price back to the entry, `LP + share·(EP − LP)`
/// (freqtrade's liquidation buffer). `None`: a number does not fit.
pub fn buffer_stop(entry: Decimal, liquidation: Decimal, share: Decimal) -> Option<Decimal> {
    entry.checked_sub(liquidation)?.checked_mul(share)?.checked_add(liquidation)
}

/// Insurance of a position against its way to the liquidation price (Bybit Mutual Insurance,
/// 2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Side, contract and size that are insured, at the price that is.
    pub insured: Leg,
    /// Beyond the liquidation price nothing more is paid; `None`: no such price.
    pub liquidation: Option<Decimal>,
}

impl Cover {
    /// What is paid out at a settlement price: the loss of the insured leg up to the liquidation
    /// price, never below zero. For a long in an inverse contract that is `Q·(1/settle −
    /// 1/insured)` between two strikes: an inverse put spread. `None`: a number does not fit.
    pub fn payoff(&self, settle: Decimal) -> Option<Decimal> {
        let loss = self.loss(settle)?.max(Decimal::ZERO);
        match self.liquidation {
            Some(price) => Some(loss.min(self.loss(price)?)),
            None => Some(loss),
        }
    }

    fn loss(&self, price: Decimal) -> Option<Decimal> {
        self.insured.profit(price).map(|profit| -profit)
    }
}
