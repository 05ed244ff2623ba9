//! `deleverage population SCENARIO`: who holds what when the crash begins.

mod table;

use super::cache::Caching;
use super::out;
use super::study::typed;
use crate::fault::Result;
use crate::report::{self, Existing, Shelf};
use crate::run;
use crate::scenario::{self, Setting};
use clap::Args;
use std::path::PathBuf;

/// What was typed after `population`.
#[derive(Debug, Args)]
pub struct PopulationArgs {
    /// A scenario file with study = "exchange"
    scenario: PathBuf,
    /// Number of the world, from 0
    #[arg(long, default_value_t = 0)]
    world: u32,
    /// Replace one value of the scenario; may be repeated
    #[arg(long, value_name = "PATH.TO.KEY=VALUE")]
    set: Vec<Setting>,
    /// Seed of all random draws, in place of the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Also write accounts.csv, pictures and manifest.json to this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an earlier report
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    caching: Caching,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Draws or reads one population, and describes it.
pub fn population(args: &PopulationArgs) -> Result<()> {
    let mut settings = args.set.clone();
    settings.extend(args.seed.map(|seed| Setting::number("seed", seed)));
    let study = scenario::read(&args.scenario, &settings)?.exchange()?;
    let existing = if args.force { Existing::Replace } else { Existing::Refuse };
    if let Some(folder) = &args.out {
        Shelf::check(folder, existing)?;
    }
    let peopled = run::populate(&study, args.world, args.caching.cache().as_ref())?;
    let listings = peopled.listings();
    let portrait = peopled.portrait(&listings);
    if let Some(folder) = &args.out {
        let shelf = Shelf::open(folder, existing)?;
        report::population::write(&portrait, &typed(), shelf.folder())?;
        shelf.place()?;
    }
    match args.json {
        true => out::json(&report::population::answer(&portrait)),
        false => out::line(table::text(&portrait)),
    }
}
