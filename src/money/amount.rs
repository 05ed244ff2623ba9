//! Cash of the settlement asset and base quantity, both in steps of 1e-8.

use super::decimal::{self, BadNumber};
use rust_decimal::Decimal;
use std::fmt;
use std::ops::{Add, Neg, Sub};

/// Decimals of cash and of quantity.
const DECIMALS: u32 = 8;

/// Signed amount of the settlement asset, in 1e-8 of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Cash(i64);

impl Cash {
    pub const ZERO: Self = Self(0);
    pub const DECIMALS: u32 = DECIMALS;

    pub const fn from_atoms(atoms: i64) -> Self {
        Self(atoms)
    }

    pub const fn atoms(self) -> i64 {
        self.0
    }

    /// From decimal text; at most 8 decimals.
    pub fn parse(text: &str) -> Result<Self, BadNumber> {
        decimal::parse_scaled(text, DECIMALS).map(Self)
    }

    pub fn to_decimal(self) -> Decimal {
        decimal::from_scaled(self.0, DECIMALS)
    }

    /// The part above zero.
    #[must_use]
    pub fn gain(self) -> Self {
        Self(self.0.max(0))
    }

    /// The size of the part below zero.
    #[must_use]
    pub fn loss(self) -> Self {
        Self(self.0.saturating_neg().max(0))
    }
}

impl Add for Cash {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cash {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Cash {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Cash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

/// Size of a position in base units, in steps of 1e-8; the side is kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Quantity(i64);

impl Quantity {
    pub const ZERO: Self = Self(0);
    pub const DECIMALS: u32 = DECIMALS;

    pub const fn from_lots(lots: i64) -> Self {
        Self(lots)
    }

    pub const fn lots(self) -> i64 {
        self.0
    }

    pub fn parse(text: &str) -> Result<Self, BadNumber> {
        decimal::parse_scaled(text, DECIMALS).map(Self)
    }

    pub fn to_decimal(self) -> Decimal {
        decimal::from_scaled(self.0, DECIMALS)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_prints_without_trailing_zeros_and_reads_back() {
        let cash = Cash::parse("-1234.50000001").unwrap();
        assert_eq!(cash.to_string(), "-1234.50000001");
        assert_eq!(Cash::parse("10.50").unwrap().to_string(), "10.5");
        assert_eq!(cash.loss().to_string(), "1234.50000001");
        assert_eq!(cash.gain(), Cash::ZERO);
    }
}
