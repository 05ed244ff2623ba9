//! What an account has after each event.

use super::Life;
use crate::exchange::AccountId;
use crate::tally::exchange::{Accounts, Noted};

/// Follows all events and stops at those that are told.
pub struct Balances<'a> {
    life: &'a Life<'a>,
    pub accounts: Accounts,
}

impl<'a> Balances<'a> {
    pub fn new(life: &'a Life<'a>) -> Self {
        let contracts = life.symbols.iter().map(|symbol| symbol.rules.contract).collect();
        Self { life, accounts: Accounts::new(contracts) }
    }

    pub fn follow(&mut self, noted: &Noted) {
        self.accounts.follow(&noted.event);
    }

    /// What an account holds: number of the symbol and lots, long above zero.
    pub fn held(&self, account: AccountId) -> Vec<(u16, i64)> {
        let symbols = 0..self.life.symbols.len() as u16;
        let lots = symbols.map(|symbol| (symbol, self.accounts.lots(account, symbol)));
        lots.filter(|(_, lots)| *lots != 0).collect()
    }
}
