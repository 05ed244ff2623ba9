//! Rows of the insurance fund, socialised losses, inventory accounts and covers.

use super::super::market::{cash, rate};
use super::Case;
use super::case::{listed, or_none};
use deleverage::engine::{Cover, Perpetual, Subaccount, buffer_stop};
use deleverage::money::{Cash, Quantity};
use deleverage::waterfall::{Disposal, Shares, clawback, credit, per_unit, surplus};
use rust_decimal::Decimal;

/// Decimals of the quote asset's quantum.
const QUANTUM: u32 = 6;

/// `None`: not a result of these rules.
pub fn result(case: &Case, name: &str) -> Option<String> {
    let share = |column: &str| rate(case.text(column)).to_decimal();
    let number = |column: &str| case.number(column);
    let quantity = |column: &str| Quantity::parse(case.text(column)).unwrap();
    Some(match name {
        "surplus" => {
            let leg = case.leg(Decimal::ONE);
            or_none(surplus(leg, number("bankruptcy"), number("fill price")))
        }
        "credit" => or_none(credit(number("surplus of"), number("value"), rate(case.text("most")))),
        "order" => {
            let (share, of_book) = (rate(case.text("share")), rate(case.text("of book")));
            let disposal = Disposal { share, all_up_to: quantity("all up to"), of_book };
            disposal.order(quantity("held"), quantity("book")).to_string()
        }
        "clawed back" => listed(clawed_back(case).taken.iter().map(Cash::to_string)),
        "uncovered" => clawed_back(case).left.to_string(),
        "per unit" => {
            or_none(per_unit(cash(case.text("loss")), quantity("longs"), quantity("shorts")))
        }
        "equity of all" => or_none(account(case).equity()),
        "required" => or_none(account(case).requirement()),
        "bankruptcy quote" => {
            let account = account(case);
            or_none(account.bankruptcy_quote(&account.perpetuals[0], Decimal::ONE, QUANTUM))
        }
        "fillable" => {
            let account = account(case);
            let (adjustment, spread) = (rate(case.text("adjustment")), rate(case.text("spread")));
            or_none(account.fillable_price(&account.perpetuals[0], adjustment, spread))
        }
        "payoff" => {
            let liquidation = case.given("liquidation").map(|_| number("liquidation"));
            let cover = Cover { insured: case.leg(number("insured")), liquidation };
            or_none(cover.payoff(number("settle")))
        }
        "stop" => {
            let (entry, liquidation) = (number("entry price"), number("liquidation price of"));
            or_none(buffer_stop(entry, liquidation, share("share")))
        }
        _ => return None,
    })
}

fn clawed_back(case: &Case) -> Shares {
    let [loss, fund] = ["loss", "fund"].map(|column| cash(case.text(column)));
    clawback(loss, fund, &case.amounts("profits")).unwrap()
}

/// `size@price`, all at one maintenance rate.
fn account(case: &Case) -> Subaccount {
    let holding = |text: &str| {
        let (size, price) = text.split_once('@').unwrap();
        let [size, price] = [size, price].map(|text| text.parse().unwrap());
        Perpetual { size, price, maintenance: rate(case.text("m")) }
    };
    let perpetuals = case.text("holdings").split(' ').map(holding).collect();
    Subaccount { cash: case.number("cash"), perpetuals }
}
