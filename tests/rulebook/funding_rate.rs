//! Rows of funding rates and marks.

use super::super::market::rate;
use super::Case;
use super::case::{NONE, or_none};
use deleverage::engine::{fair_price, funding_rate};
use deleverage::venue::FundingCap;
use rust_decimal::Decimal;

/// `None`: not a result of these rules.
pub fn result(case: &Case, name: &str) -> Option<String> {
    let share = |column: &str| rate(case.text(column)).to_decimal();
    let number = |column: &str| case.number(column);
    Some(match name {
        "premium" => or_none(funding_rate::premium(number("bid"), number("ask"), number("index"))),
        "clamped rate" => {
            let premium = share("premium of");
            funding_rate::clamped(premium, share("interest"), share("band")).to_string()
        }
        "banded rate" => funding_rate::dead_band(share("premium of"), share("band")).to_string(),
        "interest rate" => {
            let settlements = case.text("a day").parse().unwrap();
            or_none(funding_rate::interest(share("quote rate"), share("base rate"), settlements))
        }
        "impact notional" => {
            or_none(funding_rate::impact_notional(number("margin"), rate(case.text("initial"))))
        }
        "highest rate" => highest(case),
        "payment" => {
            or_none(funding_rate::payment(&case.leg(Decimal::ONE), share("rate"), number("price")))
        }
        "carried" => or_none(fair_price::carried(number("index"), share("rate"), number("left"))),
        "mark price" => {
            let three: Vec<Decimal> =
                case.text("three prices").split(' ').map(|text| text.parse().unwrap()).collect();
            fair_price::median(three.try_into().unwrap()).to_string()
        }
        _ => return None,
    })
}

fn highest(case: &Case) -> String {
    let words: Vec<&str> = case.text("funding cap").split(' ').collect();
    let cap = match words[..] {
        [NONE] => FundingCap::None,
        ["rate", highest] => FundingCap::Rate(rate(highest)),
        ["of-maintenance", multiple] => FundingCap::OfMaintenance(rate(multiple)),
        ["of-spread", multiple] => FundingCap::OfSpread(rate(multiple)),
        _ => panic!("no such cap: {words:?}"),
    };
    or_none(funding_rate::cap(cap, rate(case.text("initial")), rate(case.text("maintenance"))))
}
