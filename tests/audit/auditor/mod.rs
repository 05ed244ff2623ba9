//! An auditor of worlds: it reads what a journal tells and a study's public inputs, rebuilds every
//! balance and every quantity with its own code, and objects to whatever breaks a law.
//!
//! It calls no engine, no ledger, no waterfall. Laws are named `P1` to `P20` as in the exchange's
//! invariants below, or by the number of their rule in `docs/model`.
//!
//! | law | what |
//! |---|---|
//! | P1 | Σ quantity = 0 in each symbol |
//! | P2 | Σ cash = deposits |
//! | P3 | both together at any price |
//! | P4 | open interest falls by exactly what is deleveraged and never rises by a liquidation |
//! | P5 | liquidated = book + takeover + deleveraged + remainder |
//! | P6, P7 | the rungs are asked in order and add up to the deficit |
//! | P8 | the fund's cash, inventory at cost, is never below zero |
//! | P9 | an account that is flat is not below zero |
//! | P10 | deleveraging: other side, nobody turned round or left below zero, one part, by rank |
//! | P11 | what winners give up is lots × distance from the mark, and the bankrupt one gets it |
//! | P12 | funding adds up to zero |
//! | P13 | fees add up |
#![allow(dead_code, clippy::unwrap_used, reason = "every test file takes the part it needs")]

mod clock;
mod closing;
mod facts;
mod fund;
mod liquidation;
mod loss;
mod primitives;
mod queue;
mod scores;
mod sheet;

use crate::reference::Exact;
use deleverage::exchange::{AccountId, Event, Journal, Moment, Reason, Scene};
use facts::Facts;
use sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A law that an event broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    pub at: Option<Moment>,
    pub law: &'static str,
    pub what: String,
}

impl Objection {
    /// A world that did not come to its end.
    pub fn of_panic(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or(panic.downcast_ref::<&str>().map(ToString::to_string));
        Self { at: None, law: "panic", what: text.unwrap_or_default() }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => {
                write!(f, "{} in bar {} sub-step {}: {}", self.law, at.bar, at.substep, self.what)
            }
            None => write!(f, "{}: {}", self.law, self.what),
        }
    }
}

/// How often everything is summed up anew and everybody is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// At the end of each sub-step.
    Every,
    /// At the end of so many bars.
    Bars(usize),
}

/// Objections beyond which nothing new is learned.
const MOST: usize = 40;

pub struct Auditor<'a> {
    facts: Facts<'a>,
    care: Care,
    world: u32,
    sheet: Sheet,
    objections: Vec<Objection>,
    now: Option<Moment>,
    /// Funding that was posted and whose trade has not been told yet: account, atoms paid.
    settling: Vec<(AccountId, i128)>,
    /// Settlements of an account so far.
    settlements: i128,
    /// A settlement that was told, while tranches pay it (EXC-020).
    accruing: Option<u16>,
    /// Of the bar, per unit.
    accrued: Vec<Exact>,
    step: Option<liquidation::Step>,
    lives: BTreeMap<(AccountId, u16), liquidation::Life>,
    queue: queue::Queue,
    loss: Option<loss::Loss>,
    fund: fund::Watch,
    totals: closing::Totals,
    /// Traders whose balance moved in this sub-step.
    touched: BTreeSet<AccountId>,
    /// The last trade of a stop, take-profit or cut.
    left: Option<primitives::Left>,
}

impl<'a> Auditor<'a> {
    pub fn of(scene: &Scene<'a>, world: u32, care: Care) -> Self {
        let facts = Facts::of(scene);
        let symbols = facts.symbols.len();
        Self {
            care,
            world,
            sheet: Sheet::of(symbols),
            objections: Vec::new(),
            now: None,
            settling: Vec::new(),
            settlements: 0,
            accruing: None,
            accrued: vec![Exact::ZERO; symbols],
            step: None,
            lives: BTreeMap::new(),
            queue: queue::Queue::default(),
            loss: None,
            fund: fund::Watch::of(facts.study.fund.tranches.len()),
            totals: closing::Totals::default(),
            touched: BTreeSet::new(),
            left: None,
            facts,
        }
    }

    fn object(&mut self, law: &'static str, what: impl Into<String>) {
        if self.objections.len() < MOST {
            self.objections.push(Objection { at: self.now, law, what: what.into() });
        }
    }

    /// What comes before an event: nothing that it does not belong to may still be open.
    fn finish(&mut self, event: &Event) {
        let of_a_loss =
            matches!(event, Event::LastRung { .. } | Event::Post { reason: Reason::Deficit, .. });
        if !of_a_loss {
            self.close_loss();
        }
        let settles = matches!(
            event,
            Event::Deficit { account: AccountId::Tranche(_), .. }
                | Event::LastRung { .. }
                | Event::Post { reason: Reason::Funding | Reason::Deficit, .. }
        );
        if !settles {
            self.settle_tranches();
        }
        let waits = match event {
            Event::Post { .. } => true,
            Event::Mark { symbol, .. } => {
                self.left.as_mut().is_some_and(|left| left.is_moved_by(*symbol))
            }
            _ => false,
        };
        if !waits {
            self.close_reaction();
        }
        if ends_a_step(event) {
            self.close_step();
        }
    }
}

/// What no step of a liquidation brings about: the next one, what traders do themselves, and the
/// fund's own sales (EXC-010), in which whoever was liquidated before may be the other side.
fn ends_a_step(event: &Event) -> bool {
    let of_fund = |party: &AccountId| matches!(party, AccountId::Tranche(_));
    match event {
        Event::Trigger { .. } | Event::Reaction { .. } => true,
        Event::Trade { buyer, seller, reason, .. } => {
            let sells = matches!(reason, Reason::Disposal | Reason::Deleveraging);
            sells && (of_fund(buyer) || of_fund(seller))
        }
        _ => false,
    }
}

impl Journal for Auditor<'_> {
    fn note(&mut self, moment: Moment, event: Event) {
        self.turn_to(moment);
        self.finish(&event);
        match event {
            Event::Deposit { to, amount } => self.deposited(to, amount),
            Event::Post { from, to, amount, reason } => {
                self.posted(primitives::Posted { from, to, atoms: amount.atoms().into(), reason });
            }
            Event::Trade { symbol, buyer, seller, quantity, price, value, reason } => {
                let (lots, value) = (quantity.lots().into(), value.atoms().into());
                let price = self.facts.symbol(symbol).price(price);
                self.traded(primitives::Traded {
                    symbol,
                    buyer,
                    seller,
                    lots,
                    price,
                    value,
                    reason,
                });
            }
            Event::Funding { symbol, per_unit } => self.accrue(symbol, per_unit.steps()),
            Event::Mark { symbol, mark } => self.mark(symbol, mark),
            Event::Trigger { account, symbol, mark, extent, rule } => {
                let mark = self.facts.symbol(symbol).price(mark);
                self.triggered(liquidation::Stricken { account, symbol, mark }, extent, rule);
            }
            Event::Order { account, symbol, asked, limit, filled, price } => {
                self.ordered(liquidation::Ordered { account, symbol, asked, limit, filled, price });
            }
            Event::Deleveraged { bankrupt, account, symbol, quantity, price, mark, rank } => {
                let of = self.facts.symbol(symbol);
                let (price, mark) = (of.price(price), of.price(mark));
                let lots = quantity.lots().into();
                let told = queue::Told { bankrupt, account, symbol, lots, price, mark, rank };
                self.deleveraged(told);
            }
            Event::Deficit { account, amount } => self.deficit(account, amount.atoms().into()),
            Event::LastRung { payer, amount } => self.last_rung(payer, amount.atoms().into()),
            Event::Rule { tranche, symbol, runs } => {
                let turn = if runs { fund::Turn::Runs } else { fund::Turn::Ceases };
                self.rule(tranche, symbol, turn);
            }
            Event::Reaction { account, symbol, .. } => self.reacted(account, symbol),
        }
        self.sums();
    }
}
