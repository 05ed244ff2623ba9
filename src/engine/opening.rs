//! From what a study asks for to a position.

use super::position::linear_margin;
use super::{Law, Position};
use crate::money::{Cash, Price};
use crate::scenario::{MarginMode, Study, Wanted};
use crate::venue::Contract;

/// The position that a study asks for, at an entry price. In cross margin the whole wallet stands
/// behind it (rule ACC-005). `None`: less than one lot, or more lots than can be held.
pub fn opened(study: &Study, law: &Law, wanted: &Wanted, entry: Price) -> Option<Position> {
    let isolated = law.open(wanted.side, wanted.notional, entry, wanted.leverage)?;
    Some(match study.margin {
        MarginMode::Isolated => isolated,
        MarginMode::Cross { wallet } => Position { margin: wallet, ..isolated },
    })
}

/// The margin of such a position where it is the same at every entry; `None`: it depends on the
/// entry price.
pub fn fixed_margin(study: &Study, law: &Law, wanted: &Wanted) -> Option<Cash> {
    match (study.margin, law.contract) {
        (MarginMode::Cross { wallet }, _) => Some(wallet),
        (MarginMode::Isolated, Contract::Linear) => linear_margin(wanted.notional, wanted.leverage),
        (MarginMode::Isolated, Contract::Inverse) => None,
    }
}
