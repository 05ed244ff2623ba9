//! The state of one world while it runs.

use super::adl::Ranks;
use super::fund::Purse;
use super::journal::{Journal, Moment};
use super::ledger::{AccountId, Ledger, Teller};
use super::liquidity::Liquidity;
use super::queue::{CrossWatch, Queue};
use super::reaction::Act;
use super::record::Record;
use super::scene::{Market, Scene};
use crate::engine::Law;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::population::Population;
use crate::scenario::Side;
use crate::scenario::exchange::Driver;
use crate::venue::Contract;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a thread keeps from world to world, so that nothing is allocated anew.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) ledger: Ledger,
    pub(super) queues: Vec<Queue>,
    pub(super) books: Vec<Liquidity>,
    pub(super) cross: CrossWatch,
    /// One a position of the population.
    pub(super) lives: Vec<Life>,
    pub(super) ranks: Ranks,
    /// Positions that wait until a time.
    pub(super) parked: BinaryHeap<Reverse<(i64, u32, u16)>>,
    /// What traders will do, by time and trader.
    pub(super) reactions: BinaryHeap<Reverse<(i64, u32, Act)>>,
    /// Equity of each trader when the settlement window began.
    pub(super) window: Vec<Cash>,
    /// Who was deleveraged.
    pub(super) deleveraged: Vec<bool>,
    /// Top-ups of each trader.
    pub(super) topped_up: Vec<Cash>,
    /// What each trader left to the fund.
    pub(super) charged: Vec<Cash>,
}

/// How far the liquidation of a position has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Life {
    /// Lots at the first trigger; 0: not liquidated.
    pub first: i64,
    pub steps: u32,
}

/// The prices of one symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prices {
    /// The recorded mark, and the last price at the same point of the path.
    pub recorded: Price,
    pub last: Price,
    /// What triggers.
    pub mark: Price,
    /// The mark at the end of the sub-step before.
    pub before: Price,
}

/// One world on its way.
pub(super) struct Floor<'w, J> {
    pub scene: Scene<'w>,
    pub population: &'w Population,
    pub state: &'w mut Scratch,
    pub to: Teller<'w, J>,
    pub prices: Vec<Prices>,
    pub purses: Vec<Purse>,
    pub record: Record,
    /// What history is said to have liquidated and the world has not: quote units.
    pub allowance: f64,
}

impl<'w, J: Journal> Floor<'w, J> {
    pub fn market(&self, symbol: u16) -> &'w Market<'w> {
        &self.scene.markets[usize::from(symbol)]
    }

    pub fn law(&self, symbol: u16) -> &'w Law<'w> {
        &self.market(symbol).law
    }

    pub fn mark(&self, symbol: u16) -> Price {
        self.prices[usize::from(symbol)].mark
    }

    pub fn now(&self) -> Moment {
        self.to.now
    }

    /// The symbols of the study, in order.
    pub fn symbols(&self) -> std::ops::Range<u16> {
        0..self.scene.markets.len() as u16
    }

    /// The tranche that answers for a symbol; `None`: there is no fund.
    pub fn tranche(&self, symbol: u16) -> Option<usize> {
        let tranches = &self.scene.study.fund.tranches;
        tranches.iter().position(|tranche| tranche.symbols.contains(&usize::from(symbol)))
    }

    /// Who receives what a liquidation leaves to the venue.
    pub fn venue_account(&self, symbol: u16) -> AccountId {
        self.tranche(symbol).map_or(AccountId::Fees, |tranche| AccountId::Tranche(tranche as u8))
    }

    /// The trigger mark that goes with a recorded one, under the driver.
    pub fn local(&self, symbol: u16, recorded: Price) -> Price {
        let factor = self.factor(symbol);
        if factor == i128::from(Rate::ONE) {
            return recorded;
        }
        let product = i128::from(recorded.steps()) * factor;
        let steps = Round::Floor.div(product, i128::from(Rate::ONE));
        Price::from_steps(i64::try_from(steps.max(1)).unwrap_or(i64::MAX))
    }

    /// `1 + w·d` in steps of a rate, rounded down.
    fn factor(&self, symbol: u16) -> i128 {
        let one = i128::from(Rate::ONE);
        let weight = match self.scene.study.driver {
            Driver::Replay => return one,
            Driver::ReplayLocal { weight } => i128::from(weight.steps()),
            Driver::Counterfactual { .. } => one,
        };
        let displacement = self.state.books[usize::from(symbol)].displacement();
        if displacement == Rate::ZERO {
            return one;
        }
        let moved = Round::Floor.div(weight * i128::from(displacement.steps()), one);
        (one + moved).max(1)
    }

    /// What an account is worth at the marks, rounded down a position.
    pub fn equity(&self, account: AccountId) -> Cash {
        let ledger = &self.state.ledger;
        ledger.held(account).fold(ledger.cash(account), |sum, (symbol, position, due)| {
            sum + self.law(symbol).carried(&position, due, self.mark(symbol))
        })
    }

    /// Value of a size at the mark in quote units, rounded up.
    pub fn notional(&self, symbol: u16, quantity: Quantity) -> Cash {
        self.notional_at(symbol, quantity, self.mark(symbol))
    }

    /// The same at some other mark.
    pub fn notional_at(&self, symbol: u16, quantity: Quantity, mark: Price) -> Cash {
        let law = self.law(symbol);
        match law.contract {
            Contract::Linear => law.notional(quantity, mark),
            Contract::Inverse => Cash::from_atoms(quantity.lots()),
        }
    }

    /// The recorded mark that goes with a trigger mark: the inverse of [`Floor::local`], rounded
    /// down.
    pub fn recorded_at(&self, symbol: u16, mark: Price) -> Price {
        let (one, factor) = (i128::from(Rate::ONE), self.factor(symbol));
        if factor == one {
            return mark;
        }
        let steps = Round::Floor.div(i128::from(mark.steps()) * one, factor);
        Price::from_steps(i64::try_from(steps.max(1)).unwrap_or(i64::MAX))
    }

    /// The side of an account in a symbol; long where it holds nothing.
    pub fn side_of(&self, account: AccountId, symbol: u16) -> Side {
        match self.state.ledger.lots(account, symbol) < 0 {
            true => Side::Short,
            false => Side::Long,
        }
    }

    /// Whether an account has positions in several symbols, so that one queue cannot know it.
    pub fn is_scattered(&self, trader: u32) -> bool {
        self.population.traders[trader as usize].holdings.len() > 1
    }

    /// The place of a trader's position among those of the population.
    pub fn place(&self, trader: u32, symbol: u16) -> Option<usize> {
        let mut held = self.population.traders[trader as usize].holdings.clone();
        held.find(|place| self.population.holdings[*place as usize].symbol == symbol)
            .map(|place| place as usize)
    }
}

/// A price within half and double of the mark: what backs one of several positions can be so large
/// that nothing near bankrupts it.
pub(super) fn near(price: Price, mark: Price) -> Price {
    let (half, double) = (mark.steps() / 2, mark.steps().saturating_mul(2));
    Price::from_steps(price.steps().clamp(half.max(1), double))
}
