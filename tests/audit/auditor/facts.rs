//! What is public of a study: rules, prices, choices. Formulas from `docs/model` in exact numbers.

use crate::reference::terms::Terms;
use crate::reference::{Exact, GRID, RATE};
use deleverage::exchange::Scene;
use deleverage::history::History;
use deleverage::money::{Price, Rate};
use deleverage::scenario::ExchangeStudy;
use deleverage::venue::{Contract, FundingCap, VenueRules};

/// Decimals of coin per unit of an inverse contract.
const COIN: u32 = 28;
/// One ten-millionth of a unit of cash: the atom.
pub const ATOM: Exact = Exact::new(1, GRID);

/// One symbol.
pub struct Symbol<'a> {
    pub history: &'a History,
    pub rules: &'a VenueRules,
    pub terms: Terms,
    decimals: u32,
}

/// A study's inputs; neither its law nor its sums are taken from the product.
pub struct Facts<'a> {
    pub study: &'a ExchangeStudy,
    pub symbols: Vec<Symbol<'a>>,
    pub first: usize,
}

pub fn rate(rate: Rate) -> Exact {
    Exact::new(rate.steps().into(), RATE)
}

/// Atoms of an amount on the grid of cash.
pub fn atoms(amount: Exact) -> i128 {
    amount.steps(GRID).into()
}

pub fn cash(atoms: i128) -> Exact {
    Exact::new(atoms, GRID)
}

impl<'a> Facts<'a> {
    pub fn of(scene: &Scene<'a>) -> Self {
        let symbol = |market: &deleverage::exchange::Market<'a>| Symbol {
            history: market.history,
            rules: market.rules,
            terms: Terms::of(market.rules, 4),
            decimals: market.history.scale.decimals(),
        };
        let symbols = scene.markets.iter().map(symbol).collect();
        Self { study: scene.study, symbols, first: scene.first }
    }

    pub fn symbol(&self, symbol: u16) -> &Symbol<'a> {
        &self.symbols[usize::from(symbol)]
    }

    /// Number of the tranche that answers for a symbol.
    pub fn tranche(&self, symbol: u16) -> Option<u8> {
        let tranches = &self.study.fund.tranches;
        let place = tranches.iter().position(|one| one.symbols.contains(&usize::from(symbol)));
        place.map(|place| place as u8)
    }
}

impl Symbol<'_> {
    pub fn price(&self, price: Price) -> Exact {
        Exact::new(price.steps().into(), self.decimals)
    }

    /// The smallest difference of two prices.
    pub fn step(&self) -> Exact {
        Exact::new(1, self.decimals)
    }

    pub fn half(&self, price: Exact) -> Exact {
        price.over(Exact::new(2, 0), self.decimals)
    }

    pub fn is_inverse(&self) -> bool {
        self.rules.contract == Contract::Inverse
    }

    /// `k·p` or `k/p` of `lots ≥ 0`, an inverse contract's up to 10^-28.
    pub fn worth(&self, lots: i128, price: Exact) -> Exact {
        let size = Exact::new(lots, GRID);
        if self.is_inverse() { size.over_up(price, COIN) } else { size * price }
    }

    /// EXC-003: what changes hands for `lots > 0`, in atoms.
    pub fn value(&self, lots: i128, price: Exact) -> i128 {
        let size = Exact::new(lots, GRID);
        let value = if self.is_inverse() { size.over_up(price, GRID) } else { size * price };
        atoms(value.ceil(GRID))
    }

    /// EXC-004: what signed lots add to an account's cash at a mark, `due` per unit being unpaid.
    pub fn carried(&self, lots: i128, due: Exact, mark: Exact) -> Exact {
        let size = Exact::new(lots, GRID);
        let worth = if self.is_inverse() { -size.over_up(mark, COIN) } else { size * mark };
        worth - size * due
    }

    /// FND-006, FND-009: what signed lots owe, `due` per unit, in atoms.
    pub fn owed(&self, lots: i128, due: Exact) -> i128 {
        atoms((Exact::new(lots, GRID) * due).ceil(GRID))
    }

    /// Steps of a sum of funding per unit.
    pub fn per_unit(&self, steps: i128) -> Exact {
        Exact::new(steps, if self.is_inverse() { COIN } else { self.decimals + RATE })
    }

    /// FND-001, FND-002, FND-007, FND-009, EXC-008: what a bar's settlements cost a long per unit.
    pub fn settled_in(&self, bar: usize) -> Exact {
        let (open, length) = (self.history.time[bar], self.history.interval.millis());
        let mark = self.price(self.history.mark.open[bar]);
        let due =
            self.history.funding.iter().filter(|one| (open..open + length).contains(&one.time));
        let paid = |each: Rate| {
            let each = self.capped(rate(each));
            if self.is_inverse() { each.over(mark, COIN) } else { each * mark }
        };
        due.fold(Exact::ZERO, |sum, one| sum + paid(one.rate))
    }

    fn capped(&self, each: Exact) -> Exact {
        let lowest = &self.rules.tiers.steps[0];
        let (initial, maintenance) = (rate(lowest.initial), rate(lowest.maintenance));
        let most = match self.rules.funding.cap {
            FundingCap::None => return each,
            FundingCap::Rate(most) => rate(most),
            FundingCap::OfMaintenance(part) => (maintenance * rate(part)).floor(RATE),
            FundingCap::OfSpread(part) => ((initial - maintenance) * rate(part)).floor(RATE),
        };
        each.min(most).max(-most)
    }

    /// MRG-010, MRG-018: where `cash`, net of the funding due, and signed lots are worth nothing;
    /// towards the venue.
    pub fn bankruptcy(&self, cash: Exact, lots: i128) -> Option<Exact> {
        let (size, own) = (Exact::new(lots.abs(), GRID), if lots > 0 { -cash } else { cash });
        let (value, by) = if self.is_inverse() { (size, -own) } else { (own, size) };
        if by <= Exact::ZERO || value <= Exact::ZERO {
            return None;
        }
        let price = match lots > 0 {
            true => value.over_up(by, self.decimals),
            false => value.over(by, self.decimals),
        };
        let highest = Exact::new(i64::MAX.into(), self.decimals);
        (price > Exact::ZERO && price <= highest).then_some(price)
    }

    /// EXC-006: the average entry of two signed sizes on the same side, against the position.
    pub fn average(&self, one: (i128, Exact), other: (i128, Exact)) -> Exact {
        let [a, b] = [one.0, other.0].map(|lots| Exact::new(lots.abs(), GRID));
        let (value, by) = match self.is_inverse() {
            false => (a * one.1 + b * other.1, a + b),
            true => ((a + b) * one.1 * other.1, a * other.1 + b * one.1),
        };
        match one.0 > 0 {
            true => value.over_up(by, self.decimals),
            false => value.over(by, self.decimals),
        }
    }

    /// `MM` of signed lots at a mark, in the settlement asset.
    pub fn maintenance(&self, lots: i128, mark: Exact) -> Exact {
        let due = self.terms.maintenance(Exact::new(lots.abs(), GRID), mark);
        if self.is_inverse() { due.over_up(mark, COIN) } else { due }
    }
}
