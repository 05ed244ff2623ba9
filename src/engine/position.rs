//! A position and how one is opened.

use super::margin::Law;
use crate::money::{Cash, Leverage, Price, PriceScale, Quantity, Round};
use crate::scenario::Side;
use crate::venue::Contract;

/// One position, with the margin that answers for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub side: Side,
    /// Above zero: base units of a linear contract, quote units (USD) of an inverse one.
    pub quantity: Quantity,
    pub entry: Price,
    /// Isolated margin at entry, ≥ 0; in cross margin what the account has for this position,
    /// which may be below zero.
    pub margin: Cash,
}

impl Position {
    /// Buys (or sells) a notional of a linear contract: quantity = notional / entry, rounded down
    /// to the lot, so that nobody holds more than was asked for; margin = notional / leverage,
    /// rounded up to the atom, towards the venue. `None`: less than one lot, or more lots than can
    /// be held.
    pub fn open(
        side: Side,
        notional: Cash,
        entry: Price,
        leverage: Leverage,
        scale: PriceScale,
    ) -> Option<Self> {
        let quantity = bought(notional, entry, scale)?;
        Some(Self { side, quantity, entry, margin: linear_margin(notional, leverage)? })
    }

    /// The same position with less of it.
    #[must_use]
    pub fn reduced(self, quantity: Quantity, margin: Cash) -> Self {
        Self { quantity, margin, ..self }
    }

    pub(super) fn lots(&self) -> i128 {
        i128::from(self.quantity.lots())
    }
}

/// `notional / leverage`, rounded up to the atom, towards the venue.
pub(super) fn linear_margin(notional: Cash, leverage: Leverage) -> Option<Cash> {
    let (value, hundredths) = (i128::from(notional.atoms()), i128::from(leverage.hundredths()));
    let margin = Round::Ceil.div(value * i128::from(Leverage::ONE), hundredths);
    i64::try_from(margin).ok().map(Cash::from_atoms)
}

/// `notional / entry`, rounded down to the lot.
fn bought(notional: Cash, entry: Price, scale: PriceScale) -> Option<Quantity> {
    let value = i128::from(notional.atoms());
    let lots = Round::Floor.div(value * scale.steps_per_unit(), i128::from(entry.steps()));
    i64::try_from(lots).ok().filter(|lots| *lots > 0).map(Quantity::from_lots)
}

impl Law<'_> {
    /// What a size costs to open in the settlement asset: its value at entry over the leverage,
    /// rounded up, towards the venue. Of a position that [`Law::holds`].
    pub fn initial_margin(&self, quantity: Quantity, entry: Price, leverage: Leverage) -> Cash {
        let (lots, entry) = (i128::from(quantity.lots()), i128::from(entry.steps()));
        let (scale, hundredths) = (self.scale.steps_per_unit(), i128::from(leverage.hundredths()));
        let one = i128::from(Leverage::ONE);
        let atoms = match self.contract {
            Contract::Linear => Round::Ceil.div(lots * entry * one, scale * hundredths),
            Contract::Inverse => Round::Ceil.div(lots * scale * one, entry * hundredths),
        };
        Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
    }

    /// The size that a notional in quote units opens: of an inverse contract the notional itself.
    /// `None`: less than one lot, or more lots than can be held.
    pub fn size(&self, notional: Cash, entry: Price) -> Option<Quantity> {
        match self.contract {
            Contract::Linear => bought(notional, entry, self.scale),
            Contract::Inverse => {
                Some(notional.atoms()).filter(|lots| *lots > 0).map(Quantity::from_lots)
            }
        }
    }

    /// Opens a position of a notional in quote units. An inverse contract's size is the notional
    /// itself and its margin notional / (entry × leverage) coin, rounded up, towards the venue.
    /// `None`: less than one lot, or more than can be held.
    pub fn open(
        &self,
        side: Side,
        notional: Cash,
        entry: Price,
        leverage: Leverage,
    ) -> Option<Position> {
        if self.contract == Contract::Linear {
            return Position::open(side, notional, entry, leverage, self.scale);
        }
        let size = i128::from(notional.atoms()) * self.scale.steps_per_unit();
        let per_coin = i128::from(entry.steps()) * i128::from(leverage.hundredths());
        let margin = Round::Ceil.div(size * i128::from(Leverage::ONE), per_coin);
        let quantity = self.size(notional, entry)?;
        Some(Position { side, quantity, entry, margin: Cash::from_atoms(margin.try_into().ok()?) })
    }
}
