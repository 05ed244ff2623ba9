//! How much a venue closes at a trigger.

use super::exact::{Exact, GRID, RATE};
use super::holding::{Holding, STEP};
use super::terms::Terms;
use deleverage::history::Interval;
use deleverage::money::{Cash, Rate};
use deleverage::venue::CloseOut;

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

/// LIQ-003 to LIQ-009: the size to close at a mark that fired.
pub fn to_close(
    close_out: &CloseOut,
    terms: &Terms,
    (holding, before): (&Holding, Before),
    mark: Exact,
    fee: Exact,
) -> Exact {
    let whole = holding.size;
    let tier = terms.tier(whole, mark);
    let size = match *close_out {
        CloseOut::Full | CloseOut::IocThenTakeover => whole,
        CloseOut::LowerTier if tier == 0 => whole,
        CloseOut::LowerTier => whole - terms.top_of(tier - 1, mark),
        CloseOut::TwoTiers { .. } | CloseOut::ToFirstTier { .. }
            if tier < 2 || fails_the_lowest(terms, holding, mark) =>
        {
            whole
        }
        CloseOut::TwoTiers { .. } => whole - terms.top_of(tier - 2, mark),
        CloseOut::ToFirstTier { .. } => whole - terms.top_of(0, mark),
        CloseOut::Fraction { share, above, .. } => {
            let is_large = terms.value(whole, mark) > cash(above) * terms.unit(mark);
            if before.steps == 0 && is_large { (rate(share) * whole).ceil(GRID) } else { whole }
        }
        CloseOut::Restore { buffer, least, .. } => {
            let least = (rate(least) * before.first_size).ceil(GRID).max(STEP);
            restoring(terms, holding, mark, (rate(buffer), fee)).map_or(whole, |k| k.max(least))
        }
        CloseOut::BlockCap { share, least, most, .. } => {
            let unit = terms.unit(mark);
            let part = rate(share) * terms.value(whole, mark);
            let worth = part.max(cash(least) * unit).min(cash(most) * unit);
            // Of value to size: 1/P, or P less the unit that is in it already.
            worth.over_up(terms.value(Exact::ONE, mark), GRID)
        }
    };
    size.min(whole)
}

/// LIQ-005: too little even for the requirement of the lowest tier.
fn fails_the_lowest(terms: &Terms, holding: &Holding, mark: Exact) -> bool {
    holding.equity(terms, mark) <= terms.value(holding.size, mark) * terms.lowest_rate()
}

/// LIQ-008; `None`: all.
fn restoring(
    terms: &Terms,
    holding: &Holding,
    mark: Exact,
    (buffer, fee): (Exact, Exact),
) -> Option<Exact> {
    let value = terms.value(holding.size, mark);
    let due = terms.maintenance(holding.size, mark);
    let lacking = due + buffer * value - holding.equity(terms, mark);
    let freed = due + (buffer - fee) * value;
    (freed > Exact::ZERO).then(|| (lacking * holding.size).over_up(freed, GRID))
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
