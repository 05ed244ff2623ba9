//! Size × price becomes money here, and nowhere else.

use super::funding::FundingPerUnit;
use super::margin::{Fine, Law, RATE, opposite};
use super::position::Position;
use super::slippage::on_grid;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::Side;
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
        let (lots, price) = (i128::from(quantity.lots()), i128::from(price.steps()));
        let scale = self.scale.steps_per_unit();
        // Without a rate there is room for all positions of an exchange together.
        whole(match self.contract {
            Contract::Linear => Round::Ceil.div(lots * price, scale),
            Contract::Inverse => Round::Ceil.div(lots * scale, price),
        })
    }

    /// A fee of `rate` on the notional, rounded up to the atom: towards whoever charges it.
    pub fn charge(&self, quantity: Quantity, price: Price, rate: Rate) -> Cash {
        self.cash(self.due(quantity, price, rate), Round::Ceil)
    }

    /// The same before it is rounded to the atom; an inverse contract's is rounded up.
    pub(super) fn due(&self, quantity: Quantity, price: Price, rate: Rate) -> Fine {
        let (lots, rate) = (i128::from(quantity.lots()), i128::from(rate.steps()));
        let price = i128::from(price.steps());
        Fine(match self.contract {
            Contract::Linear => lots * price * rate,
            Contract::Inverse => Round::Ceil.div(lots * self.scale.steps_per_unit() * rate, price),
        })
    }

    /// Funding that a position has paid (below zero: received), rounded up: against the trader.
    pub fn funding(&self, position: &Position, paid: FundingPerUnit) -> Cash {
        self.cash(Fine(self.funding_fine(position, paid)), Round::Ceil)
    }

    /// What a settlement takes, or brings, of a position's value at a mark, rounded up.
    pub fn share(&self, per_unit: FundingPerUnit, mark: Price) -> Rate {
        let (paid, mark) = (per_unit.steps().abs(), i128::from(mark.steps()));
        let steps = match self.contract {
            Contract::Linear => Round::Ceil.div(paid, mark),
            Contract::Inverse => {
                let unit = self.scale.steps_per_unit() * FundingPerUnit::INVERSE_PER_FINE;
                Round::Ceil.div(paid.saturating_mul(mark), unit)
            }
        };
        Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
    }

    /// What a position adds to its account's cash at a mark, net of the funding it owes, rounded
    /// down: against whoever holds it. Its entry and margin do not count. Linear `s·q·(P − F)`,
    /// inverse `−s·q·(1/P + G)`.
    pub fn carried(&self, position: &Position, paid: FundingPerUnit, mark: Price) -> Cash {
        let (sign, cost) = (position.side.sign(), self.funding_fine(position, paid));
        let round = match position.side {
            Side::Long => Round::Ceil,
            Side::Short => Round::Floor,
        };
        let value = self.value_of(position.quantity, mark, round).0;
        let fine = match self.contract {
            Contract::Linear => sign * value - cost,
            Contract::Inverse => -sign * value - cost,
        };
        self.cash_floor(Fine(fine))
    }

    /// The average entry of two fills on the same side by value, rounded against the position that
    /// they make; sizes are signed, long above zero.
    pub fn average_entry(&self, one: (i64, Price), other: (i64, Price)) -> Price {
        let (long, lots) = (one.0 > 0, i128::from(one.0.abs()) + i128::from(other.0.abs()));
        let round = if long { Round::Ceil } else { Round::Floor };
        let quantity = |fill: (i64, Price)| Quantity::from_lots(fill.0.abs());
        let steps = match self.contract {
            Contract::Linear => {
                let value = |fill: (i64, Price)| self.value_of(quantity(fill), fill.1, round).0;
                round.div(value(one) + value(other), lots * RATE)
            }
            Contract::Inverse => {
                let less = opposite(round);
                let value = |fill: (i64, Price)| self.value_of(quantity(fill), fill.1, less).0;
                let size = lots * self.scale.steps_per_unit() * RATE;
                round.div(size, (value(one) + value(other)).max(1))
            }
        };
        on_grid(steps)
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

    /// Exact, or as large as fits.
    pub(super) fn fine(&self, cash: Cash) -> i128 {
        i128::from(cash.atoms()).saturating_mul(self.fine_per_atom())
    }

    fn cash(&self, fine: Fine, round: Round) -> Cash {
        whole(round.div(fine.0, self.fine_per_atom()))
    }

    pub(super) fn fine_per_atom(&self) -> i128 {
        match self.contract {
            Contract::Linear => self.scale.steps_per_unit() * RATE,
            Contract::Inverse => RATE,
        }
    }
}

#[expect(clippy::expect_used, reason = "`Law::holds` and the room of a book bound amounts")]
fn whole(atoms: i128) -> Cash {
    Cash::from_atoms(i64::try_from(atoms).expect("position passed Law::holds"))
}
