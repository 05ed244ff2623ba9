//! The insurance fund: EXC-018, EXC-020 to EXC-022. Law P8.

use super::Auditor;
use super::facts::{ATOM, cash};
use super::liquidation::Stricken;
use super::primitives::Traded;
use super::sheet::Lot;
use crate::reference::Exact;
use deleverage::engine::Extent;
use deleverage::exchange::AccountId;
use deleverage::scenario::exchange::FundMeasure;
use deleverage::venue::AdlStart;
use std::collections::{BTreeMap, VecDeque};

/// Peaks are those of so many milliseconds.
const WINDOW: i64 = 8 * 3_600_000;

/// A balance over time.
#[derive(Debug, Clone, Default)]
pub struct Course {
    pub low: Option<Exact>,
    pub end: Option<Exact>,
    peak: Option<Exact>,
    /// Largest fall from a peak.
    pub drawdown: Option<Exact>,
    /// Falling balances of the window, with their times.
    recent: VecDeque<(i64, Exact)>,
    /// Largest fall from a peak of the window.
    pub drawdown_8h: Option<Exact>,
}

impl Course {
    fn add(&mut self, time: i64, now: Exact) {
        let most = |one: Option<Exact>, other: Exact| Some(one.map_or(other, |one| one.max(other)));
        self.low = Some(self.low.map_or(now, |low| low.min(now)));
        self.end = Some(now);
        self.peak = most(self.peak, now);
        self.drawdown = most(self.drawdown, self.peak.unwrap() - now);
        while self.recent.back().is_some_and(|(_, older)| *older <= now) {
            self.recent.pop_back();
        }
        self.recent.push_back((time, now));
        while self.recent.front().is_some_and(|(since, _)| *since < time - WINDOW) {
            self.recent.pop_front();
        }
        let peak = self.recent.front().unwrap().1;
        self.drawdown_8h = most(self.drawdown_8h, peak - now);
    }
}

/// Which way a rule turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Runs,
    Ceases,
}

/// All tranches over a world.
pub struct Watch {
    tranches: usize,
    running: BTreeMap<(u8, u16), Turn>,
    pub cash: Course,
    pub marked: Course,
    /// Trades of the fund so far: each may cost an atom (EXC-003).
    trades: i128,
}

impl Watch {
    pub fn of(tranches: usize) -> Self {
        let (cash, marked) = (Course::default(), Course::default());
        Self { tranches, running: BTreeMap::new(), cash, marked, trades: 0 }
    }

    pub fn trade(&mut self, trade: &Traded) {
        let own = |party: &AccountId| matches!(party, AccountId::Tranche(_));
        self.trades += i128::from(trade.parties().iter().any(own));
    }

    pub fn ids(&self) -> impl Iterator<Item = AccountId> + use<> {
        (0..self.tranches).map(|number| AccountId::Tranche(number as u8))
    }
}

impl Auditor<'_> {
    /// ADL-013: a rule is told when it turns, and `fund-empty` runs exactly at or below zero.
    pub(super) fn rule(&mut self, tranche: u8, symbol: u16, runs: Turn) {
        let before = self.fund.running.insert((tranche, symbol), runs);
        if before.unwrap_or(Turn::Ceases) == runs {
            self.object("EXC-022", format!("the rule of {tranche} in {symbol} {runs:?} again"));
        }
        let start = self.facts.symbol(symbol).rules.loss.adl_start;
        let balance = self.balance(AccountId::Tranche(tranche)).unwrap_or(Exact::ZERO);
        let wrong = match runs {
            Turn::Runs => balance > self.fund_slack(),
            Turn::Ceases => balance <= -self.fund_slack(),
        };
        if start == AdlStart::FundEmpty && wrong {
            self.object("ADL-013", format!("{tranche} {runs:?} with {balance:?}"));
        }
    }

    /// P8, up to one atom a trade.
    pub(super) fn fund_holds(&mut self, after: &str) {
        for id in self.fund.ids() {
            let left = self.sheet.at_cost(id);
            if left < -self.fund_slack() {
                self.object("P8", format!("{id:?} has {left:?} after {after}"));
            }
        }
    }

    /// The state before anything has happened.
    pub(super) fn sample_start(&mut self) {
        if self.sheet.marks.iter().all(Option::is_none) {
            self.sample_fund();
        }
    }

    pub(super) fn sample_fund(&mut self) {
        self.sample_fund_at(self.now.map_or(0, |now| now.time));
    }

    pub(super) fn sample_fund_at(&mut self, time: i64) {
        let (mut at_cost, mut marked) = (Exact::ZERO, Exact::ZERO);
        for id in self.fund.ids() {
            at_cost = at_cost + self.sheet.at_cost(id);
            marked = marked + self.sheet.equity(&self.facts, id, None).unwrap_or(Exact::ZERO);
        }
        self.fund.cash.add(time, at_cost);
        self.fund.marked.add(time, marked);
    }

    /// What the rounding of its trades comes to: an atom each.
    pub(super) fn fund_slack(&self) -> Exact {
        Exact::new(self.fund.trades + 1, 0) * ATOM
    }

    /// Rules that look at the balance: ADL-013 to ADL-015.
    fn is_watched(&self, symbol: u16) -> bool {
        let start = self.facts.symbol(symbol).rules.loss.adl_start;
        !matches!(start, AdlStart::Never | AdlStart::NegativeEquity)
    }

    fn balance(&self, tranche: AccountId) -> Option<Exact> {
        match self.facts.study.fund.measure {
            FundMeasure::Cash => Some(self.sheet.at_cost(tranche)),
            FundMeasure::MarkedToMarket => self.sheet.equity(&self.facts, tranche, None),
        }
    }

    /// What whoever takes lots over from a position loses at once at the mark.
    fn loss_at(&self, at: Stricken, lots: i128, price: Exact) -> Exact {
        let of = self.facts.symbol(at.symbol);
        let carried = |price| of.carried(lots, Exact::ZERO, price);
        (carried(price) - carried(at.mark)).max(Exact::ZERO)
    }

    /// Inventory of a tranche at the marks, with signed lots of a symbol beside it.
    pub(super) fn inventory(&self, tranche: AccountId, at: Stricken, lots: i128) -> Exact {
        let held = &self.sheet.account(tranche).held;
        let others = held.iter().filter(|lot| lot.symbol != at.symbol);
        let own = (self.sheet.lots(tranche, at.symbol) + lots).abs();
        others.fold(self.facts.symbol(at.symbol).worth(own, at.mark), |sum, lot| {
            let mark = self.sheet.marks[usize::from(lot.symbol)].unwrap_or(lot.entry);
            sum + self.facts.symbol(lot.symbol).worth(lot.lots.abs(), mark)
        })
    }

    /// EXC-018, EXC-020: before a takeover is booked.
    pub(super) fn taken_over(&mut self, trade: &Traded, tranche: AccountId) {
        let Some(step) = self.step.as_mut() else { return };
        step.is_backstopped = step.extent == Extent::Backstop
            && self.sheet.marks[usize::from(trade.symbol)] == Some(trade.price);
        let step = step.clone();
        let Some(mark) = self.sheet.marks[usize::from(trade.symbol)] else { return };
        let at = Stricken { mark, ..step.at };
        let backstop = step.is_backstopped;
        if self.facts.tranche(trade.symbol).map(AccountId::Tranche) != Some(tranche) {
            self.object("EXC-020", format!("not the fund of the symbol: {trade:?}"));
        }
        if !backstop {
            let expected = self.bankruptcy_or_mark(step.at);
            self.same_bankruptcy((at.symbol, step.lots), Some(trade.price), expected);
        }
        let lots = if step.lots > 0 { trade.lots } else { -trade.lots };
        let slack = self.fund_slack();
        if let Some(why) = self.refusal(tranche, at, (lots, trade.price), -slack) {
            self.object("EXC-020", format!("{why}: {trade:?}"));
        }
    }

    /// Why a tranche takes nothing over; `slack` is added to what it has.
    fn refusal(
        &self,
        tranche: AccountId,
        at: Stricken,
        (lots, price): (i128, Exact),
        slack: Exact,
    ) -> Option<&'static str> {
        let fund = &self.facts.study.fund;
        let balance = self.balance(tranche)? - slack;
        let loss = self.loss_at(at, lots, price);
        // ADL-017; what the other rules remember is theirs.
        let stands = self.facts.symbol(at.symbol).rules.loss.adl_start == AdlStart::NegativeEquity;
        let over = |cap: i64| self.inventory(tranche, at, lots) - slack > cash(cap.into());
        if !fund.takeover {
            Some("the fund takes nothing over")
        } else if stands && loss > Exact::ZERO {
            Some("a loss stands that nobody has taken")
        } else if balance <= Exact::ZERO && self.is_watched(at.symbol) {
            Some("the fund is empty")
        } else if loss > balance {
            Some("the loss at the mark is more than there is")
        } else if fund.notional_cap.is_some_and(|cap| over(cap.atoms())) {
            Some("the inventory is full")
        } else if self.nets_too_dear(tranche, at.symbol, (lots, price), slack) {
            Some("closing inventory of the other side uses up the cash")
        } else {
            None
        }
    }

    /// EXC-020: what a takeover closes of the other side is realised at its price.
    fn nets_too_dear(
        &self,
        tranche: AccountId,
        symbol: u16,
        (lots, price): (i128, Exact),
        slack: Exact,
    ) -> bool {
        let mut held = self.sheet.account(tranche).held.iter();
        let other = |lot: &&Lot| lot.symbol == symbol && lot.lots.signum() == -lots.signum();
        let Some(lot) = held.find(other) else { return false };
        let market = self.facts.symbol(symbol);
        let closed = lot.lots.abs().min(lots.abs());
        let way = if market.is_inverse() { -lot.lots.signum() } else { lot.lots.signum() };
        let realised = way * market.value(closed, price) - lot.cost * closed / lot.lots.abs();
        self.sheet.at_cost(tranche) - slack + cash(realised) <= Exact::ZERO
    }

    /// P6: the queue is asked only for what the fund could not take.
    pub(super) fn fund_refused(&mut self, at: Stricken, trade: &Traded) {
        let Some(tranche) = self.facts.tranche(at.symbol).map(AccountId::Tranche) else { return };
        let Some(step) = self.step.as_ref() else { return };
        // What was left open when the fund was asked; of a part the rest of the position was not.
        let asked = match step.extent {
            Extent::Part(part) => i128::from(part.lots()),
            _ => step.lots.abs(),
        };
        let open = asked - step.book - step.taken;
        let lots = if step.lots > 0 { open } else { -open };
        let price = step.bankruptcy.unwrap_or(step.at.mark);
        // The engine's own price may be worse for the fund by a step, and by what rounding the
        // account's positions to an atom each takes from its margin (EXC-006).
        let market = self.facts.symbol(at.symbol);
        let worth = market.worth(lots.abs(), price);
        let atoms = Exact::new(self.rounding(at.account), 0) * ATOM;
        let off = if worth > Exact::ZERO { (price * atoms).over_up(worth, 20) } else { price };
        let hair = market.step() + off;
        let worse = if lots > 0 { price + hair } else { price - hair };
        let start = self.facts.symbol(at.symbol).rules.loss.adl_start;
        let remembers =
            matches!(start, AdlStart::PeakDrawdown { .. } | AdlStart::SymbolDrawdown { .. });
        let slack = self.fund_slack();
        let refused = |price: Exact| self.refusal(tranche, at, (lots, price), slack).is_some();
        if !remembers && !refused(price) && !refused(worse) {
            self.object("P6", format!("the fund could take it over: {trade:?}"));
        }
    }
}
