//! What all draws of a study share, prepared once.

use super::entries::Entries;
use crate::engine::{Law, Position};
use crate::fault::{Fault, Result};
use crate::history::History;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::exchange::PopulationChoice;
use crate::scenario::{ExchangeStudy, Side};
use crate::venue::{Contract, VenueRules};

/// One symbol that the venue lists.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    pub history: &'a History,
    pub rules: &'a VenueRules,
    pub law: Law<'a>,
    /// Value of all longs (= all shorts) at the start, in quote units.
    pub open_interest: Cash,
}

/// A listing, and what the draws ask of it.
#[derive(Debug)]
pub(super) struct Instrument<'a> {
    pub rules: &'a VenueRules,
    pub law: Law<'a>,
    /// Number of the history in the study.
    pub symbol: u16,
    /// Mark at the start.
    pub start: Price,
    /// Open interest.
    pub lots: i64,
    /// The market makers' part of it, on their side.
    pub made: i64,
    /// Users whose first position is in this symbol; from 2.
    pub users: u32,
    /// How many of them are long; at least one, and not all.
    pub longs: u32,
    pub entries: Entries,
}

/// What all draws of a study share.
#[derive(Debug)]
pub struct Ground<'a> {
    pub(super) choice: &'a PopulationChoice,
    pub(super) seed: u64,
    pub(super) instruments: Vec<Instrument<'a>>,
}

impl<'a> Ground<'a> {
    /// Prepares the draws for worlds that begin with bar `first`. One listing a history of the
    /// study, in its order.
    ///
    /// # Errors
    /// Fewer than two users a symbol; an open interest too small for them, or too large to be held
    /// exactly.
    pub fn new(study: &'a ExchangeStudy, listings: &[Listing<'a>], first: usize) -> Result<Self> {
        let choice = &study.population;
        let least = 2 * listings.len() as u64;
        if u64::from(choice.accounts) < least {
            let problem = "exchange.accounts: too few for longs and shorts of every symbol";
            let fault = study
                .origin
                .fault(study.raw.exchange.accounts.as_ref(), problem)
                .found(choice.accounts);
            return Err(fault.accepted(format!("at least {least}")).into());
        }
        let mut instruments = Vec::with_capacity(listings.len());
        for (symbol, listing) in listings.iter().enumerate() {
            let instrument = Instrument::new(choice, listing, (symbol, listings.len()), first);
            let checked = instrument.filter(|instrument| instrument.seats_all(choice));
            instruments.push(checked.ok_or_else(|| out_of_range(study, listings, symbol))?);
        }
        let ground = Self { choice, seed: study.seed, instruments };
        match ground.unheld(listings) {
            Some(symbol) => Err(out_of_range(study, listings, symbol).into()),
            None => Ok(ground),
        }
    }

    /// The first symbol whose largest account would not fit: a user at a leverage of 1 with a
    /// second position in the symbol where that is worth most, or a market maker.
    fn unheld(&self, listings: &[Listing]) -> Option<usize> {
        let user = |instrument: &Instrument| instrument.largest_user(self.choice);
        let maker =
            |instrument: &Instrument| instrument.made / i64::from(self.choice.makers.max(1)) + 1;
        let sizes = |of: &dyn Fn(&Instrument) -> i64| -> Vec<Quantity> {
            self.instruments.iter().map(|it| Quantity::from_lots(of(it))).collect()
        };
        let (users, makers) = (sizes(&user), sizes(&maker));
        let unheld = |sizes: &[Quantity], wallet: Cash| {
            let holds = |(listing, size): (&Listing, &Quantity)| listing.holds(*size, wallet);
            listings.iter().zip(sizes).position(|part| !holds(part))
        };
        let lone = unheld(&users, Cash::ZERO).or_else(|| unheld(&makers, Cash::ZERO));
        lone.or_else(|| {
            let two = wallet(listings, &users, 2);
            unheld(&users, two).or_else(|| unheld(&makers, wallet(listings, &makers, usize::MAX)))
        })
    }
}

/// What backs the most valuable `count` positions at a leverage of 1, at their highest prices.
fn wallet(listings: &[Listing], sizes: &[Quantity], count: usize) -> Cash {
    let value = |(listing, size): (&Listing, &Quantity)| listing.highest_value(*size);
    let mut values: Vec<Cash> = listings.iter().zip(sizes).map(value).collect();
    values.sort_unstable_by(|one, other| other.cmp(one));
    let sum: i128 = values.iter().take(count).map(|value| i128::from(value.atoms())).sum();
    Cash::from_atoms(i64::try_from(sum).unwrap_or(i64::MAX))
}

impl Listing<'_> {
    /// The lowest and the highest price of the history.
    fn prices(&self) -> (Price, Price) {
        let (trade, mark) = (&self.history.trade, &self.history.mark);
        let lowest = trade.low.iter().chain(&mark.low).min().copied();
        let highest = trade.high.iter().chain(&mark.high).max().copied();
        (lowest.unwrap_or_default(), highest.unwrap_or_default())
    }

    /// Whether the margin law has room for a position at every price of the history.
    fn holds(&self, quantity: Quantity, margin: Cash) -> bool {
        self.holds_at(quantity, self.prices().1, margin)
    }

    /// The same for one that was entered beyond them.
    pub(super) fn holds_at(&self, quantity: Quantity, entry: Price, margin: Cash) -> bool {
        let (lowest, highest) = self.prices();
        let position = Position { side: Side::Long, quantity, entry, margin };
        self.law.holds(&position, lowest.min(entry), highest.max(entry))
    }

    /// The most that a size is worth in the settlement asset; of one that can be held.
    fn highest_value(&self, quantity: Quantity) -> Cash {
        let (lowest, highest) = self.prices();
        self.law.notional(
            quantity,
            match self.law.contract {
                Contract::Linear => highest,
                Contract::Inverse => lowest,
            },
        )
    }

    /// The mark at the start of the worlds: the close of the bar before the first one.
    pub(super) fn start(&self, first: usize) -> Price {
        self.history.mark.close[first.saturating_sub(1)]
    }

    /// The lots that are worth the open interest at a mark; `None`: more than can be held.
    fn lots(&self, mark: Price) -> Option<i64> {
        let value = i128::from(self.open_interest.atoms());
        let lots = match self.law.contract {
            Contract::Linear => {
                let value = value * self.law.scale.steps_per_unit();
                Round::Floor.div(value, i128::from(mark.steps().max(1)))
            }
            Contract::Inverse => value,
        };
        i64::try_from(lots).ok()
    }
}

impl<'a> Instrument<'a> {
    fn new(
        choice: &PopulationChoice,
        listing: &Listing<'a>,
        (symbol, symbols): (usize, usize),
        first: usize,
    ) -> Option<Self> {
        let Listing { history, rules, law, .. } = *listing;
        let start = listing.start(first);
        let lots = listing.lots(start)?;
        let users = (choice.accounts as usize + symbols - 1 - symbol) / symbols;
        let users = u32::try_from(users).ok()?;
        let longs = share_of(choice.longs, i64::from(users));
        Some(Self {
            rules,
            law,
            symbol: u16::try_from(symbol).ok()?,
            start,
            lots,
            made: if choice.makers > 0 { share_of(choice.makers_share, lots) } else { 0 },
            users,
            longs: (longs as u32).clamp(1, users - 1),
            entries: Entries::before(history, first, choice.entry_half_life),
        })
    }

    /// Lots of all users on one side.
    pub fn users_lots(&self, choice: &PopulationChoice, side: Side) -> i64 {
        self.lots - if side == choice.makers_side { self.made } else { 0 }
    }

    /// Whether there is a lot for everybody.
    fn seats_all(&self, choice: &PopulationChoice) -> bool {
        let users = i64::from(choice.accounts);
        let enough = |side| self.users_lots(choice, side) >= users;
        enough(Side::Long) && enough(Side::Short) && self.made >= i64::from(choice.makers)
    }

    /// More lots than any user can be drawn.
    fn largest_user(&self, choice: &PopulationChoice) -> i64 {
        let fewest = self.longs.min(self.users - self.longs);
        let least = Rate::from_steps(Rate::ONE / i64::from(fewest) + 1);
        let part = share_of(choice.largest.max(least), self.lots);
        part.saturating_add(2 * i64::from(choice.accounts)).min(self.lots)
    }
}

/// `share · whole`, to the nearest; halves up.
fn share_of(share: Rate, whole: i64) -> i64 {
    let one = i128::from(Rate::ONE);
    let twice = 2 * i128::from(share.steps()) * i128::from(whole) + one;
    i64::try_from(Round::Floor.div(twice, 2 * one)).unwrap_or(i64::MAX)
}

fn out_of_range(study: &ExchangeStudy, listings: &[Listing], symbol: usize) -> Fault {
    let problem = format!(
        "population.open_interest: {} accounts cannot hold it exactly",
        study.population.accounts
    );
    let found = listings[symbol].open_interest;
    study.origin.fault(Some(&study.histories[symbol].symbol), problem).found(found).accepted(
        "an amount that is at least 1e-8 of the base for every account, and of which the largest \
         account's products with prices stay below 2^126 exact steps",
    )
}
