//! Prices on the decimal grid of their instrument.

use super::decimal::{self, BadNumber};
use rust_decimal::Decimal;

/// Quote per base, in steps of `10^-scale` of the instrument's [`PriceScale`]; > 0 in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Price(i64);

impl Price {
    pub const fn from_steps(steps: i64) -> Self {
        Self(steps)
    }

    pub const fn steps(self) -> i64 {
        self.0
    }
}

/// How many decimals the prices of one instrument carry: 8 unless its history needs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceScale(u32);

/// `10^scale` for every scale up to the finest.
const POWERS: [i128; 15] = {
    let mut powers = [1; 15];
    let mut scale = 1;
    while scale < powers.len() {
        powers[scale] = 10 * powers[scale - 1];
        scale += 1;
    }
    powers
};

/// The same, exactly, as floats.
const UNITS: [f64; POWERS.len()] = {
    let mut units = [1.0; POWERS.len()];
    let mut scale = 0;
    while scale < units.len() {
        units[scale] = POWERS[scale] as f64;
        scale += 1;
    }
    units
};

impl PriceScale {
    /// Enough for 0.0000111300 and for 121332.96.
    pub const USUAL: Self = Self(8);
    /// The finest grid that still leaves room for prices above 90,000.
    pub const FINEST: Self = Self(14);

    /// The grid for a history whose finest price has `decimals` decimals.
    pub fn holding(decimals: u32) -> Option<Self> {
        let scale = Self(decimals.max(Self::USUAL.0));
        (scale <= Self::FINEST).then_some(scale)
    }

    pub const fn decimals(self) -> u32 {
        self.0
    }

    /// Steps in one unit of quote: `10^scale`.
    pub const fn steps_per_unit(self) -> i128 {
        POWERS[self.0 as usize]
    }

    pub fn parse(self, text: &str) -> Result<Price, BadNumber> {
        decimal::parse_scaled(text, self.0).map(Price)
    }

    pub fn of(self, value: Decimal) -> Result<Price, BadNumber> {
        decimal::to_scaled(value, self.0).map(Price)
    }

    pub fn to_decimal(self, price: Price) -> Decimal {
        decimal::from_scaled(price.0, self.0)
    }

    /// For charts and statistics only.
    pub fn to_f64(self, price: Price) -> f64 {
        price.0 as f64 / UNITS[self.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_grid_holds_dust_and_bitcoin() {
        let scale = PriceScale::USUAL;
        for text in ["0.00001113", "121332.96", "323"] {
            let price = scale.parse(text).unwrap();
            assert_eq!(scale.to_decimal(price).to_string(), text);
        }
    }

    #[test]
    fn finer_histories_get_a_finer_grid() {
        assert_eq!(PriceScale::holding(2), Some(PriceScale::USUAL));
        assert_eq!(PriceScale::holding(11).map(PriceScale::decimals), Some(11));
        assert_eq!(PriceScale::holding(15), None);
    }
}
