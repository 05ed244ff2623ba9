//! What a reverse stress leaves on disk: crossings of each knob, the frontier, the tornado,
//! sentences and pictures.

mod manifest;
mod pictures;
mod sentences;
mod tables;

use super::exchange::Symbol;
use super::put;
use crate::fault::Result;
use crate::money::Cash;
use crate::report::tables::fraction;
use crate::scenario::FundStudy;
use crate::venue::VenueRules;
use serde_json::{Value, json};
use std::path::Path;

/// One knob, turned from mild to severe in the world of every seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    pub knob: &'static str,
    pub mildest: f64,
    /// The last setting of the grid at which there are worlds.
    pub severest: f64,
    pub seeds: Vec<Crossings>,
}

/// Where the limit is reached in the world of one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossings {
    /// The mildest setting that reaches the limit, within 1 %; `None`: none of the grid does.
    pub first: Option<f64>,
    /// It already holds at the mildest setting: `first` is only an upper bound.
    pub is_at_the_mildest: bool,
    /// Later changes between neighbours of the grid: more severe is not always worse.
    pub further: Vec<(f64, f64)>,
}

/// Shock against depth.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// Ascending.
    pub shocks: Vec<f64>,
    /// Ascending.
    pub depths: Vec<f64>,
    /// By depth, then shock: each seed's verdict; `None` where there are no such worlds.
    pub reached: Vec<Vec<Option<Vec<bool>>>>,
    pub crashes: Vec<Lying>,
}

/// A crash of history, at the depth of the scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Lying {
    pub name: String,
    /// Its fall in logs over that of the crash that is turned.
    pub shock: f64,
}

/// What moves the limit's figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// Median over the seeds with nothing turned; `None`: there are no such worlds.
    pub base: Option<Cash>,
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub name: &'static str,
    /// A choice of the model, not of the world.
    pub is_model: bool,
    pub low: End,
    pub high: End,
}

/// A setting and the median there.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    pub setting: &'static str,
    pub median: Option<Cash>,
}

/// All that is known at the end of a run.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub study: &'a FundStudy,
    /// Number of the crash that was turned.
    pub crash: usize,
    pub symbols: &'a [Symbol<'a>],
    /// From the report to the folder that the scenario's relative paths start from.
    pub to_scenario: &'a Path,
    pub searches: &'a [Search],
    pub frontier: &'a Frontier,
    pub tornado: &'a Tornado,
    pub command: &'a str,
}

impl<'a> Facts<'a> {
    fn rules(&self) -> &'a VenueRules {
        self.symbols[0].rules
    }

    fn crash_name(&self) -> &'a str {
        &self.study.crashes[self.crash].name
    }

    /// The amount of the limit.
    fn limit(&self) -> Cash {
        self.study.reverse.limit.amount.unwrap_or_else(|| self.study.fund())
    }
}

impl Search {
    /// Quartiles of the first crossing over the seeds; where the limit was not reached it counts
    /// as beyond the most severe setting, which is `None`.
    pub fn quartiles(&self) -> [Option<f64>; 3] {
        let falls = self.severest < self.mildest;
        let mut firsts: Vec<Option<f64>> = self.seeds.iter().map(|seed| seed.first).collect();
        let severity = |first: &Option<f64>| match first {
            None => f64::INFINITY,
            Some(first) if falls => -first,
            Some(first) => *first,
        };
        firsts.sort_by(|a, b| severity(a).total_cmp(&severity(b)));
        quartiles(&firsts)
    }

    fn reached(&self) -> usize {
        self.seeds.iter().filter(|seed| seed.first.is_some()).count()
    }
}

/// Of values in their order; never an average of two.
fn quartiles<T: Copy>(sorted: &[T]) -> [T; 3] {
    [25, 50, 75].map(|percent: usize| sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1])
}

impl Frontier {
    /// Share of the seeds that reach the limit; `None` where there are no such worlds.
    pub fn share(&self, depth: usize, shock: usize) -> Option<f64> {
        let seeds = self.reached[depth][shock].as_ref()?;
        let reached = seeds.iter().filter(|reached| **reached).count();
        Some(reached as f64 / seeds.len() as f64)
    }

    /// Quartiles over the seeds of the smallest shock of the grid that reaches the limit at a
    /// depth.
    pub fn line(&self, depth: usize) -> [Option<f64>; 3] {
        let seeds = self.reached[depth].iter().flatten().map(Vec::len).max().unwrap_or(0);
        let first = |seed: usize| {
            let row = self.reached[depth].iter().zip(&self.shocks);
            let mut reached = row.filter(|(cell, _)| {
                cell.as_ref().is_some_and(|verdicts| verdicts.get(seed) == Some(&true))
            });
            reached.next().map(|(_, shock)| *shock)
        };
        let mut firsts: Vec<Option<f64>> = (0..seeds).map(first).collect();
        firsts.sort_by(|a, b| a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)));
        if firsts.is_empty() { [None; 3] } else { quartiles(&firsts) }
    }
}

/// Writes everything; returns the sentences of `summary.txt`.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(facts: &Facts, folder: &Path) -> Result<String> {
    let summary = sentences::summary(facts);
    put(folder, "summary.txt", summary.as_bytes())?;
    put(folder, "crossings.csv", &tables::crossings(facts)?)?;
    put(folder, "frontier.csv", &tables::frontier(facts)?)?;
    put(folder, "tornado.csv", &tables::tornado(facts)?)?;
    for (name, png) in pictures::draw(facts)? {
        put(folder, &name, &png)?;
    }
    put(folder, "manifest.json", manifest::manifest(facts)?.as_bytes())?;
    Ok(summary)
}

/// The main figures as JSON, for scripts; `null` where the limit is not reached.
pub fn figures(facts: &Facts, folder: &Path) -> Value {
    let search = |search: &Search| {
        let [p25, median, p75] = search.quartiles().map(|one| one.map(fraction));
        let value = json!({
            "seeds": search.seeds.len(),
            "reached": search.reached(),
            "p25": p25,
            "median": median,
            "p75": p75,
        });
        (search.knob.to_owned(), value)
    };
    json!({
        "report": folder.display().to_string(),
        "crash": facts.crash_name(),
        "limit": facts.limit().to_string(),
        "knobs": facts.searches.iter().map(search).collect::<serde_json::Map<_, _>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(mildest: f64, severest: f64, firsts: &[Option<f64>]) -> Search {
        let seed = |first: &Option<f64>| Crossings {
            first: *first,
            is_at_the_mildest: false,
            further: Vec::new(),
        };
        Search { knob: "x", mildest, severest, seeds: firsts.iter().map(seed).collect() }
    }

    #[test]
    fn what_is_not_reached_is_beyond_everything() {
        let up = search(0.1, 3.0, &[Some(2.0), None, Some(1.0), None]);
        assert_eq!(up.quartiles(), [Some(1.0), Some(2.0), None]);
        let down = search(8.0, 0.1, &[Some(0.2), None, Some(4.0)]);
        assert_eq!(down.quartiles(), [Some(4.0), Some(0.2), None]);
    }

    #[test]
    fn a_frontier_has_quartiles_over_seeds() {
        let all = |a, b, c| Some(vec![a, b, c]);
        let frontier = Frontier {
            shocks: vec![1.0, 2.0, 4.0],
            depths: vec![0.5],
            reached: vec![vec![
                all(false, false, false),
                all(true, false, false),
                all(true, true, false),
            ]],
            crashes: Vec::new(),
        };
        assert_eq!(frontier.line(0), [Some(2.0), Some(4.0), None]);
        assert_eq!(frontier.share(0, 1), Some(1.0 / 3.0));
    }
}
