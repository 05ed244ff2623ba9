//! CLO-009, told by the journal: what the fills brought is what was booked.

use super::Life;
use deleverage::engine::Event;
use deleverage::money::{Cash, Price, Quantity};
use deleverage::scenario::Side;
use deleverage::venue::{Contract, FundingPays};

/// Profit of a part of a linear position, in 1e-16.
fn profit(life: &Life, quantity: Quantity, price: Price) -> i128 {
    let moved = i128::from(price.steps()) - i128::from(life.position.entry.steps());
    let sign = if life.position.side == Side::Long { 1 } else { -1 };
    sign * i128::from(quantity.lots()) * moved
}

const ATOM: i128 = 100_000_000;

/// Rounded sums of the fills that an outcome was told to have had: a linear life, on a price grid
/// of eight decimals.
pub fn balances(life: &Life) {
    let Some(end) = life.outcome.liquidation.filter(|end| end.last_bar.is_some()) else { return };
    if life.contract == Contract::Inverse {
        return;
    }
    let (mut fills, mut parts, mut settlements) = (0, 0, 0);
    let mut paid = Cash::ZERO;
    for event in &life.events {
        match *event {
            Event::Fill { quantity, price, .. } | Event::Takeover { quantity, price, .. } => {
                fills += profit(life, quantity, price);
                parts += 1;
            }
            Event::Funding { paid: amount, .. } => {
                paid = paid + amount;
                settlements += 1;
            }
            _ => {}
        }
    }
    let funding = if life.pays == FundingPays::Margin { paid } else { Cash::ZERO };
    let sums = end.settlement;
    let booked = sums.returned + sums.kept + sums.fee - sums.deficit;
    let cash = |cash: Cash| i128::from(cash.atoms()) * ATOM;
    let lost = cash(life.position.margin) + fills - cash(funding) - cash(booked);
    // Each step is rounded down to the atom, each average of two fills to the price grid, each
    // settlement up.
    let average = i128::from(life.position.quantity.lots());
    let steps = i128::from(end.steps) * ATOM;
    assert!(lost > -i128::from(settlements + 1) * ATOM, "{lost} {end:?} {:?}", life.events);
    assert!(lost <= steps + average * (parts + 1), "{lost} {end:?} {:?}", life.events);
}
