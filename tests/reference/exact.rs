//! Decimal arithmetic that refuses to round where it was not told to.

use rust_decimal::{Decimal, RoundingStrategy};

/// Decimals of a price.
pub const PRICE: u32 = 8;
/// Decimals of cash and of a quantity.
pub const CASH: u32 = 8;

/// A product, exactly: a rounding would have cost decimals.
pub fn times(a: Decimal, b: Decimal) -> Decimal {
    let product = a * b;
    assert!(product.is_zero() || product.scale() == a.scale() + b.scale(), "{a} · {b} is rounded");
    product
}

/// The largest number of so many decimals that is not above `a / b`, for `b > 0`.
pub fn floor_div(a: Decimal, b: Decimal, decimals: u32) -> Decimal {
    let step = Decimal::new(1, decimals);
    let down = RoundingStrategy::ToNegativeInfinity;
    let mut guess = (a / b).round_dp_with_strategy(decimals, down);
    while times(guess, b) > a {
        guess -= step;
    }
    while times(guess + step, b) <= a {
        guess += step;
    }
    guess
}

/// The smallest number of so many decimals that is not below `a / b`, for `b > 0`.
pub fn ceil_div(a: Decimal, b: Decimal, decimals: u32) -> Decimal {
    -floor_div(-a, b, decimals)
}
