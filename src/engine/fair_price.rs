//! How a mark is made, so that one print cannot liquidate anybody.

use rust_decimal::Decimal;

/// `I·(1 + F·left)`: the index with the funding still to come, `left` being the part of the
/// interval that is left, 0 to 1 (BitMEX's fair price, the first of Binance's three). `None`: a
/// number does not fit.
pub fn carried(index: Decimal, rate: Decimal, left: Decimal) -> Option<Decimal> {
    rate.checked_mul(left)?.checked_add(Decimal::ONE)?.checked_mul(index)
}

/// The middle one of three: of the carried index, the index with its average basis, and the
/// contract's own price (Binance, Bybit).
pub fn median(prices: [Decimal; 3]) -> Decimal {
    let [one, two, three] = prices;
    one.max(two).min(one.min(two).max(three))
}
