//! The end of a world: what the journal adds up to beside what the engine reports.

use super::facts::{ATOM, Facts, cash};
use super::primitives::{Posted, Traded};
use super::queue::Told;
use super::{Auditor, Objection};
use crate::reference::{Exact, GRID};
use deleverage::exchange::{AccountId, Reason, World};
use deleverage::money::Cash;
use std::collections::BTreeSet;

/// Sums over a world.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    liquidated: BTreeSet<AccountId>,
    first_liquidation: Option<i64>,
    first_adl: Option<i64>,
    winners: BTreeSet<AccountId>,
    adl_events: u32,
    /// Quote units.
    notional: Exact,
    taken_over: Exact,
    adl_notional: Exact,
    gap: Exact,
    /// Atoms.
    income: i128,
    fees: i128,
    injected: i128,
    trades: i128,
    pub clawed_back: i128,
}

impl Totals {
    pub fn post(&mut self, post: &Posted) {
        let to_fund = matches!(post.to, AccountId::Tranche(_));
        match post.reason {
            Reason::LiquidationFee | Reason::Residual | Reason::Backstop if to_fund => {
                self.income += post.atoms;
            }
            Reason::Clawback if post.from != AccountId::BadDebt => self.clawed_back += post.atoms,
            _ => {}
        }
        if post.to == AccountId::Fees {
            self.fees += post.atoms;
        }
        if post.from == AccountId::Exchange {
            self.injected += post.atoms;
        }
    }

    pub fn trigger(&mut self, account: AccountId, time: Option<i64>) {
        self.liquidated.insert(account);
        self.first_liquidation = self.first_liquidation.or(time);
    }

    pub fn closed(&mut self, facts: &Facts, trade: &Traded, mark: Exact) {
        let notional = quoted(facts, trade.symbol, trade.lots, mark);
        self.trades += 1;
        self.notional = self.notional + notional;
        if trade.reason == Reason::Takeover {
            self.taken_over = self.taken_over + notional;
        }
    }

    pub fn deleveraged(&mut self, facts: &Facts, told: &Told, time: Option<i64>) {
        self.winners.insert(told.account);
        self.adl_events += 1;
        self.first_adl = self.first_adl.or(time);
        let notional = quoted(facts, told.symbol, told.lots, told.mark);
        self.adl_notional = self.adl_notional + notional;
    }

    pub fn gap(&mut self, gap: Exact) {
        self.gap = self.gap + gap.max(Exact::ZERO);
    }
}

/// In quote units: an inverse contract's size.
fn quoted(facts: &Facts, symbol: u16, lots: i128, mark: Exact) -> Exact {
    let of = facts.symbol(symbol);
    if of.is_inverse() { Exact::new(lots, GRID) } else { of.worth(lots, mark) }
}

impl Auditor<'_> {
    /// Everything that was wrong, the engine's own account of the world included.
    pub fn close(mut self, world: &World) -> Vec<Objection> {
        if let Some(now) = self.now {
            self.end_substep();
            self.check_funding(now.bar);
        }
        self.now = None;
        self.settled_at_the_end();
        self.fees_add_up();
        self.same_fund(world);
        self.same_counts(world);
        self.same_waterfall(world);
        self.objections
    }

    /// P12, EXC-007: nobody owes funding, and what clearing kept is the rounding of settlements.
    fn settled_at_the_end(&mut self) {
        let mut owing = Vec::new();
        for (id, account) in &self.sheet.accounts {
            for lot in &account.held {
                let due = self.sheet.due(&self.facts, *id, lot.symbol);
                if due != 0 {
                    owing.push(format!("{id:?} owes {due} atoms in symbol {}", lot.symbol));
                }
            }
        }
        owing.into_iter().for_each(|what| self.object("P12", what));
        let left = self.sheet.account(AccountId::Clearing).cash;
        if left != 0 {
            self.object("P12", format!("{left} atoms left in clearing"));
        }
    }

    /// P13: every fee is one that was posted.
    fn fees_add_up(&mut self) {
        let held = self.sheet.account(AccountId::Fees).cash;
        if held != self.totals.fees {
            self.object("P13", format!("{held} atoms of fees, {} posted", self.totals.fees));
        }
        let socialised = self.sheet.account(AccountId::Socialised).cash;
        if socialised != 0 {
            self.object("EXC-028", format!("{socialised} atoms still socialised"));
        }
    }

    fn same(&mut self, name: &str, told: Cash, own: Exact, slack: Exact) {
        if (cash(told.atoms().into()) - own).abs() > slack {
            self.object("World", format!("{name} is {told}, by the books {own:?}"));
        }
    }

    fn same_fund(&mut self, world: &World) {
        let ids = self.fund.ids();
        let start = ids.map(|id| self.sheet.account(id).deposited).sum::<i128>();
        // Marked to market the engine rounds each holding down.
        let holdings = self.fund.ids().count() * self.facts.symbols.len();
        let slack = Exact::new(2 + 2 * holdings as i128, 0) * ATOM;
        self.same("fund_start", world.fund_start, cash(start), Exact::ZERO);
        self.same("fund_income", world.fund_income, cash(self.totals.income), Exact::ZERO);
        let (at_cost, marked) = (self.fund.cash.clone(), self.fund.marked.clone());
        let zero = |value: Option<Exact>| value.unwrap_or(Exact::ZERO);
        let of_cash = zero(at_cost.drawdown);
        for (name, told, own) in [
            ("fund_low", world.fund_low, zero(at_cost.low)),
            ("fund_end", world.fund_end, zero(at_cost.end)),
            ("fund_drawdown", world.fund_drawdown, of_cash),
            ("fund_low_mtm", world.fund_low_mtm, zero(marked.low)),
            ("fund_end_mtm", world.fund_end_mtm, zero(marked.end)),
            ("fund_drawdown_mtm", world.fund_drawdown_mtm, zero(marked.drawdown)),
            ("fund_drawdown_8h", world.fund_drawdown_8h, zero(marked.drawdown_8h)),
        ] {
            self.same(name, told, own, slack);
        }
    }

    fn same_counts(&mut self, world: &World) {
        let totals = self.totals.clone();
        let slack = Exact::new(totals.trades + 1, 0) * ATOM;
        self.same("liquidated_notional", world.liquidated_notional, totals.notional, slack);
        self.same("taken_over", world.taken_over, totals.taken_over, slack);
        let slack = Exact::new(i128::from(totals.adl_events) + 1, 0) * ATOM;
        self.same("adl_notional", world.adl_notional, totals.adl_notional, slack);
        for (name, told, own) in [
            ("liquidations", world.liquidations, totals.liquidated.len() as u32),
            ("adl_events", world.adl_events, totals.adl_events),
            ("adl_accounts", world.adl_accounts, totals.winners.len() as u32),
        ] {
            if told != own {
                self.object("World", format!("{name} is {told}, by the books {own}"));
            }
        }
        for (name, told, own) in [
            ("first_liquidation", world.first_liquidation, totals.first_liquidation),
            ("first_adl", world.first_adl, totals.first_adl),
        ] {
            if told != own {
                self.object("World", format!("{name} is {told:?}, by the books {own:?}"));
            }
        }
    }

    /// EXC-029.
    fn same_waterfall(&mut self, world: &World) {
        let told = world.waterfall;
        let below_zero = |id| cash(-self.sheet.account(id).cash);
        let [owed, bad_debt] = [AccountId::Owed, AccountId::BadDebt].map(below_zero);
        let slack = Exact::new(i128::from(self.totals.adl_events) + 1, 0) * ATOM;
        let totals = self.totals.clone();
        self.same("waterfall.adl", told.adl, totals.gap, slack);
        self.same("waterfall.owed", told.owed, owed, Exact::ZERO);
        self.same("waterfall.bad_debt", told.bad_debt, bad_debt, Exact::ZERO);
        self.same("waterfall.injected", told.injected, cash(totals.injected), Exact::ZERO);
        let margin = self.own_margin();
        // Every position that a liquidated account still has is rounded down (EXC-004).
        let open = totals.liquidated.iter().map(|id| self.sheet.account(*id).breadth() as i128);
        let slack = Exact::new(open.sum::<i128>() + 1, 0) * ATOM;
        self.same("waterfall.margin", told.margin, margin, slack);
    }

    /// What the liquidated lost of their own, by their equity at the last marks.
    fn own_margin(&self) -> Exact {
        let lost = |id: &AccountId| {
            let left = self.sheet.equity(&self.facts, *id, None).unwrap_or(Exact::ZERO);
            let own = cash(self.sheet.account(*id).deposited);
            (own - left.max(Exact::ZERO)).max(Exact::ZERO)
        };
        self.totals.liquidated.iter().map(lost).fold(Exact::ZERO, |sum, one| sum + one)
    }
}
