//! `deleverage data facts SCENARIO`: what generated paths share with their record, and what they
//! may therefore be used for.

mod answer;
mod table;

use super::cache::Caching;
use super::out;
use crate::fault::Result;
use crate::run;
use crate::scenario::{self, Setting};
use clap::Args;
use std::path::PathBuf;

/// What was typed after `data facts`.
#[derive(Debug, Args)]
pub struct FactsArgs {
    /// A scenario file; its histories are the record
    scenario: PathBuf,
    /// Replace one value of the scenario; may be repeated
    #[arg(long, value_name = "PATH.TO.KEY=VALUE")]
    set: Vec<Setting>,
    /// Seed of all random draws, in place of the scenario's
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    caching: Caching,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Measures a record and every generator, and prints what each may be used for.
///
/// # Errors
/// A scenario or a history that cannot be read, or that is too short.
pub fn facts(args: &FactsArgs) -> Result<()> {
    let mut settings = args.set.clone();
    settings.extend(args.seed.map(|seed| Setting::number("seed", seed)));
    let scenario = scenario::read(&args.scenario, &settings)?;
    let sheet = run::facts(&scenario, args.caching.cache().as_ref())?;
    match args.json {
        true => out::json(&answer::json(&sheet)),
        false => out::line(table::text(&sheet)),
    }
}
