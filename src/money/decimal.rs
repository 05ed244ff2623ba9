//! Decimal text ↔ scaled integers.

use rust_decimal::Decimal;

/// Why a text is not a number that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    #[error("empty")]
    Empty,
    #[error("not a decimal number")]
    NotANumber,
    #[error("not finite")]
    NotFinite,
    #[error("more decimals than fit (at most {0})")]
    TooFine(u32),
    #[error("too large")]
    TooLarge,
    #[error("out of range")]
    OutOfRange,
}

/// Parses `12.5`, `-3`, `1.254e-05` exactly; at most 28 significant digits.
pub fn parse(text: &str) -> Result<Decimal, BadNumber> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadNumber::Empty);
    }
    let looks_numeric = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if !looks_numeric {
        return Err(not_a_number(text));
    }
    let parsed = if text.contains(['e', 'E']) {
        Decimal::from_scientific(text)
    } else {
        Decimal::from_str_exact(text)
    };
    parsed.map(|d| d.normalize()).map_err(|error| match error {
        rust_decimal::Error::Underflow | rust_decimal::Error::ScaleExceedsMaximumPrecision(_) => {
            BadNumber::TooFine(28)
        }
        rust_decimal::Error::ExceedsMaximumPossibleValue
        | rust_decimal::Error::LessThanMinimumPossibleValue => BadNumber::TooLarge,
        _ => BadNumber::NotANumber,
    })
}

fn not_a_number(text: &str) -> BadNumber {
    let bare = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    match bare.as_str() {
        "nan" | "inf" | "infinity" => BadNumber::NotFinite,
        _ => BadNumber::NotANumber,
    }
}

/// `value · 10^scale` as an integer; digits beyond `scale` are an error, never a rounding.
pub fn to_scaled(value: Decimal, scale: u32) -> Result<i64, BadNumber> {
    let value = value.normalize();
    let Some(missing) = scale.checked_sub(value.scale()) else {
        return Err(BadNumber::TooFine(scale));
    };
    10_i128
        .checked_pow(missing)
        .and_then(|factor| value.mantissa().checked_mul(factor))
        .and_then(|scaled| i64::try_from(scaled).ok())
        .ok_or(BadNumber::TooLarge)
}

/// Text straight to `10^-scale` steps.
pub fn parse_scaled(text: &str, scale: u32) -> Result<i64, BadNumber> {
    to_scaled(parse(text)?, scale)
}

/// `steps · 10^-scale`, without trailing zeros.
pub fn from_scaled(steps: i64, scale: u32) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(steps), scale).normalize()
}

/// The shortest decimal that reads back as this `f64`: how binary columns become prices.
pub fn parse_float(value: f64) -> Result<Decimal, BadNumber> {
    if !value.is_finite() {
        return Err(BadNumber::NotFinite);
    }
    parse(&format!("{value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_exchanges_write() {
        assert_eq!(parse_scaled("0.0000111300", 8), Ok(1113));
        assert_eq!(parse_scaled("121332.96", 8), Ok(12_133_296_000_000));
        assert_eq!(parse_scaled("1.254e-05", 12), Ok(12_540_000));
        assert_eq!(parse_scaled("4.97038E7", 0), Ok(49_703_800));
        assert_eq!(parse_scaled("-0.5", 1), Ok(-5));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert_eq!(parse_scaled("", 8), Err(BadNumber::Empty));
        assert_eq!(parse_scaled("NaN", 8), Err(BadNumber::NotFinite));
        assert_eq!(parse_scaled("-inf", 8), Err(BadNumber::NotFinite));
        assert_eq!(parse_scaled("1,5", 8), Err(BadNumber::NotANumber));
        assert_eq!(parse_scaled("1.2.3", 8), Err(BadNumber::NotANumber));
        assert_eq!(parse_scaled("0.123456789", 8), Err(BadNumber::TooFine(8)));
        assert_eq!(parse_scaled("99999999999999", 8), Err(BadNumber::TooLarge));
        assert_eq!(parse_float(f64::NAN), Err(BadNumber::NotFinite));
    }

    #[test]
    fn floats_pass_through_their_shortest_decimal() {
        assert_eq!(parse_float(102_379.8).unwrap().to_string(), "102379.8");
        assert_eq!(parse_float(1.254e-5).unwrap().to_string(), "0.00001254");
    }
}
