//! Numbers as they are typed.

use crate::money::decimal::{self, BadNumber};
use crate::money::{Cash, Rate};
use rust_decimal::Decimal;

pub(super) fn above_zero(text: &str) -> Result<Decimal, String> {
    let value = number(text)?;
    if value > Decimal::ZERO { Ok(value) } else { Err("must be above 0".to_owned()) }
}

pub(super) fn not_negative(text: &str) -> Result<Decimal, String> {
    let value = number(text)?;
    if value >= Decimal::ZERO { Ok(value) } else { Err("must not be below 0".to_owned()) }
}

/// Digits beyond the 28th are rounded here, and only here: this command shows, it does not keep.
fn number(text: &str) -> Result<Decimal, String> {
    match decimal::parse(text) {
        Err(BadNumber::TooFine(_)) => text.parse().map_err(|_| "not a number".to_owned()),
        parsed => parsed.map_err(|why| why.to_string()),
    }
}

pub(super) fn fraction(text: &str) -> Result<Rate, String> {
    let rate = Rate::parse(text).map_err(|why| format!("{why}; accepted: {}", Rate::ACCEPTED))?;
    match rate.steps() {
        0..Rate::ONE => Ok(rate),
        _ => Err("must be at least 0 and below 1".to_owned()),
    }
}

pub(super) fn cash(text: &str) -> Result<Cash, String> {
    Cash::parse(text).map_err(|why| why.to_string())
}
