//! Whether exact arithmetic has room for a whole exchange.

use super::markets::MarketInputs;
use crate::engine::Position;
use crate::exchange::Market;
use crate::fault::{Fault, Result};
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::exchange::{Either, TopUp, Tranche};
use crate::scenario::{ExchangeStudy, Side, Text};
use crate::venue::Contract;

/// Most lots of one symbol, and most atoms of its value: a factor of 4 to spare.
const MOST: i128 = (i64::MAX / 4) as i128;
/// Most atoms of all symbols and the fund: both sides of the book can be liquidated.
const MOST_TOGETHER: i128 = (i64::MAX / 2) as i128;

/// Refuses, before anything is drawn, what 64 bits of quantity or cash, or 128 bits of the margin
/// law, have no room for at the history's prices. A book from a file is checked as it is read.
pub(super) fn check_room(inputs: &MarketInputs) -> Result<()> {
    let study = &inputs.study;
    if study.population.file.is_some() {
        return Ok(());
    }
    let markets = inputs.markets();
    let mut total: i128 = study.fund.tranches.iter().map(money).sum();
    for (symbol, market) in markets.iter().enumerate() {
        let book = Book::of(market, inputs.first);
        total += book.map_or(0, |book| book.value);
        let Some(book) = book.filter(|book| book.value < MOST && total < MOST_TOGETHER) else {
            return Err(too_much(study, symbol).into());
        };
        if !account_fits(study, market, (book, 1)) {
            return Err(account_too_large(study, symbol).into());
        }
    }
    Ok(())
}

/// Atoms that exact arithmetic has room for beside the books of all symbols: what a fund may hold.
pub(super) fn beside_the_books(inputs: &MarketInputs) -> i128 {
    let markets = inputs.markets();
    let books = markets.iter().filter_map(|market| Book::of(market, inputs.first));
    MOST_TOGETHER - books.map(|book| book.value).sum::<i128>()
}

/// Refuses the largest account of a study with twice its value behind it (`EXC-034`).
pub(super) fn check_spared(inputs: &MarketInputs) -> Result<()> {
    let study = &inputs.study;
    let spared = |market: &Market| {
        Book::of(market, inputs.first).is_some_and(|book| account_fits(study, market, (book, 2)))
    };
    if inputs.markets().iter().all(spared) {
        return Ok(());
    }
    let problem = "size.without_largest: the largest account cannot be put out of reach exactly";
    let fault = study.origin.fault(study.raw.population.largest.as_ref(), problem);
    Err(fault.accepted("without_largest = false, or a smaller largest account").into())
}

/// All longs of a symbol.
#[derive(Clone, Copy)]
struct Book {
    lots: i128,
    /// Atoms of the settlement asset, where the position is worth most.
    value: i128,
    lowest: Price,
    highest: Price,
}

impl Book {
    /// `None`: more lots than there is room for.
    fn of(market: &Market, first: usize) -> Option<Self> {
        let (trade, mark) = (&market.history.trade, &market.history.mark);
        let lowest = *trade.low.iter().chain(&mark.low).min()?;
        let highest = *trade.high.iter().chain(&mark.high).max()?;
        let open = i128::from(market.book.open_interest.atoms());
        let scale = market.law.scale.steps_per_unit();
        let start = i128::from(mark.close[first - 1].steps());
        let lots = match market.law.contract {
            Contract::Linear => Round::Ceil.div(open.checked_mul(scale)?, start),
            Contract::Inverse => open,
        };
        let lots = Some(lots).filter(|lots| *lots < MOST)?;
        let value = match market.law.contract {
            Contract::Linear => Round::Ceil.div(lots * i128::from(highest.steps()), scale),
            Contract::Inverse => {
                Round::Ceil.div(lots.checked_mul(scale)?, i128::from(lowest.steps()))
            }
        };
        Some(Self { lots, value, lowest, highest })
    }
}

/// What a tranche can come to hold of its own.
fn money(tranche: &Tranche) -> i128 {
    let added = tranche.top_ups.iter().map(|top_up| match top_up {
        TopUp::At { amount, .. } => i128::from(amount.atoms()),
        TopUp::Below { amount, times, .. } => i128::from(amount.atoms()) * i128::from(*times),
    });
    i128::from(tranche.balance.atoms()) + added.sum::<i128>()
}

/// Whether the margin law has room for the largest account with so many times its value behind it.
fn account_fits(study: &ExchangeStudy, market: &Market, (book, backed): (Book, i128)) -> bool {
    let part = |whole: i128| Round::Ceil.div(whole * i128::from(share(study)), RATE);
    let narrow = |whole: i128| i64::try_from(part(whole)).ok();
    let Some((lots, margin)) = narrow(book.lots).zip(narrow(book.value * backed)) else {
        return false;
    };
    let position = Position {
        side: Side::Long,
        quantity: Quantity::from_lots(lots),
        entry: book.lowest,
        margin: Cash::from_atoms(margin),
    };
    market.law.holds(&position, book.lowest, book.highest)
        && market.law.bears(&position, market.funding.widest(), book.highest)
}

/// Of the largest account, user or market maker, in steps of a rate.
fn share(study: &ExchangeStudy) -> i64 {
    study.population.largest.steps().max(maker_share(study))
}

fn maker_share(study: &ExchangeStudy) -> i64 {
    let people = &study.population;
    match people.makers {
        0 => 0,
        makers => Round::Ceil.div(people.makers_share.steps().into(), makers.into()) as i64,
    }
}

/// Where the open interest of a symbol is written.
pub(super) fn written(study: &ExchangeStudy, symbol: usize) -> Option<&Text> {
    let name = &study.histories[symbol].symbol.text;
    match study.raw.population.open_interest.as_ref()? {
        Either::Plain(text) => Some(text),
        Either::Structured(table) => {
            table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, text)| text)
        }
    }
}

fn too_much(study: &ExchangeStudy, symbol: usize) -> Fault {
    let problem = "population.open_interest: cannot be held exactly at the history's prices";
    let accepted = format!(
        "an amount whose quantity and value stay below {} units, and all values together with \
         the fund's money below {}",
        Quantity::from_lots(i64::MAX / 4),
        Cash::from_atoms(i64::MAX / 2)
    );
    let found = study.books[symbol].open_interest;
    study.origin.fault(written(study, symbol), problem).found(found).accepted(accepted)
}

fn account_too_large(study: &ExchangeStudy, symbol: usize) -> Fault {
    let raw = &study.raw.population;
    let (key, text) = match study.population.largest.steps() >= maker_share(study) {
        true => ("population.largest", &raw.largest),
        false => ("population.makers_share", &raw.makers_share),
    };
    let problem = format!("{key}: an account of this share cannot be computed exactly");
    let at = text.as_ref().or(written(study, symbol));
    let found = Rate::from_steps(share(study));
    let accepted = "a smaller share, or a smaller open interest";
    study.origin.fault(at, problem).found(found).accepted(accepted)
}

const RATE: i128 = Rate::ONE as i128;
