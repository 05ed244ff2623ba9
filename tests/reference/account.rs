//! Several positions that share one balance.

use super::exact::{Exact, GRID};
use super::holding::Holding;
use super::terms::Terms;
use deleverage::scenario::Side;
use deleverage::venue::{Contract, VenueRules};

/// One open position of an account.
#[derive(Debug, Clone, Copy)]
pub struct Leg<'a> {
    pub rules: &'a VenueRules,
    pub side: Side,
    pub size: Exact,
    pub entry: Exact,
    /// Where the mark of its symbol stands.
    pub mark: Exact,
}

/// ACC-003: what two legs of one symbol come to: the profit that is locked, and the rest.
pub fn net<'a>(one: Leg<'a>, other: Leg<'a>) -> (Exact, Option<Leg<'a>>) {
    if one.side == other.side {
        panic!("legs of one side are one position");
    }
    let (long, short) = if one.side == Side::Long { (one, other) } else { (other, one) };
    let locked = long.size.min(short.size);
    let worth = |leg: &Leg| {
        let part = Holding::open(one.rules.contract, leg.side, locked, leg.entry, Exact::ZERO);
        part.worth
    };
    let profit = match one.rules.contract {
        Contract::Linear => worth(&short) - worth(&long),
        Contract::Inverse => worth(&long) - worth(&short),
    };
    let profit = profit.floor(GRID);
    let larger = if long.size > short.size { long } else { short };
    let rest = Leg { size: larger.size - locked, ..larger };
    (profit, (!rest.size.is_zero()).then_some(rest))
}

/// What a position in another symbol adds to the margin of this one: ACC-001.
pub fn contribution(leg: &Leg) -> Exact {
    let terms = Terms::of(leg.rules, 4);
    let holding = Holding::open(leg.rules.contract, leg.side, leg.size, leg.entry, Exact::ZERO);
    let unit = terms.unit(leg.mark);
    let profit = holding.equity(&terms, leg.mark).over(unit, GRID);
    profit - terms.maintenance(leg.size, leg.mark).over_up(unit, GRID)
}

/// ACC-001: the margin of a position, given the wallet, locked profits and the other symbols.
pub fn margin(wallet: Exact, locked: &[Exact], others: &[Leg]) -> Exact {
    let locked = locked.iter().fold(wallet, |sum, profit| sum + *profit);
    others.iter().fold(locked, |sum, leg| sum + contribution(leg))
}
