//! The auto-deleveraging queue of one symbol.

use crate::money::{Cash, Quantity, Round};
use crate::scenario::Side;
use rust_decimal::Decimal;
use std::cmp::Reverse;

/// A position that could be closed against a bankrupt one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub account: u64,
    pub side: Side,
    pub quantity: Quantity,
    /// Of [`super::score`]; `None` has no place in the queue.
    pub score: Option<Decimal>,
    /// Of the whole account, with this position valued at the price at which it would be closed.
    pub equity: Cash,
}

/// What one counterparty had to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub account: u64,
    /// Above zero, at most what the account held.
    pub quantity: Quantity,
}

/// One pass through the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleveraging {
    /// In the order of the queue; all but the last one lost their whole position.
    pub closed: Vec<Closed>,
    /// What nobody was left for: above zero only where the queue is exhausted.
    pub left: Quantity,
}

/// Closes `asked` of a bankrupt position on side `losing` against the other side.
///
/// Highest score first, ties by account id; the last counterparty is closed in part. Passed over
/// are positions on the losing side, those without a score, and whoever would be below zero at the
/// price at which it is closed: that would only move the loss to the next account.
pub fn deleverage(losing: Side, asked: Quantity, candidates: &[Candidate]) -> Deleveraging {
    let solvent = |candidate: &&Candidate| candidate.equity >= Cash::ZERO;
    let mut left = asked.lots().max(0);
    let mut closed = Vec::new();
    for candidate in queue(losing.opposite(), candidates).into_iter().filter(solvent) {
        let lots = candidate.quantity.lots().min(left);
        if left == 0 {
            break;
        }
        closed.push(Closed { account: candidate.account, quantity: Quantity::from_lots(lots) });
        left -= lots;
    }
    Deleveraging { closed, left: Quantity::from_lots(left) }
}

/// In which fifth of the queue each position of a side stands, 1 being closed first: what venues
/// show to its holder as five lights. `⌈5 · share⌉` of the side's size up to and including the
/// position, in the order of the queue.
pub fn fifths(side: Side, candidates: &[Candidate]) -> Vec<(u64, u8)> {
    let queue = queue(side, candidates);
    let lots = |candidate: &&Candidate| i128::from(candidate.quantity.lots());
    let total: i128 = queue.iter().map(lots).sum();
    let mut sum = 0;
    let fifth = |candidate: &&Candidate| {
        sum += lots(candidate);
        (candidate.account, Round::Ceil.div(5 * sum, total) as u8)
    };
    queue.iter().map(fifth).collect()
}

/// Everybody on a side who has a place, the first to be closed first.
fn queue(side: Side, candidates: &[Candidate]) -> Vec<&Candidate> {
    let held = |candidate: &&Candidate| {
        candidate.side == side && candidate.score.is_some() && candidate.quantity > Quantity::ZERO
    };
    let mut queue: Vec<&Candidate> = candidates.iter().filter(held).collect();
    queue.sort_by_key(|candidate| (Reverse(candidate.score), candidate.account));
    queue
}
