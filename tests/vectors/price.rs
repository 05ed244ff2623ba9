//! Liquidation and bankruptcy prices, by the decimal law and, where it has the valuation, by
//! the integer law.

use super::example::{Example, flat, printed};
use deleverage::engine::{FundingPerUnit, Law, Leg, Requirement, Terms, Valuation};
use deleverage::money::{Cash, Rate};
use deleverage::venue::{Edge, Tiers};
use rust_decimal::Decimal;
use serde_json::Value;

/// What a formula of the file says, in the words of the law.
struct Stated {
    leg: Leg,
    margin: Decimal,
    tiers: Tiers,
    valuation: Valuation,
    /// Inside the trigger.
    closing_fee: Rate,
    /// Inside the bankruptcy price.
    fee: Option<Rate>,
}

/// Prices of one example; `None`: not a formula of this kind.
pub fn liquidation(example: &Example) -> Option<Vec<Value>> {
    let stated = liquidated(example)?;
    let decimal = stated.terms().quote().unwrap().liquidation_price.unwrap();
    let mut prices = vec![printed(decimal)];
    if stated.is_held_by_the_integer_law() {
        let law = stated.law(example);
        let position = example.position(&stated.leg, stated.margin);
        assert!(law.holds(&position, position.entry, position.entry));
        let price = law.liquidation_price(&position, FundingPerUnit::NONE).unwrap();
        prices.push(printed(law.scale.to_decimal(price)));
    }
    Some(prices)
}

pub fn bankruptcy(example: &Example) -> Option<Vec<Value>> {
    let stated = bankrupted(example)?;
    let quote = stated.terms().quote().unwrap();
    let decimal = match stated.fee {
        Some(_) => quote.bankruptcy_price_with_fee,
        None => quote.bankruptcy_price,
    };
    let mut prices = vec![printed(decimal.unwrap())];
    if stated.is_held_by_the_integer_law() && stated.fee.is_none() {
        let law = stated.law(example);
        let position = example.position(&stated.leg, stated.margin);
        let price = law.bankruptcy_price(&position, FundingPerUnit::NONE).unwrap();
        prices.push(printed(law.scale.to_decimal(price)));
    }
    Some(prices)
}

impl Stated {
    fn new(leg: Leg, margin: Decimal, maintenance: Rate, deduction: Cash) -> Self {
        let (valuation, closing_fee) = (Valuation::AtMark, Rate::ZERO);
        let tiers = flat(maintenance, deduction);
        Self { leg, margin, tiers, valuation, closing_fee, fee: None }
    }

    fn valued_at_entry(self) -> Self {
        Self { valuation: Valuation::AtEntry, ..self }
    }

    fn with_closing_fee(self, closing_fee: Rate) -> Self {
        Self { closing_fee, ..self }
    }

    fn terms(&self) -> Terms<'_> {
        let closing_fee = self.closing_fee.to_decimal();
        let by_value = Requirement::by_value(&self.tiers);
        let requirement = Requirement { closing_fee, valuation: self.valuation, ..by_value };
        let fee = self.fee.map(Rate::to_decimal);
        Terms { leg: self.leg, margin: self.margin, requirement, fee }
    }

    /// It values maintenance at the mark, as every venue does today.
    fn is_held_by_the_integer_law(&self) -> bool {
        self.valuation == Valuation::AtMark
    }

    fn law(&self, example: &Example) -> Law<'_> {
        let linear = Law::linear(&self.tiers, Edge::AtOrBelow, example.scale());
        Law { contract: self.leg.contract, closing_fee: self.closing_fee, ..linear }
    }
}

fn liquidated(example: &Example) -> Option<Stated> {
    let number = |key: &str| example.number(key);
    let rate = |key: &str| example.rate(key);
    let leg = |size: &str| example.leg(number(size), number("EP"));
    Some(match example.text("formula") {
        "binance_usdm_lp" => {
            let others = example.number_or_zero("UPNL1") - example.number_or_zero("TMM1");
            Stated::new(leg("size"), number("WB") + others, rate("MMR"), example.cash("cum"))
        }
        "binance_coinm_lp" => Stated::new(leg("Q"), number("WB"), rate("MMR"), example.cash("cum")),
        "fee_mmr_linear_lp" => Stated::new(leg("size"), number("M"), rate("MMR"), Cash::ZERO)
            .with_closing_fee(rate("fee")),
        "okx_coin_lp" => Stated::new(leg("Q"), number("M"), rate("MMR"), Cash::ZERO)
            .with_closing_fee(rate("fee")),
        "kraken_inverse_lp" => Stated::new(leg("Q"), number("margin"), rate("mm"), Cash::ZERO),
        "bybit_linear_lp" => {
            let margin = levered(example, &leg("size")) + number("extra");
            Stated::new(leg("size"), margin, rate("MMR"), example.cash("ded")).valued_at_entry()
        }
        "bybit_inverse_uta_lp" => {
            let margin = levered(example, &leg("Q"));
            Stated::new(leg("Q"), margin, rate("MMR"), Cash::ZERO).valued_at_entry()
        }
        "bybit_inverse_classic_lp" => {
            let leg = leg("EP");
            Stated::new(leg, levered(example, &leg), rate("MMR"), Cash::ZERO).valued_at_entry()
        }
        "imr_mmr_lp" => {
            let leg = example.leg(Decimal::ONE, number("EP"));
            let margin = leg.entry * number("IMR");
            Stated::new(leg, margin, rate("MMR"), Cash::ZERO).valued_at_entry()
        }
        "hyperliquid_lp" => {
            let steps = Rate::ONE / (2 * example.input("maxlev").parse::<i64>().unwrap());
            let maintenance = Rate::from_steps(steps);
            Stated::new(leg("size"), number("collateral"), maintenance, Cash::ZERO)
        }
        "dydx_lp" => {
            let leg = example.leg(number("s"), number("p"));
            let margin = number("e") - example.number_or_zero("MMRo");
            Stated::new(leg, margin, rate("MMF"), Cash::ZERO)
        }
        _ => return None,
    })
}

fn bankrupted(example: &Example) -> Option<Stated> {
    let number = |key: &str| example.number(key);
    let of = |leg: Leg, margin: Decimal| Stated::new(leg, margin, Rate::ZERO, Cash::ZERO);
    let leg = |size: &str| example.leg(number(size), number("EP"));
    Some(match example.text("formula") {
        "linear_bp" => of(leg("size"), number("M")),
        "linear_bp_imr" => {
            let leg = example.leg(Decimal::ONE, number("EP"));
            of(leg, leg.entry * number("IMR"))
        }
        "linear_bp_wallet" => of(leg("size"), number("position_margin") + number("wallet")),
        "inverse_bp" => of(leg("Q"), number("M")),
        "inverse_bp_lev" => of(leg("EP"), levered(example, &leg("EP"))),
        "inverse_cross_bp" => {
            Stated { fee: Some(example.rate("fee")), ..of(leg("Q"), number("balance")) }
        }
        _ => return None,
    })
}

/// Value at entry over leverage.
fn levered(example: &Example, leg: &Leg) -> Decimal {
    leg.entry_value().unwrap() / example.number("lev")
}
