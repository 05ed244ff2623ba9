//! Liquidations as a journal tells them: a trigger, and where the position went.

use super::accounts::Accounts;
use super::bucket::Census;
use super::record::Noted;
use crate::engine::Extent;
use crate::exchange::{AccountId, Event, Moment, Reason};
use crate::money::{Cash, Price, Quantity};
use crate::scenario::Side;
use std::collections::BTreeMap;

/// One trigger of one account, and what followed before its next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forced {
    pub moment: Moment,
    pub account: AccountId,
    pub symbol: u16,
    pub side: Side,
    pub mark: Price,
    /// What the venue's procedure asked for, and by which rule.
    pub extent: Extent,
    pub rule: &'static str,
    /// What was held when it fired.
    pub held: Quantity,
    /// Traded with the book.
    pub filled: Quantity,
    /// Taken over by the fund or vault.
    pub taken_over: Quantity,
    /// Closed against winners.
    pub deleveraged: Quantity,
    /// What no winner was left for.
    pub remainder: Quantity,
    /// What the account had less than nothing.
    pub deficit: Cash,
}

impl Forced {
    /// What was closed in all.
    pub fn closed(&self) -> Quantity {
        [self.taken_over, self.deleveraged, self.remainder].into_iter().fold(self.filled, plus)
    }
}

/// All liquidations of a journal, in the order of their triggers.
pub fn liquidations(census: Census, events: &[Noted]) -> Vec<Forced> {
    let contracts = census.laws.iter().map(|law| law.contract).collect();
    let mut reader = Reader { accounts: Accounts::new(contracts), ..Reader::default() };
    events.iter().for_each(|noted| reader.read(noted));
    reader.rows
}

#[derive(Debug, Default)]
struct Reader {
    accounts: Accounts,
    rows: Vec<Forced>,
    /// The last row of an account, and of its position in a symbol.
    last: BTreeMap<AccountId, usize>,
    last_in: BTreeMap<(AccountId, u16), usize>,
}

impl Reader {
    fn read(&mut self, noted: &Noted) {
        match noted.event {
            Event::Trigger { .. } => self.begin(noted),
            Event::Trade { symbol, buyer, seller, quantity, reason, .. } => {
                for (account, side) in [(seller, Side::Long), (buyer, Side::Short)] {
                    let row = self.row(account, symbol).filter(|row| row.side == side);
                    if let Some(into) = row.and_then(|row| part(row, reason)) {
                        *into = plus(*into, quantity);
                    }
                }
            }
            Event::Deleveraged { bankrupt, symbol, quantity, .. } => {
                if let Some(row) = self.row(bankrupt, symbol) {
                    row.deleveraged = plus(row.deleveraged, quantity);
                }
            }
            Event::Deficit { account, amount } => {
                if let Some(row) = self.last.get(&account) {
                    let row = &mut self.rows[*row];
                    row.deficit = row.deficit + amount;
                }
            }
            _ => {}
        }
        self.accounts.follow(&noted.event);
    }

    fn begin(&mut self, noted: &Noted) {
        let Event::Trigger { account, symbol, mark, extent, rule } = noted.event else { return };
        let lots = self.accounts.lots(account, symbol);
        self.last.insert(account, self.rows.len());
        self.last_in.insert((account, symbol), self.rows.len());
        self.rows.push(Forced {
            moment: noted.moment,
            account,
            symbol,
            side: if lots < 0 { Side::Short } else { Side::Long },
            mark,
            extent,
            rule,
            held: Quantity::from_lots(lots.abs()),
            filled: Quantity::ZERO,
            taken_over: Quantity::ZERO,
            deleveraged: Quantity::ZERO,
            remainder: Quantity::ZERO,
            deficit: Cash::ZERO,
        });
    }

    fn row(&mut self, account: AccountId, symbol: u16) -> Option<&mut Forced> {
        let row = *self.last_in.get(&(account, symbol))?;
        self.rows.get_mut(row)
    }
}

/// Where a trade for such a reason counts; `None`: it is no part of the liquidation, or told by an
/// event of its own.
fn part(row: &mut Forced, reason: Reason) -> Option<&mut Quantity> {
    match reason {
        Reason::Liquidation => Some(&mut row.filled),
        Reason::Takeover | Reason::Backstop => Some(&mut row.taken_over),
        Reason::Remainder => Some(&mut row.remainder),
        _ => None,
    }
}

fn plus(one: Quantity, other: Quantity) -> Quantity {
    Quantity::from_lots(one.lots() + other.lots())
}
