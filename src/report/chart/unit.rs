//! Amounts in words: `45.2 M USDT`.

use super::label;

/// Powers of a thousand, and what they are called. Below the first, amounts are written out.
const POWERS: [(f64, &str); 4] = [(1e12, "tn "), (1e9, "bn "), (1e6, "M "), (1e4, "k ")];

fn power(amount: f64) -> (f64, &'static str) {
    let of = POWERS.into_iter().find(|(from, _)| amount.abs() >= *from);
    of.map_or((1.0, ""), |(from, name)| (if from == 1e4 { 1e3 } else { from }, name))
}

/// An asset, and the power of a thousand in which an axis counts it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    asset: String,
    factor: f64,
    power: &'static str,
}

impl Unit {
    /// The power that suits amounts of up to `largest`.
    pub fn of(asset: &str, largest: f64) -> Self {
        let (factor, power) = power(largest);
        Self { asset: asset.to_owned(), factor, power }
    }

    /// `M USDT`.
    pub fn name(&self) -> String {
        format!("{}{}", self.power, self.asset)
    }

    /// The number at a tick; ticks are `step` apart.
    pub fn tick(&self, amount: f64, step: f64) -> String {
        match amount == 0.0 {
            true => "0".to_owned(),
            false => minus(&label::price(amount / self.factor, step / self.factor)),
        }
    }
}

/// An amount in three significant digits: `45.2 M USDT`, `0.0123 BTC`, `9,870 USDT`.
pub fn amount(amount: f64, asset: &str) -> String {
    if amount == 0.0 {
        return format!("0 {asset}");
    }
    let whole = 10f64.powf(amount.abs().log10().floor() - 2.0);
    let rounded = (amount / whole).round() * whole;
    let (factor, power) = power(rounded);
    let decimals = (2.0 - (rounded.abs() / factor).log10().floor()).max(0.0);
    let number = label::price(rounded / factor, 10f64.powf(-decimals));
    format!("{} {power}{asset}", minus(&number))
}

/// `1.20 to 3.40 M USDT`: both ends in the words of the upper one where that is exact enough.
pub fn range(low: f64, high: f64, asset: &str) -> String {
    let (from, to) = (amount(low, asset), amount(high, asset));
    let words = |text: &str| text.split_once(' ').map(|(_, rest)| rest.to_owned());
    match words(&from) == words(&to) {
        true => format!("{} to {to}", from.split(' ').next().unwrap_or_default()),
        false => format!("{} to {to}", from.trim_end_matches(asset).trim_end()),
    }
}

/// A round amount at a tick of a logarithmic axis: `500 k`, `0.02`.
pub fn round_amount(amount: f64) -> String {
    // A tick is a product of floats, a hair off its power of ten.
    let (factor, power) = power(amount * 1.000_001);
    let number = label::exact_price(amount / factor);
    format!("{number} {power}").trim_end().to_owned()
}

/// With a minus sign for a hyphen.
pub fn minus(number: &str) -> String {
    number.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_three_digits_and_a_power() {
        for (value, text) in [
            (0.0, "0 USDT"),
            (45_212_345.0, "45.2 M USDT"),
            (999_999.0, "1.00 M USDT"),
            (9_870.4, "9,870 USDT"),
            (12_345.0, "12.3 k USDT"),
            (-1_230_000_000.0, "−1.23 bn USDT"),
            (0.012_34, "0.0123 USDT"),
            (100.0, "100 USDT"),
        ] {
            assert_eq!(amount(value, "USDT"), text);
        }
    }

    #[test]
    fn an_axis_counts_in_one_power() {
        let unit = Unit::of("USDT", 60e6);
        assert_eq!((unit.name(), unit.tick(20e6, 20e6)), ("M USDT".into(), "20".into()));
        let ticks = [1e6 - 1e-9, 5e5, 2_000.0, 0.000_02].map(round_amount);
        assert_eq!(ticks, ["1 M", "500 k", "2,000", "0.00002"]);
        let coins = Unit::of("BTC", 3.0);
        assert_eq!((coins.name(), coins.tick(0.5, 0.5)), ("BTC".into(), "0.5".into()));
    }
}
