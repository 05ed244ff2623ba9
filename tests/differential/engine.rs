//! The same case through the product, its answers as exact numbers.

use super::case::{Case, Other};
use super::reference::{Death, Ending, Exact, GRID, RATE, Step, price};
use deleverage::engine::{
    Conditions, Exposure, Holding, Law, Liquidation, Market, Outcome, Position, cross_margin,
    simulate,
};
use deleverage::history::History;
use deleverage::money::Cash;
use deleverage::passage::{Index, Passage};
use deleverage::scenario::Side;

/// Another position, without a margin.
pub fn bare(other: &Other) -> Position {
    let Other { side, size, entry, .. } = *other;
    Position { side, quantity: size, entry, margin: Cash::ZERO }
}

/// The position of a case, opened alone.
pub fn alone(case: &Case) -> Position {
    let law = Law::of(&case.rules, case.history.scale);
    law.open(case.side, case.notional, case.entry(), case.leverage).unwrap()
}

/// What its account leaves of it, with what the account has for it.
pub fn position(case: &Case) -> Position {
    let law = Law::of(&case.rules, case.history.scale);
    let alone = alone(case);
    let Some(shared) = &case.shared else { return alone };
    let (mut rest, mut wallet) = (alone, shared.wallet);
    if let Some(hedge) = shared.hedge.as_ref().map(bare) {
        let (long, short) = match case.side {
            Side::Long => (alone, hedge),
            Side::Short => (hedge, alone),
        };
        let netted = law.net(&long, &short);
        (rest, wallet) = (netted.rest.unwrap(), wallet + netted.locked);
    }
    let holding = |other: &Other| Holding { law, position: bare(other), mark: other.mark };
    let others: Vec<Holding> = shared.others.iter().map(holding).collect();
    Position { margin: cross_margin(wallet, &others), ..rest }
}

/// Whether the product takes the case at all: MRG-012.
pub fn holds(case: &Case) -> bool {
    let law = Law::of(&case.rules, case.history.scale);
    let History { trade, mark, .. } = &case.history;
    let lowest = trade.low.iter().chain(&mark.low).min().unwrap();
    let highest = trade.high.iter().chain(&mark.high).max().unwrap();
    let alone = law.open(case.side, case.notional, case.entry(), case.leverage);
    alone.is_some_and(|alone| law.holds(&alone, *lowest, *highest))
}

pub fn simulated(case: &Case) -> Ending {
    ending(&outcome(case), case.first)
}

pub fn outcome(case: &Case) -> Outcome {
    play(case, &position(case))
}

/// The history of a case under its law.
pub fn market<'a>(case: &'a Case, conditions: &'a Conditions, passage: Passage<'a>) -> Market<'a> {
    let (history, law) = (&case.history, Law::of(&case.rules, case.history.scale));
    let Conditions { funding, raised } = conditions;
    Market { history, funding, law, raised: raised.as_ref(), path: case.path, passage }
}

/// Another position in the market of a case.
pub fn play(case: &Case, position: &Position) -> Outcome {
    let conditions = Conditions::under(&case.rules, &case.history);
    let index = Index::of(&case.history.mark);
    let exposure = Exposure { first: case.first, bars: case.bars };
    let [scanned, indexed] =
        [Passage::Scan(&case.history.mark), Passage::Index(&index)].map(|passage| {
            let market = market(case, &conditions, passage);
            simulate(&market, &case.rules, &case.slippage, position, exposure)
        });
    assert_eq!(scanned, indexed, "by a walk and by the index");
    indexed
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
