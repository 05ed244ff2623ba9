//! Cross margin: one wallet behind several positions of one settlement asset.

use super::{Leg, Requirement};
use rust_decimal::Decimal;

/// A position of another symbol, at its mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held<'a> {
    pub leg: Leg,
    /// Above zero.
    pub mark: Decimal,
    pub requirement: Requirement<'a>,
}

/// All that shares one wallet with a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Account<'a> {
    /// Balance without any unrealised profit.
    pub wallet: Decimal,
    /// Further legs of the position's own symbol and contract.
    pub hedges: Vec<Leg>,
    pub others: Vec<Held<'a>>,
}

/// What stands behind a position in cross margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backing {
    /// All legs of the symbol netted: the larger side at its own entry. `None`: fully hedged, the
    /// price moves nothing.
    pub net: Option<Leg>,
    /// Profit locked in between the legs.
    pub locked: Decimal,
    /// Unrealised profit of the other symbols.
    pub profit: Decimal,
    /// What the other symbols must keep.
    pub maintenance: Decimal,
    /// `wallet + locked + profit − maintenance`: the margin of [`super::Terms`]. At its bankruptcy
    /// price the account has just what its other positions must keep.
    pub margin: Decimal,
}

impl Account<'_> {
    /// What stands behind a leg; `None` where the numbers are too large for 28 digits.
    ///
    /// Legs of one symbol net, as Bybit and OKX treat them: the hedged part can neither gain nor
    /// lose, and keeps no maintenance.
    pub fn backing(&self, leg: Leg) -> Option<Backing> {
        let (net, locked) = self.netted(leg)?;
        let mut profit = Decimal::ZERO;
        let mut maintenance = Decimal::ZERO;
        for Held { leg, mark, requirement } in &self.others {
            profit = profit.checked_add(leg.profit(*mark)?)?;
            maintenance = maintenance.checked_add(requirement.due(leg, *mark)?)?;
        }
        let balance = self.wallet.checked_add(locked)?.checked_add(profit)?;
        let margin = balance.checked_sub(maintenance)?;
        Some(Backing { net, locked, profit, maintenance, margin })
    }

    /// Longs together, shorts together, then one against the other.
    fn netted(&self, leg: Leg) -> Option<(Option<Leg>, Decimal)> {
        let (mut own, mut against) = (leg, None);
        for hedge in &self.hedges {
            match against {
                _ if hedge.side == leg.side => own = own.net(*hedge)?.0?,
                None => against = Some(*hedge),
                Some(sum) => against = sum.net(*hedge)?.0,
            }
        }
        match against {
            Some(against) => own.net(against),
            None => Some((Some(own), Decimal::ZERO)),
        }
    }
}
