//! The input of the waterfall.

use super::market::caption;
use super::units;
use crate::exchange::{Waterfall, World};
use crate::money::Cash;
use crate::report::chart::exchange::waterfall::{Input, Payment, Spread};
use crate::report::exchange::{Facts, sentences};
use crate::tally::exchange::RUNGS;

pub fn waterfall(facts: &Facts) -> Input {
    let payment = |of: fn(&Waterfall) -> Cash| Payment {
        amount: units(of(&facts.told.world.waterfall)),
        worlds: spread(facts, |world| of(&world.waterfall)),
    };
    let all = |world: &World| {
        let sum =
            |sum: Cash, rung: &crate::tally::exchange::Rung| sum + (rung.of)(&world.waterfall);
        RUNGS.iter().fold(Cash::ZERO, sum)
    };
    Input {
        caption: caption(facts, sentences::payers_headline(facts)),
        asset: facts.rules().settlement.clone(),
        margin: payment(|paid| paid.margin),
        fund: payment(|paid| paid.fund),
        adl: payment(|paid| paid.adl),
        socialised: payment(|paid| paid.socialised),
        owed: payment(|paid| paid.owed),
        injected: payment(|paid| paid.injected),
        bad_debt: payment(|paid| paid.bad_debt),
        total: spread(facts, all),
        beyond: spread(facts, |world| all(world) - world.waterfall.margin),
    }
}

fn spread(facts: &Facts, of: impl Fn(&World) -> Cash) -> Option<Spread> {
    let paid = facts.worlds.spread(of);
    (facts.worlds.count() > 1).then(|| Spread {
        mean: units(paid.mean()),
        p5: units(paid.quantile(5)),
        p95: units(paid.quantile(95)),
    })
}
