//! The insurance fund: tranches, what they may take over, how they work it out. Rules `EXC-020` to
//! `EXC-023`.

use super::floor::{Floor, near};
use super::journal::{Event, Journal};
use super::ledger::{AccountId, Deal, Reason, Transfer};
use super::liquidity::Impact;
use super::need::{Need, Watch};
use super::record::Peak;
use crate::engine::{ForcedOrder, FundingPerUnit, Position};
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::Side;
use crate::scenario::exchange::{Driver, FundMeasure, TopUp, Tranche};
use crate::waterfall::{Adl, Pool, SymbolProfit};

/// What the tranches are worth together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    /// Inventory at cost.
    pub cash: Cash,
    /// Inventory at the marks.
    pub mtm: Cash,
}

/// What a tranche remembers.
#[derive(Debug, Clone, Default)]
pub(super) struct Purse {
    /// Of its balance, by the policy's measure.
    peak: Peak,
    /// A symbol each: cash that came or went on its account since the start.
    pub flow: Vec<Cash>,
    profit_peak: Vec<Peak>,
    rule: Vec<Adl>,
    /// How often each top-up was made.
    topped_up: Vec<u32>,
    pub watch: Watch,
}

impl Purse {
    /// With its balance at the start.
    pub fn new(symbols: usize, (time, tranche): (i64, &Tranche)) -> Self {
        let peak = Peak::at(time, tranche.balance);
        let top_ups = tranche.top_ups.len();
        Self {
            peak,
            flow: vec![Cash::ZERO; symbols],
            profit_peak: vec![Peak::at(time, Cash::ZERO); symbols],
            rule: vec![Adl::Idle; symbols],
            topped_up: vec![0; top_ups],
            watch: Watch::of(tranche.balance),
        }
    }
}

fn account(tranche: usize) -> AccountId {
    AccountId::Tranche(tranche as u8)
}

impl<J: Journal> Floor<'_, J> {
    /// A tranche's ledger cash with its inventory at cost.
    pub fn tranche_cash(&self, tranche: usize) -> Cash {
        let (account, ledger) = (account(tranche), &self.state.ledger);
        self.symbols().fold(ledger.cash(account), |sum, symbol| sum + ledger.cost(account, symbol))
    }

    /// All tranches together.
    pub fn fund(&self) -> Totals {
        (0..self.purses.len()).fold(Totals::default(), |sum, tranche| Totals {
            cash: sum.cash + self.tranche_cash(tranche),
            mtm: sum.mtm + self.equity(account(tranche)),
        })
    }

    fn balance(&self, tranche: usize) -> Cash {
        match self.scene.study.fund.measure {
            FundMeasure::Cash => self.tranche_cash(tranche),
            FundMeasure::MarkedToMarket => self.equity(account(tranche)),
        }
    }

    /// What the rules look at, with a loss that stands before the fund.
    fn pool(&mut self, tranche: usize, symbol: u16, due: Cash) -> Pool {
        let (time, place) = (self.now().time, usize::from(symbol));
        let balance = self.balance(tranche);
        let held = self.state.ledger.carried(
            self.law(symbol),
            account(tranche),
            symbol,
            self.mark(symbol),
        );
        let purse = &mut self.purses[tranche];
        let profit = purse.flow[place] + held;
        let peak = purse.peak.with(time, balance);
        let profit_peak = purse.profit_peak[place].with(time, profit);
        let symbol = SymbolProfit { now: profit, peak: profit_peak };
        Pool { balance, peak, symbol, due }
    }

    /// Whether losses of a symbol go to the queue now; `due` stands before the fund.
    pub fn sends_to_queue(&mut self, tranche: usize, symbol: u16, due: Cash) -> bool {
        let start = self.market(symbol).rules.loss.adl_start;
        let pool = self.pool(tranche, symbol, due);
        self.purses[tranche].watch.lacks(pool.lacks(start));
        let place = usize::from(symbol);
        let before = self.purses[tranche].rule[place];
        let after = before.next(start, &pool);
        // A loss that is only asked about changes nothing.
        if due == Cash::ZERO && before != after {
            self.purses[tranche].rule[place] = after;
            let runs = after == Adl::Running;
            self.to.tell(Event::Rule { tranche: tranche as u8, symbol, runs });
        }
        after == Adl::Running || due > pool.balance
    }

    /// Whether a tranche takes `lots` of a position over at a price.
    pub fn takes(&mut self, symbol: u16, side: Side, (quantity, price): (Quantity, Price)) -> bool {
        let Some(tranche) = self.tranche(symbol) else { return false };
        let choice = &self.scene.study.fund;
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let taken = Position { side, quantity, entry: price, margin: Cash::ZERO };
        let due = law.cash_floor(law.equity(&taken, FundingPerUnit::NONE, mark)).loss();
        let held = self.inventory_with(tranche, symbol, side.sign() * i128::from(quantity.lots()));
        choice.takeover
            && choice.notional_cap.is_none_or(|cap| held <= cap)
            && self.can_net(tranche, symbol, (side, quantity, price))
            && !self.sends_to_queue(tranche, symbol, due)
    }

    /// Looks at what all tranches hold.
    pub fn watch_needs(&mut self) {
        for tranche in 0..self.purses.len() {
            let (cash, worth) = (self.tranche_cash(tranche), self.equity(account(tranche)));
            self.purses[tranche].watch.holds_cash(cash);
            self.purses[tranche].watch.is_worth(worth);
        }
    }

    /// What all of the fund would have had to begin with.
    pub fn need(&self) -> Need {
        let tranches = &self.scene.study.fund.tranches;
        let fund = tranches.iter().fold(Cash::ZERO, |sum, tranche| sum + tranche.balance);
        let each = self.purses.iter().zip(tranches);
        each.fold(Need::default(), |most, (purse, tranche)| {
            most.max(purse.watch.need().of_fund(tranche.balance, fund))
        })
    }

    /// Whether cash lasts if a takeover closes inventory of the other side at its price.
    fn can_net(
        &mut self,
        tranche: usize,
        symbol: u16,
        (side, quantity, price): (Side, Quantity, Price),
    ) -> bool {
        let law = self.law(symbol);
        match self.state.ledger.bare(account(tranche), symbol) {
            Some((held, _)) if held.side != side => {
                let closed = Position { quantity: held.quantity.min(quantity), ..held };
                let cost = i128::from(self.state.ledger.cost(account(tranche), symbol).atoms());
                let part = i128::from(closed.quantity.lots());
                let released = Round::Ceil.div(cost * part, i128::from(held.quantity.lots()));
                let released = Cash::from_atoms(released as i64);
                let worth = law.carried(&closed, FundingPerUnit::NONE, price);
                let left = self.tranche_cash(tranche) + worth - released;
                self.purses[tranche].watch.spares(left - Cash::from_atoms(1));
                left > Cash::ZERO
            }
            _ => true,
        }
    }

    /// Value of a tranche's inventory at the marks, in the settlement asset, with more lots of a
    /// symbol.
    fn inventory_with(&self, tranche: usize, symbol: u16, more: i128) -> Cash {
        let held = |other: u16| {
            let more = if other == symbol { more } else { 0 };
            let lots = i128::from(self.state.ledger.lots(account(tranche), other)) + more;
            let quantity = Quantity::from_lots(i64::try_from(lots.abs()).unwrap_or(i64::MAX));
            self.law(other).notional(quantity, self.mark(other))
        };
        self.symbols().fold(Cash::ZERO, |sum, other| sum + held(other))
    }

    /// Moves cash between a tranche and another account on behalf of a symbol.
    pub fn post_for(&mut self, symbol: u16, transfer: Transfer) {
        self.state.ledger.post(transfer, &mut self.to);
        let place = usize::from(symbol);
        if let AccountId::Tranche(tranche) = transfer.to {
            let flow = &mut self.purses[usize::from(tranche)].flow[place];
            *flow = *flow + transfer.amount;
            self.record.income = self.record.income + transfer.amount;
        }
        if let AccountId::Tranche(tranche) = transfer.from {
            let flow = &mut self.purses[usize::from(tranche)].flow[place];
            *flow = *flow - transfer.amount;
        }
    }

    /// A trade, with its cash counted on behalf of the symbol where a tranche takes part.
    pub fn trade(&mut self, deal: Deal) {
        let before = [deal.buyer, deal.seller].map(|account| self.state.ledger.cash(account));
        self.state.ledger.trade(self.law(deal.symbol), deal, &mut self.to);
        for (account, before) in [deal.buyer, deal.seller].into_iter().zip(before) {
            if let AccountId::Tranche(tranche) = account {
                let moved = self.state.ledger.cash(account) - before;
                let flow = &mut self.purses[usize::from(tranche)].flow[usize::from(deal.symbol)];
                *flow = *flow + moved;
            }
        }
    }

    /// Every tranche offers some of what it holds.
    pub fn work_out(&mut self) {
        for tranche in 0..self.purses.len() {
            for symbol in self.symbols() {
                if self.state.ledger.lots(account(tranche), symbol) != 0 {
                    self.dispose(tranche, symbol);
                }
            }
        }
    }

    fn dispose(&mut self, tranche: usize, symbol: u16) {
        let (law, place) = (self.law(symbol), usize::from(symbol));
        let account = account(tranche);
        let Some((held, _)) = self.state.ledger.position(account, symbol) else { return };
        let choice = &self.scene.markets[place].book.liquidity;
        let offered = self.offered(symbol, held.quantity);
        if offered == Quantity::ZERO {
            return;
        }
        let impact = match self.scene.study.driver {
            Driver::Replay => Impact::LeavesNothing,
            Driver::ReplayLocal { .. } | Driver::Counterfactual { .. } => Impact::Leaves,
        };
        let base = self.prices[place].last;
        let limit = self.affordable(tranche, symbol, &held);
        let order = ForcedOrder { side: held.side, quantity: offered, base, limit };
        if let Some(worst) = self.state.books[place].worst(choice, law, order) {
            self.watch_disposal(tranche, symbol, (&held, worst));
        }
        let fill = self.state.books[place].fill(choice, law, order, impact);
        if fill.quantity == Quantity::ZERO {
            return;
        }
        let (buyer, seller) = sides(held.side, account, AccountId::Book);
        let (quantity, price) = (fill.quantity, fill.price);
        self.trade(Deal { symbol, buyer, seller, quantity, price, reason: Reason::Disposal });
        self.refresh(symbol);
    }

    /// A fund that could not bear the loss on all that it holds at the worst price of an order
    /// would have sold less, or nothing: [`Floor::affordable`].
    fn watch_disposal(&mut self, tranche: usize, symbol: u16, (held, worst): (&Position, Price)) {
        let (account, ledger) = (account(tranche), &self.state.ledger);
        let others =
            self.tranche_cash(tranche) - ledger.cash(account) - ledger.cost(account, symbol);
        let position = Position { margin: held.margin + others, ..*held };
        let law = self.law(symbol);
        let beyond = Price::from_steps((worst.steps() - held.side.sign() as i64).max(1));
        let left = law.cash_floor(law.equity(&position, FundingPerUnit::NONE, beyond));
        self.purses[tranche].watch.spares(left - Cash::from_atoms(1));
    }

    /// At most the participation in the depth within 1 %, in lots.
    fn offered(&self, symbol: u16, held: Quantity) -> Quantity {
        let place = usize::from(symbol);
        let choice = &self.scene.markets[place].book.liquidity;
        let depth = self.state.books[place].within_one_percent(choice);
        let share = i128::from(self.scene.study.fund.participation.steps());
        let notional = i128::from(depth.atoms()) * share / i128::from(Rate::ONE);
        let one_lot = self.notional(symbol, held).atoms().max(1);
        let lots = Round::Floor.div(notional * i128::from(held.lots()), i128::from(one_lot));
        Quantity::from_lots(lots.min(i128::from(held.lots())) as i64)
    }

    /// The worst price at which the whole position can be sold without a loss of more than the
    /// tranche's cash: no part of it is sold beyond.
    fn affordable(&self, tranche: usize, symbol: u16, held: &Position) -> Option<Price> {
        let (account, ledger) = (account(tranche), &self.state.ledger);
        let others =
            self.tranche_cash(tranche) - ledger.cash(account) - ledger.cost(account, symbol);
        let position = Position { margin: held.margin + others, ..*held };
        self.law(symbol).bankruptcy_price(&position, FundingPerUnit::NONE)
    }

    /// Looks at the rules of every tranche, and sends what it holds to the queue where they say so.
    pub fn watch_fund(&mut self) {
        for tranche in 0..self.purses.len() {
            self.top_up(tranche);
            self.make_whole(tranche);
            let study = self.scene.study;
            for symbol in &study.fund.tranches[tranche].symbols {
                let symbol = *symbol as u16;
                let runs = self.sends_to_queue(tranche, symbol, Cash::ZERO);
                if runs && self.is_under_water(tranche, symbol) {
                    self.deleverage_inventory(tranche, symbol);
                }
            }
        }
    }

    /// Whether a tranche with inventory of a symbol is worth less than nothing.
    fn is_under_water(&self, tranche: usize, symbol: u16) -> bool {
        self.state.ledger.lots(account(tranche), symbol) != 0
            && self.equity(account(tranche)) < Cash::ZERO
    }

    /// Closes inventory against winners where all of it together pays for what the tranche lacks,
    /// or where its cash is used up if that is better for it; not at all far from the mark.
    fn deleverage_inventory(&mut self, tranche: usize, symbol: u16) {
        let (account, mark) = (account(tranche), self.mark(symbol));
        let Some((held, _)) = self.state.ledger.position(account, symbol) else { return };
        let Some(worthless) = self.worthless(tranche, symbol, &held) else { return };
        // What other symbols have gained is not cash yet.
        let penniless = self.affordable(tranche, symbol, &held).unwrap_or(worthless);
        let price = match held.side {
            Side::Long => worthless.max(penniless),
            Side::Short => worthless.min(penniless),
        };
        if near(price, mark) == price {
            self.deleverage(account, symbol, (held.quantity, price));
        }
    }

    /// Where a tranche is worth nothing if each of its symbols brings the same part of its value
    /// more than at the mark: the winners of all symbols give up alike. `None`: nowhere.
    fn worthless(&self, tranche: usize, symbol: u16, held: &Position) -> Option<Price> {
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let lacks = i128::from(self.equity(account(tranche)).loss().atoms());
        let own = i128::from(law.notional(held.quantity, mark).atoms());
        let all = i128::from(self.inventory_with(tranche, symbol, 0).atoms());
        let share = Cash::from_atoms(Round::Ceil.div(lacks * own, all.max(1)) as i64);
        let position = Position { margin: -share, entry: mark, ..*held };
        law.bankruptcy_price(&position, FundingPerUnit::NONE)
    }

    /// Funding on the inventory can take cash below zero: the last rung pays that part.
    pub fn make_whole(&mut self, tranche: usize) {
        let cash = self.tranche_cash(tranche);
        self.purses[tranche].watch.holds_cash(cash);
        let missing = cash.loss();
        let symbols = &self.scene.study.fund.tranches[tranche].symbols;
        if let Some(symbol) = symbols.first().filter(|_| missing > Cash::ZERO) {
            self.to.tell(Event::Deficit { account: account(tranche), amount: missing });
            self.last_rung(account(tranche), *symbol as u16, missing);
            self.record.added = self.record.added + missing;
        }
    }

    fn top_up(&mut self, tranche: usize) {
        let choice = &self.scene.study.fund.tranches[tranche];
        for (number, top_up) in choice.top_ups.iter().enumerate() {
            let made = self.purses[tranche].topped_up[number];
            let (due, amount) = match *top_up {
                TopUp::At { time, amount } => (made == 0 && self.now().time >= time, amount),
                TopUp::Below { limit, amount, times } => {
                    (made < times && self.tranche_cash(tranche) < limit, amount)
                }
            };
            if due {
                self.purses[tranche].topped_up[number] += 1;
                let (from, to) = (AccountId::Exchange, account(tranche));
                let transfer = Transfer { from, to, amount, reason: Reason::Injection };
                self.state.ledger.post(transfer, &mut self.to);
                self.record.added = self.record.added + amount;
                let waterfall = &mut self.record.waterfall;
                waterfall.injected = waterfall.injected + amount;
            }
        }
    }
}

/// Who buys and who sells when a position of a side is closed by its holder against another.
pub(super) fn sides(closed: Side, holder: AccountId, other: AccountId) -> (AccountId, AccountId) {
    match closed {
        Side::Long => (other, holder),
        Side::Short => (holder, other),
    }
}
