//! Auto-deleveraging as a journal tells it: who gave up how much.

use super::accounts::Accounts;
use super::bucket::{Bucket, Census, buckets, in_quote};
use super::record::Noted;
use crate::engine::{FundingPerUnit, Law, Position};
use crate::exchange::{AccountId, Event, Moment};
use crate::money::{Cash, Price, Quantity};
use crate::scenario::Side;
use std::collections::BTreeMap;

/// How many counterparties the concentration is measured on.
const LARGEST: usize = 10;

/// One counterparty deleveraged once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleveraging {
    pub moment: Moment,
    pub symbol: u16,
    /// Whose position was closed against it.
    pub bankrupt: AccountId,
    pub account: AccountId,
    /// `None`: not a trader.
    pub bucket: Option<Bucket>,
    /// The side that the counterparty held.
    pub side: Side,
    pub quantity: Quantity,
    pub price: Price,
    pub mark: Price,
    /// Place in the queue, from 1.
    pub rank: u32,
    /// At the mark, in quote units.
    pub notional: Cash,
    /// What the counterparty gave up, rounded up. Rule `EXC-025`.
    pub gap: Cash,
}

/// Who gave up how much, all together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Concentration {
    pub accounts: u64,
    /// In quote units.
    pub notional: Cash,
    pub gap: Cash,
    /// Share of the notional that the ten largest counterparties gave; `None` without any.
    pub ten_largest: Option<f64>,
    /// In the order of [`Bucket::ALL`].
    pub buckets: [Part; 4],
}

/// What the accounts of one bucket gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    pub accounts: u64,
    pub notional: Cash,
    pub gap: Cash,
}

/// All events of auto-deleveraging in a journal, in order.
pub fn deleveragings(census: Census, events: &[Noted]) -> Vec<Deleveraging> {
    let buckets = buckets(census);
    let contracts = census.laws.iter().map(|law| law.contract).collect();
    let mut accounts = Accounts::new(contracts);
    let mut found = Vec::new();
    for Noted { moment, event } in events {
        accounts.follow(event);
        let &Event::Deleveraged { bankrupt, account, symbol, quantity, price, mark, rank } = event
        else {
            continue;
        };
        let bucket = match account {
            AccountId::Trader(number) => buckets.get(number as usize).copied(),
            _ => None,
        };
        let law = census.law(symbol);
        // Nobody is turned round: closed or not, this is the side that was deleveraged.
        let side = accounts.side(account, symbol).unwrap_or(Side::Long);
        let given = Position { side, quantity, entry: price, margin: Cash::ZERO };
        found.push(Deleveraging {
            moment: *moment,
            symbol,
            bankrupt,
            account,
            bucket,
            side,
            quantity,
            price,
            mark,
            rank,
            notional: in_quote(law, quantity, mark),
            gap: given_up(law, &given, mark),
        });
    }
    found
}

/// The profit between the price and the mark that the counterparty is cut off from.
fn given_up(law: &Law, given: &Position, mark: Price) -> Cash {
    law.cash_ceil(law.equity(given, FundingPerUnit::NONE, mark)).gain()
}

/// Sums over events, by account and bucket.
pub fn concentration(events: &[Deleveraging]) -> Concentration {
    let mut by_account: BTreeMap<AccountId, (Option<Bucket>, Part)> = BTreeMap::new();
    for event in events {
        let (_, part) = by_account.entry(event.account).or_insert((event.bucket, Part::default()));
        part.notional = part.notional + event.notional;
        part.gap = part.gap + event.gap;
    }
    let mut sums = Concentration { accounts: by_account.len() as u64, ..Concentration::default() };
    for (bucket, part) in by_account.values() {
        sums.notional = sums.notional + part.notional;
        sums.gap = sums.gap + part.gap;
        let of = |bucket: &Bucket| Bucket::ALL.iter().position(|known| known == bucket);
        if let Some(place) = bucket.as_ref().and_then(of) {
            let sum = &mut sums.buckets[place];
            sum.accounts += 1;
            sum.notional = sum.notional + part.notional;
            sum.gap = sum.gap + part.gap;
        }
    }
    let mut sizes: Vec<i64> = by_account.values().map(|(_, part)| part.notional.atoms()).collect();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    let largest: i64 = sizes.iter().take(LARGEST).sum();
    let all = sums.notional.atoms();
    sums.ten_largest = (all > 0).then(|| largest as f64 / all as f64);
    sums
}
