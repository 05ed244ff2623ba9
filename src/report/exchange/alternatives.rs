//! `adl_alternatives.csv`: the picked world with other ways to choose who is deleveraged.

use super::{Facts, Told};
use crate::exchange::{Scene, World};
use crate::fault::Result;
use crate::population::Population;
use crate::report::tables;
use crate::tally::exchange::{Concentration, Record};
use crate::venue::AdlRank;

/// The same draws under another rank.
#[derive(Debug, Clone)]
pub struct Alternative {
    pub rank: AdlRank,
    pub world: World,
    pub paid: Concentration,
}

impl Alternative {
    pub fn new(
        rank: AdlRank,
        (scene, population): (Scene, Population),
        lived: (World, Record),
    ) -> Self {
        let told = Told::new(scene, population, lived);
        Self { rank, paid: told.concentration(), world: told.world }
    }
}

/// The word of a rank in files.
pub fn word(rank: AdlRank) -> &'static str {
    match rank {
        AdlRank::ProfitLeverage => "profit-leverage",
        AdlRank::ProfitMarginRatio => "profit-margin-ratio",
        AdlRank::ReturnMarginRatio => "return-margin-ratio",
        AdlRank::GainExposure => "gain-exposure",
        AdlRank::Unranked => "unranked",
        AdlRank::ProRata => "pro-rata",
    }
}

/// One row a rank, the venue's own first.
pub fn table(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "rank",
        "adl_notional",
        "adl_events",
        "adl_accounts",
        "ten_largest",
        "adl_gap",
        "fund_low",
        "bad_debt",
    ];
    let row = |(rank, world, paid): (AdlRank, &World, Concentration)| {
        vec![
            word(rank).to_owned(),
            world.adl_notional.to_string(),
            world.adl_events.to_string(),
            world.adl_accounts.to_string(),
            paid.ten_largest.map_or(String::new(), tables::fraction),
            world.waterfall.adl.to_string(),
            world.fund_low.to_string(),
            world.waterfall.bad_debt.to_string(),
        ]
    };
    let own = (facts.rules().loss.adl_rank, &facts.told.world, facts.told.concentration());
    let others = facts.alternatives.iter().map(|other| (other.rank, &other.world, other.paid));
    tables::table(&names, std::iter::once(own).chain(others).map(row))
}
