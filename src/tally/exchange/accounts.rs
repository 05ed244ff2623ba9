//! Balances rebuilt from events.

use crate::exchange::{AccountId, Event};
use crate::money::Cash;
use crate::scenario::Side;
use crate::venue::Contract;
use std::collections::BTreeMap;

/// Cash and quantities of all accounts that have appeared so far.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// One a symbol.
    contracts: Vec<Contract>,
    cash: BTreeMap<AccountId, Cash>,
    held: BTreeMap<(AccountId, u16), Held>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Held {
    lots: i64,
    /// Where it stood when it last stood anywhere.
    side: Option<Side>,
}

impl Accounts {
    pub fn new(contracts: Vec<Contract>) -> Self {
        Self { contracts, ..Self::default() }
    }

    /// Does what an event says.
    pub fn follow(&mut self, event: &Event) {
        match *event {
            Event::Deposit { to, amount } => self.add(to, amount),
            Event::Post { from, to, amount, .. } => self.pay(from, to, amount),
            Event::Trade { symbol, buyer, seller, quantity, value, .. } => {
                let (payer, payee) = self.payer(symbol, buyer, seller);
                self.pay(payer, payee, value);
                self.move_lots(buyer, symbol, quantity.lots());
                self.move_lots(seller, symbol, -quantity.lots());
            }
            _ => {}
        }
    }

    /// Who pays the value of a trade, and to whom (`EXC-003`).
    pub fn payer(
        &self,
        symbol: u16,
        buyer: AccountId,
        seller: AccountId,
    ) -> (AccountId, AccountId) {
        match self.contracts.get(usize::from(symbol)) {
            Some(Contract::Inverse) => (seller, buyer),
            _ => (buyer, seller),
        }
    }

    /// Cash flow so far; may be below zero.
    pub fn cash(&self, account: AccountId) -> Cash {
        self.cash.get(&account).copied().unwrap_or_default()
    }

    /// Signed, long above zero.
    pub fn lots(&self, account: AccountId, symbol: u16) -> i64 {
        self.held.get(&(account, symbol)).map_or(0, |held| held.lots)
    }

    /// The side of a position; of one that is closed, the side it was on. `None`: there never was
    /// any.
    pub fn side(&self, account: AccountId, symbol: u16) -> Option<Side> {
        self.held.get(&(account, symbol)).and_then(|held| held.side)
    }

    fn pay(&mut self, from: AccountId, to: AccountId, amount: Cash) {
        self.add(from, -amount);
        self.add(to, amount);
    }

    fn add(&mut self, account: AccountId, amount: Cash) {
        let cash = self.cash.entry(account).or_default();
        *cash = *cash + amount;
    }

    fn move_lots(&mut self, account: AccountId, symbol: u16, lots: i64) {
        let held = self.held.entry((account, symbol)).or_default();
        held.lots += lots;
        held.side = match held.lots {
            0 => held.side,
            lots => Some(if lots > 0 { Side::Long } else { Side::Short }),
        };
    }
}
