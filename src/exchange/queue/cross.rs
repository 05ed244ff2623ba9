//! Accounts with positions in several symbols, looked at only when the marks have moved far enough.
//! Rule `EXC-013`.
//!
//! The clock is movement: the sum of the relative moves `r` of the marks, each the largest of all
//! symbols. Let an account have a room of `slack·N` above its maintenance margin, with `N` the
//! value of all its positions, long and short. While the clock goes on by `y`, no value changes by
//! more than `e^y − 1 ≤ y/(1 − y)` of itself, and maintenance rates are below 1. What the account
//! has lost is therefore less than `2·N·y/(1 − y)`, and it cannot be liquidatable while
//!
//! ```text
//! y < x/(1 + x)      x = slack/2
//! ```

use super::keys::Roster;
use crate::engine::Holding;
use crate::money::{Cash, Price, Rate, Round};
use crate::venue::Contract;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const ONE: i128 = Rate::ONE as i128;
/// Atoms by which a position's profit and requirement may be rounded when they are looked at.
const ROUNDED: i128 = 2;

/// How far a mark has moved, relative to the lower of both, rounded up: neither a linear nor an
/// inverse value has changed by more.
pub fn movement(from: Price, to: Price) -> Rate {
    let moved = i128::from(from.steps().abs_diff(to.steps())) * ONE;
    let lower = i128::from(from.min(to).steps().max(1));
    let steps = Round::Ceil.div(moved, lower);
    Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
}

/// The room that an account has before it is liquidatable, as a fraction of the value of all its
/// positions, rounded down; at most 1, and below zero only if the account is liquidatable or its
/// requirement is about to jump.
pub fn slack<'a>(equity: Cash, holdings: impl IntoIterator<Item = Holding<'a>>) -> Rate {
    let (mut gross, mut need) = (0_i128, 0_i128);
    for held in holdings {
        gross += i128::from(held.law.notional(held.position.quantity, held.mark).atoms());
        need += i128::from(requirement(&held).atoms()) + ROUNDED;
    }
    let room = (i128::from(equity.atoms()) - need) * ONE;
    Rate::from_steps(Round::Floor.div(room, gross.max(1)).clamp(-ONE, ONE) as i64)
}

/// The maintenance margin of a position; where it jumps, no less than what can become of it while
/// its value grows by a half, which is as far as a slack of 1 looks ahead.
fn requirement(held: &Holding) -> Cash {
    let mark = held.mark.steps();
    let ahead = match held.law.contract {
        _ if !held.law.jumps() => mark,
        Contract::Linear => mark.saturating_add(mark / 2 + 1),
        Contract::Inverse => (mark - mark / 3 - 1).max(1),
    };
    Holding { mark: Price::from_steps(ahead), ..*held }.maintenance()
}

/// Which accounts are to be looked at; kept by a thread from world to world.
#[derive(Debug, Default)]
pub struct CrossWatch {
    /// Movement so far, in steps of a [`Rate`].
    clock: i128,
    /// Marks at which the clock was last read.
    seen: Vec<Price>,
    roster: Roster,
    /// Time on the clock, account, stamp.
    waiting: BinaryHeap<Reverse<(i128, u32, u32)>>,
    /// Account and stamp of whoever's time has come.
    ready: BinaryHeap<Reverse<(u32, u32)>>,
}

impl CrossWatch {
    /// Empties the list, and keeps its memory.
    pub fn clear(&mut self) {
        self.clock = 0;
        self.seen.clear();
        self.roster.clear();
        self.waiting.clear();
        self.ready.clear();
    }

    /// The marks of all symbols, in order, as they are now: to be told before an account is armed
    /// or asked for.
    pub fn see(&mut self, marks: impl IntoIterator<Item = Price>) {
        let mut most = Rate::ZERO;
        for (place, mark) in marks.into_iter().enumerate() {
            match self.seen.get_mut(place) {
                Some(seen) => most = most.max(movement(std::mem::replace(seen, mark), mark)),
                None => self.seen.push(mark),
            }
        }
        self.moved(most);
    }

    /// Whatever else takes from equities at most this fraction of a position's value: a settlement
    /// of this rate, paid or received.
    pub fn moved(&mut self, by: Rate) {
        self.clock += i128::from(by.steps()).abs();
    }

    /// Has an account that is not liquidatable looked at when it may be, and never before something
    /// has moved; an earlier arming is void. See [`slack`].
    pub fn arm(&mut self, account: u32, slack: Rate) {
        let slack = i128::from(slack.max(Rate::ZERO).steps());
        let wait = Round::Floor.div(slack * ONE, 2 * ONE + slack);
        self.wait(account, wait.max(1));
    }

    /// Has an account looked at at once; an earlier arming is void.
    pub fn call(&mut self, account: u32) {
        self.wait(account, 0);
    }

    /// The account is not looked at any more.
    pub fn forget(&mut self, account: u32) {
        self.roster.forget(account);
    }

    /// The next account to be looked at, lowest number first; it comes up again when it is armed
    /// again.
    pub fn pop(&mut self) -> Option<u32> {
        while let Some(Reverse((time, account, stamp))) = self.waiting.peek().copied() {
            if time > self.clock {
                break;
            }
            self.waiting.pop();
            self.ready.push(Reverse((account, stamp)));
        }
        while let Some(Reverse((account, stamp))) = self.ready.pop() {
            if self.roster.is_armed(account, stamp) {
                self.roster.disarm(account);
                return Some(account);
            }
        }
        None
    }

    fn wait(&mut self, account: u32, wait: i128) {
        let stamp = self.roster.arm(account);
        self.waiting.push(Reverse((self.clock + wait, account, stamp)));
    }
}
