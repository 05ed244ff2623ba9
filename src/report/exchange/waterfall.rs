//! `waterfall.csv`: who bore the losses.

use super::Facts;
use crate::fault::Result;
use crate::report::tables;
use crate::tally::exchange::{RungSpread, rungs};

/// One row a rung, first to last, in the settlement asset; `share` of all that all rungs paid in
/// all worlds, empty where nothing was paid.
pub fn table(facts: &Facts) -> Result<Vec<u8>> {
    let names = ["rung", "mean", "p5", "p50", "p95", "max", "share", "worlds", "picked"];
    let row = |rung: RungSpread| {
        let paying =
            facts.worlds.share(|world| (rung.rung.of)(&world.waterfall) > crate::money::Cash::ZERO);
        vec![
            rung.rung.name.to_owned(),
            rung.paid.mean().to_string(),
            rung.paid.quantile(5).to_string(),
            rung.paid.quantile(50).to_string(),
            rung.paid.quantile(95).to_string(),
            rung.paid.most().to_string(),
            rung.share.map_or(String::new(), tables::fraction),
            paying.hits.to_string(),
            (rung.rung.of)(&facts.told.world.waterfall).to_string(),
        ]
    };
    tables::table(&names, rungs(facts.worlds).into_iter().map(row))
}
