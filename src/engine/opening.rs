//! From what a study asks for to a position.

use super::{Law, Position};
use crate::money::Price;
use crate::scenario::{MarginMode, Study, Wanted};

/// The position that a study asks for, at an entry price. In cross margin the whole wallet stands
/// behind it (rule ACC-005). `None`: less than one lot, or more lots than can be held.
pub fn opened(study: &Study, law: &Law, wanted: &Wanted, entry: Price) -> Option<Position> {
    let isolated = law.open(wanted.side, wanted.notional, entry, wanted.leverage)?;
    Some(match study.margin {
        MarginMode::Isolated => isolated,
        MarginMode::Cross { wallet } => Position { margin: wallet, ..isolated },
    })
}
