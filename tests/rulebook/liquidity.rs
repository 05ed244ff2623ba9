//! Rows of the exchange's liquidity.

use super::super::market::{self, NO_FEES, cash, price, rate};
use super::Case;
use super::case::side;
use deleverage::engine::{Fill, ForcedOrder};
use deleverage::exchange::{Impact, Liquidity};
use deleverage::history::Interval;
use deleverage::money::{PriceScale, Quantity, Rate};
use deleverage::scenario::DepthCurve;
use deleverage::scenario::exchange::LiquidityChoice;
use deleverage::venue::Edge;
use rust_decimal::Decimal;

const LAST: &str = "100";

/// `None`: not a result of these rules.
pub fn result(case: &Case, name: &str) -> Option<String> {
    let (orders, choice) = (case.given("orders")?, choice(case));
    let mut book = Liquidity::start(&choice);
    let steps: Vec<_> = orders.split(", ").map(|words| step(&mut book, &choice, words)).collect();
    let fill = || steps.iter().flatten().last().copied().unwrap();
    Some(match name {
        "filled" => fill().quantity.to_string(),
        "cost in bp" => {
            let last = price(LAST).steps();
            in_bp((fill().price.steps() - last).abs(), last)
        }
        "moved, in bp" => in_bp(book.displacement().steps(), Rate::ONE),
        "within 1 %" => book.within_one_percent(&choice).to_string(),
        _ => return None,
    })
}

/// An order and its fill, or a sub-step.
fn step(book: &mut Liquidity, choice: &LiquidityChoice, words: &str) -> Option<Fill> {
    let words: Vec<&str> = words.split(' ').collect();
    if let Some(seconds) = words[0].strip_suffix('s') {
        let turbulence = words.get(1).map_or(1.0, |text| text.parse().unwrap());
        book.pass(choice, seconds.parse::<i64>().unwrap() * Interval::SECOND, turbulence);
        return None;
    }
    let (limit, impact) = match words[2..] {
        [] => (None, Impact::Leaves),
        ["to", limit] => (Some(price(limit)), Impact::Leaves),
        ["unseen"] => (None, Impact::LeavesNothing),
        _ => panic!("no such order: {words:?}"),
    };
    let quantity = Quantity::parse(words[1]).unwrap();
    let order = ForcedOrder { side: side(words[0]), quantity, base: price(LAST), limit };
    let rules = market::rules(market::tiers(&[]), Edge::AtOrBelow, NO_FEES);
    Some(book.fill(choice, &market::law(&rules, PriceScale::USUAL), order, impact))
}

/// `10000 0.75 1 10%`: depth within 1 %, exponent, multiplier, reach.
fn choice(case: &Case) -> LiquidityChoice {
    let words: Vec<&str> = case.text("book").split(' ').collect();
    let [depth, beta, multiplier, reach] = words[..] else { panic!("no such book: {words:?}") };
    let curve = DepthCurve {
        depth: cash(depth),
        beta: rate(beta),
        multiplier: rate(multiplier),
        reach: rate(reach),
    };
    let or = |column: &str, usual: &str| rate(case.given(column).unwrap_or(usual));
    LiquidityChoice {
        curve,
        volatility: or("a", "0"),
        displacement: or("b", "0"),
        permanent: or("γ", "0"),
        half_life: Interval::parse("1m").unwrap(),
        participation: or("participation", "1"),
    }
}

fn in_bp(part: i64, of: i64) -> String {
    (Decimal::from(part) * Decimal::from(10_000) / Decimal::from(of)).to_string()
}
