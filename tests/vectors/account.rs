//! Accounts kept as cash and inventory, as dYdX prints them: bitcoin at 50,000, ether at 3,000.

use super::example::{Example, number, printed};
use deleverage::engine::{Perpetual, Subaccount};
use deleverage::money::Rate;
use deleverage::venue::Edge;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Decimals of a quote quantum.
const QUANTUM: u32 = 6;

pub fn answer(example: &Example) -> Option<Value> {
    Some(match example.text("formula") {
        "dydx_bp_quote" => quote(example),
        "dydx_fillable" => fillable(example),
        "TNC < TMMR (equality is safe)" => {
            json!(account(example).is_liquidatable(Edge::Below).unwrap())
        }
        _ => return None,
    })
}

fn holding(coin: &str, size: &Value, maintenance: Rate) -> Perpetual {
    let price = match coin {
        "BTC" => Decimal::from(50_000),
        "ETH" => Decimal::from(3_000),
        _ => panic!("no price of {coin}"),
    };
    Perpetual { size: number(size.as_str().unwrap()), price, maintenance }
}

fn held(example: &Example, coin: &str) -> Perpetual {
    holding(coin, &example.row["inputs"]["positions"][coin], example.rate("MMF"))
}

fn account(example: &Example) -> Subaccount {
    let positions = example.row["inputs"]["positions"].as_object().unwrap();
    let perpetuals = positions.keys().map(|coin| held(example, coin)).collect();
    Subaccount { cash: example.number("quote_balance"), perpetuals }
}

fn quote(example: &Example) -> Value {
    let closed = held(example, example.input("closing"));
    let part = -example.number("delta") / closed.size;
    printed(account(example).bankruptcy_quote(&closed, part, QUANTUM).unwrap())
}

fn fillable(example: &Example) -> Value {
    let account = account(example);
    assert_eq!(account.equity(), Some(example.number("TNC")));
    assert_eq!(account.requirement(), Some(example.number("TMMR")));
    let asked = example.number("P");
    let closed = account.perpetuals.iter().find(|holding| holding.price == asked).unwrap();
    let (adjustment, spread) = (example.rate("BA"), example.rate("SMMR"));
    printed(account.fillable_price(closed, adjustment, spread).unwrap())
}
