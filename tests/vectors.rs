//! Numbers that others printed, through the engine.
//!
//! They lie in `worked_examples.json` of the shared folder.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod shared;

use deleverage::engine::{FundingPerUnit, Law, Position};
use deleverage::money::{Cash, Leverage, Price, PriceScale, Quantity, Rate, Round};
use deleverage::scenario::Side;
use deleverage::venue::{Edge, Lookup, Tier, Tiers};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

fn vectors() -> Option<Value> {
    let file = shared::folder()?.join("vectors/worked_examples.json");
    Some(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
}

/// One example of the file.
struct Example<'a>(&'a Value);

impl Example<'_> {
    fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap()
    }

    fn input(&self, key: &str) -> &str {
        self.0["inputs"][key].as_str().unwrap()
    }

    /// To eight decimals: some margins are printed with forty.
    fn cash(&self, key: &str) -> Cash {
        let digits = self.input(key);
        let digits = digits.get(..digits.len().min(28)).unwrap();
        let exact = Decimal::from_str_exact(digits).unwrap();
        let near = exact.round_dp_with_strategy(8, RoundingStrategy::MidpointNearestEven);
        Cash::parse(&near.to_string()).unwrap()
    }

    fn rate(&self, key: &str) -> Rate {
        Rate::parse(self.input(key)).unwrap()
    }

    fn side(&self) -> Side {
        if self.text("side") == "long" { Side::Long } else { Side::Short }
    }

    /// The grid that holds the printed result.
    fn scale(&self) -> PriceScale {
        let decimals = self.text("expected").split_once('.').map_or(0, |(_, digits)| digits.len());
        PriceScale::holding((decimals as u32).min(PriceScale::FINEST.decimals())).unwrap()
    }

    fn assert_near(&self, got: Decimal) {
        let expected = Decimal::from_str_exact(self.text("expected")).unwrap();
        let allowed = |kind: &str| {
            let text = self.0["tolerance"][kind].as_str()?;
            Some(deleverage::money::decimal::parse(text).unwrap())
        };
        let bound = match (allowed("abs"), allowed("rel")) {
            (Some(bound), None) => bound,
            (None, Some(share)) => share * expected.abs(),
            _ => panic!("{}: no tolerance", self.text("id")),
        };
        let off = (got - expected).abs();
        assert!(off <= bound, "{}: {got} is not {expected} ± {bound}", self.text("id"));
    }

    fn position(&self, margin: Cash) -> Position {
        let quantity = Quantity::parse(self.input("size")).unwrap();
        let entry = self.scale().parse(self.input("EP")).unwrap();
        Position { side: self.side(), quantity, entry, margin }
    }

    fn flat(&self) -> Tiers {
        Tiers::flat(self.rate("MMR"), rate_one(), self.cash("cum"))
    }
}

fn rate_one() -> Rate {
    Rate::from_steps(Rate::ONE)
}

fn law(tiers: &Tiers, scale: PriceScale) -> Law<'_> {
    Law::linear(tiers, Edge::AtOrBelow, scale)
}

fn liquidation_price(example: &Example, margin: Cash, paid: FundingPerUnit) -> Decimal {
    let (tiers, position) = (example.flat(), example.position(margin));
    let law = law(&tiers, example.scale());
    assert!(law.holds(&position, position.entry, position.entry));
    law.scale.to_decimal(law.liquidation_price(&position, paid).unwrap())
}

/// Rows of (largest notional, rate, leverage, deduction) as tiers that start where one ends.
fn tiers(rows: &Value) -> Tiers {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let mut floor = Cash::ZERO;
    let mut steps = Vec::new();
    for row in rows.as_array().unwrap() {
        let maintenance = Rate::parse(&text(row, "mmr")).unwrap();
        let deduction = Cash::parse(&text(row, "cum")).unwrap();
        steps.push(Tier { floor, initial: rate_one(), maintenance, deduction });
        floor = Cash::parse(&text(row, "cap")).unwrap();
    }
    Tiers { lookup: Lookup::Marginal, steps, cap: Some(floor), slope: Rate::ZERO }
}

fn check_tier(file: &Value, example: &Example) {
    let tiers = tiers(&file["tier_tables"][example.input("table")]["rows"]);
    let tier = tiers.steps[tiers.index_of(example.cash("notional"))];
    let expected = |key: &str| example.0["expected"][key].as_str().unwrap();
    assert_eq!(tier.maintenance, Rate::parse(expected("MMR")).unwrap());
    assert_eq!(tier.deduction, Cash::parse(expected("cum")).unwrap());
}

/// Whether the engine answers this kind of question.
fn check(file: &Value, example: &Example) -> bool {
    let wallet = |example: &Example| example.cash("WB");
    match (example.text("quantity"), example.text("mode")) {
        ("liquidation_price" | "liquidation_price_after_funding", "isolated") => {
            let none = FundingPerUnit::NONE;
            example.assert_near(liquidation_price(example, wallet(example), none));
        }
        ("maintenance_tier", _) => check_tier(file, example),
        ("maintenance_margin", _) => {
            let due = example.flat().maintenance(example.cash("notional"), Round::Ceil);
            example.assert_near(due.to_decimal());
        }
        _ => return false,
    }
    true
}

#[test]
fn isolated_positions_at_binance() {
    let Some(file) = vectors() else { return };
    let mut checked = 0;
    for example in file["examples"].as_array().unwrap() {
        let example = Example(example);
        if example.text("venue") == "binance_usdm" {
            checked += usize::from(check(&file, &example));
        }
    }
    println!("{checked} examples");
    assert!(checked >= 12, "{checked} examples");
}

/// The same wallet after a settlement, but with the settlement given to the engine.
#[test]
fn funding_paid_out_of_the_margin_moves_the_liquidation_price_as_printed() {
    let Some(file) = vectors() else { return };
    let all = file["examples"].as_array().unwrap();
    let mut after = all.iter().map(Example).filter(|example| {
        example.text("quantity") == "liquidation_price_after_funding"
            && example.text("venue") == "binance_usdm"
    });
    let example = after.next().unwrap();
    let entry = example.position(Cash::ZERO).entry;
    let paid = FundingPerUnit::settlement(Rate::parse("0.1%").unwrap(), entry);
    let size = Quantity::parse(example.input("size")).unwrap();
    assert_eq!(size.to_decimal(), Decimal::ONE);
    let settled = Cash::parse("60").unwrap();
    let margin = example.cash("WB") + settled;
    example.assert_near(liquidation_price(&example, margin, paid));
}

#[test]
fn the_arithmetic_of_the_first_example_of_all() {
    let Some(file) = vectors() else { return };
    let mut checked = 0;
    for example in file["examples"].as_array().unwrap().iter().map(Example) {
        match (example.text("venue"), example.text("quantity")) {
            ("apex_seed", "pnl") => example.assert_near(profit(&example)),
            ("apex_seed", "notional") => check_notional(&example),
            _ => continue,
        }
        checked += 1;
    }
    assert_eq!(checked, 2);
}

fn profit(example: &Example) -> Decimal {
    let price = |key: &str| -> Price { PriceScale::USUAL.parse(example.input(key)).unwrap() };
    let quantity = Quantity::parse(example.input("size_units")).unwrap();
    let position =
        Position { side: example.side(), quantity, entry: price("EP"), margin: Cash::ZERO };
    let flat = Tiers::flat(rate_one(), rate_one(), Cash::ZERO);
    let law = law(&flat, PriceScale::USUAL);
    law.cash_floor(law.equity(&position, FundingPerUnit::NONE, price("XP"))).to_decimal()
}

/// The margin that the printed notional needs is the printed margin.
fn check_notional(example: &Example) {
    let notional = Cash::parse(example.text("expected")).unwrap();
    let leverage = Leverage::parse(example.input("lev")).unwrap();
    let entry = PriceScale::USUAL.parse("60000").unwrap();
    let position = Position::open(example.side(), notional, entry, leverage, PriceScale::USUAL);
    assert_eq!(position.unwrap().margin, example.cash("margin"));
}
