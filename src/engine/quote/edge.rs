//! The value at which a position is liquidated.

use super::Terms;
use super::requirement::{Bracket, Valuation};
use crate::venue::Lookup;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Where the law turns.
pub(super) struct Edge {
    /// In the settlement asset; may be below zero.
    pub value: Decimal,
    /// The bracket whose requirement is met there.
    pub bracket: Bracket,
    /// Whether it is a floor at which the requirement jumps.
    pub jump: bool,
}

/// From the bracket at entry, against the line of one bracket after the other.
///
/// Where the solution of a line lies outside its bracket, the search moves on to the neighbour.
/// Requirements that are continuous at the floors lead to the one edge there is. Where the whole
/// position pays one rate, the requirement jumps at a floor:
///
/// - with the value falling (a long; inverse: a short), towards the position. The edge found is
///   the first value, from the entry down, that liquidates; a lower floor may spare it again.
/// - with the value rising, against it. Two neighbours that refer to each other mean that the
///   floor between them liquidates: the value there is still safe, and every higher one is not.
pub(super) fn find(terms: &Terms) -> Option<Edge> {
    let (leg, requirement) = (&terms.leg, &terms.requirement);
    let mut at = requirement.index(leg, leg.entry_value()?)?;
    let mut heading = Ordering::Equal;
    // Continuous requirements meet at a floor, but for the last of 28 digits.
    let jump = requirement.tiers.lookup != Lookup::Marginal;
    loop {
        let bracket = requirement.nth(at, leg)?;
        let value = solve(terms, &bracket)?;
        let solved = Edge { value, bracket, jump: false };
        let Some((low, high)) = requirement.range(at) else { return Some(solved) };
        let towards = match high {
            Some(high) if value > high => Ordering::Greater,
            _ if value <= low && at > 0 => Ordering::Less,
            _ => return Some(solved),
        };
        match (heading, towards) {
            (Ordering::Greater, Ordering::Less) => {
                return Some(Edge { value: low, bracket, jump });
            }
            (Ordering::Less, Ordering::Greater) => {
                let bracket = requirement.nth(at + 1, leg)?;
                return Some(Edge { value: high?, bracket, jump });
            }
            (_, Ordering::Less) => at -= 1,
            _ => at += 1,
        }
        heading = towards;
    }
}

/// `(M + c − σ·y0) / (m + f − σ)`; with maintenance valued at entry
/// `(M + c − (σ + m)·y0) / (f − σ)`.
fn solve(terms: &Terms, bracket: &Bracket) -> Option<Decimal> {
    let (direction, fee) = (terms.leg.direction(), terms.requirement.closing_fee);
    let (fixed, moving) = match terms.requirement.valuation {
        Valuation::AtMark => (direction, bracket.maintenance + fee),
        Valuation::AtEntry => (direction + bracket.maintenance, fee),
    };
    let value = fixed.checked_mul(terms.leg.entry_value()?)?;
    let head = terms.margin.checked_add(bracket.deduction)?.checked_sub(value)?;
    head.checked_div(moving - direction)
}
