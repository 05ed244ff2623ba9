//! `deleverage reverse`.

use super::cache::Caching;
use super::out;
use super::study::{self, Place, Watch};
use crate::fault::Result;
use crate::run;
use crate::scenario::{self, Setting};
use clap::Args;
use std::path::PathBuf;

/// What was typed after `reverse`.
#[derive(Debug, Args)]
pub struct ReverseArgs {
    /// A scenario file of the study `fund`; `scenarios/README.md` explains its keys
    scenario: PathBuf,
    #[command(flatten)]
    place: Place,
    /// The crash that is turned, by its name in the scenario; default: the first
    #[arg(long, value_name = "NAME")]
    crash: Option<String>,
    /// The limit, in place of the scenario's: "need > fund", "drawdown > 5000000", …
    #[arg(long, value_name = "EXPR")]
    limit: Option<String>,
    /// Replace one value of the scenario; may be repeated
    #[arg(long, value_name = "PATH.TO.KEY=VALUE")]
    set: Vec<Setting>,
    /// Seed of all random draws, in place of the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Threads; default: one per core. The results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    #[command(flatten)]
    caching: Caching,
    /// Print the figures as JSON instead of the summary
    #[arg(long)]
    json: bool,
}

/// Turns one thing at a time until a limit is reached.
pub fn reverse(args: &ReverseArgs) -> Result<()> {
    let mut settings = args.set.clone();
    settings.extend(args.seed.map(|seed| Setting::number("seed", seed)));
    settings.extend(args.limit.as_ref().map(|limit| Setting::text("reverse.limit", limit)));
    let study = scenario::read(&args.scenario, &settings)?.fund()?;
    let name = format!("{}-reverse", study.name);
    let threads = args.threads.map(usize::from);
    let mut options = study::options((&name, study.format), &args.place, threads, None);
    options.cache = args.caching.cache();
    study::listen();
    let asked = (&options, args.crash.as_deref());
    let finished = run::reverse::run(&study, asked, &Watch::new("world"), &study::CANCEL)?;
    study::speed(&finished, "world");
    match args.json {
        true => out::json(&finished.json),
        false => study::tell(&finished),
    }
}
