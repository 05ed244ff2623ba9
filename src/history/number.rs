//! Cells of a text table as exact numbers.

use crate::money::decimal::{self, BadNumber};

/// Digits and decimals of a decimal text: `121332.96000000` is `(12133296, 2)`.
#[inline]
pub fn parse(cell: &[u8]) -> Result<(i64, u32), BadNumber> {
    plain(cell).map_or_else(|| thorough(cell), Ok)
}

/// Up to 18 digits with at most one point: what nearly every cell holds.
#[inline]
fn plain(cell: &[u8]) -> Option<(i64, u32)> {
    let (sign, text) = match cell {
        [b'-', text @ ..] => (-1, text),
        text => (1, text),
    };
    let (whole, fraction) = match text.iter().position(|&byte| byte == b'.') {
        Some(point) => (&text[..point], without_zeros(&text[point + 1..])),
        None => (text, &[][..]),
    };
    if whole.is_empty() || text.last() == Some(&b'.') || whole.len() + fraction.len() > 18 {
        return None;
    }
    let digits = append(append(0, whole)?, fraction)?;
    Some((sign * digits, fraction.len() as u32))
}

#[inline]
fn append(digits: i64, text: &[u8]) -> Option<i64> {
    text.iter().try_fold(digits, |digits, &byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| digits * 10 + i64::from(digit))
    })
}

#[inline]
fn without_zeros(mut fraction: &[u8]) -> &[u8] {
    while let [rest @ .., b'0'] = fraction {
        fraction = rest;
    }
    fraction
}

fn thorough(cell: &[u8]) -> Result<(i64, u32), BadNumber> {
    let text = std::str::from_utf8(cell).map_err(|_| BadNumber::NotANumber)?;
    let value = decimal::parse(text)?;
    let digits = i64::try_from(value.mantissa()).map_err(|_| BadNumber::TooLarge)?;
    Ok((digits, value.scale()))
}

/// `open is empty`, `high has more decimals than fit (at most 14)`.
pub fn complaint(column: &str, bad: BadNumber) -> String {
    let verb = if matches!(bad, BadNumber::TooFine(_)) { "has" } else { "is" };
    format!("{column} {verb} {bad}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_spellings() {
        assert_eq!(parse(b"121332.96000000"), Ok((12_133_296, 2)));
        assert_eq!(parse(b"0.0000111300"), Ok((1_113, 8)));
        assert_eq!(parse(b"100"), Ok((100, 0)));
        assert_eq!(parse(b"-0.00010"), Ok((-1, 4)));
        assert_eq!(parse(b" 6.3989e-04 "), Ok((63_989, 8)));
        for bad in [&b""[..], b".", b"-", b"1.2.3", b"1,5", b"NaN", b"\xff", b"--1", b"0x1"] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_thorough_reading(text in "-?[0-9]{1,10}(\\.[0-9]{1,8})?") {
            let (digits, decimals) = parse(text.as_bytes()).unwrap();
            prop_assert_eq!(decimal::from_scaled(digits, decimals), decimal::parse(&text).unwrap());
        }
    }
}
