//! Whether a result agrees with what is known.

use crate::money::decimal::{self, BadNumber};
use rust_decimal::Decimal;
use std::fmt;

/// What is known of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// From lowest to highest; equal where one number is known.
    Between(Decimal, Decimal),
    Above(Decimal),
    Below(Decimal),
}

/// How far beside the truth a result still agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// In the unit of the figure.
    Amount(Decimal),
    /// A part of the truth, of either end its own.
    Part(Decimal),
}

/// Where a result stands to the truth with its band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Inside,
    Higher,
    Lower,
}

impl Truth {
    /// Of one text, `"0.9"` or `"> 0.9"`, or of two from lowest to highest. `None`: more than two,
    /// or the first is the higher one.
    pub(super) fn read(texts: &[&str]) -> Result<Option<Self>, BadNumber> {
        match texts {
            [one] => Self::one(one).map(Some),
            [low, high] => {
                let (low, high) = (decimal::parse(low)?, decimal::parse(high)?);
                Ok((low <= high).then_some(Self::Between(low, high)))
            }
            _ => Ok(None),
        }
    }

    fn one(text: &str) -> Result<Self, BadNumber> {
        let text = text.trim();
        if let Some(end) = text.strip_prefix('>') {
            return decimal::parse(end).map(Self::Above);
        }
        if let Some(end) = text.strip_prefix('<') {
            return decimal::parse(end).map(Self::Below);
        }
        decimal::parse(text).map(|value| Self::Between(value, value))
    }

    /// Lowest and highest, where there are such ends.
    pub fn ends(&self) -> (Option<Decimal>, Option<Decimal>) {
        match *self {
            Self::Between(low, high) => (Some(low), Some(high)),
            Self::Above(low) => (Some(low), None),
            Self::Below(high) => (None, Some(high)),
        }
    }

    /// What agrees, from lowest to highest.
    pub fn agrees(&self, band: Band) -> (Option<Decimal>, Option<Decimal>) {
        let (low, high) = self.ends();
        (low.map(|end| end - band.beside(end)), high.map(|end| end + band.beside(end)))
    }

    /// Ends of a range agree with it; the end of `> 0.9` does not.
    pub fn judge(&self, band: Band, value: Decimal) -> Verdict {
        let (low, high) = self.agrees(band);
        let below = |end: Decimal| match self {
            Self::Above(_) => value <= end,
            _ => value < end,
        };
        let above = |end: Decimal| match self {
            Self::Below(_) => value >= end,
            _ => value > end,
        };
        match (low.is_some_and(below), high.is_some_and(above)) {
            (true, _) => Verdict::Lower,
            (_, true) => Verdict::Higher,
            _ => Verdict::Inside,
        }
    }
}

impl Band {
    fn beside(self, end: Decimal) -> Decimal {
        match self {
            Self::Amount(amount) => amount,
            Self::Part(part) => end.abs() * part,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inside => "inside",
            Self::Higher => "higher",
            Self::Lower => "lower",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        decimal::parse(text).unwrap()
    }

    fn judged(truth: &[&str], band: Band, value: &str) -> Verdict {
        Truth::read(truth).unwrap().unwrap().judge(band, number(value))
    }

    #[test]
    fn ends_of_a_range_agree_and_open_ends_do_not() {
        let none = Band::Amount(Decimal::ZERO);
        let range = ["0.5", "0.7"];
        for (value, verdict) in [
            ("0.4999", Verdict::Lower),
            ("0.5", Verdict::Inside),
            ("0.7", Verdict::Inside),
            ("0.7001", Verdict::Higher),
        ] {
            assert_eq!(judged(&range, none, value), verdict, "{value}");
        }
        assert_eq!(judged(&["> 0.9"], none, "0.9"), Verdict::Lower);
        assert_eq!(judged(&["> 0.9"], none, "0.91"), Verdict::Inside);
        assert_eq!(judged(&["<0"], none, "0"), Verdict::Higher);
    }

    #[test]
    fn a_band_lies_on_both_sides() {
        let gap = Band::Amount(number("50"));
        assert_eq!(judged(&["103"], gap, "53"), Verdict::Inside);
        assert_eq!(judged(&["103"], gap, "153.1"), Verdict::Higher);
        let half = Band::Part(number("0.5"));
        assert_eq!(judged(&["-2000000"], half, "-3000000"), Verdict::Inside);
        assert_eq!(judged(&["-2000000"], half, "-3000001"), Verdict::Lower);
    }

    #[test]
    fn a_range_goes_from_low_to_high() {
        assert_eq!(Truth::read(&["2", "1"]), Ok(None));
        assert_eq!(Truth::read(&["1", "2", "3"]), Ok(None));
        assert!(Truth::read(&["about 2"]).is_err());
    }
}
