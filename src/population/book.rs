//! A population: traders and what they hold.

use crate::money::{Cash, Price, Quantity, Rate};
use crate::scenario::Side;
use std::ops::Range;

/// What a trader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraderKind {
    User,
    Maker,
}

/// What backs a trader's positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Isolated,
    Cross,
}

/// What a trader does at an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReactionKind {
    /// Adds so much of the margin at the start, rounded up.
    TopUp(Rate),
    /// Closes so much of the position, rounded up.
    Cut(Rate),
}

/// A reaction, `delay` milliseconds after the alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reaction {
    pub kind: ReactionKind,
    pub delay: i64,
}

/// What a trader has prepared; of the first position only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plan {
    pub stop: Option<Price>,
    pub take_profit: Option<Price>,
    pub reaction: Option<Reaction>,
}

/// One account at the start; its number is its place in [`Population::traders`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trader {
    pub kind: TraderKind,
    pub mode: Mode,
    /// Isolated margin, or the wallet: equity at the entry prices, ≥ 0.
    pub margin: Cash,
    pub plan: Plan,
    /// Its positions in [`Population::holdings`]: one if isolated.
    pub holdings: Range<u32>,
}

/// One position of a trader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Number of the history in the study.
    pub symbol: u16,
    pub side: Side,
    /// Above zero.
    pub quantity: Quantity,
    pub entry: Price,
}

/// Everybody, in the order of their numbers. Longs and shorts of a symbol add up to the same
/// quantity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Population {
    pub traders: Vec<Trader>,
    pub holdings: Vec<Holding>,
}
