//! Equal steps above the written tiers: each adds the same to both rates.

use super::number::{self, Bounds};
use super::origin::Origin;
use super::raw::RawThen;
use super::tiers::Tier;
use crate::fault::{Fault, Result};
use crate::money::{Cash, Rate};
use std::ops::Range;
use toml::Spanned;

pub(super) const EXAMPLE: &str =
    "then = { from = \"200\", every = \"100\", initial = \"0.5%\", maintenance = \"0.5%\" }";
/// More tiers than any venue has.
const MOST: usize = 10_000;
const RISE: Bounds<Range<i64>> =
    Bounds { what: "a rise of the rate", range: 1..Rate::ONE, accepted: "a rate between 0 and 1" };

struct Rise {
    every: Cash,
    initial: Rate,
    maintenance: Rate,
}

/// Adds the steps, as far as the cap or as the initial rate stays at most 1. Returns where
/// positions end: the cap, or the floor of the step that would ask for more than the notional.
pub(super) fn climb(
    steps: &mut Vec<Tier>,
    cap: Option<Cash>,
    then: &Spanned<RawThen>,
    origin: &Origin,
) -> Result<Option<Cash>> {
    let (mut floor, rise) = read(steps, then.get_ref(), origin)?;
    while cap.is_none_or(|cap| floor < cap) {
        let Some(tier) = steps.last().and_then(|last| above(last, floor, &rise)) else {
            return Ok(Some(cap.unwrap_or(floor)));
        };
        if tier.initial <= tier.maintenance {
            return Err(never_opens(then, &tier, origin).into());
        }
        steps.push(tier);
        let next = floor.atoms().checked_add(rise.every.atoms()).filter(|_| steps.len() < MOST);
        let Some(next) = next else {
            let fault = origin.fault(then.span(), "too many steps");
            return Err(fault.accepted("wider or steeper steps, or a cap").into());
        };
        floor = Cash::from_atoms(next);
    }
    Ok(cap)
}

fn read(steps: &[Tier], then: &RawThen, origin: &Origin) -> Result<(Cash, Rise)> {
    let from = number::amount(&then.from, origin)?;
    if let Some(last) = steps.last().filter(|last| last.floor >= from) {
        let fault = origin.fault_at(&then.from, "the steps begin inside the tiers");
        return Err(fault
            .accepted(format!("an amount above {}, the last floor", last.floor))
            .into());
    }
    let rise = Rise {
        every: number::amount_above_zero(&then.every, origin)?,
        initial: RISE.read(&then.initial, origin)?,
        maintenance: RISE.read(&then.maintenance, origin)?,
    };
    Ok((from, rise))
}

/// The next step; `None` where it would ask for more margin than notional.
fn above(last: &Tier, floor: Cash, rise: &Rise) -> Option<Tier> {
    let add = |rate: Rate, more: Rate| Rate::from_steps(rate.steps() + more.steps());
    let initial = add(last.initial, rise.initial);
    let maintenance = add(last.maintenance, rise.maintenance);
    let tier = Tier { floor, initial, maintenance, deduction: Cash::ZERO };
    (initial.steps() <= Rate::ONE).then_some(tier)
}

fn never_opens(then: &Spanned<RawThen>, tier: &Tier, origin: &Origin) -> Fault {
    let problem = format!(
        "the step from {} has an initial rate {} that is not above its maintenance rate {}",
        tier.floor, tier.initial, tier.maintenance
    );
    origin.fault(then.span(), problem).accepted("a smaller rise of the maintenance rate, or a cap")
}
