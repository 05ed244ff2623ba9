//! Auto-deleveraging: EXC-023 to EXC-026, ADL-001 to ADL-008. Laws P10, P11.

use super::Auditor;
use super::facts::{ATOM, cash};
use super::liquidation::Stricken;
use super::primitives::Traded;
use super::scores::Span;
use crate::reference::{Exact, GRID};
use deleverage::exchange::{AccountId, Moment};
use deleverage::venue::{AdlPrice, AdlRank};
use std::collections::BTreeMap;

/// One counterparty as the journal tells it.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub bankrupt: AccountId,
    pub account: AccountId,
    pub symbol: u16,
    pub lots: i128,
    pub price: Exact,
    pub mark: Exact,
    pub rank: u32,
}

/// A trade of the queue that has not been told as such yet.
#[derive(Debug, Clone, Copy)]
struct Awaited {
    trade: Traded,
    bankrupt: AccountId,
    winner: AccountId,
    mark: Exact,
    /// What both were worth at the mark before it.
    before: [Exact; 2],
}

/// Counterparties of one bankrupt position, one after the other.
#[derive(Debug, Clone, Copy)]
struct Pass {
    bankrupt: AccountId,
    symbol: u16,
    rank: u32,
    /// Somebody was closed in part.
    is_over: bool,
}

/// What is remembered within a sub-step.
#[derive(Default)]
pub struct Queue {
    /// Triggers of the leg so far: symbol, mark, account.
    pub triggers: Vec<(u16, Exact, AccountId)>,
    /// By symbol and sign of the lots: everybody on that side when the queue was first asked, the
    /// surely highest score first.
    ranks: BTreeMap<(u16, i128), Vec<(Span, AccountId)>>,
    pass: Option<Pass>,
    awaited: Option<Awaited>,
    /// Inventory that goes to the queue: when, whose, which, at which price.
    sale: Option<(Moment, AccountId, u16, Exact)>,
}

impl Auditor<'_> {
    /// Before a trade of the queue is booked.
    pub(super) fn judge_deleveraging(&mut self, trade: &Traded) {
        let forced = self.step.as_ref().map(|step| step.at);
        let is_forced = |party: &AccountId| forced.is_some_and(|at| at.account == *party);
        let parties = trade.parties();
        let tranche = |party: &AccountId| matches!(party, AccountId::Tranche(_));
        let inventory = parties.into_iter().find(tranche);
        let bankrupt = inventory.or(parties.into_iter().find(is_forced));
        let winner = bankrupt.map(|bankrupt| trade.other(bankrupt));
        let (Some(bankrupt), Some(winner @ AccountId::Trader(_))) = (bankrupt, winner) else {
            self.object("P10", format!("nobody is deleveraged like this: {trade:?}"));
            return;
        };
        for party in parties {
            let (held, moved) = (self.sheet.lots(party, trade.symbol), trade.moved(party));
            if held.signum() != -moved.signum() || moved.abs() > held.abs() {
                self.object("P10", format!("{party:?} holds {held} lots: {trade:?}"));
            }
        }
        let is_own = is_forced(&bankrupt);
        let Some(mark) = self.sheet.marks[usize::from(trade.symbol)] else { return };
        let at = Stricken { account: bankrupt, symbol: trade.symbol, mark };
        self.fund.trade(trade);
        self.solvent(winner, trade);
        self.ranked(winner, trade, mark);
        self.priced(at, trade);
        if is_own {
            self.fund_refused(at, trade);
            self.book_step(trade);
        }
        self.await_telling(trade, (bankrupt, winner), mark);
    }

    fn await_telling(&mut self, trade: &Traded, who: (AccountId, AccountId), mark: Exact) {
        if self.queue.awaited.is_some() {
            self.object("P10", format!("the counterparty before {trade:?} was not told"));
        }
        let (bankrupt, winner) = who;
        let at = Some((trade.symbol, mark));
        let worth = |id| self.sheet.equity(&self.facts, id, at).unwrap_or(Exact::ZERO);
        let before = [bankrupt, winner].map(worth);
        self.queue.awaited = Some(Awaited { trade: *trade, bankrupt, winner, mark, before });
    }

    /// ADL-008: at the price at which it is closed the winner is not below zero.
    fn solvent(&mut self, winner: AccountId, trade: &Traded) {
        let equity = self.sheet.equity(&self.facts, winner, Some((trade.symbol, trade.price)));
        if equity.is_some_and(|equity| equity < -ATOM) {
            self.object("P10", format!("{winner:?} is worth {equity:?} at the price of {trade:?}"));
        }
    }

    /// EXC-023, EXC-024: `B`, the mark, or the mark of the sub-step before.
    fn priced(&mut self, at: Stricken, trade: &Traded) {
        if let AccountId::Tranche(_) = at.account {
            return self.inventory_priced(at, trade);
        }
        let symbol = usize::from(trade.symbol);
        let rule = self.facts.symbol(trade.symbol).rules.loss.adl_price;
        let expected = match rule {
            AdlPrice::Mark => Some(at.mark),
            AdlPrice::PreviousMark => self.sheet.marks_before[symbol],
            AdlPrice::Bankruptcy => self.bankruptcy_or_mark(at),
        };
        match (rule, expected) {
            (AdlPrice::Bankruptcy, Some(expected)) => {
                let lots = self.step.as_ref().map_or(0, |step| step.lots);
                let at = (trade.symbol, lots);
                self.same_bankruptcy(at, Some(trade.price), Some(expected));
            }
            (_, Some(expected)) if expected != trade.price => {
                self.object("EXC-024", format!("{rule:?} is {expected:?}: {trade:?}"));
            }
            _ => {}
        }
    }

    /// EXC-023: all of a tranche's lots would bring their part of what it lacks, or just so much
    /// that its cash lasts; and all of them go at one price.
    fn inventory_priced(&mut self, at: Stricken, trade: &Traded) {
        let sale = self.now.map(|now| (now, at.account, at.symbol, trade.price));
        if std::mem::replace(&mut self.queue.sale, sale) == sale {
            return;
        }
        let of = self.facts.symbol(at.symbol);
        let lots = self.sheet.lots(at.account, at.symbol);
        let worth = self.sheet.equity(&self.facts, at.account, None).unwrap_or(Exact::ZERO);
        let lacks = (-worth).max(Exact::ZERO).ceil(GRID);
        // Within half and double of the mark no tranche lacks more than its inventory is worth, so
        // that 10^-16 more of a value moves no share by an atom.
        let (own, all) = (of.worth(lots.abs(), at.mark), self.inventory(at.account, at, 0));
        let (own, all) = (own.ceil(2 * GRID), all.ceil(2 * GRID));
        let shared = of.carried(lots, Exact::ZERO, at.mark) + (lacks * own).over_up(all, GRID);
        let lot = self.sheet.account(at.account).lot(at.symbol);
        let cost = cash(lot.map_or(0, |lot| lot.cost));
        let expected = shared.max(cost - self.sheet.at_cost(at.account));
        let step = of.step() + of.step();
        let brings = |price| of.carried(lots, Exact::ZERO, price);
        let grain = (brings(trade.price + step) - brings(trade.price)).abs();
        let slack = self.fund_slack() + grain;
        let near = trade.price >= of.half(at.mark) && trade.price <= at.mark + at.mark;
        if (brings(trade.price) - expected).abs() > slack || !near {
            self.object("EXC-023", format!("{lots} lots should bring {expected:?}: {trade:?}"));
        }
    }

    /// EXC-018: without a bankruptcy price the mark of the trigger stands in.
    pub(super) fn bankruptcy_or_mark(&self, at: Stricken) -> Option<Exact> {
        let step = self.step.as_ref().filter(|step| step.at.account == at.account)?;
        Some(step.bankruptcy.unwrap_or(step.at.mark))
    }

    /// ADL-007: everybody surely ahead has nothing left, or is passed over.
    fn ranked(&mut self, winner: AccountId, trade: &Traded, mark: Exact) {
        let side = self.sheet.lots(winner, trade.symbol).signum();
        let key = (trade.symbol, side);
        self.line_up(key, mark);
        let rank = self.facts.symbol(trade.symbol).rules.loss.adl_rank;
        let queue = &self.queue.ranks[&key];
        let Some((own, _)) = queue.iter().find(|(_, id)| *id == winner) else {
            self.object("ADL-006", format!("{winner:?} has no place: {trade:?}"));
            return;
        };
        if rank == AdlRank::ProRata {
            // His place is that of the first asking; equity he may have lost since (ADL-006).
            let (of, lot) = (self.facts.symbol(trade.symbol), self.sheet.account(winner));
            let carried = |price| of.carried(side, Exact::ZERO, price);
            let lot = lot.lot(trade.symbol);
            if lot.is_none_or(|lot| carried(mark) <= carried(lot.entry)) {
                self.object("EXC-026", format!("{winner:?} has no profit: {trade:?}"));
            }
            return;
        }
        let is_ahead = |(span, id): &&(Span, AccountId)| {
            span.low > own.high || rank == AdlRank::Unranked && *id < winner
        };
        // Closing rounds funding and value, and every other position is rounded as well.
        let stands = |(_, id): &&(Span, AccountId)| {
            let at = Some((trade.symbol, trade.price));
            let worth = self.sheet.equity(&self.facts, *id, at);
            let slack = Exact::new(self.rounding(*id), 0) * ATOM;
            self.sheet.lots(*id, trade.symbol).signum() == side
                && worth.is_some_and(|worth| worth > slack)
        };
        let ahead = queue.iter().take_while(is_ahead).find(stands);
        if let Some((span, ahead)) = ahead {
            let what = format!("{ahead:?} {span:?} stands before {winner:?} {own:?}: {trade:?}");
            self.object("ADL-007", what);
        }
    }

    /// Ranks a side of a symbol, unless that was done in this sub-step.
    pub(super) fn line_up(&mut self, (symbol, side): (u16, i128), mark: Exact) {
        if !self.queue.ranks.contains_key(&(symbol, side)) {
            let ranks = self.ranks(symbol, side, mark);
            self.queue.ranks.insert((symbol, side), ranks);
        }
    }

    /// Everybody who holds lots of one sign, as of now.
    fn ranks(&self, symbol: u16, side: i128, mark: Exact) -> Vec<(Span, AccountId)> {
        let traders = self.sheet.accounts.iter().filter(|(id, account)| {
            matches!(id, AccountId::Trader(_)) && account.lots(symbol).signum() == side
        });
        let span = |id: AccountId| Some((self.score(id, (symbol, mark))?, id));
        let mut ranks: Vec<_> = traders.filter_map(|(id, _)| span(*id)).collect();
        ranks.sort_by(|(a, one), (b, other)| b.low.total_cmp(&a.low).then(one.cmp(other)));
        ranks
    }

    pub(super) fn deleveraged(&mut self, told: Told) {
        let Some(awaited) = self.queue.awaited.take() else {
            self.object("P10", format!("no trade before {told:?}"));
            return;
        };
        let same = awaited.bankrupt == told.bankrupt
            && awaited.winner == told.account
            && awaited.mark == told.mark
            && awaited.trade.symbol == told.symbol
            && (awaited.trade.lots, awaited.trade.price) == (told.lots, told.price);
        if !same {
            self.object("P10", format!("{awaited:?} told as {told:?}"));
        }
        self.gap(&awaited);
        self.passed(&told);
        let time = self.now.map(|now| now.time);
        self.totals.deleveraged(&self.facts, &told, time);
    }

    /// P11: what the bankrupt account gains at the mark is what the winner loses and the distance
    /// of the two prices, up to the rounding of one trade and two settlements.
    fn gap(&mut self, awaited: &Awaited) {
        let Awaited { trade, bankrupt, winner, mark, before } = *awaited;
        let at = Some((trade.symbol, mark));
        let worth = |id| self.sheet.equity(&self.facts, id, at).unwrap_or(Exact::ZERO);
        let gained = [bankrupt, winner].map(worth);
        let of = self.facts.symbol(trade.symbol);
        let lots = if trade.seller == bankrupt { trade.lots } else { -trade.lots };
        // What the lots were worth to the bankrupt account, and what it got for them.
        let carried = |price| of.carried(lots, Exact::ZERO, price);
        let gap = carried(trade.price) - carried(mark);
        let slack = ATOM + ATOM;
        let (gain, loss) = (gained[0] - before[0], before[1] - gained[1]);
        if (gain - gap).abs() > slack || (loss - gap).abs() > slack {
            self.object(
                "P11",
                format!("{gap:?} given up, {gain:?} gained, {loss:?} lost: {trade:?}"),
            );
        }
        self.totals.gap(gap);
    }

    /// P10: ranks rise within a pass, and after somebody was closed in part nobody is.
    fn passed(&mut self, told: &Told) {
        let rank = self.facts.symbol(told.symbol).rules.loss.adl_rank;
        let is_part = self.sheet.lots(told.account, told.symbol) != 0;
        let same = |pass: &Pass| {
            pass.bankrupt == told.bankrupt && pass.symbol == told.symbol && pass.rank < told.rank
        };
        let pass = self.queue.pass.filter(same);
        if pass.is_some_and(|pass| pass.is_over) && rank != AdlRank::ProRata {
            self.object("P10", format!("somebody after a part: {told:?}"));
        }
        let (bankrupt, symbol, rank) = (told.bankrupt, told.symbol, told.rank);
        self.queue.pass = Some(Pass { bankrupt, symbol, rank, is_over: is_part });
    }

    /// A new trigger begins a new pass.
    pub(super) fn end_pass(&mut self) {
        self.queue.pass = None;
        if let Some(awaited) = self.queue.awaited.take() {
            self.object("P10", format!("never told: {awaited:?}"));
        }
    }
}
