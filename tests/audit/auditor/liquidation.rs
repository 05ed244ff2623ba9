//! Triggers and what they close: EXC-011, EXC-012, EXC-017 to EXC-019. Laws P4, P5, P13.

use super::Auditor;
use super::facts::{ATOM, cash, rate};
use super::primitives::{Left, Posted, Traded};
use crate::reference::{Exact, GRID};
use deleverage::engine::Extent;
use deleverage::exchange::{AccountId, Reason};
use deleverage::money::{Price, Quantity};
use deleverage::scenario::exchange::Driver;
use deleverage::venue::{AdlStart, Edge, OrderPrice, Residual};

#[derive(Debug, Clone, Copy)]
pub struct Stricken {
    pub account: AccountId,
    pub symbol: u16,
    pub mark: Exact,
}

#[derive(Debug, Clone, Copy)]
pub struct Ordered {
    pub account: AccountId,
    pub symbol: u16,
    pub asked: Quantity,
    pub limit: Option<Price>,
    pub filled: Quantity,
    pub price: Price,
}

/// All steps of one position so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Life {
    pub steps: u32,
}

/// One trigger and what follows from it.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: Stricken,
    pub extent: Extent,
    /// Signed, at the trigger.
    pub lots: i128,
    /// Where the account is worth nothing; `None`: nowhere.
    pub worthless: Option<Exact>,
    /// The same, within half and double of the mark: where the rest is taken over.
    pub bankruptcy: Option<Exact>,
    /// An order that was told and its trade not yet.
    pub order: Option<(i128, Exact)>,
    pub book: i128,
    pub taken: i128,
    pub deleveraged: i128,
    pub remainder: i128,
    /// Value of what was closed, and the sum of what each trade's fee rounds to.
    pub fee: Exact,
    pub fee_apart: i128,
    /// Atoms.
    pub fee_paid: i128,
    /// What the account was worth when it had paid the fee, at the marks or at cost.
    pub after_fee: Option<Exact>,
    /// The vault took it at the mark, with all that backs it.
    pub is_backstopped: bool,
}

impl Step {
    pub fn closed(&self) -> i128 {
        self.book + self.taken + self.deleveraged + self.remainder
    }

    /// What is taken over or deleveraged for a part that no order closes.
    fn rest(&self) -> i128 {
        self.closed() - self.book
    }
}

impl Auditor<'_> {
    pub(super) fn triggered(&mut self, at: Stricken, extent: Extent, rule: &str) {
        let Stricken { account, symbol, mark } = at;
        let lots = self.sheet.lots(account, symbol);
        if lots == 0 || !matches!(account, AccountId::Trader(_)) {
            self.object("EXC-011", format!("{account:?} holds nothing to liquidate"));
            return;
        }
        if self.sheet.marks[usize::from(symbol)] != Some(mark) {
            self.object("EXC-011", format!("the mark was told to be another one: {at:?}"));
        }
        self.is_rightly_triggered(at, rule);
        self.queue.triggers.push((symbol, mark, account));
        let worthless = self.bankruptcy(at, lots);
        // EXC-018: nothing is taken over below half or above double the mark.
        let (half, double) = (self.facts.symbol(symbol).half(mark), mark + mark);
        let bankruptcy = worthless.map(|price| price.max(half).min(double));
        self.lives.entry((account, symbol)).or_default().steps += 1;
        self.totals.trigger(account, self.now.map(|now| now.time));
        self.end_pass();
        self.step = Some(Step {
            at,
            extent,
            lots,
            worthless,
            bankruptcy,
            order: None,
            book: 0,
            taken: 0,
            deleveraged: 0,
            remainder: 0,
            fee: Exact::ZERO,
            fee_apart: 0,
            fee_paid: 0,
            after_fee: None,
            is_backstopped: false,
        });
    }

    /// EXC-006, MRG-010: with the profit of the account's other positions.
    fn bankruptcy(&self, at: Stricken, lots: i128) -> Option<Exact> {
        let Stricken { account, symbol, mark } = at;
        let equity = self.sheet.equity(&self.facts, account, Some((symbol, mark)))?;
        let of = self.facts.symbol(symbol);
        of.bankruptcy(equity - of.carried(lots, Exact::ZERO, mark), lots)
    }

    /// MRG-007: at the mark the account does not meet the requirement, and one step before it did.
    fn is_rightly_triggered(&mut self, at: Stricken, rule: &str) {
        let Stricken { account, symbol, mark } = at;
        let breadth = self.sheet.account(account).breadth() as i128;
        let slack = Exact::new(breadth + 1, 0) * ATOM;
        let Some(surplus) = self.surplus(account, (symbol, mark)) else { return };
        if surplus > slack {
            self.object("MRG-007", format!("{account:?} has {surplus:?} to spare, {rule}: {at:?}"));
        }
        let start = self.sheet.marks_before[usize::from(symbol)];
        let is_known = self.lives.contains_key(&(account, symbol));
        let began = self.sheet.account(account).held.len();
        let is_moved = is_known || self.touched.contains(&account) || began > 1;
        let slides = self.now.is_some_and(|now| now.substep > 0);
        let (Some(start), Driver::Replay) = (start, self.facts.study.driver) else { return };
        if is_moved || !slides || start == mark {
            return;
        }
        let step = self.facts.symbol(symbol).step();
        let inside = if start > mark { mark + step } else { mark - step };
        let before = self.surplus(account, (symbol, inside));
        let fatal = |surplus: Exact| match self.facts.symbol(symbol).rules.edge {
            Edge::AtOrBelow => surplus <= -slack,
            Edge::Below => surplus < -slack,
        };
        if before.is_some_and(fatal) {
            self.object("EXC-012", format!("{account:?} had failed one step before: {at:?}"));
        }
    }

    /// EXC-011: in the order in which the mark reaches them, ties by account.
    pub(super) fn in_order(&mut self, symbol: u16, target: Exact) {
        let told = self.queue.triggers.clone();
        let Some(start) = self.sheet.marks_before[usize::from(symbol)] else { return };
        let jumps = self.now.is_some_and(|now| now.substep == 0);
        let mut last: Option<(Exact, AccountId)> = None;
        for (_, mark, account) in told.into_iter().filter(|told| told.0 == symbol) {
            let distance = (mark - start).abs();
            let from = if jumps { target } else { start };
            let (low, high) = (from.min(target), from.max(target));
            if mark < low || mark > high {
                self.object("EXC-011", format!("{account:?} fires at {mark:?}, off the path"));
            }
            if last.is_some_and(|(before, _)| before > distance) {
                self.object("EXC-011", format!("{account:?} fires at {mark:?}, too late"));
            }
            last = Some((distance, account));
        }
    }

    /// CLO-010 to CLO-013, EXC-017.
    pub(super) fn ordered(&mut self, order: Ordered) {
        let of = self.facts.symbol(order.symbol);
        let lots = self.sheet.lots(order.account, order.symbol);
        let price = of.price(order.price);
        let limit = order.limit.map(|limit| of.price(limit));
        let is_bound = of.rules.order == OrderPrice::BankruptcyLimit;
        let (filled, asked) = (i128::from(order.filled.lots()), i128::from(order.asked.lots()));
        if filled > asked || asked > lots.abs() || filled < 0 {
            self.object("EXC-017", format!("more than there is: {order:?}"));
        }
        let is_beyond = |limit: Exact| if lots > 0 { price < limit } else { price > limit };
        if filled > 0 && limit.is_some_and(is_beyond) {
            self.object("CLO-011", format!("beyond its limit: {order:?}"));
        }
        let step = self.step.as_mut().filter(|step| step.at.account == order.account);
        let Some(step) = step else {
            if let AccountId::Trader(_) = order.account {
                self.object("EXC-017", format!("nobody asked for {order:?}"));
            }
            return;
        };
        if filled > 0 {
            step.order = Some((filled, price));
        }
        let bankruptcy = step.worthless;
        // EXC-017: where nothing bankrupts a position its order may have to stop at the mark.
        let stands_in = bankruptcy.is_none() && limit == Some(step.at.mark);
        if is_bound && !stands_in && self.sheet.account(order.account).held.len() == 1 {
            self.same_bankruptcy((order.symbol, lots), limit, bankruptcy);
        }
    }

    /// A bankruptcy price that was told beside the own one: an atom of margin apart at most.
    pub(super) fn same_bankruptcy(
        &mut self,
        (symbol, lots): (u16, i128),
        told: Option<Exact>,
        own: Option<Exact>,
    ) {
        let of = self.facts.symbol(symbol);
        let near = match (told, own.or(told.map(|_| Exact::ZERO))) {
            (Some(told), Some(own)) => {
                let size = Exact::new(lots.abs(), GRID);
                // d(price) = d(cash) / size, of an inverse contract price² as much.
                let square =
                    if of.is_inverse() { told.max(own) * told.max(own) } else { Exact::ONE };
                let slack = (ATOM * Exact::new(8, 0) * square).over_up(size, 14) + of.step();
                (told - own).abs() <= slack
            }
            (told, own) => told.is_none() == own.is_none(),
        };
        if !near {
            self.object("EXC-018", format!("bankruptcy price {told:?}, by the books {own:?}"));
        }
    }

    /// Whether a trade only takes from what a party holds.
    fn reduces(&self, party: AccountId, trade: &Traded) -> bool {
        let before = self.sheet.lots(party, trade.symbol);
        let moved = trade.moved(party);
        before.signum() == -moved.signum() && moved.abs() <= before.abs()
    }

    /// Before a trade is booked: whether those two may trade for that reason.
    pub(super) fn judge(&mut self, trade: &Traded) {
        use AccountId::{Book, Trader, Tranche};
        let forced = self.step.as_ref().map(|step| step.at.account);
        let who = trade.parties().into_iter().find(|party| {
            matches!(party, Trader(_)) && trade.reason != Reason::Deleveraging
                || matches!(party, Tranche(_)) && trade.reason == Reason::Disposal
        });
        let (Some(who), reason) = (who, trade.reason) else {
            match trade.reason {
                Reason::Deleveraging => self.judge_deleveraging(trade),
                _ => self.object("EXC-003", format!("nobody trades like this: {trade:?}")),
            }
            return;
        };
        let other = trade.other(who);
        let fits = match reason {
            Reason::Opening | Reason::Stop | Reason::TakeProfit | Reason::Cut => other == Book,
            Reason::Liquidation | Reason::Remainder => other == Book && forced == Some(who),
            Reason::Takeover => matches!(other, Tranche(_)) && forced == Some(who),
            Reason::Disposal => other == Book,
            _ => false,
        };
        self.fund.trade(trade);
        if !fits {
            self.object("EXC-003", format!("nobody trades like this: {trade:?}"));
        }
        if reason != Reason::Opening && !self.reduces(who, trade) {
            self.object("P4", format!("{who:?} does not get smaller: {trade:?}"));
        }
        match reason {
            Reason::Takeover => self.taken_over(trade, other),
            Reason::Liquidation => self.filled(trade),
            Reason::Remainder => self.remainder(trade),
            Reason::Stop | Reason::TakeProfit | Reason::Cut => self.left = Some(Left::of(*trade)),
            _ => {}
        }
        if forced == Some(who) {
            self.book_step(trade);
        }
    }

    fn filled(&mut self, trade: &Traded) {
        let order = self.step.as_mut().and_then(|step| step.order.take());
        if order != Some((trade.lots, trade.price)) {
            self.object("EXC-017", format!("order {order:?} traded as {trade:?}"));
        }
    }

    /// EXC-027.
    fn remainder(&mut self, trade: &Traded) {
        let mark = self.sheet.marks[usize::from(trade.symbol)];
        if mark != Some(trade.price) {
            self.object("EXC-027", format!("not at the mark {mark:?}: {trade:?}"));
        }
        // EXC-024: ranked when first asked, though nobody could be closed.
        let start = self.facts.symbol(trade.symbol).rules.loss.adl_start;
        let lots = self.step.as_ref().map_or(0, |step| step.lots);
        if let Some(mark) = mark.filter(|_| start != AdlStart::Never) {
            self.line_up((trade.symbol, -lots.signum()), mark);
        }
    }

    pub(super) fn book_step(&mut self, trade: &Traded) {
        let fee = self.liquidation_rate(trade.symbol);
        let each = self.fee(trade.symbol, trade.lots, trade.price, fee);
        let worth = self.facts.symbol(trade.symbol).worth(trade.lots, trade.price);
        let Some(step) = self.step.as_mut() else { return };
        let part = match trade.reason {
            Reason::Liquidation => &mut step.book,
            Reason::Takeover => &mut step.taken,
            Reason::Deleveraging => &mut step.deleveraged,
            _ => &mut step.remainder,
        };
        *part += trade.lots;
        step.fee = step.fee + worth * fee;
        step.fee_apart += each;
        self.totals.closed(&self.facts, trade, step.at.mark);
    }

    /// P13, EXC-019: the fee on what a step closed, never more than there is.
    pub(super) fn liquidation_fee(&mut self, post: &Posted) {
        let Some(step) = self.step.as_ref().filter(|step| step.at.account == post.from) else {
            self.object("P13", format!("no step for {post:?}"));
            return;
        };
        let left = self.sheet.account(post.from).cash;
        let is_flat = self.sheet.account(post.from).is_flat();
        let is_whole = cash(post.atoms) >= step.fee - Exact::new(1, 20);
        let what = format!("{post:?} of {:?} to {}", step.fee, step.fee_apart);
        if post.atoms > step.fee_apart
            || is_flat && (post.atoms > left || !is_whole && post.atoms != left)
        {
            self.object("P13", what);
        }
        let worth = self.sheet.equity(&self.facts, post.from, None);
        let at_cost = self.sheet.at_cost(post.from);
        let after = worth.map_or(at_cost, |worth| worth.min(at_cost)) - cash(post.atoms);
        if let Some(step) = self.step.as_mut() {
            step.fee_paid += post.atoms;
            step.after_fee = Some(after);
        }
    }

    /// P13: nobody is let off a fee that he could pay. A fund that keeps all asks for none.
    fn fee_is_paid(&mut self, step: &Step) {
        let account = self.sheet.account(step.at.account);
        let residual = self.facts.symbol(step.at.symbol).rules.residual;
        if account.is_flat() && (residual == Residual::FundKeeps || step.is_backstopped) {
            return;
        }
        let none = account.is_flat().then_some(cash(account.cash));
        let left = step.after_fee.or(none).unwrap_or(Exact::ZERO);
        if cash(step.fee_paid) < step.fee - Exact::new(1, 20) && left > Exact::new(4, 0) * ATOM {
            self.object("P13", format!("{left:?} left, and the fee not paid: {step:?}"));
        }
    }

    /// P5: what a trigger closed is what its procedure asked for.
    pub(super) fn close_step(&mut self) {
        let Some(step) = self.step.take() else { return };
        let (closed, all) = (step.closed(), step.lots.abs());
        let rules = self.facts.symbol(step.at.symbol).rules;
        let may_wait = matches!(rules.order, OrderPrice::FillableLimit { .. }) && step.rest() == 0;
        let right = match step.extent {
            Extent::Whole => closed == all || may_wait,
            Extent::Takeover | Extent::Backstop => closed == all && step.book == 0,
            Extent::Part(part) => {
                let part = i128::from(part.lots());
                let transfer = rules.order == OrderPrice::Transfer;
                if transfer {
                    closed == part && step.book == 0
                } else {
                    closed <= part && step.rest() == 0
                }
            }
            Extent::FillOrKill(part) => {
                let part = i128::from(part.lots());
                closed == part && step.rest() == 0 || closed == all && step.book == 0
            }
        };
        if !right || step.order.is_some() {
            self.object("P5", format!("{closed} of {all} lots closed: {step:?}"));
        }
        self.left_over(&step);
        self.fee_is_paid(&step);
    }

    /// CLO-005, CLO-014, LIQ-010: who keeps what is left when nothing is open any more.
    fn left_over(&mut self, step: &Step) {
        let account = self.sheet.account(step.at.account);
        let residual = self.facts.symbol(step.at.symbol).rules.residual;
        let keeps = residual == Residual::FundKeeps || step.is_backstopped;
        if account.is_flat() && (account.cash < 0 || keeps && account.cash > 0) {
            let what = format!("{} atoms left under {residual:?}: {step:?}", account.cash);
            self.object("CLO-014", what);
        }
    }

    pub(super) fn taker_rate(&self, symbol: u16) -> Exact {
        rate(self.facts.symbol(symbol).rules.fees.taker)
    }
}
