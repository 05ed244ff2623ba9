//! How much a venue closes at a trigger. Rules `LIQ-003` to `LIQ-012` of `docs/model`.

use super::close_out::fee_rate;
use super::funding::FundingPerUnit;
use super::margin::{Fine, Law, RATE};
use super::position::Position;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::venue::{CloseOut, Contract, Residual, VenueRules};

/// How far a liquidation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Size at the first trigger.
    pub first_size: Quantity,
    /// Steps already made.
    pub steps: u32,
}

/// How much is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything, by an order; what the book leaves is taken over.
    Whole,
    /// Everything is taken over, without an order.
    Takeover,
    /// Everything goes to the backstop vault at the mark.
    Backstop,
    /// A part, by an order; what the book leaves stays open.
    Part(Quantity),
    /// A part, all of it at once, or else everything is taken over.
    FillOrKill(Quantity),
}

/// What the procedure asks for, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    pub extent: Extent,
    pub rule: &'static str,
}

/// A position at the mark that made it liquidatable.
#[derive(Debug, Clone, Copy)]
pub struct Stricken<'a> {
    pub position: &'a Position,
    pub paid: FundingPerUnit,
    pub mark: Price,
}

/// Least part of the size at the first trigger that a cut into a lower tier closes: 1/16.
const LEAST_CUT: Rate = Rate::from_steps(Rate::ONE / 16);

/// What the venue asks for next.
pub fn demand(law: &Law, rules: &VenueRules, at: Stricken, progress: Progress) -> Demand {
    let Stricken { position, paid, mark } = at;
    let (equity, required) = (law.equity(position, paid, mark), law.maintenance(position, mark));
    if let Residual::Backstop { below } = rules.residual
        && is_below(law, equity, below, required)
    {
        return Demand { extent: Extent::Backstop, rule: "LIQ-010" };
    }
    let (extent, rule) = match rules.close_out {
        CloseOut::Full | CloseOut::IocThenTakeover => (Extent::Whole, "LIQ-003"),
        CloseOut::LowerTier => (lower_tier(law, at, progress), "LIQ-004"),
        CloseOut::TwoTiers { .. } => (down_the_tiers(law, at, |tier| tier - 1), "LIQ-005"),
        CloseOut::ToFirstTier { .. } => (down_the_tiers(law, at, |_| 1), "LIQ-006"),
        CloseOut::Fraction { share, above, .. } => {
            (fraction(law, at, (share, above), progress), "LIQ-007")
        }
        CloseOut::Restore { buffer, least, .. } => {
            let least = share_of(progress.first_size, least);
            let fee = fee_rate(rules);
            (Extent::Part(restore(law, at, (buffer, fee)).max(least)), "LIQ-008")
        }
        CloseOut::BlockCap { share, least, most, .. } => {
            (Extent::Part(block(law, at, share, (least, most))), "LIQ-009")
        }
    };
    let whole = |part: Quantity| equity.0 <= 0 || part >= position.quantity;
    match extent {
        Extent::Part(part) | Extent::FillOrKill(part) if whole(part) => {
            Demand { extent: Extent::Whole, rule: if equity.0 <= 0 { "LIQ-012" } else { rule } }
        }
        extent => Demand { extent, rule },
    }
}

/// `equity < share · required`, on the cash grid: equity down, the share of the requirement up.
fn is_below(law: &Law, equity: Fine, share: Rate, required: Fine) -> bool {
    let required = i128::from(law.cash_ceil(required).atoms()) * i128::from(share.steps());
    i128::from(law.cash_floor(equity).atoms()) < Round::Ceil.div(required, RATE)
}

/// Without a least step a mark that slides on would cut a hair at every tick: a position that was
/// cut to the top of a tier leaves it again with the next price.
fn lower_tier(law: &Law, at: Stricken, progress: Progress) -> Extent {
    match law.tier_index(at.position, at.mark) {
        0 => Extent::Whole,
        tier => {
            let least = share_of(progress.first_size, LEAST_CUT);
            Extent::FillOrKill(above_floor(law, at, tier).max(least))
        }
    }
}

/// From the third tier up, down to the top of a lower one while the lowest tier's requirement is
/// met. `to` is the tier whose floor is that top.
fn down_the_tiers(law: &Law, at: Stricken, to: fn(usize) -> usize) -> Extent {
    let Stricken { position, paid, mark } = at;
    let tier = law.tier_index(position, mark);
    if tier < 2 || law.fails_tier(position, paid, mark, 0) {
        return Extent::Takeover;
    }
    Extent::Part(above_floor(law, at, to(tier)))
}

fn fraction(law: &Law, at: Stricken, (share, above): (Rate, Cash), progress: Progress) -> Extent {
    let large = law.cash_ceil(law.value_of(at.position.quantity, at.mark, Round::Ceil)) > above;
    match large && progress.steps == 0 {
        true => Extent::Part(share_of(at.position.quantity, share)),
        false => Extent::Whole,
    }
}

/// `((μ + buffer)·V − E) / (P·(μ + buffer − f))`, rounded up; at least one lot, all where closing
/// costs more than it frees. `μ = MM / V` is rounded up to the grid of rates.
fn restore(law: &Law, at: Stricken, (buffer, fee): (Rate, Rate)) -> Quantity {
    let Stricken { position, paid, mark } = at;
    let (equity, required) = (law.equity(position, paid, mark), law.maintenance(position, mark));
    let value = law.value_of(position.quantity, mark, Round::Ceil);
    let (required_cash, value_cash) = (law.cash_ceil(required), law.cash_floor(value));
    let ratio = Round::Ceil
        .div(i128::from(required_cash.atoms()) * RATE, i128::from(value_cash.atoms()).max(1));
    let buffered = ratio + i128::from(buffer.steps());
    let freed = buffered - i128::from(fee.steps());
    if freed <= 0 {
        return position.quantity;
    }
    let extra = Round::Ceil.div(value.0, RATE) * i128::from(buffer.steps());
    let shortage = (required.0 + extra - equity.0).max(0);
    let price = i128::from(mark.steps());
    let lots = match law.contract {
        Contract::Linear => Round::Ceil.div(shortage, price * freed),
        // A shortage that does not fit is more than the position, whatever the exact size.
        Contract::Inverse => {
            Round::Ceil.div(shortage.saturating_mul(price), law.scale.steps_per_unit() * freed)
        }
    };
    Quantity::from_lots(i64::try_from(lots).unwrap_or(i64::MAX).max(1))
}

/// A size worth `min(max(share of the position, least), most)`.
fn block(law: &Law, at: Stricken, share: Rate, (least, most): (Cash, Cash)) -> Quantity {
    let worth = |cash: Cash| {
        let (atoms, price) = (i128::from(cash.atoms()), i128::from(at.mark.steps()));
        let lots = match law.contract {
            Contract::Linear => Round::Ceil.div(atoms * law.scale.steps_per_unit(), price),
            Contract::Inverse => Round::Ceil.div(atoms * price, law.scale.steps_per_unit()),
        };
        Quantity::from_lots(i64::try_from(lots).unwrap_or(i64::MAX))
    };
    share_of(at.position.quantity, share).max(worth(least)).min(worth(most))
}

/// What lies above the floor of a tier at the mark.
fn above_floor(law: &Law, at: Stricken, tier: usize) -> Quantity {
    let (position, mark) = (at.position, i128::from(at.mark.steps()));
    let top = law.top_below(tier, mark);
    Quantity::from_lots((position.lots() - top) as i64)
}

/// A share of a size, rounded up.
fn share_of(quantity: Quantity, share: Rate) -> Quantity {
    let product = i128::from(quantity.lots()) * i128::from(share.steps());
    Quantity::from_lots(Round::Ceil.div(product, RATE) as i64)
}
