//! Funding rates, their caps and payments; the mark.

use super::example::{Example, printed};
use deleverage::engine::{fair_price, funding_rate};
use deleverage::money::Rate;
use deleverage::venue::FundingCap;
use rust_decimal::Decimal;
use serde_json::Value;

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn share(text: &str) -> Decimal {
    rate(text).to_decimal()
}

pub fn answer(example: &Example) -> Option<Value> {
    let number = |key: &str| example.number(key);
    let cap = |multiple: &str, initial: &str, maintenance: &str| {
        let cap = FundingCap::OfSpread(rate(multiple));
        funding_rate::cap(cap, example.rate(initial), example.rate(maintenance)).unwrap()
    };
    Some(match example.text("formula") {
        "P+clamp(0.01%-P,+-0.05%)" => {
            let bid = number("impact_bid");
            let premium = funding_rate::premium(bid, bid, number("spot")).unwrap();
            printed(funding_rate::clamped(premium, share("0.01%"), share("0.05%")))
        }
        "max(.025%,prem)+min(-.025%,prem)" => {
            printed(funding_rate::dead_band(number("premium"), share("0.025%")))
        }
        "(quote_rate-base_rate)/3" => {
            printed(funding_rate::interest(number("quote_rate"), number("base_rate"), 3).unwrap())
        }
        "75%*(IM-MM)" => printed(cap("75%", "IM", "MM")),
        "600%*(IMF-MMF)" => printed(cap("600%", "IMF", "MMF")),
        "500/IMF" => {
            let margin = Decimal::from(500);
            printed(funding_rate::impact_notional(margin, example.rate("IMF")).unwrap())
        }
        "Q/EP*rate" => {
            let leg = example.leg(number("Q"), number("mark"));
            printed(funding_rate::payment(&leg, number("rate"), number("mark")).unwrap())
        }
        "median(I*(1+F*t/8), I+MAbasis, contract)" => {
            let left = number("hours_to_funding") / Decimal::from(8);
            let index = number("index");
            let carried = fair_price::carried(index, number("last_funding"), left).unwrap();
            let averaged = index + number("ma_basis");
            printed(fair_price::median([carried, averaged, number("contract")]))
        }
        _ => return None,
    })
}
