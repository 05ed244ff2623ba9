//! Size × price becomes money here, and nowhere else.

use super::funding::FundingPerUnit;
use super::margin::{Fine, Law, RATE};
use super::position::Position;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::venue::Contract;

impl Law<'_> {
    /// Value of a size at a price. A linear contract's is exact, an inverse one's rounded to
    /// `10^-20` coin.
    pub(super) fn value_of(&self, quantity: Quantity, price: Price, round: Round) -> Fine {
        let (lots, price) = (i128::from(quantity.lots()), i128::from(price.steps()));
        Fine(match self.contract {
            Contract::Linear => lots * price * RATE,
            Contract::Inverse => round.div(lots * self.scale.steps_per_unit() * RATE, price),
        })
    }

    /// Notional at a price in the settlement asset, rounded up to the atom.
    pub fn notional(&self, quantity: Quantity, price: Price) -> Cash {
        self.charge(quantity, price, Rate::from_steps(Rate::ONE))
    }

    /// A fee of `rate` on the notional, rounded up to the atom: towards whoever charges it.
    pub fn charge(&self, quantity: Quantity, price: Price, rate: Rate) -> Cash {
        let (lots, rate) = (i128::from(quantity.lots()), i128::from(rate.steps()));
        match self.contract {
            Contract::Linear => {
                self.cash(Fine(lots * i128::from(price.steps()) * rate), Round::Ceil)
            }
            Contract::Inverse => {
                let due = lots * self.scale.steps_per_unit() * rate;
                self.cash(Fine(Round::Ceil.div(due, i128::from(price.steps()))), Round::Ceil)
            }
        }
    }

    /// Funding that a position has paid (below zero: received), rounded up: against the trader.
    pub fn funding(&self, position: &Position, paid: FundingPerUnit) -> Cash {
        self.cash(Fine(self.funding_fine(position, paid)), Round::Ceil)
    }

    /// Distance between two prices times a size, rounded up.
    pub(super) fn displacement(&self, quantity: Quantity, one: Price, other: Price) -> Cash {
        let value = |price| self.value_of(quantity, price, Round::Floor).0;
        self.cash(Fine((value(one) - value(other)).abs()), Round::Ceil)
    }

    /// Whole atoms of cash in a fine amount, rounded down: against the trader whose equity it is.
    pub fn cash_floor(&self, fine: Fine) -> Cash {
        self.cash(fine, Round::Floor)
    }

    /// Whole atoms of cash in a fine amount, rounded up.
    pub fn cash_ceil(&self, fine: Fine) -> Cash {
        self.cash(fine, Round::Ceil)
    }

    pub(super) fn fine(&self, cash: Cash) -> i128 {
        i128::from(cash.atoms()) * self.fine_per_atom()
    }

    #[expect(clippy::expect_used, reason = "`holds` bounds every product below 2^126 fine units")]
    fn cash(&self, fine: Fine, round: Round) -> Cash {
        let atoms = round.div(fine.0, self.fine_per_atom());
        Cash::from_atoms(i64::try_from(atoms).expect("position passed Law::holds"))
    }

    pub(super) fn fine_per_atom(&self) -> i128 {
        match self.contract {
            Contract::Linear => self.scale.steps_per_unit() * RATE,
            Contract::Inverse => RATE,
        }
    }
}
