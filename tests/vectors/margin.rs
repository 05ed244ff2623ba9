//! Tiers, margins, notional and profit.

use super::example::{Example, flat, one, printed};
use deleverage::engine::{
    Extent, FundingPerUnit, Law, Position, Progress, Requirement, Stricken, Terms, Valuation,
    demand,
};
use deleverage::history::Interval;
use deleverage::money::{Cash, Leverage, Price, PriceScale, Rate, Round};
use deleverage::venue::{
    CloseOut, Edge, Fees, Lookup, Residual, ResolveRequest, Tiers, VenueRules, resolve,
};
use jiff::civil::{Date, date};
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
            return Some(linear_in_size(example));
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
    rules("binance-usdm", "BTCUSDT", (date(2024, 8, 1), &text)).tiers
}

fn rules(name: &str, symbol: &str, (as_of, overrides): (Date, &str)) -> VenueRules {
    let overrides = &overrides.parse().unwrap();
    resolve(&ResolveRequest { name, symbol, as_of, overrides, folder: None }).unwrap()
}

fn tier(example: &Example) -> Value {
    let rows = &example.file["tier_tables"][example.input("table")]["rows"];
    let tiers = resolved(rows.as_array().unwrap());
    let tier = tiers.steps[tiers.index_of(example.cash("notional"))];
    json!({ "MMR": tier.maintenance.to_string(), "cum": tier.deduction.to_string() })
}

/// The deduction of the shipped tier that starts at the floor.
fn deduction(example: &Example) -> Value {
    let rules = match example.text("venue") {
        "binance_coinm" => rules("binance-coinm", "BTCUSD_PERP", (date(2021, 5, 19), "")),
        "hyperliquid" => rules("hyperliquid", "BTC", (date(2025, 10, 10), "")),
        venue => panic!("no tiers of {venue}"),
    };
    let tiers = &rules.tiers.steps;
    let at = tiers.iter().position(|tier| tier.floor == example.cash("floor")).unwrap();
    assert_eq!(tiers[at].maintenance, example.rate("MMR"));
    assert_eq!(tiers[at - 1].maintenance, example.rate("MMR_prev"));
    assert_eq!(tiers[at - 1].deduction, example.cash("cum_prev"));
    printed(tiers[at].deduction)
}

/// The base rate as the one that is asked for, maintenance.
fn linear_in_size(example: &Example) -> Vec<Value> {
    let tiers = Tiers {
        lookup: Lookup::LinearInSize,
        slope: example.rate("slope_per_coin"),
        ..flat(example.rate("base"), Cash::ZERO)
    };
    let leg = example.leg(example.number("size"), example.number("price"));
    let due = Requirement::by_value(&tiers).due(&leg, leg.entry).unwrap();
    let law = Law::linear(&tiers, Edge::AtOrBelow, example.scale());
    let position = example.position(&leg, Decimal::ZERO);
    let exact = law.cash_floor(law.maintenance(&position, position.entry));
    vec![printed(due), printed(exact)]
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

/// A swap of 15,000 contracts under the shipped rules of 2019, at its liquidation price.
fn to_first_tier(example: &Example) -> Value {
    let rules = rules("okx", "BTC-USD-SWAP", (date(2020, 3, 12), ""));
    assert_eq!(rules.tiers.steps[1].floor, example.cash("tier1_max"));
    let face = rules.face.to_decimal();
    let leg = example.leg(example.number("position") * face, Decimal::from(8_000));
    let position = example.position(&leg, leg.entry_value().unwrap() / Decimal::TEN);
    let law = Law::of(&rules, example.scale());
    let mark = law.liquidation_price(&position, FundingPerUnit::NONE).unwrap();
    printed(closed(&law, &rules, &position, mark) / face)
}

/// What the procedure of a venue asks for, where it is a part.
fn closed(law: &Law, rules: &VenueRules, position: &Position, mark: Price) -> Decimal {
    assert!(law.is_liquidatable(position, FundingPerUnit::NONE, mark));
    let at = Stricken { position, paid: FundingPerUnit::NONE, mark };
    let progress = Progress { first_size: position.quantity, steps: 0 };
    match demand(law, rules, at, progress).extent {
        Extent::Part(part) => part.to_decimal(),
        extent => panic!("not a part: {extent:?}"),
    }
}

/// Ten units at the mark, short by what the example says.
fn restored(example: &Example) -> Value {
    let number = |key: &str| example.number(key);
    let entry = number("price") * number("quote_price");
    let leg = example.leg(Decimal::TEN, entry);
    let margin = leg.entry_value().unwrap() * number("MR") - number("shortage");
    let position = example.position(&leg, margin);
    let liquidation = Rate::parse(&(number("liq_fee") + number("if_fee")).to_string()).unwrap();
    let cooldown = Interval::parse("1m").unwrap();
    let rules = VenueRules {
        tiers: flat(example.rate("MR"), Cash::ZERO),
        fees: Fees { taker: Rate::ZERO, liquidation },
        residual: Residual::FeeThenReturn,
        close_out: CloseOut::Restore { buffer: Rate::ZERO, least: Rate::ZERO, cooldown },
        ..rules("binance-usdm", "BTCUSDT", (date(2024, 8, 1), ""))
    };
    let law = Law::of(&rules, example.scale());
    printed(closed(&law, &rules, &position, position.entry))
}
