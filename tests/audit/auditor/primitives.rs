//! What changes a balance: EXC-002, EXC-003, EXC-005, EXC-007. Laws P1, P2, P3, P12, P13.

use super::facts::{ATOM, atoms, rate};
use super::{Auditor, Care};
use crate::reference::{Exact, GRID};
use deleverage::exchange::{AccountId, Reason};
use deleverage::money::Cash;

/// Cash that was told to have moved.
#[derive(Debug, Clone, Copy)]
pub struct Posted {
    pub from: AccountId,
    pub to: AccountId,
    pub atoms: i128,
    pub reason: Reason,
}

/// A quantity that was told to have moved against its value.
#[derive(Debug, Clone, Copy)]
pub struct Traded {
    pub symbol: u16,
    pub buyer: AccountId,
    pub seller: AccountId,
    pub lots: i128,
    pub price: Exact,
    /// Atoms.
    pub value: i128,
    pub reason: Reason,
}

impl Traded {
    pub fn parties(&self) -> [AccountId; 2] {
        [self.buyer, self.seller]
    }

    /// The party that is not the given one.
    pub fn other(&self, than: AccountId) -> AccountId {
        if self.buyer == than { self.seller } else { self.buyer }
    }

    /// Signed lots that a party gets.
    pub fn moved(&self, party: AccountId) -> i128 {
        if party == self.buyer { self.lots } else { -self.lots }
    }
}

/// A trade by choice whose fee has not been told.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    trade: Traded,
    /// The least that whoever closed was worth since: at the trade, and where its impact left the
    /// mark.
    worth: Option<Exact>,
    is_marked: bool,
}

impl Left {
    pub fn of(trade: Traded) -> Self {
        Self { trade, worth: None, is_marked: false }
    }

    /// Whether this is the mark where the trade's own impact may have left it.
    pub fn is_moved_by(&mut self, symbol: u16) -> bool {
        self.trade.symbol == symbol && !std::mem::replace(&mut self.is_marked, true)
    }
}

impl Auditor<'_> {
    pub(super) fn deposited(&mut self, to: AccountId, amount: Cash) {
        if amount < Cash::ZERO || !matches!(to, AccountId::Trader(_) | AccountId::Tranche(_)) {
            self.object("EXC-005", format!("{amount} deposited to {to:?}"));
        }
        self.sheet.deposit(to, amount.atoms().into());
    }

    pub(super) fn posted(&mut self, post: Posted) {
        if post.atoms <= 0 || post.from == post.to {
            self.object("EXC-002", format!("{post:?}"));
        }
        if !is_plausible(&post) {
            self.object("EXC-002", format!("nobody pays like this: {post:?}"));
        }
        match post.reason {
            Reason::Funding => self.settled(&post),
            Reason::LiquidationFee => self.liquidation_fee(&post),
            Reason::TakerFee => self.taker_fee(&post),
            Reason::Deficit => self.covered(&post),
            _ => {}
        }
        self.totals.post(&post);
        self.sheet.pay(post.from, -post.atoms);
        self.sheet.pay(post.to, post.atoms);
        self.touched.extend([post.from, post.to]);
        // Funding is the one payment that nobody asks the fund for; what is missing comes next.
        if !matches!(post.reason, Reason::Funding | Reason::Deficit) {
            self.fund_holds("a payment");
        }
    }

    /// Funding is told before the trade that asks for it; what it belongs to is known then.
    fn settled(&mut self, post: &Posted) {
        let (account, paid) = match post.from {
            AccountId::Clearing => (post.to, -post.atoms),
            payer => (payer, post.atoms),
        };
        self.settlements += 1;
        self.settling.push((account, paid));
    }

    pub(super) fn traded(&mut self, trade: Traded) {
        if trade.lots <= 0 || trade.buyer == trade.seller {
            self.object("EXC-003", format!("{trade:?}"));
            return;
        }
        let value = self.facts.symbol(trade.symbol).value(trade.lots, trade.price);
        if value != trade.value {
            self.object("EXC-003", format!("{value} atoms expected: {trade:?}"));
        }
        self.settle_parties(&trade);
        self.judge(&trade);
        let (payer, payee) = match self.facts.symbol(trade.symbol).is_inverse() {
            false => (trade.buyer, trade.seller),
            true => (trade.seller, trade.buyer),
        };
        self.sheet.pay(payer, -trade.value);
        self.sheet.pay(payee, trade.value);
        let before = self.sheet.open_interest[usize::from(trade.symbol)];
        for party in trade.parties() {
            let moved = (trade.moved(party), trade.price);
            let paid = if party == payer { trade.value } else { -trade.value };
            self.sheet.move_lots(&self.facts, (party, trade.symbol), moved, paid);
        }
        self.open_interest(&trade, before);
        self.weigh_left();
        self.touched.extend(trade.parties());
        self.fund_holds("a trade");
    }

    /// P4. A trade between two who hold opposite sides closes both.
    fn open_interest(&mut self, trade: &Traded, before: i128) {
        let change = self.sheet.open_interest[usize::from(trade.symbol)] - before;
        let wrong = match trade.reason {
            Reason::Opening => false,
            Reason::Deleveraging => change != -trade.lots,
            _ => change > 0,
        };
        if wrong {
            self.object("P4", format!("open interest moves by {change}: {trade:?}"));
        }
    }

    /// EXC-007: both parties pay what they owe in the symbol, and nothing else is posted.
    fn settle_parties(&mut self, trade: &Traded) {
        let told = std::mem::take(&mut self.settling);
        let due =
            trade.parties().map(|party| (party, self.sheet.due(&self.facts, party, trade.symbol)));
        let due: Vec<_> = due.into_iter().filter(|(_, atoms)| *atoms != 0).collect();
        let told = self.without_settlements(told, &due);
        if told != due {
            self.object("EXC-007", format!("{due:?} due, {told:?} posted before {trade:?}"));
        }
        trade.parties().into_iter().for_each(|party| self.sheet.settle(party, trade.symbol));
    }

    /// Those posts that a trade asked for; tranches are settled with their symbols (EXC-020).
    fn without_settlements(
        &mut self,
        mut told: Vec<(AccountId, i128)>,
        due: &[(AccountId, i128)],
    ) -> Vec<(AccountId, i128)> {
        let own = told.split_off(told.len() - due.len().min(told.len()));
        told.into_iter().for_each(|(account, paid)| self.settle_by_amount(account, paid));
        own
    }

    /// A settlement that no trade asked for: of whichever symbol owes that much.
    fn settle_by_amount(&mut self, account: AccountId, paid: i128) {
        let held = &self.sheet.account(account).held;
        let symbols: Vec<u16> = held.iter().map(|lot| lot.symbol).collect();
        let owes = |symbol: &&u16| self.sheet.due(&self.facts, account, **symbol) == paid;
        match symbols.iter().find(owes).copied() {
            Some(symbol) => self.sheet.settle(account, symbol),
            None => self.object("EXC-007", format!("{account:?} owes no {paid} atoms")),
        }
    }

    /// All that was posted and is still without a trade.
    pub(super) fn settle_rest(&mut self) {
        for (account, paid) in std::mem::take(&mut self.settling) {
            self.settle_by_amount(account, paid);
        }
    }

    pub(super) fn accrue(&mut self, symbol: u16, steps: i128) {
        let at = usize::from(symbol);
        let due = self.facts.symbol(symbol).per_unit(steps);
        self.accruing = Some(symbol);
        self.accrued[at] = self.accrued[at] + due;
        self.sheet.funding[at] = self.sheet.funding[at] + due;
    }

    /// EXC-020: after a settlement no tranche owes anything in its symbol.
    pub(super) fn settle_tranches(&mut self) {
        let Some(symbol) = self.accruing.take() else { return };
        // What a trade asked for may follow at once, and is not the tranches'.
        let told = std::mem::take(&mut self.settling).into_iter();
        let (own, others) =
            told.partition(|(account, _): &(_, _)| matches!(account, AccountId::Tranche(_)));
        self.settling = own;
        self.settle_rest();
        self.settling = others;
        let accounts = self.sheet.accounts.iter();
        let tranches = accounts.filter(|(id, account)| {
            matches!(id, AccountId::Tranche(_)) && account.lots(symbol) != 0
        });
        for id in tranches.map(|(id, _)| *id).collect::<Vec<_>>() {
            let due = self.sheet.due(&self.facts, id, symbol);
            if due != 0 {
                self.object("EXC-020", format!("{id:?} still owes {due} atoms in {symbol}"));
            }
            self.sheet.settle(id, symbol);
        }
    }

    /// A fee on a value: `⌈v·f⌉`.
    pub(super) fn fee(&self, symbol: u16, lots: i128, price: Exact, fee: Exact) -> i128 {
        let size = Exact::new(lots, GRID) * fee;
        atoms(match self.facts.symbol(symbol).is_inverse() {
            true => size.over_up(price, GRID),
            false => (size * price).ceil(GRID),
        })
    }

    pub(super) fn liquidation_rate(&self, symbol: u16) -> Exact {
        use deleverage::venue::Residual;
        let rules = self.facts.symbol(symbol).rules;
        match rules.residual {
            Residual::FundKeeps | Residual::FeeThenReturn => rate(rules.fees.liquidation),
            Residual::Returned | Residual::Backstop { .. } => Exact::ZERO,
        }
    }

    /// P1 and P2 after every event, by running sums.
    pub(super) fn sums(&mut self) {
        if self.sheet.cash != self.sheet.deposits {
            let (cash, deposits) = (self.sheet.cash, self.sheet.deposits);
            self.object("P2", format!("{cash} atoms held, {deposits} deposited"));
        }
        if self.sheet.lots.iter().any(|sum| *sum != 0) {
            let lots = format!("{:?}", self.sheet.lots);
            self.object("P1", lots);
        }
    }

    /// P1 to P3 anew, whatever the symbols are worth.
    pub(super) fn sums_anew(&mut self) {
        let moment = self.now.map_or(0, |now| now.time);
        let unit = |at: usize| Exact::new((i128::from(moment) * 7_919 + 13) << (at + 1), 9);
        let units: Vec<Exact> = (0..self.sheet.lots.len()).map(unit).collect();
        if !self.sheet.adds_up(&units) {
            self.object("P3", format!("at {units:?} a unit"));
        }
    }

    pub(super) fn is_due(&self) -> bool {
        match (self.care, self.now) {
            (Care::Every, _) | (_, None) => true,
            (Care::Bars(bars), Some(now)) => now.substep == 0 && now.bar.is_multiple_of(bars),
        }
    }

    pub(super) fn reacted(&mut self, account: AccountId, symbol: u16) {
        if !matches!(account, AccountId::Trader(_)) || self.sheet.lots(account, symbol) == 0 {
            self.object("EXC-030", format!("{account:?} reacts"));
        }
        self.close_reaction();
    }

    /// What whoever closed by choice is worth now, if that is less than before.
    pub(super) fn weigh_left(&mut self) {
        let Some(mut left) = self.left else { return };
        let worth = self.sheet.equity(&self.facts, left.trade.other(AccountId::Book), None);
        let worth = worth.unwrap_or(Exact::ZERO);
        left.worth = Some(left.worth.map_or(worth, |least| least.min(worth)));
        self.left = Some(left);
    }

    /// What the rounding of an account's positions comes to: an atom each (EXC-004), and one.
    pub(super) fn rounding(&self, id: AccountId) -> i128 {
        self.sheet.account(id).breadth() as i128 + 1
    }

    /// P13: whoever closed by choice and can pay has paid the taker fee.
    pub(super) fn close_reaction(&mut self) {
        let Some(Left { trade, worth, .. }) = self.left.take() else { return };
        let due = self.fee(trade.symbol, trade.lots, trade.price, self.taker_rate(trade.symbol));
        let slack = Exact::new(self.rounding(trade.other(AccountId::Book)), 0) * ATOM;
        if due > 0 && worth.is_some_and(|worth| worth > slack) {
            self.object("P13", format!("{due} atoms of fee not paid: {trade:?}"));
        }
    }

    /// EXC-030: on the value of what was closed, never more than the account is worth.
    fn taker_fee(&mut self, post: &Posted) {
        let left = self.left.take().map(|left| left.trade);
        let Some(trade) = left.filter(|trade| trade.parties().contains(&post.from)) else {
            self.object("P13", format!("no trade for {post:?}"));
            return;
        };
        let due = self.fee(trade.symbol, trade.lots, trade.price, self.taker_rate(trade.symbol));
        let worth = self.sheet.equity(&self.facts, post.from, None).unwrap_or(Exact::ZERO);
        let is_all = atoms(worth.floor(GRID)) - post.atoms <= self.rounding(post.from);
        if post.atoms > due || post.atoms < due && !is_all {
            self.object("P13", format!("{due} atoms of fee due, {worth:?} there: {post:?}"));
        }
    }
}

/// Who can pay whom for what.
fn is_plausible(post: &Posted) -> bool {
    use AccountId::{BadDebt, Clearing, Exchange, Fees, Owed, Socialised, Trader, Tranche};
    match (post.reason, post.from, post.to) {
        (Reason::Funding, Clearing, to) => to != Fees,
        (Reason::Funding, _, to) => to == Clearing,
        (Reason::LiquidationFee | Reason::Residual, Trader(_), Tranche(_) | Fees) => true,
        (Reason::Backstop, Trader(_), Tranche(_) | Fees) => true,
        (Reason::TakerFee, Trader(_), Fees) => true,
        (Reason::Deficit, Tranche(_), Trader(_)) => true,
        (Reason::Deficit, Trader(_), Trader(_) | Tranche(_)) => true,
        (Reason::Deficit, Owed | Exchange | Socialised | BadDebt, Trader(_) | Tranche(_)) => true,
        (Reason::Clawback, Trader(_) | BadDebt, Socialised) => true,
        (Reason::Injection, Exchange, Tranche(_)) => true,
        (Reason::Rounding, Clearing, Fees) => true,
        _ => false,
    }
}
