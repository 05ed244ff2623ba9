//! The same case through the product, its answers as exact numbers.

use super::case::Case;
use super::market;
use super::reference::{Death, Ending, Exact, GRID, RATE, Step, price};
use deleverage::engine::{Exposure, FundingBook, Liquidation, Outcome, Position, simulate};
use deleverage::money::Cash;

pub fn simulated(case: &Case) -> Ending {
    let funding = FundingBook::of(&case.history);
    let market = market::market(&case.history, &funding, &case.rules, case.path);
    let scale = case.history.scale;
    let position =
        Position::open(case.side, case.notional, case.entry(), case.leverage, scale).unwrap();
    let exposure = Exposure { first: case.first, bars: case.bars };
    let outcome = simulate(&market, &case.rules, &case.slippage, &position, exposure);
    ending(&outcome, case.first)
}

fn cash(cash: Cash) -> Exact {
    Exact::new(cash.atoms().into(), GRID)
}

fn ending(outcome: &Outcome, first: usize) -> Ending {
    Ending {
        liquidation_price: outcome.liquidation_price.map(price),
        bankruptcy_price: outcome.bankruptcy_price.map(price),
        death: outcome.liquidation.as_ref().map(|end| death(end, first)),
        funding: cash(outcome.funding),
        fees: cash(outcome.fees),
        mae: Exact::new(outcome.mae.steps().into(), RATE),
    }
}

fn death(end: &Liquidation, first: usize) -> Death {
    assert_eq!(end.first_bar, end.trigger.bar - first + 1, "TIM-009");
    let total = end.settlement;
    Death {
        bar: end.trigger.bar,
        mark: price(end.trigger.mark),
        last: price(end.trigger.last),
        cause: end.cause,
        last_bar: end.last_bar.map(|bar| bar + first - 1),
        steps: end.steps,
        total: Step {
            size: Exact::new(end.closed.lots().into(), GRID),
            fill: price(total.fill),
            slippage: cash(total.slippage),
            fee: cash(total.fee),
            kept: cash(total.kept),
            returned: cash(total.returned),
            deficit: cash(total.deficit),
        },
    }
}
