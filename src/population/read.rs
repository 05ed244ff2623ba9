//! A book of accounts from a file. Rule `POP-008`.

use super::book::{Holding, Mode, Plan, Population, Trader, TraderKind};
use super::ground::Listing;
use super::makers::{self, Stand};
use super::sheet::{self, Spot};
use crate::fault::{Error, Fault, Place, Result};
use crate::money::decimal::BadNumber;
use crate::money::{Cash, Quantity};
use crate::scenario::exchange::PopulationChoice;
use crate::scenario::{ExchangeStudy, Side};
use std::collections::BTreeMap;
use std::path::Path;

/// A population that was read, and what its accounts are called there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    pub population: Population,
    /// One a trader; isolated positions of one account share its name.
    pub names: Vec<String>,
}

const SYMBOL: usize = 1;
const SIDE: usize = 2;
const QUANTITY: usize = 3;
const ENTRY: usize = 4;
const MARGIN: usize = 5;
const MODE: usize = 6;

/// Reads the book that a study names, for worlds that begin with bar `first`; `None`: the study
/// draws its population.
///
/// # Errors
/// The file cannot be read, or does not hold a book of the study's symbols.
pub fn read(study: &ExchangeStudy, listings: &[Listing], first: usize) -> Result<Option<Book>> {
    let Some(path) = &study.population.file else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(|error| {
        let problem = format!("population.file: {}", Error::io("read", path)(error));
        study.origin.fault(study.raw.population.file.as_ref(), problem)
    })?;
    let book = from_bytes(path, &bytes, listings)?;
    book.with_makers(path, &study.population, listings, first).map(Some)
}

/// Reads a book; nobody stands against the difference of its longs and shorts yet.
///
/// # Errors
/// The bytes do not hold a book of these symbols.
pub fn from_bytes(path: &Path, bytes: &[u8], listings: &[Listing]) -> Result<Book> {
    let file = path.display().to_string();
    let mut desk = Desk { listings, sides: vec![[0; 2]; listings.len()], ..Desk::default() };
    sheet::read(&file, bytes, &mut |spot, cells| desk.take(spot, cells))?;
    match desk.accounts.is_empty() {
        true => Err(Fault::new(Place::file(file), "no position").accepted("one a row").into()),
        false => Ok(desk.book()),
    }
}

/// Collects the rows.
#[derive(Default)]
struct Desk<'a> {
    listings: &'a [Listing<'a>],
    accounts: Vec<Account>,
    /// Place of the cross accounts in `accounts`, by name.
    wallets: BTreeMap<String, usize>,
    /// Lots of the longs and shorts of each symbol.
    sides: Vec<[i64; 2]>,
}

struct Account {
    name: String,
    mode: Mode,
    margin: Cash,
    holdings: Vec<Holding>,
}

impl Desk<'_> {
    fn take(&mut self, spot: &Spot, cells: [&str; 7]) -> Result<()> {
        let [account, symbol, side, quantity, entry, margin, mode] = cells;
        if account.is_empty() {
            return Err(spot.fault(0, "account is empty").accepted("a name").into());
        }
        let number = self.symbol(spot, symbol)?;
        let listing = &self.listings[usize::from(number)];
        let side = word(spot, SIDE, side, [("long", Side::Long), ("short", Side::Short)])?;
        let modes = [("isolated", Mode::Isolated), ("cross", Mode::Cross)];
        let mode = word(spot, MODE, mode, modes)?;
        let quantity = figure(spot, (QUANTITY, quantity), Quantity::parse, Least::AboveZero)?;
        let scale = listing.history.scale;
        let entry = figure(spot, (ENTRY, entry), |text| scale.parse(text), Least::AboveZero)?;
        let margin = figure(spot, (MARGIN, margin), Cash::parse, Least::Zero)?;
        if !listing.holds_at(quantity, entry, margin) {
            let fault = spot.fault(QUANTITY, "cannot be held exactly at the history's prices");
            let accepted = "a size and a margin whose products with prices stay below 2^126";
            return Err(fault.found(quantity).accepted(accepted).into());
        }
        self.count(spot, number, side, quantity)?;
        let holding = Holding { symbol: number, side, quantity, entry };
        self.place(spot, account, (mode, margin), holding)
    }

    fn symbol(&self, spot: &Spot, text: &str) -> Result<u16> {
        let names = || self.listings.iter().map(|listing| &*listing.history.symbol);
        let found = names().zip(0..).find(|(name, _)| *name == text);
        found.map(|(_, number)| number).ok_or_else(|| {
            let fault = spot.fault(SYMBOL, "not a symbol of the study").found(text);
            fault.accepted(names().collect::<Vec<_>>().join(", ")).into()
        })
    }

    /// All of a side must fit into a quantity, with a factor of 4 to spare.
    fn count(&mut self, spot: &Spot, symbol: u16, side: Side, quantity: Quantity) -> Result<()> {
        let sum = &mut self.sides[usize::from(symbol)][side as usize];
        let more = sum.checked_add(quantity.lots()).filter(|sum| *sum <= i64::MAX / 4);
        *sum = more.ok_or_else(|| {
            let problem = format!("all {side}s of the symbol are too many to be held exactly");
            let most = Quantity::from_lots(i64::MAX / 4);
            spot.fault(QUANTITY, &problem).found(quantity).accepted(format!("{most} in all"))
        })?;
        Ok(())
    }

    fn place(
        &mut self,
        spot: &Spot,
        account: &str,
        (mode, margin): (Mode, Cash),
        holding: Holding,
    ) -> Result<()> {
        let wallet = self.wallets.get(account).filter(|_| mode == Mode::Cross);
        if let Some(wallet) = wallet.map(|place| &mut self.accounts[*place]) {
            if wallet.margin != margin {
                let problem = "margin of a cross account that is not the same on all its rows";
                let accepted = format!("{}, its wallet on an earlier row", wallet.margin);
                return Err(spot.fault(MARGIN, problem).found(margin).accepted(accepted).into());
            }
            if wallet.holdings.iter().any(|held| held.symbol == holding.symbol) {
                let problem = "second position of a cross account in one symbol";
                let fault = spot.fault(SYMBOL, problem);
                let found = &self.listings[usize::from(holding.symbol)].history.symbol;
                return Err(fault.found(found).accepted("one row a symbol, netted").into());
            }
            wallet.holdings.push(holding);
            return Ok(());
        }
        if mode == Mode::Cross {
            self.wallets.insert(account.to_owned(), self.accounts.len());
        }
        let (name, holdings) = (account.to_owned(), vec![holding]);
        self.accounts.push(Account { name, mode, margin, holdings });
        Ok(())
    }

    fn book(self) -> Book {
        let mut book = Book::default();
        for Account { name, mode, margin, holdings } in self.accounts {
            let first = book.population.holdings.len() as u32;
            book.population.holdings.extend(holdings);
            let holdings = first..book.population.holdings.len() as u32;
            let (kind, plan) = (TraderKind::User, Plan::default());
            book.population.traders.push(Trader { kind, mode, margin, plan, holdings });
            book.names.push(name);
        }
        book
    }
}

impl Book {
    /// What longs and shorts of a symbol do not have in common lies with market makers: as many as
    /// the study has, at least one.
    fn with_makers(
        mut self,
        path: &Path,
        choice: &PopulationChoice,
        listings: &[Listing],
        first: usize,
    ) -> Result<Self> {
        let stands: Vec<Stand> = (0..)
            .zip(listings)
            .map(|(symbol, listing)| self.stand(symbol, listing, first))
            .collect();
        let users = self.population.traders.len();
        let (makers, leverage) = (choice.makers.max(1), choice.makers_leverage);
        makers::add(&mut self.population, &stands, makers, leverage);
        for maker in 1..=self.population.traders.len() - users {
            self.names.push(format!("maker {maker}"));
        }
        let held = |trader: &Trader| {
            let range = trader.holdings.start as usize..trader.holdings.end as usize;
            self.population.holdings[range].iter().all(|held| {
                let listing = &listings[usize::from(held.symbol)];
                listing.holds_at(held.quantity, held.entry, trader.margin)
            })
        };
        match self.population.traders[users..].iter().all(held) {
            true => Ok(self),
            false => {
                let problem = "longs and shorts differ by more than market makers can hold";
                let accepted = "a book whose longs and shorts are closer, or more market makers";
                Err(Fault::new(Place::file(path), problem).accepted(accepted).into())
            }
        }
    }

    fn stand<'l>(&self, symbol: u16, listing: &Listing<'l>, first: usize) -> Stand<'l> {
        let held = self.population.holdings.iter().filter(|held| held.symbol == symbol);
        let net: i64 = held.map(|held| held.side.sign() as i64 * held.quantity.lots()).sum();
        let side = if net > 0 { Side::Short } else { Side::Long };
        let (law, lots, entry) = (listing.law, net.abs(), listing.start(first));
        Stand { law, symbol, side, lots, entry }
    }
}

fn word<T: Copy>(spot: &Spot, column: usize, text: &str, words: [(&str, T); 2]) -> Result<T> {
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let problem = format!("unknown {}", sheet::COLUMNS[column]);
        let accepted = format!("{} or {}", words[0].0, words[1].0);
        spot.fault(column, &problem).found(text).accepted(accepted).into()
    })
}

/// The smallest number that a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Least {
    Zero,
    AboveZero,
}

/// Exact number of a column.
fn figure<T: Default + PartialOrd>(
    spot: &Spot,
    (column, text): (usize, &str),
    parse: impl Fn(&str) -> Result<T, BadNumber>,
    least: Least,
) -> Result<T> {
    let accepted = match least {
        Least::Zero => "a decimal number, 0 or above",
        Least::AboveZero => "a decimal number above 0",
    };
    let name = sheet::COLUMNS[column];
    let wrong = |problem: &str| spot.fault(column, problem).found(text).accepted(accepted);
    let value = parse(text).map_err(|bad| {
        let verb = if matches!(bad, BadNumber::TooFine(_)) { "has" } else { "is" };
        wrong(&format!("{name} {verb} {bad}"))
    })?;
    let zero = T::default();
    match value > zero || (least == Least::Zero && value == zero) {
        true => Ok(value),
        false => Err(wrong(&format!("{name} is out of range")).into()),
    }
}
