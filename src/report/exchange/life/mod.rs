//! One world, or one account's life in it, told event by event, each with the rule that it follows
//! from.

mod balance;
mod json;
mod line;
mod rules;
mod sums;
mod text;

pub use json::{journal_json, to_json};
pub use text::text;

use super::Symbol;
use crate::exchange::{AccountId, Event, World};
use crate::money::{Cash, Price, Quantity};
use crate::report::chart::label;
use crate::scenario::ExchangeStudy;
use crate::tally::exchange::Noted;

/// A world that was run again with a journal.
#[derive(Debug, Clone)]
pub struct Life<'a> {
    pub study: &'a ExchangeStudy,
    /// In the order of the scenario; at least one.
    pub symbols: Vec<Symbol<'a>>,
    pub world: &'a World,
    /// How many accounts its population has.
    pub traders: usize,
    pub events: &'a [Noted],
    /// `None`: everybody.
    pub account: Option<AccountId>,
    /// Whether the run's own row says the same.
    pub confirmed: bool,
}

impl<'a> Life<'a> {
    fn symbol(&self, symbol: u16) -> &Symbol<'a> {
        &self.symbols[usize::from(symbol)]
    }

    fn settlement(&self) -> &'a str {
        &self.symbols[0].rules.settlement
    }

    fn amount(&self, cash: Cash) -> String {
        super::sentences::amount(self.symbols[0].rules, cash)
    }

    /// A size with its unit.
    fn size(&self, symbol: u16, quantity: Quantity) -> String {
        format!("{quantity} {}", self.symbol(symbol).rules.size_unit())
    }

    /// A price for people.
    fn price(&self, symbol: u16, price: Price) -> String {
        label::exact_price(self.symbol(symbol).history.scale.to_f64(price))
    }

    /// The events that are asked for.
    fn told(&self) -> impl Iterator<Item = &'a Noted> {
        let account = self.account;
        let asked = move |event: &Event| account.is_none_or(|account| touches(event, account));
        self.events.iter().filter(move |noted| asked(&noted.event))
    }
}

/// Whether an event is about an account.
fn touches(event: &Event, account: AccountId) -> bool {
    match *event {
        Event::Deposit { to, .. } => to == account,
        Event::Post { from, to, .. } => from == account || to == account,
        Event::Trade { buyer, seller, .. } => buyer == account || seller == account,
        Event::Trigger { account: who, .. }
        | Event::Order { account: who, .. }
        | Event::Deficit { account: who, .. }
        | Event::Reaction { account: who, .. } => who == account,
        Event::Deleveraged { bankrupt, account: who, .. } => bankrupt == account || who == account,
        Event::Rule { tranche, .. } => account == AccountId::Tranche(tranche),
        Event::LastRung { .. } | Event::Funding { .. } | Event::Mark { .. } => false,
    }
}
