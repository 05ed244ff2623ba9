//! One position, from entry to end.

use super::close_out::{Settlement, settle};
use super::walk::{Exposure, Market, walk};
use super::{Event, Journal, Position, Trigger};
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::{FillBase, Side, Slippage};
use crate::venue::VenueRules;

/// Why a position became liquidatable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The price, or funding, under the venue's usual requirement.
    Price,
    /// Only because the venue had raised its requirement with volatility.
    RaisedMargin,
}

/// What forced closing did to a position, over all of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liquidation {
    /// The first step's.
    pub trigger: Trigger,
    /// The first step's.
    pub cause: Cause,
    /// Bars to the first step; 1 for the first exposed bar.
    pub first_bar: usize,
    /// Bars to the step that left nothing; `None`: a part lived on.
    pub last_bar: Option<usize>,
    pub steps: u32,
    /// Size closed by force; the whole position where `last_bar` is known.
    pub closed: Quantity,
    /// Sums over all steps; the fill is their average.
    pub settlement: Settlement,
}

impl Liquidation {
    /// Whether nothing of the position was left.
    pub fn is_full(&self) -> bool {
        self.last_bar.is_some()
    }
}

/// All that is known of one position at the end of its horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// At entry, before any funding.
    pub liquidation_price: Option<Price>,
    /// At entry, before any funding.
    pub bankruptcy_price: Option<Price>,
    /// `None`: still open at the end of the horizon.
    pub liquidation: Option<Liquidation>,
    /// Funding paid; below zero: received.
    pub funding: Cash,
    /// Entry fee, paid beside the margin, and the liquidation fee.
    pub fees: Cash,
    /// Maximum adverse excursion of the mark while alive, as a fraction of the entry price, ≥ 0.
    pub mae: Rate,
}

/// Runs one position through its exposure.
pub fn simulate(
    market: &Market,
    rules: &VenueRules,
    slippage: &Slippage,
    position: &Position,
    exposure: Exposure,
) -> Outcome {
    let law = &market.law;
    let life = walk(market, position, exposure);
    let liquidation = life.trigger.map(|trigger| {
        let base = match slippage.base {
            FillBase::Last => trigger.last,
            FillBase::Mark => trigger.mark,
        };
        let settlement = settle(law, rules, slippage, position, (base, life.paid));
        let bar = trigger.bar - exposure.first + 1;
        Liquidation {
            trigger,
            cause: Cause::Price,
            first_bar: bar,
            last_bar: Some(bar),
            steps: 1,
            closed: position.quantity,
            settlement,
        }
    });
    let entry_fee = law.charge(position.quantity, position.entry, rules.fees.taker);
    Outcome {
        liquidation_price: law.liquidation_price(position, Default::default()),
        bankruptcy_price: law.bankruptcy_price(position, Default::default()),
        liquidation,
        funding: law.funding(position, life.paid),
        fees: entry_fee + liquidation.map_or(Cash::ZERO, |end| end.settlement.fee),
        mae: excursion(position, life.worst),
    }
}

/// As [`simulate`], telling a journal. STAND-IN until the walk itself tells.
pub fn simulate_with(
    market: &Market,
    rules: &VenueRules,
    slippage: &Slippage,
    position: &Position,
    exposure: Exposure,
    journal: &mut impl Journal,
) -> Outcome {
    let outcome = simulate(market, rules, slippage, position, exposure);
    let (law, book) = (&market.law, market.funding);
    let mut k = book.before_open(exposure.first);
    let last =
        outcome.liquidation.map_or(exposure.first + exposure.bars - 1, |end| end.trigger.bar);
    let mut sum = super::FundingPerUnit::NONE;
    while let Some(bar) = book.bar_of(k).filter(|bar| *bar <= last) {
        let step = book.sum(k + 1).since(book.sum(k));
        sum = sum.plus(step);
        let paid = law.funding(position, step);
        journal.note(Event::Funding { bar, paid, mark: market.history.mark.open[bar] });
        k += 1;
    }
    let Some(end) = outcome.liquidation else { return outcome };
    let Trigger { bar, mark, last } = end.trigger;
    let equity = law.cash_floor(law.equity(position, sum, mark));
    let maintenance = law.cash_floor(law.maintenance(position, mark));
    let quantity = position.quantity;
    let cause = end.cause;
    let Settlement { fill, slippage, fee, returned, deficit, .. } = end.settlement;
    journal.note(Event::Trigger { bar, mark, last, equity, maintenance, cause });
    journal.note(Event::Order { bar, quantity, limit: None, rule: "LIQ-003" });
    journal.note(Event::Fill { bar, quantity, price: fill, slippage });
    journal.note(Event::Fee { bar, amount: fee });
    journal.note(Event::Returned { bar, amount: returned });
    if deficit > Cash::ZERO {
        journal.note(Event::Deficit { bar, amount: deficit });
    }
    outcome
}

/// Distance of the worst mark from the entry, rounded up; 0 if the mark never went against it.
fn excursion(position: &Position, worst: Price) -> Rate {
    let entry = i128::from(position.entry.steps());
    let adverse = match position.side {
        Side::Long => entry - i128::from(worst.steps()),
        Side::Short => i128::from(worst.steps()) - entry,
    };
    let steps = Round::Ceil.div(adverse.max(0) * i128::from(Rate::ONE), entry);
    Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
}
