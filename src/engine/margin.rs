//! The margin law: one exact predicate, and the prices derived from it.
//!
//! For an isolated position in a linear contract, with side `s` = ±1, size `q`, entry `EP`,
//! isolated margin `M`, funding paid per unit since the entry `F`, maintenance rate `m` and
//! deduction `c` of the tier at the mark `P`:
//!
//! ```text
//! equity(P)      = M + s·q·(P − EP) − s·q·F
//! maintenance(P) = q·P·m − c
//! liquidated     ⇔ equity(P) ≤ maintenance(P)          (< where the venue is strict)
//! ```
//!
//! Everything is compared in [`Fine`] units, so that the predicate has no division and no
//! rounding. Source of the formulas: Binance support FAQ "How to calculate liquidation price of
//! USDⓈ-M futures contracts", solved for the mark.

use crate::money::{Cash, Leverage, Price, PriceScale, Quantity, Rate, Round};
use crate::scenario::Side;
use crate::venue::{Contract, Edge, Tier, Tiers, TriggerFee, VenueRules};

/// Money in steps of `10^-(price decimals + 20)`: price × quantity × rate, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fine(i128);

/// What a long has paid in funding per unit of base, in steps of `10^-(price decimals + 12)` of
/// the quote; a short has received it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct FundingPerUnit(i128);

impl FundingPerUnit {
    pub const NONE: Self = Self(0);

    /// One settlement: rate × mark.
    pub fn settlement(rate: Rate, mark: Price) -> Self {
        Self(i128::from(rate.steps()) * i128::from(mark.steps()))
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// What was paid since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self(self.0 - earlier.0)
    }
}

/// The rounding of a price that falls against a position: a long sells lower, a short buys higher.
pub(super) fn against(side: Side) -> Round {
    match side {
        Side::Long => Round::Floor,
        Side::Short => Round::Ceil,
    }
}

/// An isolated position in a linear contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub side: Side,
    /// Above zero.
    pub quantity: Quantity,
    pub entry: Price,
    /// Isolated margin at entry; ≥ 0.
    pub margin: Cash,
}

impl Position {
    /// Buys (or sells) a notional at a price: quantity = notional / entry, rounded down to the
    /// lot, so that nobody holds more than was asked for; margin = notional / leverage, rounded up
    /// to the atom, towards the venue. `None`: less than one lot, or more lots than can be held.
    pub fn open(
        side: Side,
        notional: Cash,
        entry: Price,
        leverage: Leverage,
        scale: PriceScale,
    ) -> Option<Self> {
        let value = i128::from(notional.atoms());
        let lots = Round::Floor.div(value * scale.steps_per_unit(), i128::from(entry.steps()));
        let hundredths = i128::from(leverage.hundredths());
        let margin = Round::Ceil.div(value * i128::from(Leverage::ONE), hundredths);
        let quantity = Quantity::from_lots(i64::try_from(lots).ok().filter(|lots| *lots > 0)?);
        Some(Self { side, quantity, entry, margin: Cash::from_atoms(i64::try_from(margin).ok()?) })
    }
}

/// The law of one venue for one symbol, on the price grid of one instrument.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    pub contract: Contract,
    pub tiers: &'a Tiers,
    /// Added to every maintenance rate; 0 where the closing fee is no part of the trigger.
    pub closing_fee: Rate,
    pub edge: Edge,
    pub scale: PriceScale,
}

impl<'a> Law<'a> {
    /// The law of a venue on the price grid of an instrument.
    pub fn of(rules: &'a VenueRules, scale: PriceScale) -> Self {
        let closing_fee = match rules.trigger_fee {
            TriggerFee::Included => rules.fees.taker,
            TriggerFee::Excluded => Rate::ZERO,
        };
        let VenueRules { contract, tiers, edge, .. } = rules;
        Self { contract: *contract, tiers, closing_fee, edge: *edge, scale }
    }

    /// Linear contracts, no closing fee in the trigger.
    pub fn linear(tiers: &'a Tiers, edge: Edge, scale: PriceScale) -> Self {
        Self { contract: Contract::Linear, tiers, closing_fee: Rate::ZERO, edge, scale }
    }
}

const RATE: i128 = Rate::ONE as i128;

impl Law<'_> {
    /// The position that a notional buys at a price under this contract; see [`Position::open`].
    pub fn open(
        &self,
        side: Side,
        notional: Cash,
        entry: Price,
        leverage: Leverage,
    ) -> Option<Position> {
        Position::open(side, notional, entry, leverage, self.scale)
    }

    /// Whether all products of this size stay within 128 bits up to this price (with a factor of
    /// 4 to spare). Positions are checked once, before anything is computed with them.
    pub fn holds(&self, quantity: Quantity, highest: Price) -> bool {
        i128::from(quantity.lots())
            .checked_mul(i128::from(highest.steps()))
            .and_then(|value| value.checked_mul(4 * RATE))
            .is_some()
    }

    /// Margin and unrealised profit, net of the funding paid.
    pub fn equity(&self, position: &Position, paid: FundingPerUnit, mark: Price) -> Fine {
        let moved = i128::from(mark.steps() - position.entry.steps()) * RATE - paid.0;
        let profit = position.side.sign() * lots(position) * moved;
        Fine(self.fine(position.margin) + profit)
    }

    /// Maintenance margin at a mark, from the tier at that mark.
    pub fn maintenance(&self, position: &Position, mark: Price) -> Fine {
        let tier = self.tier_at(position, mark);
        Fine(self.line(tier, position, mark))
    }

    /// The predicate itself.
    pub fn is_liquidatable(&self, position: &Position, paid: FundingPerUnit, mark: Price) -> bool {
        let equity = self.equity(position, paid, mark);
        let maintenance = self.maintenance(position, mark);
        match self.edge {
            Edge::AtOrBelow => equity <= maintenance,
            Edge::Below => equity < maintenance,
        }
    }

    /// The exact edge of the predicate: the highest mark that liquidates a long, the lowest that
    /// liquidates a short; `None` where no positive price does.
    pub fn liquidation_price(&self, position: &Position, paid: FundingPerUnit) -> Option<Price> {
        match self.tiers.lookup {
            _ => self.marginal_edge(position, paid),
        }
    }

    /// Where equity is zero, rounded to the grid towards the venue (a long's up, a short's down);
    /// `None` where no positive price empties the margin.
    pub fn bankruptcy_price(&self, position: &Position, paid: FundingPerUnit) -> Option<Price> {
        let base = self.equity(position, paid, Price::from_steps(0)).0;
        let unit = lots(position) * RATE;
        grid(match position.side {
            Side::Long => Round::Ceil.div(-base, unit),
            Side::Short => Round::Floor.div(base, unit),
        })
    }

    /// Whole atoms of cash in a fine amount, rounded down: against the trader whose equity it is.
    pub fn cash_floor(&self, fine: Fine) -> Cash {
        self.cash(fine.0, Round::Floor)
    }

    /// Notional at a price, rounded up to the atom.
    pub fn notional(&self, quantity: Quantity, price: Price) -> Cash {
        self.charge(quantity, price, Rate::from_steps(Rate::ONE))
    }

    /// A fee of `rate` on the notional, rounded up to the atom: towards whoever charges it.
    pub fn charge(&self, quantity: Quantity, price: Price, rate: Rate) -> Cash {
        let value = i128::from(quantity.lots()) * i128::from(price.steps());
        self.cash(value * i128::from(rate.steps()), Round::Ceil)
    }

    /// Funding that a position has paid (below zero: received), rounded up: against the trader.
    pub fn funding(&self, position: &Position, paid: FundingPerUnit) -> Cash {
        self.cash(position.side.sign() * lots(position) * paid.0, Round::Ceil)
    }

    /// The tier at a mark.
    pub fn tier_at(&self, position: &Position, mark: Price) -> &Tier {
        &self.tiers.steps[self.tier_index(position, mark)]
    }

    /// Index of the tier at a mark: the last one whose floor lies below the notional.
    pub fn tier_index(&self, position: &Position, mark: Price) -> usize {
        let value = lots(position) * i128::from(mark.steps());
        let per_atom = self.scale.steps_per_unit();
        let above = |tier: &Tier| i128::from(tier.floor.atoms()) * per_atom < value;
        self.tiers.steps.partition_point(above).saturating_sub(1)
    }

    fn fine(&self, cash: Cash) -> i128 {
        i128::from(cash.atoms()) * self.scale.steps_per_unit() * RATE
    }

    #[expect(clippy::expect_used, reason = "`holds` bounds every product below 2^126 fine units")]
    fn cash(&self, fine: i128, round: Round) -> Cash {
        let atoms = round.div(fine, self.scale.steps_per_unit() * RATE);
        Cash::from_atoms(i64::try_from(atoms).expect("position passed Law::holds"))
    }

    /// `q·P·m − c` of one tier, extended over all prices.
    fn line(&self, tier: &Tier, position: &Position, mark: Price) -> i128 {
        let value = lots(position) * i128::from(mark.steps());
        value * i128::from(tier.maintenance.steps()) - self.fine(tier.deduction)
    }

    /// Marginal tiers are the upper envelope of their lines, so the edge lies on the line of the
    /// tier that it falls into: solve a line, and move on while its solution lies elsewhere.
    fn marginal_edge(&self, position: &Position, paid: FundingPerUnit) -> Option<Price> {
        let mut at = self.tier_index(position, position.entry);
        let mut steps = self.solve(at, position, paid);
        let mut heading = 0_isize;
        loop {
            let next = match self.side_of(at, position, steps) {
                -1 if heading <= 0 && at > 0 => at - 1,
                1 if heading >= 0 && at + 1 < self.tiers.steps.len() => at + 1,
                _ => return fatal(position.side, steps),
            };
            heading = if next > at { 1 } else { -1 };
            at = next;
            steps = self.solve(at, position, paid);
        }
    }

    /// The edge against the line of one tier, in price steps, possibly outside the tier.
    fn solve(&self, tier: usize, position: &Position, paid: FundingPerUnit) -> i128 {
        let tier = &self.tiers.steps[tier];
        let maintenance = i128::from(tier.maintenance.steps());
        let at_zero = self.equity(position, paid, Price::from_steps(0)).0;
        let head = at_zero + self.fine(tier.deduction);
        match (position.side, self.edge) {
            (Side::Long, edge) => {
                let slope = lots(position) * (RATE - maintenance);
                match edge {
                    Edge::AtOrBelow => Round::Floor.div(-head, slope),
                    Edge::Below => Round::Ceil.div(-head, slope) - 1,
                }
            }
            (Side::Short, edge) => {
                let slope = lots(position) * (RATE + maintenance);
                match edge {
                    Edge::AtOrBelow => Round::Ceil.div(head, slope),
                    Edge::Below => Round::Floor.div(head, slope) + 1,
                }
            }
        }
    }

    /// −1, 0 or 1: the notional at a price lies below, inside or above a tier.
    fn side_of(&self, tier: usize, position: &Position, steps: i128) -> i8 {
        let per_atom = self.scale.steps_per_unit();
        let floor = |tier: &Tier| i128::from(tier.floor.atoms()) * per_atom;
        let value = lots(position).saturating_mul(steps.max(0));
        if value < floor(&self.tiers.steps[tier]) {
            -1
        } else if self.tiers.steps.get(tier + 1).is_some_and(|next| value > floor(next)) {
            1
        } else {
            0
        }
    }
}

fn lots(position: &Position) -> i128 {
    i128::from(position.quantity.lots())
}

/// A short that every price liquidates has the lowest price, a long the highest.
fn fatal(side: Side, steps: i128) -> Option<Price> {
    grid(match side {
        Side::Long => steps.min(i128::from(i64::MAX)),
        Side::Short => steps.max(1),
    })
}

fn grid(steps: i128) -> Option<Price> {
    i64::try_from(steps).ok().filter(|steps| *steps > 0).map(Price::from_steps)
}
