//! Other positions of a wallet, as they are typed.

use super::parse::{above_zero, fraction};
use crate::money::Rate;
use crate::scenario::Side;
use clap::ValueEnum;
use rust_decimal::Decimal;
use std::str::FromStr;

/// How `--other` is written.
pub(super) const FORM: &str = "SYMBOL:SIDE:QUANTITY:ENTRY:MARK[:MAINTENANCE]";

/// A position beside the one that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    pub symbol: String,
    pub side: Side,
    pub quantity: Decimal,
    pub entry: Decimal,
    pub mark: Decimal,
    /// In place of the venue's tiers.
    pub maintenance: Option<Rate>,
}

impl FromStr for Other {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split(':').collect();
        let (five, maintenance) = match parts[..] {
            [symbol, side, quantity, entry, mark] => ([symbol, side, quantity, entry, mark], None),
            [symbol, side, quantity, entry, mark, maintenance] => {
                ([symbol, side, quantity, entry, mark], Some(maintenance))
            }
            _ => return Err(format!("{} parts; accepted: {EXAMPLE}", parts.len())),
        };
        let [symbol, side, quantity, entry, mark] = five;
        if symbol.is_empty() {
            return Err(format!("the symbol is empty; accepted: {EXAMPLE}"));
        }
        Ok(Self {
            symbol: symbol.to_owned(),
            side: part("side", side, |text| Side::from_str(text, true).map_err(|_| SIDES.into()))?,
            quantity: part("quantity", quantity, above_zero)?,
            entry: part("entry", entry, above_zero)?,
            mark: part("mark", mark, above_zero)?,
            maintenance: maintenance
                .map(|text| part("maintenance rate", text, fraction))
                .transpose()?,
        })
    }
}

const SIDES: &str = "not a side; accepted: long, short";
const EXAMPLE: &str = "SYMBOL:SIDE:QUANTITY:ENTRY:MARK or one more part, the maintenance rate, as \
                       in ETHUSDT:short:2:2500:2450 or ETHUSDT:short:2:2500:2450:0.5%";

fn part<T>(name: &str, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
    read(text).map_err(|why| format!("the {name} `{text}`: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_parts_or_six() {
        let read = |text: &str| text.parse::<Other>();
        let plain = read("ETHUSDT:short:2:2500:2450").unwrap();
        assert_eq!((plain.symbol.as_str(), plain.side), ("ETHUSDT", Side::Short));
        assert_eq!((plain.quantity, plain.mark), (Decimal::TWO, Decimal::new(2450, 0)));
        let rated = read("ETHUSDT:short:2:2500:2450:0.5%").unwrap();
        assert_eq!(rated.maintenance, Rate::parse("0.005").ok());
        assert_eq!(Other { maintenance: None, ..rated }, plain);
    }

    #[test]
    fn says_which_part_is_wrong() {
        let bad = [
            ("ETHUSDT", "1 parts"),
            ("ETHUSDT:short:2:2500:2450:1%:x", "7 parts"),
            (":short:2:2500:2450", "symbol is empty"),
            ("ETHUSDT:flat:2:2500:2450", "side `flat`: not a side; accepted: long, short"),
            ("ETHUSDT:short:two:2500:2450", "quantity `two`"),
            ("ETHUSDT:short:2:0:2450", "entry `0`: must be above 0"),
            ("ETHUSDT:short:2:2500:", "mark ``: empty"),
            ("ETHUSDT:short:2:2500:2450:100%", "maintenance rate `100%`: must be at least 0"),
        ];
        for (text, expected) in bad {
            let told = text.parse::<Other>().unwrap_err();
            assert!(told.contains(expected), "{text}: {told}");
        }
    }
}
