//! The ends that random cases are meant to come to.

use super::case::Case;
use super::reference::{Death, Exact, price};
use deleverage::engine::Cause;
use deleverage::venue::Residual;

pub const NAMES: [&str; 12] = [
    "alive",
    "inside a bar",
    "by a jump",
    "by funding alone",
    "never",
    "below zero",
    "in several steps",
    "in steps of several bars",
    "a part lives on",
    "kept by the fund",
    "to the backstop",
    "by a raised requirement",
];

/// In the order of [`NAMES`].
pub fn reached(case: &Case) -> [bool; NAMES.len()] {
    let got = case.expected();
    let died = |test: &dyn Fn(&Death) -> bool| got.death.as_ref().is_some_and(test);
    let at_open = |death: &Death| death.mark == price(case.history.mark.open[death.bar]);
    let backstop = matches!(case.rules.residual, Residual::Backstop { .. });
    [
        got.death.is_none(),
        died(&|death| !at_open(death)),
        died(&|death| at_open(death) && death.bar > case.first),
        died(&|death| death.bar > case.first && is_alive_unfunded(case)),
        got.liquidation_price.is_none(),
        died(&|death| death.total.deficit > Exact::ZERO),
        died(&|death| death.steps > 1),
        died(&|death| death.last_bar.is_some_and(|last| last > death.bar)),
        died(&|death| death.last_bar.is_none()),
        died(&|death| death.total.kept > Exact::ZERO),
        died(&|death| backstop && death.total.kept > Exact::ZERO),
        died(&|death| death.cause == Cause::RaisedMargin),
    ]
}

fn is_alive_unfunded(case: &Case) -> bool {
    let mut case = case.clone();
    case.history.funding.clear();
    case.expected().death.is_none()
}
