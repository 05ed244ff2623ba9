//! How much a venue closes at a trigger, and how.

use super::exact::{Exact, GRID, RATE};
use super::holding::{Holding, STEP};
use super::terms::Terms;
use deleverage::history::Interval;
use deleverage::money::{Cash, Rate};
use deleverage::venue::{CloseOut, Contract};

/// What the procedure knows of the steps before.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    pub steps: u32,
    /// `q_0`: size at the first trigger.
    pub first_size: Exact,
}

/// A rate as an exact number.
pub fn rate(rate: Rate) -> Exact {
    Exact::new(rate.steps().into(), RATE)
}

/// An amount as an exact number.
pub fn cash(cash: Cash) -> Exact {
    Exact::new(cash.atoms().into(), GRID)
}

/// What a procedure asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Demand {
    /// An order for the whole position; what the book leaves is taken over.
    Whole,
    /// An order for a part; what the book leaves of it stays open.
    Part(Exact),
    /// All of the part by the book, or the whole position is taken over.
    AllOrTakeover(Exact),
    /// No order at all.
    Takeover,
}

/// A position and the mark that fired.
#[derive(Clone, Copy)]
pub struct Struck<'a> {
    pub terms: &'a Terms,
    pub holding: &'a Holding,
    pub before: Before,
    pub mark: Exact,
    /// `f`: what the venue charges on a close-out.
    pub fee: Exact,
}

/// LIQ-012: with nothing to reduce on, and where the part is the whole, all is closed.
pub fn demand(close_out: &CloseOut, struck: &Struck) -> Demand {
    let asked = asked(close_out, struck);
    let (Demand::Part(size) | Demand::AllOrTakeover(size)) = asked else { return asked };
    let is_empty = struck.holding.equity(struck.terms, struck.mark) <= Exact::ZERO;
    if is_empty || size >= struck.holding.size { Demand::Whole } else { asked }
}

/// LIQ-003 to LIQ-009.
fn asked(close_out: &CloseOut, struck: &Struck) -> Demand {
    let Struck { terms, holding, mark, .. } = *struck;
    let whole = holding.size;
    let tier = terms.tier(whole, mark);
    let above = |tier: usize| whole - terms.top_of(tier, mark);
    match *close_out {
        CloseOut::Full | CloseOut::IocThenTakeover => Demand::Whole,
        CloseOut::LowerTier if tier == 0 => Demand::Whole,
        CloseOut::LowerTier => {
            let least = struck.before.first_size.over_up(Exact::new(16, 0), GRID);
            Demand::AllOrTakeover(above(tier - 1).max(least))
        }
        CloseOut::TwoTiers { .. } | CloseOut::ToFirstTier { .. }
            if tier < 2 || struck.fails_the_lowest() =>
        {
            Demand::Takeover
        }
        CloseOut::TwoTiers { .. } => Demand::Part(above(tier - 2)),
        CloseOut::ToFirstTier { .. } => Demand::Part(above(0)),
        CloseOut::Fraction { share, above, .. } => {
            let is_large = terms.value(whole, mark) > cash(above) * terms.unit(mark);
            match struck.before.steps == 0 && is_large {
                true => Demand::Part((rate(share) * whole).ceil(GRID)),
                false => Demand::Whole,
            }
        }
        CloseOut::Restore { buffer, least, .. } => {
            let least = (rate(least) * struck.before.first_size).ceil(GRID).max(STEP);
            let enough = struck.restoring(rate(buffer));
            enough.map_or(Demand::Whole, |size| Demand::Part(size.max(least)))
        }
        CloseOut::BlockCap { share, least, most, .. } => {
            let worth = |amount: Exact| match terms.contract {
                Contract::Linear => amount.over_up(mark, GRID),
                Contract::Inverse => (amount * mark).ceil(GRID),
            };
            let part = (rate(share) * whole).ceil(GRID).max(worth(cash(least)));
            Demand::Part(part.min(worth(cash(most))))
        }
    }
}

impl Struck<'_> {
    /// LIQ-005: too little even for the requirement of the lowest tier.
    fn fails_the_lowest(&self) -> bool {
        let value = self.terms.value(self.holding.size, self.mark);
        self.holding.equity(self.terms, self.mark) <= value * self.terms.lowest_rate()
    }

    /// LIQ-008; `None`: all.
    fn restoring(&self, buffer: Exact) -> Option<Exact> {
        let Self { terms, holding, mark, .. } = *self;
        let unit = terms.unit(mark);
        let value = terms.value(holding.size, mark);
        let due = terms.maintenance(holding.size, mark);
        // Dust is worth one atom.
        let value_down = value.over(unit, GRID).max(Exact::new(1, GRID));
        let ratio = due.over_up(unit, GRID).over_up(value_down, RATE);
        let freed = ratio + buffer - self.fee;
        // A value in coin is a fraction: up to the atom.
        let value_up = match terms.contract {
            Contract::Linear => value,
            Contract::Inverse => value.over_up(unit, GRID) * unit,
        };
        let lacking = due + value_up * buffer - holding.equity(terms, mark);
        let per_value = match terms.contract {
            Contract::Linear => mark,
            Contract::Inverse => Exact::ONE,
        };
        (freed > Exact::ZERO).then(|| lacking.over_up(per_value * freed, GRID))
    }
}

/// LIQ-011: how many bars nothing is looked at.
pub fn cooldown(close_out: &CloseOut, bar: i64) -> usize {
    let length = match *close_out {
        CloseOut::Full | CloseOut::IocThenTakeover | CloseOut::LowerTier => 0,
        CloseOut::TwoTiers { cooldown }
        | CloseOut::ToFirstTier { cooldown }
        | CloseOut::Fraction { cooldown, .. }
        | CloseOut::Restore { cooldown, .. }
        | CloseOut::BlockCap { cooldown, .. } => Interval::millis(cooldown),
    };
    usize::try_from((2 * length + bar) / (2 * bar)).unwrap()
}
