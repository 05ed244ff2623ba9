//! What longs pay shorts, per unit.

use super::exact::{COIN, Exact, RATE};
use super::{World, price};
use deleverage::money::Rate;
use deleverage::venue::{Contract, FundingCap, VenueRules};

/// FND-007.
fn cap(rules: &VenueRules) -> Option<Exact> {
    let lowest = &rules.tiers.steps[0];
    let rate = |rate: Rate| Exact::new(rate.steps().into(), RATE);
    match rules.funding.cap {
        FundingCap::None => None,
        FundingCap::Rate(cap) => Some(rate(cap)),
        FundingCap::OfMaintenance(times) => {
            Some((rate(times) * rate(lowest.maintenance)).floor(RATE))
        }
        FundingCap::OfSpread(times) => {
            Some((rate(times) * (rate(lowest.initial) - rate(lowest.maintenance))).floor(RATE))
        }
    }
}

/// FND-001 to FND-003, FND-007, FND-009: what a long pays per unit in one bar.
pub fn due_in(world: &World, bar: usize, is_entry: bool) -> Exact {
    let history = world.history;
    let (open, length) = (history.time[bar], history.interval.millis());
    let mark = price(history.mark.open[bar]);
    let cap = cap(world.rules);
    let mut due = Exact::ZERO;
    for settlement in &history.funding {
        let into = settlement.time - open;
        let is_paid_by_who_was_before = is_entry && into <= 15_000.min(length / 2);
        if !(0..length).contains(&into) || is_paid_by_who_was_before {
            continue;
        }
        let rate = Exact::new(settlement.rate.steps().into(), RATE);
        let rate = cap.map_or(rate, |cap| rate.min(cap).max(-cap));
        due = due
            + match world.rules.contract {
                Contract::Linear => rate * mark,
                Contract::Inverse => rate.over(mark, COIN),
            };
    }
    due
}
