//! `crossings.csv`, `frontier.csv` and `tornado.csv`; empty where the limit is not reached or there
//! are no such worlds.

use super::{Crossings, Facts, Search};
use crate::fault::Result;
use crate::report::tables::{fraction, table};

/// One row a knob and seed.
pub fn crossings(facts: &Facts) -> Result<Vec<u8>> {
    let names = ["knob", "seed", "first", "at_the_mildest", "further"];
    let row = |search: &Search, seed: usize, crossings: &Crossings| {
        let further = crossings.further.iter();
        let further: Vec<String> =
            further.map(|(from, to)| format!("{} to {}", fraction(*from), fraction(*to))).collect();
        vec![
            search.knob.to_owned(),
            seed.to_string(),
            crossings.first.map_or(String::new(), fraction),
            crossings.is_at_the_mildest.to_string(),
            further.join("; "),
        ]
    };
    let rows = facts.searches.iter().flat_map(|search| {
        let seeds = search.seeds.iter().enumerate();
        seeds.map(move |(seed, crossings)| row(search, seed, crossings))
    });
    table(&names, rows)
}

/// One row a cell: how many seeds reach the limit.
pub fn frontier(facts: &Facts) -> Result<Vec<u8>> {
    let frontier = facts.frontier;
    let names = ["depth", "shock", "share"];
    let cells = (0..frontier.depths.len())
        .flat_map(|depth| (0..frontier.shocks.len()).map(move |shock| (depth, shock)));
    let row = |(depth, shock): (usize, usize)| {
        vec![
            fraction(frontier.depths[depth]),
            fraction(frontier.shocks[shock]),
            frontier.share(depth, shock).map_or(String::new(), fraction),
        ]
    };
    table(&names, cells.map(row))
}

/// Medians over the seeds.
pub fn tornado(facts: &Facts) -> Result<Vec<u8>> {
    let names = ["knob", "of_the_model", "base", "low_setting", "low", "high_setting", "high"];
    let text = |cash: Option<crate::money::Cash>| cash.map_or(String::new(), |one| one.to_string());
    let row = |bar: &super::Bar| {
        vec![
            bar.name.to_owned(),
            bar.is_model.to_string(),
            text(facts.tornado.base),
            bar.low.setting.to_owned(),
            text(bar.low.median),
            bar.high.setting.to_owned(),
            text(bar.high.median),
        ]
    };
    table(&names, facts.tornado.bars.iter().map(row))
}
