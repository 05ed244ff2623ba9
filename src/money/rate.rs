//! Fractions: margin rates, fees, funding rates, slippage.

use super::decimal::{self, BadNumber};
use super::round::Round;
use rust_decimal::Decimal;
use std::fmt;

/// A fraction in steps of 1e-12; signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Rate(i64);

impl Rate {
    pub const ZERO: Self = Self(0);
    pub const DECIMALS: u32 = 12;
    /// Steps in a rate of 1.
    pub const ONE: i64 = 1_000_000_000_000;
    /// What [`Rate::parse`] takes, for messages.
    pub const ACCEPTED: &str = "a fraction such as 0.004, 4e-3, 0.4% or 40bp";

    pub const fn from_steps(steps: i64) -> Self {
        Self(steps)
    }

    pub const fn steps(self) -> i64 {
        self.0
    }

    /// From `0.004`, `4e-3`, `0.4%` or `40bp`.
    pub fn parse(text: &str) -> Result<Self, BadNumber> {
        let text = text.trim();
        let (digits, shift) = if let Some(percent) = text.strip_suffix('%') {
            (percent, 2)
        } else if let Some(points) = text.strip_suffix("bp") {
            (points, 4)
        } else {
            (text, 0)
        };
        decimal::parse_scaled(digits, Self::DECIMALS - shift).map(Self)
    }

    /// The one door from `f64` (curves, draws) into exact arithmetic; `None` unless it is finite
    /// and fits.
    pub fn quantise(value: f64, round: Round) -> Option<Self> {
        let steps = value * Self::ONE as f64;
        let steps = match round {
            Round::Floor => steps.floor(),
            Round::Ceil => steps.ceil(),
        };
        (steps.abs() < 9.0e18).then_some(Self(steps as i64))
    }

    pub fn to_decimal(self) -> Decimal {
        decimal::from_scaled(self.0, Self::DECIMALS)
    }

    /// For charts and statistics only.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Self::ONE as f64
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_ways_to_write_the_same_rate() {
        for text in ["0.004", "4e-3", "0.4%", "40bp"] {
            assert_eq!(Rate::parse(text).unwrap().steps(), 4_000_000_000, "{text}");
        }
        assert!(Rate::parse("4 percent").is_err());
        assert!(Rate::parse("%").is_err());
    }

    #[test]
    fn only_finite_numbers_pass_the_door() {
        assert_eq!(Rate::quantise(0.5, Round::Floor), Some(Rate(Rate::ONE / 2)));
        assert_eq!(Rate::quantise(f64::NAN, Round::Floor), None);
        assert_eq!(Rate::quantise(f64::INFINITY, Round::Ceil), None);
    }
}
