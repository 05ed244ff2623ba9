//! What waits, and in which order.

use crate::money::Price;
use crate::scenario::Side;
use std::cmp::Ordering;

/// How far a mark lies against a side: it rises as the mark falls for longs, as it rises for
/// shorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Depth(i64);

impl Depth {
    /// No mark lies as far as this.
    pub const NEVER: Self = Self(i64::MAX);
    /// Every mark lies further.
    pub const ALWAYS: Self = Self(i64::MIN);

    pub fn of(side: Side, mark: Price) -> Self {
        match side {
            Side::Long => Self(-mark.steps()),
            Side::Short => Self(mark.steps()),
        }
    }

    pub fn mark(self, side: Side) -> Price {
        match side {
            Side::Long => Price::from_steps(-self.0),
            Side::Short => Price::from_steps(self.0),
        }
    }
}

/// A place in a lane: nearest first, then by account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub depth: Depth,
    pub account: u32,
    /// Which arming of the account this is.
    pub stamp: u32,
}

impl Entry {
    /// All of it as one number, so that sorting compares without a branch.
    fn key(&self) -> u128 {
        let depth = self.depth.0.cast_unsigned() ^ (1 << 63);
        u128::from(depth) << 64 | u128::from(self.account) << 32 | u128::from(self.stamp)
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What is known of one account.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    stamp: u32,
    armed: bool,
    /// Standing orders of earlier stamps are void.
    orders: u32,
}

/// Which entries still count.
#[derive(Debug, Default)]
pub struct Roster {
    accounts: Vec<Standing>,
}

impl Roster {
    pub fn clear(&mut self) {
        self.accounts.clear();
    }

    /// Makes room for an account, and voids whatever was armed for it.
    pub fn arm(&mut self, account: u32) -> u32 {
        let standing = self.enter(account);
        standing.armed = true;
        standing.stamp += 1;
        standing.stamp
    }

    /// The stamp of an account's standing orders.
    pub fn orders(&mut self, account: u32) -> u32 {
        self.enter(account).orders
    }

    /// Voids the arming, and leaves standing orders.
    pub fn disarm(&mut self, account: u32) {
        if let Some(standing) = self.accounts.get_mut(account as usize) {
            standing.armed = false;
        }
    }

    /// Voids everything.
    pub fn forget(&mut self, account: u32) {
        self.disarm(account);
        if let Some(standing) = self.accounts.get_mut(account as usize) {
            standing.orders += 1;
        }
    }

    pub fn counts(&self, entry: &Entry) -> bool {
        self.is_armed(entry.account, entry.stamp)
    }

    /// Whether an arming is the last one of its account, and not void.
    pub fn is_armed(&self, account: u32, stamp: u32) -> bool {
        let standing = &self.accounts[account as usize];
        standing.armed && standing.stamp == stamp
    }

    pub fn still_ordered(&self, account: u32, stamp: u32) -> bool {
        self.accounts[account as usize].orders == stamp
    }

    /// Everybody who is armed, with the stamp.
    pub fn armed(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let numbered = (0..).zip(&self.accounts);
        numbered.filter(|(_, standing)| standing.armed).map(|(account, is)| (account, is.stamp))
    }

    fn enter(&mut self, account: u32) -> &mut Standing {
        let place = account as usize;
        if place >= self.accounts.len() {
            self.accounts.resize(place + 1, Standing::default());
        }
        &mut self.accounts[place]
    }
}
