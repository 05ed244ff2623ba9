//! The book that forced orders meet, as a state. Rules `DEP` of `docs/model`.
//!
//! Each side of the book remembers how far it was consumed, and recovers; a share of what an order
//! displaces stays and moves the centre of both sides. The state is `f64` and chooses numbers; what
//! is filled and its price enter exact arithmetic once, as in a sweep of a fresh book.

use crate::engine::{
    Curve, Fill, ForcedOrder, Law, Taken, Taking, allowed, displaced, notional, part,
};
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::{Side, exchange::LiquidityChoice};

/// Market makers leave at least this share of the calm depth, unless the scenario leaves less.
const FLOOR: f64 = 0.01;
/// Orders never move the centre below 1 % or above 100 times of the last price.
const CENTRE: (f64, f64) = (-0.99, 99.0);

/// What an order leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impact {
    /// The displacement, and its share of the participation.
    Leaves,
    /// Pays for the book and leaves it as it was (`EXC-016`, `EXC-021`).
    LeavesNothing,
}

/// The book of one symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Liquidity {
    bids: BookSide,
    asks: BookSide,
    /// Centre over last price, less 1.
    permanent: f64,
    /// Share of the calm depth that is there.
    multiplier: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct BookSide {
    /// Displacement up to which nothing rests.
    consumed: f64,
    /// Notional that forced orders took in this sub-step.
    taken: f64,
}

impl Liquidity {
    /// An untouched book with the scenario's depth.
    pub fn start(choice: &LiquidityChoice) -> Self {
        let multiplier = choice.curve.multiplier.to_f64();
        let (bids, asks) = (BookSide::default(), BookSide::default());
        Self { bids, asks, permanent: 0.0, multiplier }
    }

    /// A sub-step begins, so many milliseconds after the one before: the book recovers (`DEP-004`),
    /// its depth is set (`DEP-006`), participation begins anew (`DEP-003`).
    ///
    /// `turbulence` is `σ/σ0`, finite.
    pub fn pass(&mut self, choice: &LiquidityChoice, millis: i64, turbulence: f64) {
        if self.bids.consumed > 0.0 || self.asks.consumed > 0.0 {
            let half_lives = millis as f64 / choice.half_life.millis() as f64;
            let kept = libm::exp2(-half_lives * libm::sqrt(self.multiplier));
            self.bids.consumed *= kept;
            self.asks.consumed *= kept;
        }
        (self.bids.taken, self.asks.taken) = (0.0, 0.0);
        let given = choice.curve.multiplier.to_f64();
        let volatility = choice.volatility.to_f64() * (turbulence - 1.0).max(0.0);
        let displacement = choice.displacement.to_f64() * self.moved().abs() / 0.01;
        let fall = volatility + displacement;
        let left = if fall == 0.0 { given } else { given * libm::exp(-fall) };
        self.multiplier = left.clamp(FLOOR.min(given), given);
    }

    /// `d` of `DEP-005`: the local price over the last price, less 1; rounded towards zero.
    pub fn displacement(&self) -> Rate {
        let moved = self.moved();
        let round = if moved < 0.0 { Round::Ceil } else { Round::Floor };
        Rate::quantise(moved, round).unwrap_or(Rate::ZERO)
    }

    /// Notional within 1 % of an untouched book of this depth, in quote units, rounded down.
    pub fn within_one_percent(&self, choice: &LiquidityChoice) -> Cash {
        let share = Rate::quantise(self.multiplier, Round::Floor).unwrap_or(Rate::ZERO);
        let product = i128::from(choice.curve.depth.atoms()) * i128::from(share.steps());
        let atoms = Round::Floor.div(product, i128::from(Rate::ONE));
        Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
    }

    /// Executes an order whose base is the last price (`DEP-002`, `DEP-003`).
    pub fn fill(
        &mut self,
        choice: &LiquidityChoice,
        law: &Law,
        order: ForcedOrder,
        impact: Impact,
    ) -> Fill {
        let ForcedOrder { side, quantity, base: last, .. } = order;
        let order = ForcedOrder { base: self.centre(order), ..order };
        let nothing = Fill { quantity: Quantity::ZERO, price: last };
        let Some((farthest, taken)) = self.sweep(choice, law, order) else { return nothing };
        let share = Rate::quantise(taken.share, Round::Floor).unwrap_or(Rate::ZERO);
        let filled = part(quantity, share);
        if filled == Quantity::ZERO {
            return nothing;
        }
        if impact == Impact::Leaves {
            self.leave(choice, side, (taken.notional, taken.end));
        }
        // An average is never beyond the order's limit; its rounding up would be.
        let cost = Rate::quantise(taken.average, Round::Ceil).map_or(farthest, |c| c.min(farthest));
        Fill { quantity: filled, price: displaced(side, order.base, cost) }
    }

    /// The price of the last unit that [`Liquidity::fill`] would give; `None` where it gives
    /// nothing.
    pub fn worst(&self, choice: &LiquidityChoice, law: &Law, order: ForcedOrder) -> Option<Price> {
        let order = ForcedOrder { base: self.centre(order), ..order };
        let (farthest, taken) = self.sweep(choice, law, order)?;
        let end = Rate::quantise(taken.end, Round::Ceil).unwrap_or(farthest);
        Some(displaced(order.side, order.base, end))
    }

    /// How far an order from the centre may go, and what it takes; `None`: nothing.
    fn sweep(
        &self,
        choice: &LiquidityChoice,
        law: &Law,
        order: ForcedOrder,
    ) -> Option<(Rate, Taken)> {
        let farthest = choice.curve.reach.min(allowed(order)?);
        let (reach, found) = (farthest.to_f64(), self.side(order.side));
        if found.consumed > reach || order.quantity == Quantity::ZERO {
            return None;
        }
        let curve = Curve::of(&choice.curve, self.multiplier);
        let most = choice.participation.to_f64() * curve.within(choice.curve.reach.to_f64());
        let taking = Taking {
            notional: notional(law, order.quantity, order.base),
            consumed: found.consumed,
            reach,
            room: (most - found.taken).max(0.0),
        };
        Some((farthest, curve.sweep(taking)))
    }

    /// Where both sides of the book begin, rounded against an order that starts at the last price.
    fn centre(&self, order: ForcedOrder) -> Price {
        let against = -(order.side.sign() as f64) * self.permanent;
        let cost = Rate::quantise(against, Round::Ceil).unwrap_or(Rate::ZERO);
        displaced(order.side, order.base, cost)
    }

    /// `γ` of what was displaced moves the centre, the rest stays consumed.
    fn leave(&mut self, choice: &LiquidityChoice, side: Side, (notional, end): (f64, f64)) {
        let gamma = choice.permanent.to_f64();
        let found = self.side(side);
        let moved = (end - found.consumed).max(0.0);
        let left = BookSide {
            consumed: found.consumed + moved * (1.0 - gamma),
            taken: found.taken + notional,
        };
        let stays = -(side.sign() as f64) * gamma * moved;
        self.permanent =
            (self.permanent + stays * (1.0 + self.permanent)).clamp(CENTRE.0, CENTRE.1);
        match side {
            Side::Long => self.bids = left,
            Side::Short => self.asks = left,
        }
    }

    /// What closes a long meets the bids.
    fn side(&self, side: Side) -> BookSide {
        match side {
            Side::Long => self.bids,
            Side::Short => self.asks,
        }
    }

    fn moved(&self) -> f64 {
        let consumed = self.asks.consumed - self.bids.consumed;
        self.permanent + consumed * (1.0 + self.permanent)
    }
}
