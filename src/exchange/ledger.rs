//! The ledger: the only place where cash and quantities change hands. Rules `EXC-001` to `EXC-007`.

use super::changes::Changes;
use super::journal::{Event, Journal, Moment};
use super::scene::Scene;
use crate::engine::{FundingPerUnit, Law, Position};
use crate::money::{Cash, Price, Quantity, Round};
use crate::population::Population;
use crate::scenario::Side;
use crate::venue::Contract;
use std::ops::Range;

/// An account of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountId {
    /// By its number in the population.
    Trader(u32),
    /// Whoever trades with forced orders.
    Book,
    /// A purse of the insurance fund.
    Tranche(u8),
    /// Funding between two settlements of an account.
    Clearing,
    Fees,
    /// Money that the venue adds: below zero by so much.
    Exchange,
    /// Losses that winners will be asked for: below zero by so much.
    Socialised,
    /// What traders owe: below zero by so much.
    Owed,
    /// Losses that nobody bears yet: below zero by so much.
    BadDebt,
}

/// Why something changed hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The book of the start: traders buy and sell at their entry prices.
    Opening,
    Funding,
    /// A forced order met the book.
    Liquidation,
    /// The fund or vault took a position over.
    Takeover,
    /// What was left of the margin behind a position that was taken over by a vault.
    Backstop,
    Deleveraging,
    /// The fund sold or bought back what it holds.
    Disposal,
    /// What a queue that ran out left.
    Remainder,
    LiquidationFee,
    TakerFee,
    /// What a venue keeps of the margin.
    Residual,
    /// A deficit covered.
    Deficit,
    /// A last rung took its part back.
    Clawback,
    /// The venue put money into the fund.
    Injection,
    Stop,
    TakeProfit,
    TopUp,
    Cut,
    /// What clearing was left with.
    Rounding,
}

/// Cash from one account to another.
#[derive(Debug, Clone, Copy)]
pub struct Transfer {
    pub from: AccountId,
    pub to: AccountId,
    /// ≥ 0.
    pub amount: Cash,
    pub reason: Reason,
}

/// A quantity from one account to another, against its value.
#[derive(Debug, Clone, Copy)]
pub struct Deal {
    pub symbol: u16,
    pub buyer: AccountId,
    pub seller: AccountId,
    pub quantity: Quantity,
    pub price: Price,
    pub reason: Reason,
}

/// Tells a journal, with the time.
#[derive(Debug)]
pub struct Teller<'j, J> {
    pub journal: &'j mut J,
    pub now: Moment,
}

impl<J: Journal> Teller<'_, J> {
    pub fn tell(&mut self, event: Event) {
        self.journal.note(self.now, event);
    }
}

/// One signed quantity of one account.
#[derive(Debug, Clone, Copy)]
struct Slot {
    symbol: u16,
    /// Long above zero.
    lots: i64,
    /// Average over what was bought (or sold, for a short), rounded against the position.
    entry: Price,
    /// Cash that went into what is held: below zero where holding it brought cash.
    cost: Cash,
    /// What is held adds to the account's cash at the entry price, without funding.
    worth: Cash,
    /// Sum of the symbol's funding when the account was last settled.
    funded: FundingPerUnit,
}

/// Balances of one world; kept by a thread from world to world.
#[derive(Debug, Default)]
pub struct Ledger {
    cash: Vec<Cash>,
    slots: Vec<Slot>,
    /// First slot of each trader, and one more.
    first_slot: Vec<u32>,
    /// Of each symbol: traders with a slot for it, rising, and that slot.
    holders: Vec<Vec<(u32, u32)>>,
    traders: usize,
    symbols: usize,
    /// Sum of the funding of each symbol so far, per unit.
    funding: Vec<FundingPerUnit>,
    /// Lots of all longs of each symbol.
    open: Vec<i64>,
    /// Σ cash as the primitives left it, in atoms.
    total: i128,
    /// Everything that came from outside, in atoms.
    deposits: i128,
    /// Since the books were last looked at: deposits then, cash and signed lots before they
    /// changed.
    deposits_then: i128,
    cash_then: Changes<Cash>,
    lots_then: Changes<i64>,
}

/// Accounts that are not traders and hold no positions: clearing, fees and last rungs.
const PLAIN: [AccountId; 6] = [
    AccountId::Clearing,
    AccountId::Fees,
    AccountId::Exchange,
    AccountId::Socialised,
    AccountId::Owed,
    AccountId::BadDebt,
];

impl Ledger {
    /// Empties the ledger and opens the accounts of a world: traders deposit and take their
    /// positions, tranches deposit their balance. What longs and shorts of a symbol do not have in
    /// common lies with the book.
    pub fn open<J: Journal>(&mut self, scene: Scene, population: &Population, to: &mut Teller<J>) {
        self.clear(scene, population);
        for (number, trader) in population.traders.iter().enumerate() {
            let account = AccountId::Trader(number as u32);
            self.deposit(account, trader.margin, to);
            for slot in trader.holdings.clone() {
                let held = population.holdings[slot as usize];
                let (buyer, seller) = match held.side {
                    Side::Long => (account, AccountId::Book),
                    Side::Short => (AccountId::Book, account),
                };
                let law = &scene.markets[usize::from(held.symbol)].law;
                let (symbol, quantity, price) = (held.symbol, held.quantity, held.entry);
                let reason = Reason::Opening;
                self.trade(law, Deal { symbol, buyer, seller, quantity, price, reason }, to);
            }
        }
        for (number, tranche) in scene.study.fund.tranches.iter().enumerate() {
            self.deposit(AccountId::Tranche(number as u8), tranche.balance, to);
        }
    }

    fn clear(&mut self, scene: Scene, population: &Population) {
        (self.symbols, self.traders) = (scene.markets.len(), population.traders.len());
        let tranches = scene.study.fund.tranches.len();
        self.cash.clear();
        self.cash.resize(self.traders + 1 + tranches + PLAIN.len(), Cash::ZERO);
        self.funding.clear();
        self.funding.resize(self.symbols, FundingPerUnit::NONE);
        self.open.clear();
        self.open.resize(self.symbols, 0);
        self.first_slot.clear();
        self.first_slot.extend(population.traders.iter().map(|trader| trader.holdings.start));
        self.first_slot.push(population.holdings.len() as u32);
        self.holders.resize_with(self.symbols, Vec::new);
        self.holders.iter_mut().for_each(Vec::clear);
        for (number, trader) in population.traders.iter().enumerate() {
            for place in trader.holdings.clone() {
                let symbol = population.holdings[place as usize].symbol;
                self.holders[usize::from(symbol)].push((number as u32, place));
            }
        }
        let flat = |symbol| Slot {
            symbol,
            lots: 0,
            entry: Price::from_steps(1),
            cost: Cash::ZERO,
            worth: Cash::ZERO,
            funded: FundingPerUnit::NONE,
        };
        self.slots.clear();
        self.slots.extend(population.holdings.iter().map(|held| flat(held.symbol)));
        for _ in 0..=tranches {
            self.slots.extend((0..self.symbols).map(|symbol| flat(symbol as u16)));
        }
        (self.total, self.deposits, self.deposits_then) = (0, 0, 0);
        self.cash_then.clear(self.cash.len());
        self.lots_then.clear(self.slots.len());
    }

    /// Number of accounts that are traders.
    pub fn traders(&self) -> usize {
        self.traders
    }

    /// Cash of an account; may be below zero.
    pub fn cash(&self, account: AccountId) -> Cash {
        self.cash[self.index(account)]
    }

    /// Signed quantity in lots, long above zero.
    pub fn lots(&self, account: AccountId, symbol: u16) -> i64 {
        self.slot(account, symbol).map_or(0, |slot| self.slots[slot].lots)
    }

    /// Whether an account holds nothing.
    pub fn is_flat(&self, account: AccountId) -> bool {
        self.slots[self.places(account)].iter().all(|slot| slot.lots == 0)
    }

    /// What an account holds, in the order of its places: symbol, position without its margin, and
    /// the funding it owes per unit.
    pub fn held(
        &self,
        account: AccountId,
    ) -> impl Iterator<Item = (u16, Position, FundingPerUnit)> + '_ {
        let slots = self.slots[self.places(account)].iter();
        slots.filter_map(|slot| {
            let (position, due) = self.seen(slot)?;
            Some((slot.symbol, position, due))
        })
    }

    /// Everybody with a place for a symbol: trader, and lots now.
    pub fn holders(&self, symbol: u16) -> impl Iterator<Item = (u32, i64)> + '_ {
        let places = self.holders[usize::from(symbol)].iter();
        places.map(|(trader, place)| (*trader, self.slots[*place as usize].lots))
    }

    /// Open interest of a symbol: the lots of all longs.
    pub fn open_lots(&self, symbol: u16) -> i64 {
        self.open[usize::from(symbol)]
    }

    /// Funding of a symbol per unit since the start.
    pub fn funding(&self, symbol: u16) -> FundingPerUnit {
        self.funding[usize::from(symbol)]
    }

    /// A settlement: from now on it is due from whoever holds the symbol.
    pub fn accrue(&mut self, symbol: u16, per_unit: FundingPerUnit) {
        let sum = &mut self.funding[usize::from(symbol)];
        *sum = sum.plus(per_unit);
    }

    /// Cash that went into what an account holds of a symbol; below zero where it brought cash.
    pub fn cost(&self, account: AccountId, symbol: u16) -> Cash {
        self.slot(account, symbol).map_or(Cash::ZERO, |slot| self.slots[slot].cost)
    }

    /// The position that the margin law sees, as if the account had no other one (`EXC-006`), and
    /// the funding it owes per unit. `None`: the account is flat in the symbol.
    pub fn position(&self, account: AccountId, symbol: u16) -> Option<(Position, FundingPerUnit)> {
        let slot = &self.slots[self.slot(account, symbol)?];
        let (bare, due) = self.seen(slot)?;
        Some((Position { margin: self.cash(account) + slot.worth, ..bare }, due))
    }

    /// The same without its margin.
    pub fn bare(&self, account: AccountId, symbol: u16) -> Option<(Position, FundingPerUnit)> {
        self.seen(&self.slots[self.slot(account, symbol)?])
    }

    fn seen(&self, slot: &Slot) -> Option<(Position, FundingPerUnit)> {
        let (side, quantity) = held(slot.lots)?;
        let due = self.funding(slot.symbol).since(slot.funded);
        Some((Position { side, quantity, entry: slot.entry, margin: Cash::ZERO }, due))
    }

    /// What a position adds to its account's cash at a mark, net of the funding due, rounded down.
    pub fn carried(&self, law: &Law, account: AccountId, symbol: u16, mark: Price) -> Cash {
        let held = self.bare(account, symbol);
        held.map_or(Cash::ZERO, |(position, due)| law.carried(&position, due, mark))
    }

    /// Money from outside.
    pub fn deposit<J: Journal>(&mut self, account: AccountId, amount: Cash, to: &mut Teller<J>) {
        assert!(amount >= Cash::ZERO, "a deposit is not below zero");
        self.deposits += i128::from(amount.atoms());
        self.add(account, amount);
        to.tell(Event::Deposit { to: account, amount });
    }

    /// Moves cash.
    pub fn post<J: Journal>(&mut self, transfer: Transfer, to: &mut Teller<J>) {
        let Transfer { from, to: payee, amount, reason } = transfer;
        assert!(amount >= Cash::ZERO && from != payee, "{transfer:?}");
        if amount == Cash::ZERO {
            return;
        }
        self.add(from, -amount);
        self.add(payee, amount);
        to.tell(Event::Post { from, to: payee, amount, reason });
    }

    /// Moves a quantity against its value; both sides are settled first.
    pub fn trade<J: Journal>(&mut self, law: &Law, deal: Deal, to: &mut Teller<J>) {
        let Deal { symbol, buyer, seller, quantity, price, reason } = deal;
        assert!(quantity > Quantity::ZERO && buyer != seller, "{deal:?}");
        let sides = [buyer, seller].map(|account| {
            let Some(slot) = self.slot(account, symbol) else {
                panic!("{account:?} has no place for symbol {symbol}");
            };
            (account, slot)
        });
        for side in sides {
            self.settle_slot(law, side, to);
        }
        let value = law.notional(quantity, price);
        let (payer, payee) = match law.contract {
            Contract::Linear => (buyer, seller),
            Contract::Inverse => (seller, buyer),
        };
        self.add(payer, -value);
        self.add(payee, value);
        for ((account, slot), sign) in sides.into_iter().zip([1, -1]) {
            let paid = if account == payer { value } else { -value };
            self.move_lots(law, (account, slot), (sign * quantity.lots(), price), paid);
        }
        to.tell(Event::Trade { symbol, buyer, seller, quantity, price, value, reason });
    }

    /// Takes the funding that an account owes, or pays what it is owed.
    pub fn settle<J: Journal>(
        &mut self,
        law: &Law,
        account: AccountId,
        symbol: u16,
        to: &mut Teller<J>,
    ) {
        if let Some(slot) = self.slot(account, symbol) {
            self.settle_slot(law, (account, slot), to);
        }
    }

    fn settle_slot<J: Journal>(
        &mut self,
        law: &Law,
        (account, slot): (AccountId, usize),
        to: &mut Teller<J>,
    ) {
        let slot = &mut self.slots[slot];
        let sum = self.funding[usize::from(slot.symbol)];
        let owed = sum.since(std::mem::replace(&mut slot.funded, sum));
        if owed == FundingPerUnit::NONE {
            return;
        }
        let Some((side, quantity)) = held(slot.lots) else { return };
        let bare = Position { side, quantity, entry: slot.entry, margin: Cash::ZERO };
        let due = law.funding(&bare, owed);
        let (from, payee) = match due < Cash::ZERO {
            true => (AccountId::Clearing, account),
            false => (account, AccountId::Clearing),
        };
        let amount = due.gain().max(due.loss());
        self.post(Transfer { from, to: payee, amount, reason: Reason::Funding }, to);
    }

    /// The running laws of `EXC-005`: what the primitives left adds up to what was deposited.
    pub fn balances(&self) -> bool {
        self.total == self.deposits
    }

    /// The laws of `EXC-005` summed up anew over all accounts.
    pub fn adds_up(&self) -> bool {
        let cash: i128 = self.cash.iter().map(|cash| i128::from(cash.atoms())).sum();
        let mut lots = vec![0_i128; self.symbols];
        for slot in &self.slots {
            lots[usize::from(slot.symbol)] += i128::from(slot.lots);
        }
        cash == self.deposits && lots.iter().all(|sum| *sum == 0)
    }

    /// The laws of `EXC-005` over all that has changed since they were last asked about; what has
    /// not is as it was.
    pub fn still_adds_up(&mut self) -> bool {
        let now = &self.cash;
        let moved = |(place, then): (usize, Cash)| {
            i128::from(now[place].atoms()) - i128::from(then.atoms())
        };
        let moved: i128 = self.cash_then.take().map(moved).sum();
        let came = self.deposits - std::mem::replace(&mut self.deposits_then, self.deposits);
        let mut lots = vec![0_i128; self.symbols];
        for (place, then) in self.lots_then.take() {
            let slot = &self.slots[place];
            lots[usize::from(slot.symbol)] += i128::from(slot.lots) - i128::from(then);
        }
        moved == came && lots.iter().all(|sum| *sum == 0)
    }

    fn add(&mut self, account: AccountId, amount: Cash) {
        let index = self.index(account);
        self.cash_then.note(index, self.cash[index]);
        self.cash[index] = self.cash[index] + amount;
        self.total += i128::from(amount.atoms());
    }

    fn move_lots(
        &mut self,
        law: &Law,
        (account, index): (AccountId, usize),
        (lots, price): (i64, Price),
        paid: Cash,
    ) {
        let slot = &mut self.slots[index];
        self.lots_then.note(index, slot.lots);
        let longs = (slot.lots + lots).max(0) - slot.lots.max(0);
        self.open[usize::from(slot.symbol)] += longs;
        // What the book paid on average, nobody asks.
        if account != AccountId::Book {
            let was_flat = slot.lots == 0;
            slot.cost = cost_after((slot.lots, slot.cost), (lots, paid));
            slot.entry = entry_after(law, (slot.lots, slot.entry), (lots, price));
            // A value that is owed is rounded up, as what was received for it.
            let is_debt = was_flat && paid < Cash::ZERO;
            slot.worth = if is_debt { paid } else { worth(law, slot.lots + lots, slot.entry) };
        }
        slot.lots += lots;
    }

    fn index(&self, account: AccountId) -> usize {
        let tranches = self.cash.len() - self.traders - 1 - PLAIN.len();
        let plain = self.traders + 1 + tranches;
        match account {
            AccountId::Trader(number) => number as usize,
            AccountId::Book => self.traders,
            AccountId::Tranche(number) => self.traders + 1 + usize::from(number),
            AccountId::Clearing => plain,
            AccountId::Fees => plain + 1,
            AccountId::Exchange => plain + 2,
            AccountId::Socialised => plain + 3,
            AccountId::Owed => plain + 4,
            AccountId::BadDebt => plain + 5,
        }
    }

    /// The places of an account: a trader's positions; one a symbol for the book and a tranche.
    fn places(&self, account: AccountId) -> Range<usize> {
        let number = match account {
            AccountId::Trader(trader) => {
                let first = trader as usize;
                return self.first_slot[first] as usize..self.first_slot[first + 1] as usize;
            }
            AccountId::Book => 0,
            AccountId::Tranche(number) => usize::from(number) + 1,
            _ => return 0..0,
        };
        let first = self.first_slot[self.traders] as usize + number * self.symbols;
        first..first + self.symbols
    }

    fn slot(&self, account: AccountId, symbol: u16) -> Option<usize> {
        let mut places = self.places(account);
        match account {
            AccountId::Trader(_) => places.find(|slot| self.slots[*slot].symbol == symbol),
            _ => places.nth(symbol.into()),
        }
    }
}

fn worth(law: &Law, lots: i64, entry: Price) -> Cash {
    held(lots).map_or(Cash::ZERO, |(side, quantity)| {
        let bare = Position { side, quantity, entry, margin: Cash::ZERO };
        law.carried(&bare, FundingPerUnit::NONE, entry)
    })
}

fn held(lots: i64) -> Option<(Side, Quantity)> {
    let side = if lots > 0 { Side::Long } else { Side::Short };
    (lots != 0).then_some((side, Quantity::from_lots(lots.abs())))
}

/// Adding to a position adds what was paid; reducing it releases its share, rounded up, so that
/// cash with holdings at cost never gains by it.
fn cost_after((held, cost): (i64, Cash), (moved, paid): (i64, Cash)) -> Cash {
    if held == 0 || held.signum() == moved.signum() {
        return cost + paid;
    }
    if moved.abs() > held.abs() {
        // What turned the position round paid for the new one with its share.
        let share = i128::from(paid.atoms()) * i128::from((held + moved).abs());
        let atoms = Round::Floor.div(share, i128::from(moved.abs()));
        return Cash::from_atoms(atoms as i64);
    }
    let share = i128::from(cost.atoms()) * i128::from(moved.abs());
    cost - Cash::from_atoms(Round::Ceil.div(share, i128::from(held.abs())) as i64)
}

/// Adding to a position averages its entry by value, rounded against it; reducing leaves it; what
/// turns a position round enters anew.
fn entry_after(law: &Law, (held, entry): (i64, Price), (moved, price): (i64, Price)) -> Price {
    let after = held + moved;
    if held == 0 || held.signum() != moved.signum() {
        return if after != 0 && after.signum() == moved.signum() { price } else { entry };
    }
    law.average_entry((held, entry), (moved, price))
}
