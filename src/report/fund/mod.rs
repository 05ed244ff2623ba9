//! What a study of a fund's size leaves on disk: one row a scenario, levels, the exceedance curve,
//! crashes, who pays at worst, sentences and pictures.

mod curve;
mod figures;
mod manifest;
mod pictures;
mod rows;
mod sentences;
mod tables;

pub use figures::figures;

use super::exchange::Symbol;
use super::put;
use crate::exchange::World;
use crate::fault::Result;
use crate::money::Cash;
use crate::scenario::fund::{Cell, Spread, Target};
use crate::scenario::{FundStudy, OutcomeFormat};
use crate::tally::sizing::{Frequency, Level, Sizing};
use crate::tally::{Needs, Trial};
use crate::venue::VenueRules;
use std::path::Path;

/// Why no more scenarios were run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The interval of the draws at the asked level is tight enough.
    Tight,
    /// `max_worlds` are done.
    Worlds,
    /// The time is over.
    Time,
}

/// All that is known at the end of a run.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub study: &'a FundStudy,
    /// What was read for each crash, a symbol each; at least one of both.
    pub crashes: &'a [Vec<Symbol<'a>>],
    /// From the report to the folder that the scenario's relative paths start from.
    pub to_scenario: &'a Path,
    pub cells: &'a [Cell],
    /// In the order of their numbers; at least one.
    pub trials: &'a [Trial],
    pub needs: &'a Needs,
    pub frequency: &'a Frequency,
    /// The worst scenario of each crash with today's fund: number of the crash, and its world.
    pub ladder: &'a [(usize, World)],
    pub stop: Stop,
    pub target: Option<Target>,
}

/// Levels that are always told.
pub const LEVELS: [Level; 4] = [Level::P95, Level::P99, Level::P999, Level::P9997];

impl<'a> Facts<'a> {
    /// The rules of the first symbol: what is the same for all of them is read there.
    fn rules(&self) -> &'a VenueRules {
        self.crashes[0][0].rules
    }

    /// What the fund holds today.
    fn fund(&self) -> Cash {
        self.study.fund()
    }

    /// Names of the ways to measure the need, and what they say.
    fn measures(&self) -> Vec<(&'static str, &'a Sizing)> {
        let needs = self.needs;
        let mut all = vec![("rule", &needs.rule), ("cash", &needs.cash), ("mtm", &needs.marked)];
        all.extend(needs.without_largest.as_ref().map(|one| ("without-largest", one)));
        all
    }

    /// The level that the study asks for.
    fn asked(&self) -> Level {
        Level::nearest(self.study.size.level.to_f64()).unwrap_or(Level::P999)
    }

    /// Whether the target holds with all of its interval; `None`: nobody asked.
    pub fn target_holds(&self) -> Option<bool> {
        let rule = &self.needs.rule;
        Some(match self.target? {
            Target::PerCrash(limit) => {
                rule.exceedance(self.fund()).intervals.widest().high < limit.to_f64()
            }
            Target::PerYear(limit) => {
                let year = rule.yearly_chance(self.fund(), *self.frequency);
                year.intervals.widest().high < limit.to_f64()
            }
            Target::Need { level, limit } => {
                let level = Level::nearest(level.to_f64());
                let risk = level.map(|level| rule.value_at_risk(level));
                let high = risk.and_then(|risk| risk.intervals.widest().high);
                high.is_some_and(|high| high < limit)
            }
        })
    }
}

/// Writes everything; returns the sentences of `summary.txt`.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(facts: &Facts, format: OutcomeFormat, folder: &Path) -> Result<String> {
    let mut sink = rows::sink(format, folder)?;
    let spread = Spread::over(facts.cells);
    for chunk in facts.trials.chunks(1 << 14) {
        sink.write(&rows::placed(facts, &spread, chunk))?;
    }
    sink.finish()?;
    let summary = sentences::summary(facts);
    put(folder, "summary.txt", summary.as_bytes())?;
    put(folder, "levels.csv", &tables::levels(facts)?)?;
    put(folder, "exceedance.csv", &tables::exceedance(facts)?)?;
    put(folder, "crashes.csv", &tables::crashes(facts)?)?;
    put(folder, "waterfall.csv", &tables::waterfall(facts)?)?;
    for (name, png) in pictures::draw(facts)? {
        put(folder, &name, &png)?;
    }
    put(folder, "manifest.json", manifest::manifest(facts)?.as_bytes())?;
    Ok(summary)
}
