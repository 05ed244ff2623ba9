//! Leverage: notional over margin.

use super::decimal::{self, BadNumber};
use std::fmt;

/// Notional divided by initial margin, in steps of 1/100 ×; 1× to 1000×.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leverage(u32);

const LOWEST: u32 = 100;
const HIGHEST: u32 = 100_000;

impl Leverage {
    /// What [`Leverage::parse`] takes, for messages.
    pub const ACCEPTED: &str = "a leverage from 1 to 1000 with at most two decimals";
    /// Steps in a leverage of 1×.
    pub const ONE: u32 = 100;

    pub fn parse(text: &str) -> Result<Self, BadNumber> {
        let steps = decimal::parse_scaled(text.trim_end_matches(['x', 'X', '×']), 2)?;
        u32::try_from(steps).ok().and_then(Self::from_hundredths).ok_or(BadNumber::OutOfRange)
    }

    /// `None` outside 1× to 1000×.
    pub fn from_hundredths(hundredths: u32) -> Option<Self> {
        (LOWEST..=HIGHEST).contains(&hundredths).then_some(Self(hundredths))
    }

    /// The nearest leverage from 1× to 1000×.
    pub fn clamped(hundredths: u32) -> Self {
        Self(hundredths.clamp(LOWEST, HIGHEST))
    }

    pub const fn hundredths(self) -> u32 {
        self.0
    }

    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / f64::from(Self::ONE)
    }
}

impl fmt::Display for Leverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&decimal::from_scaled(i64::from(self.0), 2), f)
    }
}

#[cfg(test)]
mod tests {
    use super::Leverage;

    #[test]
    fn one_to_a_thousand() {
        assert_eq!(Leverage::parse("12.5").unwrap().hundredths(), 1250);
        assert_eq!(Leverage::parse("10x").unwrap().to_string(), "10");
        assert!(Leverage::parse("0.99").is_err());
        assert!(Leverage::parse("1001").is_err());
        assert!(Leverage::parse("2.345").is_err());
    }
}
