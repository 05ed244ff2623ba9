//! Numbers of a validation as people read them.

use rust_decimal::Decimal;

/// Rounded to what matters at its size, thousands apart: `-1,000,000`, `102.8`, `0.617`.
pub fn shown(value: Decimal) -> String {
    let size = value.abs();
    let decimals = match () {
        () if size >= Decimal::from(1_000) => 0,
        () if size >= Decimal::TEN => 1,
        () => 3,
    };
    let text = value.round_dp(decimals).normalize().to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    format!("{sign}{}{rest}", grouped(digits))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// From lowest to highest; an open end is told by its sign.
pub fn range(low: Option<Decimal>, high: Option<Decimal>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => match (shown(low), shown(high)) {
            (low, high) if low == high => low,
            (low, high) => format!("{low} … {high}"),
        },
        (Some(low), None) => format!("> {}", shown(low)),
        (None, Some(high)) => format!("< {}", shown(high)),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::decimal::parse;

    #[test]
    fn digits_follow_the_size() {
        for (value, text) in [
            ("-1000000", "-1,000,000"),
            ("34695.4", "34,695"),
            ("102.84", "102.8"),
            ("0.6174", "0.617"),
            ("-0.0001", "0"),
            ("999.96", "1,000"),
        ] {
            assert_eq!(shown(parse(value).unwrap()), text);
        }
    }

    #[test]
    fn open_ends_have_a_sign() {
        let one = Some(Decimal::ONE);
        assert_eq!([range(one, one), range(one, None), range(None, one)], ["1", "> 1", "< 1"]);
    }
}
