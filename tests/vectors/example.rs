//! One printed example: its inputs in the engine's types, and its result with its tolerance.

use deleverage::engine::{Leg, Position};
use deleverage::money::{Cash, PriceScale, Quantity, Rate, decimal};
use deleverage::scenario::Side;
use deleverage::venue::{Contract, Tiers};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

pub struct Example<'a> {
    pub file: &'a Value,
    pub row: &'a Value,
}

/// Exact as far as 28 digits go: some margins are printed with forty.
pub fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text.get(..28).unwrap_or(text)).unwrap()
}

pub fn one() -> Rate {
    Rate::from_steps(Rate::ONE)
}

impl Example<'_> {
    pub fn text(&self, key: &str) -> &str {
        self.row[key].as_str().unwrap()
    }

    pub fn input(&self, key: &str) -> &str {
        self.given(key).unwrap_or_else(|| panic!("{}: no {key}", self.text("id")))
    }

    pub fn given(&self, key: &str) -> Option<&str> {
        self.row["inputs"][key].as_str()
    }

    pub fn number(&self, key: &str) -> Decimal {
        number(self.input(key))
    }

    /// Zero where the example leaves it out.
    pub fn number_or_zero(&self, key: &str) -> Decimal {
        self.given(key).map_or(Decimal::ZERO, number)
    }

    /// To eight decimals.
    pub fn cash(&self, key: &str) -> Cash {
        cash(self.number(key))
    }

    pub fn quantity(&self, key: &str) -> Quantity {
        Quantity::parse(self.input(key)).unwrap()
    }

    pub fn rate(&self, key: &str) -> Rate {
        Rate::parse(self.input(key)).unwrap()
    }

    pub fn side(&self) -> Side {
        if self.text("side") == "short" { Side::Short } else { Side::Long }
    }

    pub fn leg(&self, quantity: Decimal, entry: Decimal) -> Leg {
        let contract = match self.text("contract") {
            "inverse" => Contract::Inverse,
            _ => Contract::Linear,
        };
        Leg { side: self.side(), contract, entry, quantity: quantity.abs() }
    }

    /// The grid that holds the printed result.
    pub fn scale(&self) -> PriceScale {
        let decimals = self.text("expected").split_once('.').map_or(0, |(_, digits)| digits.len());
        PriceScale::holding((decimals as u32).min(PriceScale::FINEST.decimals())).unwrap()
    }

    /// The same leg for the integer law.
    pub fn position(&self, leg: &Leg, margin: Decimal) -> Position {
        let quantity = Quantity::parse(&leg.quantity.to_string()).unwrap();
        let entry = self.scale().of(leg.entry).unwrap();
        Position { side: leg.side, quantity, entry, margin: cash(margin) }
    }

    /// What is wrong with a result; `None` if it is the printed one within its tolerance.
    pub fn objection(&self, got: &Value) -> Option<String> {
        let expected = &self.row["expected"];
        let same = self.same(got, expected);
        (!same).then(|| format!("{}: {got} is not {expected}", self.text("id")))
    }

    fn same(&self, got: &Value, expected: &Value) -> bool {
        match (got, expected) {
            (Value::Array(got), Value::Array(expected)) => {
                got.len() == expected.len()
                    && got.iter().zip(expected).all(|(got, expected)| self.same(got, expected))
            }
            (Value::Object(got), Value::Object(expected)) => {
                got.len() == expected.len()
                    && expected.iter().all(|(key, expected)| {
                        got.get(key).is_some_and(|got| self.same(got, expected))
                    })
            }
            (Value::String(got), Value::String(expected)) => {
                self.near(number(got), number(expected))
            }
            _ => got == expected,
        }
    }

    fn near(&self, got: Decimal, expected: Decimal) -> bool {
        let allowed = |kind: &str| {
            let text = self.row["tolerance"][kind].as_str()?;
            Some(decimal::parse(text).unwrap())
        };
        let bound = match (allowed("abs"), allowed("rel")) {
            (Some(bound), None) => bound,
            (None, Some(share)) => share * expected.abs(),
            _ => panic!("{}: no tolerance", self.text("id")),
        };
        (got - expected).abs() <= bound
    }
}

/// The nearest atom.
pub fn cash(exact: Decimal) -> Cash {
    let near = exact.round_dp_with_strategy(8, RoundingStrategy::MidpointNearestEven);
    Cash::parse(&near.to_string()).unwrap()
}

/// One rate for every notional.
pub fn flat(maintenance: Rate, deduction: Cash) -> Tiers {
    Tiers::flat(maintenance, one(), deduction)
}

/// A number as the results are compared.
pub fn printed(number: impl ToString) -> Value {
    Value::String(number.to_string())
}
