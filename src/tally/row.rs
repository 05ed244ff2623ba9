//! One position of a study and how it ended.

use crate::engine::{Outcome, Position};
use crate::money::{Cash, Leverage};
use crate::scenario::Side;

/// One position of a study and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index of its cell in the tally.
    pub cell: usize,
    pub entered: i64,
    pub side: Side,
    pub leverage: Leverage,
    pub notional: Cash,
    pub horizon_bars: usize,
    pub position: Position,
    pub outcome: Outcome,
}
