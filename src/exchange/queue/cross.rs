//! Accounts with positions in several symbols, looked at only when a mark has left its bounds or
//! enough funding was paid. Rule `EXC-013`.
//!
//! Let an account have a room of `slack·W` above its maintenance margin, where `W` is the value of
//! its positions, counted twice where the requirement grows with a loss (a linear short, an inverse
//! long: maintenance rates are below 1). It is given a bound for each mark: a fraction `y` of it
//! away on the side where the position loses, a half on the other. Inside its bounds no position
//! has lost more than `y` of its weight, and none is worth more than 3/2 of what it was, so that
//! settlements that took a sum of `r` of the values have cost at most `3/2·r·W`. With
//!
//! ```text
//! y = 7/8·slack      r < 1/12·slack
//! ```
//!
//! both together are less than the room, and the account cannot be liquidatable.

use super::keys::Roster;
use crate::engine::{Holding, Law};
use crate::money::{Cash, Price, Rate, Round};
use crate::scenario::Side;
use crate::venue::{Contract, Edge};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const ONE: i128 = Rate::ONE as i128;
/// How far a bound is from its mark at most.
const FURTHEST: f64 = 0.5;
/// What the operations that make a bound may be off by, and more, as a part of it.
const HAIR: f64 = 1e-12;
/// Atoms by which a position's profit and requirement may be rounded when they are looked at.
const ROUNDED: i128 = 2;

/// A cross account at the marks.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    equity: i128,
    required: i128,
    /// Requirement while every mark is within its furthest bounds.
    cautious: i128,
    /// Value of all positions as the module's head counts it.
    weight: i128,
}

impl Standing {
    /// Of an account that is worth `equity`.
    pub fn of<'a>(equity: Cash, holdings: impl IntoIterator<Item = Holding<'a>>) -> Self {
        let equity = i128::from(equity.atoms());
        let mut standing = Self { equity, required: 0, cautious: 0, weight: 0 };
        for held in holdings {
            let required = i128::from(held.maintenance().atoms());
            let value = held.law.notional(held.position.quantity, held.mark).atoms();
            let ahead = cautious_mark(&held.law, held.mark);
            standing.required += required;
            standing.cautious += ROUNDED
                + match ahead == held.mark {
                    true => required,
                    false => Holding { mark: ahead, ..held }.maintenance().atoms().into(),
                };
            standing.weight += i128::from(times(&held.law, held.position.side)) * i128::from(value);
        }
        standing
    }

    /// Whether the account is liquidatable.
    pub fn is_due(&self, edge: Edge) -> bool {
        edge.is_reached(self.equity - self.required)
    }

    /// The room over the weight, rounded down; at most 1, and below zero only if the account is
    /// liquidatable or its requirement is about to jump.
    pub fn slack(&self) -> Rate {
        let room = (self.equity - self.cautious) * ONE;
        Rate::from_steps(Round::Floor.div(room, self.weight.max(1)).clamp(-ONE, ONE) as i64)
    }
}

/// How often a loss counts: twice where the requirement grows by up to as much.
pub fn times(law: &Law, side: Side) -> i32 {
    match (law.contract, side) {
        (Contract::Linear, Side::Long) | (Contract::Inverse, Side::Short) => 1,
        (Contract::Linear, Side::Short) | (Contract::Inverse, Side::Long) => 2,
    }
}

/// The mark whose requirement counts: where it jumps, one at which the value has grown by a half.
pub fn cautious_mark(law: &Law, mark: Price) -> Price {
    let steps = mark.steps();
    Price::from_steps(match law.contract {
        _ if !law.jumps() => steps,
        Contract::Linear => steps.saturating_add(steps / 2 + 1),
        Contract::Inverse => (steps - steps / 3 - 1).max(1),
    })
}

/// What waits for one mark: bound, account, stamp.
#[derive(Debug, Default)]
struct Bounds {
    mark: Option<Price>,
    below: BinaryHeap<(Price, u32, u32)>,
    above: BinaryHeap<Reverse<(Price, u32, u32)>>,
}

impl Bounds {
    /// Bounds at these fractions below and above the mark, or a hair nearer; at least one step
    /// away.
    fn set(&mut self, (account, stamp): (u32, u32), (below, above): (f64, f64)) {
        let Some(mark) = self.mark.map(Price::steps) else { return };
        let low = mark as f64 / (1.0 + below) * (1.0 + HAIR) + 1.0;
        let high = mark as f64 * (1.0 + above) * (1.0 - HAIR) - 1.0;
        let low = Price::from_steps((low as i64).min(mark - 1));
        let high = (high as i64).max(mark.saturating_add(1));
        self.below.push((low, account, stamp));
        self.above.push(Reverse((Price::from_steps(high), account, stamp)));
    }

    /// Somebody whose bound the mark has reached.
    fn left(&mut self) -> Option<(u32, u32)> {
        let mark = self.mark?;
        if self.below.peek().is_some_and(|(low, ..)| mark <= *low) {
            return self.below.pop().map(|(_, account, stamp)| (account, stamp));
        }
        if self.above.peek().is_some_and(|Reverse((high, ..))| mark >= *high) {
            return self.above.pop().map(|Reverse((_, account, stamp))| (account, stamp));
        }
        None
    }

    fn clear(&mut self) {
        self.mark = None;
        self.below.clear();
        self.above.clear();
    }
}

/// Which accounts are to be looked at; kept by a thread from world to world.
#[derive(Debug, Default)]
pub struct CrossWatch {
    /// Funding settled so far, as fractions of the values, in steps of a [`Rate`].
    paid: i128,
    bounds: Vec<Bounds>,
    roster: Roster,
    /// Sum of funding, account, stamp.
    waiting: BinaryHeap<Reverse<(i128, u32, u32)>>,
    /// Account and stamp of whoever is to be looked at.
    ready: BinaryHeap<Reverse<(u32, u32)>>,
}

impl CrossWatch {
    /// Empties the list, and keeps its memory.
    pub fn clear(&mut self) {
        self.paid = 0;
        self.bounds.iter_mut().for_each(Bounds::clear);
        self.roster.clear();
        self.waiting.clear();
        self.ready.clear();
    }

    /// The marks of all symbols, in order, as they are now: to be told before an account is armed
    /// or asked for, and before a settlement.
    pub fn see(&mut self, marks: impl IntoIterator<Item = Price>) {
        for (place, mark) in marks.into_iter().enumerate() {
            if place == self.bounds.len() {
                self.bounds.push(Bounds::default());
            }
            let bounds = &mut self.bounds[place];
            if bounds.mark.replace(mark) == Some(mark) {
                continue;
            }
            while let Some((account, stamp)) = bounds.left() {
                if self.roster.is_armed(account, stamp) {
                    self.ready.push(Reverse((account, stamp)));
                }
            }
        }
    }

    /// A settlement cost, or brought, this fraction of a position's value at the marks last seen.
    pub fn settled(&mut self, share: Rate) {
        self.paid += i128::from(share.steps()).abs();
        while let Some(Reverse((sum, account, stamp))) = self.waiting.peek().copied() {
            if sum > self.paid {
                break;
            }
            self.waiting.pop();
            self.ready.push(Reverse((account, stamp)));
        }
    }

    /// Has an account that is not liquidatable looked at when it may be, and never before something
    /// has moved; an earlier arming is void. See [`Standing::slack`]; `held` are its symbols, each
    /// with the side of the position.
    pub fn arm(&mut self, account: u32, slack: Rate, held: impl IntoIterator<Item = (u16, Side)>) {
        let stamp = self.roster.arm(account);
        let slack = slack.max(Rate::ZERO);
        let by = (slack.to_f64() * 7.0 / 8.0).min(FURTHEST);
        // Without room a requirement may be about to jump with the next step in favour, too.
        let favour = if slack > Rate::ZERO { FURTHEST } else { 0.0 };
        for (symbol, side) in held {
            let away = match side {
                Side::Long => (by, favour),
                Side::Short => (favour, by),
            };
            self.bounds[usize::from(symbol)].set((account, stamp), away);
        }
        let most = i128::from((slack.steps() / 12).max(1));
        self.waiting.push(Reverse((self.paid + most, account, stamp)));
    }

    /// Has an account looked at at once; an earlier arming is void.
    pub fn call(&mut self, account: u32) {
        let stamp = self.roster.arm(account);
        self.ready.push(Reverse((account, stamp)));
    }

    /// The account is not looked at any more.
    pub fn forget(&mut self, account: u32) {
        self.roster.forget(account);
    }

    /// The next account to be looked at, lowest number first; it comes up again when it is armed
    /// again.
    pub fn pop(&mut self) -> Option<u32> {
        while let Some(Reverse((account, stamp))) = self.ready.pop() {
            if self.roster.is_armed(account, stamp) {
                self.roster.disarm(account);
                return Some(account);
            }
        }
        None
    }
}
