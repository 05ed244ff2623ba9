//! Tiers, margins, notional and profit.

use super::example::{Example, flat, one, printed};
use deleverage::engine::{
    FundingPerUnit, Law, Leg, Position, Requirement, Terms, Valuation, reduce,
};
use deleverage::money::{Cash, Leverage, PriceScale, Rate, Round};
use deleverage::venue::{Edge, Lookup, ResolveRequest, Tier, Tiers, resolve};
use jiff::civil::date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

pub fn answer(example: &Example) -> Option<Vec<Value>> {
    let one = match (example.text("quantity"), example.text("formula")) {
        ("pnl" | "pnl_btc", _) => return Some(profit(example)),
        ("notional", "margin*lev") => notional(example),
        ("initial_margin", "EP*size/lev") => printed(opened(example)),
        ("maintenance_amount" | "maintenance_deduction", "tier_cum") => deduction(example),
        ("maintenance_tier", _) => tier(example),
        ("maintenance_margin", "tier_mm") => {
            let tiers = flat(example.rate("MMR"), example.cash("cum"));
            printed(tiers.maintenance(example.cash("notional"), Round::Ceil))
        }
        ("initial_margin" | "maintenance_margin", "(base+slope*size)*size*price") => {
            printed(linear_in_size(example))
        }
        ("is_liquidatable", formula) if formula.starts_with("collateral_value+pnl") => {
            json!(index_token(example))
        }
        ("partial_liquidation_size", "position - tier1_max") => to_first_tier(example),
        ("base_to_liquidate", _) => restored(example),
        _ => return None,
    };
    Some(vec![one])
}

fn profit(example: &Example) -> Vec<Value> {
    let size = ["size_units", "Q", "size"].into_iter().find(|key| example.given(key).is_some());
    let leg = example.leg(example.number(size.unwrap()), example.number("EP"));
    let mut all = vec![printed(leg.profit(example.number("XP")).unwrap())];
    if example.text("contract") == "linear" {
        let tiers = flat(one(), Cash::ZERO);
        let law = Law::linear(&tiers, Edge::AtOrBelow, example.scale());
        let position = example.position(&leg, Decimal::ZERO);
        let exit = law.scale.of(example.number("XP")).unwrap();
        all.push(printed(law.cash_floor(law.equity(&position, FundingPerUnit::NONE, exit))));
    }
    all
}

/// The notional whose margin is the printed one.
fn notional(example: &Example) -> Value {
    let asked = Cash::parse(example.text("expected")).unwrap();
    let entry = PriceScale::USUAL.parse("60000").unwrap();
    let leverage = Leverage::parse(example.input("lev")).unwrap();
    let position = Position::open(example.side(), asked, entry, leverage, PriceScale::USUAL);
    let needs = position.unwrap().margin;
    if needs == example.cash("margin") { printed(asked) } else { printed(needs) }
}

fn opened(example: &Example) -> Cash {
    let (size, entry) = (example.number("size"), example.number("EP"));
    let value = example.leg(size, entry).entry_value().unwrap();
    let leverage = Leverage::parse(example.input("lev")).unwrap();
    let entry = PriceScale::USUAL.of(entry).unwrap();
    let notional = super::example::cash(value);
    Position::open(example.side(), notional, entry, leverage, PriceScale::USUAL).unwrap().margin
}

/// Rows of (largest notional, rate, leverage, deduction) as a venue file has them: tiers that
/// start where one ends. Reading them recomputes every deduction and compares it with the row's.
fn resolved(rows: &[Value]) -> Tiers {
    let mut floor = "0";
    let mut tiers = Vec::new();
    for row in rows {
        let [maintenance, deduction] = ["mmr", "cum"].map(|key| row[key].as_str().unwrap());
        tiers.push(format!(
            "{{ floor = \"{floor}\", max_leverage = \"{}\", maintenance = \"{maintenance}\", \
             deduction = \"{deduction}\" }}",
            row["max_lev"]
        ));
        floor = row["cap"].as_str().unwrap();
    }
    let text = format!("margin.BTCUSDT = {{ cap = \"{floor}\", tiers = [{}] }}", tiers.join(","));
    let (name, symbol, as_of) = ("binance-usdm", "BTCUSDT", date(2024, 8, 1));
    let overrides = &text.parse().unwrap();
    resolve(&ResolveRequest { name, symbol, as_of, overrides, folder: None }).unwrap().tiers
}

fn table(example: &Example, name: &str) -> Tiers {
    resolved(example.file["tier_tables"][name]["rows"].as_array().unwrap())
}

fn tier(example: &Example) -> Value {
    let tiers = table(example, example.input("table"));
    let tier = tiers.steps[tiers.index_of(example.cash("notional"))];
    json!({ "MMR": tier.maintenance.to_string(), "cum": tier.deduction.to_string() })
}

/// The deduction of the tier that starts at the floor, in a table that holds the tier below it.
fn deduction(example: &Example) -> Value {
    let tiers = match example.text("venue") {
        "binance_coinm" => table(example, "BTCUSD COIN-M 2020-21"),
        _ => {
            let leverage = |rate: &str| Rate::ONE / (2 * example.rate(rate).steps());
            let row = |rate: &str, cap: &str, cum: &str| json!({ "cap": cap, "mmr": example.input(rate), "max_lev": leverage(rate), "cum": cum });
            let lower = row("MMR_prev", example.input("floor"), example.input("cum_prev"));
            resolved(&[lower, row("MMR", "90000000000", example.text("expected"))])
        }
    };
    let at = tiers.steps.iter().position(|tier| tier.floor == example.cash("floor")).unwrap();
    assert_eq!(tiers.steps[at].maintenance, example.rate("MMR"));
    assert_eq!(tiers.steps[at - 1].maintenance, example.rate("MMR_prev"));
    assert_eq!(tiers.steps[at - 1].deduction, example.cash("cum_prev"));
    printed(tiers.steps[at].deduction)
}

/// The base rate as the one that is asked for, maintenance.
fn linear_in_size(example: &Example) -> Decimal {
    let tiers = Tiers {
        lookup: Lookup::LinearInSize,
        slope: example.rate("slope_per_coin"),
        ..flat(example.rate("base"), Cash::ZERO)
    };
    let leg = example.leg(example.number("size"), example.number("price"));
    let value = leg.entry_value().unwrap();
    let bracket = Requirement::by_value(&tiers).bracket(&leg, value).unwrap();
    bracket.maintenance_of(value).unwrap()
}

/// Collateral in the index token falls with the price; what must be kept is a share of the value
/// at entry.
fn index_token(example: &Example) -> bool {
    let [entry, price] = ["open", "price"].map(|key| example.number(key));
    let leg = example.leg(example.number("size_usd") / entry, entry);
    let margin = example.number("collateral_token") * price;
    let tiers = flat(Rate::parse("1%").unwrap(), Cash::ZERO);
    let requirement =
        Requirement { valuation: Valuation::AtEntry, ..Requirement::by_value(&tiers) };
    Terms { leg, margin, requirement, fee: None }.is_liquidatable(price).unwrap()
}

fn to_first_tier(example: &Example) -> Value {
    let tier = |floor: Cash| Tier { floor, ..flat(one(), Cash::ZERO).steps[0] };
    let tiers = Tiers {
        lookup: Lookup::WholeByContracts,
        steps: vec![tier(Cash::ZERO), tier(example.cash("tier1_max"))],
        ..flat(one(), Cash::ZERO)
    };
    printed(reduce::above(&tiers, example.cash("position"), 0))
}

fn restored(example: &Example) -> Value {
    let number = |key: &str| example.number(key);
    let rate = number("MR") - number("liq_fee") - number("if_fee");
    let price = number("price") * number("quote_price");
    printed(reduce::restore(number("shortage"), price, rate).unwrap())
}
