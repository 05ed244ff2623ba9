//! Events in words.

use super::Life;
use crate::engine::Extent;
use crate::exchange::{AccountId, Event, LastPayer, Reason};
use crate::money::{Price, Quantity};
use crate::report::exchange::name::{account_name, reason};

/// What kind of event it is, and what it says.
pub fn told(life: &Life, event: &Event) -> (&'static str, String) {
    match *event {
        Event::Deposit { to, amount } => {
            ("deposit", format!("{} to {}", life.amount(amount), named(to)))
        }
        Event::Post { from, to, amount, reason: why } => {
            (reason(why), format!("{} from {} to {}", life.amount(amount), named(from), named(to)))
        }
        Event::Trade { .. } => traded(life, event),
        Event::Trigger { account, symbol, mark, extent, .. } => {
            ("trigger", triggered(life, (account, symbol), mark, extent))
        }
        Event::Order { .. } => ("order", ordered(life, event)),
        Event::Deleveraged { bankrupt, account, symbol, quantity, price, mark, rank } => (
            "deleveraged",
            format!(
                "{}, place {rank} of the queue, closes {} against {} at {}, mark {}",
                named(account),
                life.size(symbol, quantity),
                named(bankrupt),
                life.price(symbol, price),
                life.price(symbol, mark)
            ),
        ),
        Event::Deficit { account, amount } => {
            ("deficit", format!("{} is {} below zero", named(account), life.amount(amount)))
        }
        Event::LastRung { payer, amount } => {
            ("last rung", format!("{} pays {}", payer_of(payer), life.amount(amount)))
        }
        Event::Rule { tranche, symbol, runs } => {
            let name = &life.symbol(symbol).history.symbol;
            let tranche = named(AccountId::Tranche(tranche));
            let what = if runs { "sends losses of" } else { "pays again for" };
            ("rule", format!("{tranche} {what} {name}{}", if runs { " to winners" } else { "" }))
        }
        Event::Reaction { account, symbol, what } => {
            let name = &life.symbol(symbol).history.symbol;
            ("reaction", format!("{} in {name}: {}", named(account), reason(what)))
        }
        Event::Funding { symbol, per_unit } => {
            let payers = if per_unit.steps() < 0 { "shorts pay longs" } else { "longs pay shorts" };
            ("settlement", format!("funding of {}: {payers}", life.symbol(symbol).history.symbol))
        }
        Event::Mark { symbol, mark } => {
            ("mark", format!("{} {}", life.symbol(symbol).history.symbol, life.price(symbol, mark)))
        }
    }
}

fn traded(life: &Life, event: &Event) -> (&'static str, String) {
    let Event::Trade { symbol, buyer, seller, quantity, price, reason: why, .. } = *event else {
        return ("", String::new());
    };
    let (size, price) = (life.size(symbol, quantity), life.price(symbol, price));
    let kind = if why == Reason::Liquidation { "forced trade" } else { reason(why) };
    (kind, format!("{} buys {size} from {} at {price}", named(buyer), named(seller)))
}

fn triggered(
    life: &Life,
    (account, symbol): (AccountId, u16),
    mark: Price,
    extent: Extent,
) -> String {
    let what = match extent {
        Extent::Whole => "all by an order".to_owned(),
        Extent::Takeover => "all taken over".to_owned(),
        Extent::Backstop => "all to the backstop".to_owned(),
        Extent::Part(part) => format!("{} by an order", life.size(symbol, part)),
        Extent::FillOrKill(part) => format!("{}, fill or kill", life.size(symbol, part)),
    };
    let name = &life.symbol(symbol).history.symbol;
    format!("{} in {name} at mark {}: {what}", named(account), life.price(symbol, mark))
}

fn ordered(life: &Life, event: &Event) -> String {
    let Event::Order { account, symbol, asked, limit, filled, price } = *event else {
        return String::new();
    };
    let limit = limit.map_or("at the market".to_owned(), |limit| {
        format!("no worse than {}", life.price(symbol, limit))
    });
    let got = match filled {
        Quantity::ZERO => "nothing filled".to_owned(),
        some => format!("{} filled at {}", life.size(symbol, some), life.price(symbol, price)),
    };
    format!("{} for {} {limit}: {got}", named(account), life.size(symbol, asked))
}

/// `account 17`, `the book`.
pub fn named(account: AccountId) -> String {
    match account {
        AccountId::Trader(number) => format!("account {number}"),
        AccountId::Book => "the book".to_owned(),
        AccountId::Exchange => "the exchange".to_owned(),
        AccountId::BadDebt => "bad debt".to_owned(),
        AccountId::Owed => "debts".to_owned(),
        AccountId::Socialised => "socialised losses".to_owned(),
        other => account_name(other),
    }
}

fn payer_of(payer: LastPayer) -> &'static str {
    match payer {
        LastPayer::Owed => "what the trader owes",
        LastPayer::Exchange => "the exchange",
        LastPayer::Socialised => "what winners will be asked for",
        LastPayer::BadDebt => "nobody yet (bad debt)",
        LastPayer::Holders => "everybody who holds the symbol",
    }
}
