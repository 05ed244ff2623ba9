//! Insurance funds, auto-deleveraging, socialised losses, and what a trader can do before.

use super::example::{Example, cash, number, printed};
use deleverage::engine::{Cover, Leg, buffer_stop};
use deleverage::money::{Cash, Quantity, Rate};
use deleverage::scenario::Side;
use deleverage::venue::{AdlRank, AdlStart};
use deleverage::waterfall::{
    Adl, Candidate, Disposal, Pool, Standing, SymbolProfit, clawback, credit, deleverage, fifths,
    per_unit, score, surplus,
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

pub fn answer(example: &Example) -> Option<Value> {
    let number = |key: &str| example.number(key);
    let at = |quantity: &str, entry: &str| example.leg(number(quantity), number(entry));
    Some(match (example.text("quantity"), example.text("formula")) {
        ("adl_score", formula) => printed(scored(example, formula)?),
        ("adl_fill", _) => filled(example),
        ("adl_percentile", _) => in_fifths(example),
        ("adl_pnl_ratio", _) => pool(example),
        ("adl_pool_zero", _) => json!({ "adl": runs(Adl::Idle, &empty(example)) }),
        ("socialized_loss_share", _) => clawed_back(example),
        ("social_loss_per_base", _) => {
            let [longs, shorts] = ["long", "short"].map(|key| example.quantity(key));
            printed(per_unit(example.cash("loss"), longs, shorts).unwrap())
        }
        ("insurance_delta_sign", "fill-BP") => {
            let unit = example.leg(Decimal::ONE, number("BP"));
            printed(surplus(unit, number("BP"), number("fill")).unwrap())
        }
        ("insurance_delta", "(fill-BP)*size") => {
            let leg = at("size", "EP");
            let away = leg.sign() * number("M") / leg.quantity;
            printed(surplus(leg, leg.entry - away, number("fill")).unwrap())
        }
        ("insurance_delta", "dydx_if_delta") => {
            let beyond = number("quote") - number("bankruptcy_quote");
            printed(credit(beyond, number("quote"), example.rate("max_fee")).unwrap())
        }
        ("insurance_payoff_btc", _) => {
            let cover = Cover { insured: at("Q", "insured"), liquidation: None };
            printed(cover.payoff(number("settle")).unwrap())
        }
        ("liquidation_buffer_stop", _) => {
            printed(buffer_stop(number("EP"), number("LP"), number("buffer")).unwrap())
        }
        ("backstop_disposal_schedule", _) => disposed(example),
        _ => return None,
    })
}

fn scored(example: &Example, formula: &str) -> Option<Decimal> {
    let number = |key: &str| example.number(key);
    if formula == "adl_binance" {
        let (profit, wallet) = (number("uPnL"), number("WB"));
        let equity = wallet + profit;
        let maintenance = number("margin_ratio") * equity;
        let any = Decimal::ONE;
        let standing = Standing {
            profit,
            entry_value: any,
            value: any,
            margin: any,
            wallet,
            equity,
            maintenance,
        };
        return score(AdlRank::ProfitMarginRatio, &standing);
    }
    if formula.starts_with("PnL%=") {
        let leg = example.leg(number("size"), number("EP"));
        return score(AdlRank::ProfitLeverage, &standing(leg, number("mark"), number("margin")));
    }
    (formula == "(mark/entry)*(notional/account_value)").then(|| {
        let leg = example.leg(number("notional") / number("mark"), number("EP"));
        let profit = leg.profit(number("mark")).unwrap();
        let wallet = number("account_value") - profit;
        score(AdlRank::GainExposure, &standing(leg, number("mark"), wallet)).unwrap()
    })
}

fn standing(leg: Leg, mark: Decimal, wallet: Decimal) -> Standing {
    let profit = leg.profit(mark).unwrap();
    Standing {
        profit,
        entry_value: leg.entry_value().unwrap(),
        value: leg.value(mark).unwrap(),
        margin: wallet,
        wallet,
        equity: wallet + profit,
        maintenance: Decimal::ONE,
    }
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

fn units(units: i64) -> Quantity {
    Quantity::parse(&units.to_string()).unwrap()
}

/// All on the winning side, all solvent.
fn candidates(example: &Example) -> Vec<Candidate> {
    let row = |row: &Value| Candidate {
        account: whole(&row["acct"]) as u64,
        side: Side::Long,
        quantity: units(whole(&row["qty"])),
        score: Some(Decimal::from(whole(&row["score"]))),
        equity: Cash::ZERO,
    };
    example.row["inputs"]["accounts"].as_array().unwrap().iter().map(row).collect()
}

fn filled(example: &Example) -> Value {
    assert_eq!(example.input("liquidated_side"), "short");
    let asked = example.quantity("qty");
    let done = deleverage(Side::Short, asked, &candidates(example));
    assert_eq!(done.left, Quantity::ZERO);
    let closed = done.closed.iter();
    let closed = closed.map(|closed| (closed.account.to_string(), printed(closed.quantity)));
    Value::Object(closed.collect::<Map<_, _>>())
}

fn in_fifths(example: &Example) -> Value {
    let fifths = fifths(Side::Long, &candidates(example)).into_iter();
    let percent =
        fifths.map(|(account, fifth)| (account.to_string(), json!(i64::from(fifth) * 20)));
    Value::Object(percent.collect::<Map<_, _>>())
}

fn runs(before: Adl, pool: &Pool) -> bool {
    let [start, stop] = ["30%", "25%"].map(|share| Rate::parse(share).unwrap());
    before.next(AdlStart::SymbolDrawdown { start, stop }, pool) == Adl::Running
}

fn pool(example: &Example) -> Value {
    let shares = ["trigger", "stop"].map(|key| -example.rate(key).to_decimal());
    assert_eq!(shares, [number("0.3"), number("0.25")]);
    let now = example.cash("symbol_pnl");
    let symbol = SymbolProfit { now, peak: example.cash("symbol_8h_max_pnl") };
    let peak = example.cash("pool_8h_max_balance");
    let pool = Pool { balance: peak, peak, symbol, due: Cash::ZERO };
    let mut found = json!({
        "pnlRatio": pool.symbol_ratio().unwrap().to_string(),
        "adl": runs(Adl::Idle, &pool),
    });
    if !example.row["expected"]["adl_covers"].is_null() {
        let beyond = pool.beyond(Rate::parse("30%").unwrap());
        found["adl_covers"] = printed(beyond);
    }
    found
}

fn empty(example: &Example) -> Pool {
    let symbol = SymbolProfit { now: Cash::ZERO, peak: Cash::ZERO };
    let peak = cash(Decimal::ONE_HUNDRED);
    Pool { balance: example.cash("balance"), peak, symbol, due: Cash::ZERO }
}

fn clawed_back(example: &Example) -> Value {
    let all = example.cash("total_profit");
    let own = example.cash("profit");
    let shares = clawback(example.cash("loss"), example.cash("fund"), &[own, all - own]);
    printed(shares.unwrap().taken[0])
}

fn disposed(example: &Example) -> Value {
    let disposal = Disposal {
        share: example.rate("disposal_fraction"),
        all_up_to: example.quantity("full_disposal_size"),
        of_book: example.rate("max_fraction"),
    };
    let mut held = example.quantity("position");
    let mut orders = Vec::new();
    while held > Quantity::ZERO {
        let order = disposal.order(held, example.quantity("book_side"));
        held = Quantity::from_lots(held.lots() - order.lots());
        orders.push(printed(order));
    }
    Value::Array(orders)
}
