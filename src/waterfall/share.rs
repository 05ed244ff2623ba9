//! A loss spread over many.

use crate::money::{Cash, Quantity, Round};

/// How much each one pays, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// Each between zero and the profit it is taken from.
    pub taken: Vec<Cash>,
    /// What no profit was left for.
    pub left: Cash,
}

/// A budget in proportion to profits; whoever has none pays nothing.
///
/// The first `k` together pay `⌊budget · (their profits) / (all profits)⌋`: the sum is exact to the
/// atom, and no share is an atom or more away from its own quotient. `None`: the profits add up to
/// more than [`Cash`] holds.
pub fn pro_rata(budget: Cash, profits: &[Cash]) -> Option<Shares> {
    let all = total(profits)?;
    let budget = budget.gain();
    let paid = budget.min(all);
    let mut sum = 0;
    let mut before = 0;
    let mut share = |profit: &Cash| {
        sum += i128::from(profit.gain().atoms());
        let up_to = part(paid, sum, all);
        let taken = up_to - before;
        before = up_to;
        Cash::from_atoms(taken)
    };
    let taken = profits.iter().map(&mut share).collect();
    Some(Shares { taken, left: budget - paid })
}

/// A budget out of whole profits, the first one first, the last one in part.
pub fn in_order(budget: Cash, profits: &[Cash]) -> Shares {
    let mut left = budget.gain();
    let mut take = |profit: &Cash| {
        let taken = left.min(profit.gain());
        left = left - taken;
        taken
    };
    let taken = profits.iter().map(&mut take).collect();
    Shares { taken, left }
}

/// The clawback of a settlement: what the fund cannot pay of a loss, in proportion to the profits
/// of that settlement (OKEx until 2019, 58COIN): `(loss − fund) / Σ profits · profit`.
pub fn clawback(loss: Cash, fund: Cash, profits: &[Cash]) -> Option<Shares> {
    pro_rata(loss.gain() - fund.gain(), profits)
}

/// A loss per unit of open interest, longs and shorts together, rounded up to the atom: together
/// they pay at least the loss (Drift). `None`: nobody holds anything, or it does not fit.
pub fn per_unit(loss: Cash, longs: Quantity, shorts: Quantity) -> Option<Cash> {
    let held = i128::from(longs.lots()) + i128::from(shorts.lots());
    if held <= 0 {
        return None;
    }
    let unit = 10_i128.pow(Quantity::DECIMALS);
    let atoms = Round::Ceil.div(i128::from(loss.gain().atoms()) * unit, held);
    i64::try_from(atoms).ok().map(Cash::from_atoms)
}

fn total(profits: &[Cash]) -> Option<Cash> {
    let atoms = profits.iter().map(|profit| i128::from(profit.gain().atoms())).sum::<i128>();
    i64::try_from(atoms).ok().map(Cash::from_atoms)
}

/// `⌊paid · sum / all⌋`; at most `paid`, as `sum` is at most `all`.
fn part(paid: Cash, sum: i128, all: Cash) -> i64 {
    if all == Cash::ZERO {
        return 0;
    }
    Round::Floor.div(i128::from(paid.atoms()) * sum, i128::from(all.atoms())) as i64
}
