//! What all worlds of a study share.

use crate::engine::{FundingBook, Law};
use crate::history::History;
use crate::scenario::{ExchangeStudy, SymbolBook};
use crate::venue::VenueRules;

/// One symbol: its history, its law, its book.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    pub history: &'a History,
    pub rules: &'a VenueRules,
    pub law: Law<'a>,
    /// Settlements, always out of what backs the position.
    pub funding: &'a FundingBook,
    pub book: SymbolBook,
}

/// A study bound to its histories; all of them have the same bars.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub study: &'a ExchangeStudy,
    pub markets: &'a [Market<'a>],
    /// First bar that the worlds live through; 1 ≤ first < bars.
    pub first: usize,
}
