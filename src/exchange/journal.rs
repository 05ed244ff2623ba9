//! What a world tells while it runs: nothing in bulk, everything for `explain` and audits.

use super::ledger::{AccountId, Reason};
use crate::engine::{Extent, FundingPerUnit};
use crate::money::{Cash, Price, Quantity};

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub bar: usize,
    /// Sub-step of the bar, from 0: the jump to its open.
    pub substep: u8,
    /// UTC milliseconds.
    pub time: i64,
}

/// Who pays for a deficit that the fund did not cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastPayer {
    Owed,
    Exchange,
    Socialised,
    BadDebt,
    /// Everybody who holds the symbol.
    Holders,
}

/// One event. Everything that changes a balance is a `Deposit`, a `Post` or a `Trade`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Money from outside: at the start, or a trader's top-up.
    Deposit {
        to: AccountId,
        amount: Cash,
    },
    Post {
        from: AccountId,
        to: AccountId,
        amount: Cash,
        reason: Reason,
    },
    Trade {
        symbol: u16,
        buyer: AccountId,
        seller: AccountId,
        quantity: Quantity,
        price: Price,
        /// Amount that changed hands (EXC-003).
        value: Cash,
        reason: Reason,
    },
    /// A settlement of a symbol: from now on so much per unit is due from its longs.
    Funding {
        symbol: u16,
        per_unit: FundingPerUnit,
    },
    /// The mark of a symbol at the end of a sub-step.
    Mark {
        symbol: u16,
        mark: Price,
    },
    /// An account became liquidatable; what the procedure asks for, and by which rule.
    Trigger {
        account: AccountId,
        symbol: u16,
        mark: Price,
        extent: Extent,
        rule: &'static str,
    },
    /// A forced order, and how much of it the book filled at which average price.
    Order {
        account: AccountId,
        symbol: u16,
        asked: Quantity,
        limit: Option<Price>,
        filled: Quantity,
        price: Price,
    },
    /// One counterparty was deleveraged.
    Deleveraged {
        /// Whose position was closed against it.
        bankrupt: AccountId,
        account: AccountId,
        symbol: u16,
        quantity: Quantity,
        price: Price,
        mark: Price,
        /// Place in the queue, from 1.
        rank: u32,
    },
    /// What a liquidated account had less than nothing, before anybody paid for it.
    Deficit {
        account: AccountId,
        amount: Cash,
    },
    /// A last rung was asked.
    LastRung {
        payer: LastPayer,
        amount: Cash,
    },
    /// A tranche's rule began or ceased to send losses to the queue.
    Rule {
        tranche: u8,
        symbol: u16,
        runs: bool,
    },
    /// A stop, take-profit, top-up or cut was carried out.
    Reaction {
        account: AccountId,
        symbol: u16,
        what: Reason,
    },
}

/// Where a world tells what happens.
pub trait Journal {
    fn note(&mut self, moment: Moment, event: Event);
}

/// Nobody reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unread;

impl Journal for Unread {
    fn note(&mut self, _: Moment, _: Event) {}
}
