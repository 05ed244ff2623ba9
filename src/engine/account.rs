//! Several positions that share one balance: cross margin and hedge legs.
//! Rules `ACC-001` to `ACC-005` of `docs/model`.

use super::funding::FundingPerUnit;
use super::margin::{Fine, Law};
use super::position::Position;
use crate::money::{Cash, Price, Quantity};
use crate::scenario::Side;

/// A position of an account in another symbol, at that symbol's mark; its margin does not count.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'a> {
    pub law: Law<'a>,
    pub position: Position,
    pub mark: Price,
}

impl Holding<'_> {
    /// Unrealised profit, rounded down: against the trader.
    pub fn profit(&self) -> Cash {
        let alone = Position { margin: Cash::ZERO, ..self.position };
        self.law.cash_floor(self.law.equity(&alone, FundingPerUnit::NONE, self.mark))
    }

    /// Maintenance margin, rounded up: against the trader.
    pub fn maintenance(&self) -> Cash {
        self.law.cash_ceil(self.law.maintenance(&self.position, self.mark))
    }
}

/// What an account has for one of its positions: wallet, and the others' profit less their
/// maintenance. May be below zero.
pub fn cross_margin(wallet: Cash, others: &[Holding]) -> Cash {
    others.iter().fold(wallet, |margin, other| margin + other.profit() - other.maintenance())
}

/// Two legs of one symbol as the position that is left when they are netted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Netted {
    /// The rest of the larger leg at its own entry, without a margin; `None`: nothing is left.
    pub rest: Option<Position>,
    /// Profit that the netted part has locked in, rounded down: against the trader.
    pub locked: Cash,
}

impl Law<'_> {
    /// Nets a long and a short leg of the same symbol.
    pub fn net(&self, long: &Position, short: &Position) -> Netted {
        let common = Quantity::from_lots(long.quantity.lots().min(short.quantity.lots()));
        let leg =
            |position: &Position| Position { quantity: common, margin: Cash::ZERO, ..*position };
        // Both halves are priced at one mark, which cancels: any one will do.
        let mark = long.entry;
        let value = |position: &Position| self.equity(&leg(position), FundingPerUnit::NONE, mark).0;
        let locked = match common {
            Quantity::ZERO => Cash::ZERO,
            _ => self.cash_floor(Fine(value(long) + value(short))),
        };
        let larger = if long.quantity > short.quantity { long } else { short };
        let left = larger.quantity.lots() - common.lots();
        let rest = (left > 0).then(|| larger.reduced(Quantity::from_lots(left), Cash::ZERO));
        debug_assert!(long.side == Side::Long && short.side == Side::Short);
        Netted { rest, locked }
    }
}
