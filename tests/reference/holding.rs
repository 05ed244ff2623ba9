//! A position: its size, its margin and what they are worth at a mark.

use super::exact::{Exact, GRID, RATE, VALUE};
use super::terms::Terms;
use deleverage::scenario::Side;
use deleverage::venue::Contract;

/// The highest price there is.
pub const HIGHEST: Exact = Exact::new(i64::MAX as i128, GRID);
/// The lowest price, and the step from one price to the next.
pub const STEP: Exact = Exact::new(1, GRID);

#[derive(Debug, Clone, Copy)]
pub struct Holding {
    pub side: Side,
    pub contract: Contract,
    pub size: Exact,
    pub entry: Exact,
    pub margin: Exact,
    /// What `size` was worth at the entry: `q·EP`, or `W` of an inverse contract.
    pub worth: Exact,
    /// What a long has paid per unit since the entry: `F`, or `G` of an inverse contract.
    pub paid: Exact,
}

impl Holding {
    pub fn open(contract: Contract, side: Side, size: Exact, entry: Exact, margin: Exact) -> Self {
        let (worth, paid) = (Exact::ZERO, Exact::ZERO);
        let unvalued = Self { side, contract, size, entry, margin, worth, paid };
        Self { worth: unvalued.worth_of(size), ..unvalued }
    }

    /// What a part was worth at the entry; `W` is rounded against the position: MRG-015.
    pub fn worth_of(&self, size: Exact) -> Exact {
        match (self.contract, self.side) {
            (Contract::Linear, _) => size * self.entry,
            (Contract::Inverse, Side::Long) => size.over(self.entry, VALUE),
            (Contract::Inverse, Side::Short) => size.over_up(self.entry, VALUE),
        }
    }

    pub fn sign(&self) -> Exact {
        if self.side == Side::Long { Exact::ONE } else { -Exact::ONE }
    }

    /// Towards a worse price for the position, on the price grid.
    pub fn against(&self, value: Exact, by: Exact) -> Exact {
        match self.side {
            Side::Long => value.over(by, GRID),
            Side::Short => value.over_up(by, GRID),
        }
    }

    /// `s·k·F`, or `s·k·G` rounded up: MRG-003, MRG-016.
    pub fn funding_on(&self, size: Exact) -> Exact {
        if self.paid.is_zero() {
            return Exact::ZERO;
        }
        let due = self.sign() * size * self.paid;
        if self.contract == Contract::Inverse { due.ceil(VALUE) } else { due }
    }

    /// Equity if `size` of the position is closed at a price, times the unit: MRG-003, MRG-016.
    /// `worth` is what that part was worth at the entry.
    pub fn closed_at(&self, terms: &Terms, size: Exact, worth: Exact, price: Exact) -> Exact {
        let gone = terms.value(size, price);
        let funding = self.funding_on(size);
        match self.contract {
            Contract::Linear => self.margin + self.sign() * (gone - worth) - funding,
            Contract::Inverse => {
                (self.margin + self.sign() * worth - funding) * price - self.sign() * gone
            }
        }
    }

    /// `E`, times the unit.
    pub fn equity(&self, terms: &Terms, mark: Exact) -> Exact {
        self.closed_at(terms, self.size, self.worth, mark)
    }

    /// MRG-010, MRG-018.
    pub fn bankruptcy_price(&self) -> Option<Exact> {
        let rest = self.margin - self.funding_on(self.size);
        let (value, by) = match (self.contract, self.side) {
            (Contract::Linear, Side::Long) => (self.worth - rest, self.size),
            (Contract::Linear, Side::Short) => (self.worth + rest, self.size),
            (Contract::Inverse, Side::Long) => (self.size, self.worth + rest),
            (Contract::Inverse, Side::Short) => (self.size, self.worth - rest),
        };
        if by <= Exact::ZERO {
            return None;
        }
        let towards_the_venue = match self.side {
            Side::Long => value.over_up(by, GRID),
            Side::Short => value.over(by, GRID),
        };
        let exists = towards_the_venue > Exact::ZERO && towards_the_venue <= HIGHEST;
        exists.then_some(towards_the_venue)
    }

    /// MRG-008, MRG-009, MRG-017, MRG-023.
    pub fn liquidation_price(&self, terms: &Terms) -> Option<Exact> {
        let (near, far) = match self.side {
            Side::Long => (HIGHEST, STEP),
            Side::Short => (STEP, HIGHEST),
        };
        let from = if terms.jumps() { self.entry } else { near };
        self.first_fatal(terms, from, far)
    }

    /// The first mark on the way from one to another, both included, that liquidates.
    pub fn first_fatal(&self, terms: &Terms, from: Exact, to: Exact) -> Option<Exact> {
        let fatal = |mark: Exact| terms.is_liquidatable(self, mark);
        let mut at = from;
        loop {
            if fatal(at) {
                return Some(at);
            }
            let last = self.last_of_its_tier(terms, at, to);
            if fatal(last) {
                return Some(bisect(at, last, fatal));
            }
            if last == to {
                return None;
            }
            at = last - self.sign() * STEP;
        }
    }

    /// Up to which mark the tier, and with it the form of the requirement, stays the same.
    fn last_of_its_tier(&self, terms: &Terms, at: Exact, to: Exact) -> Exact {
        let tier = |mark: Exact| terms.tier(self.size, mark);
        let other = |mark: Exact| tier(mark) != tier(at);
        if !terms.jumps() || !other(to) {
            return to;
        }
        bisect(at, to, other) + self.sign() * STEP
    }

    /// TIM-008.
    pub fn excursion(&self, worst: Exact) -> Exact {
        let adverse = self.sign() * (self.entry - worst);
        adverse.max(Exact::ZERO).over_up(self.entry, RATE)
    }
}

/// The first mark on the grid, on the way from one that does not to one that does, that does.
fn bisect(spares: Exact, meets: Exact, test: impl Fn(Exact) -> bool) -> Exact {
    let (mut before, mut after) = (spares, meets);
    while (before - after).abs() > STEP {
        let middle = (before + after).over(Exact::new(2, 0), GRID);
        if test(middle) { after = middle } else { before = middle }
    }
    after
}
