//! `deleverage reverse`.

use super::study::{self, Manner, Place, Watch};
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
    #[command(flatten)]
    manner: Manner,
}

/// Turns one thing at a time until a limit is reached.
pub fn reverse(args: &ReverseArgs) -> Result<()> {
    let mut settings = args.manner.settings();
    settings.extend(args.limit.as_ref().map(|limit| Setting::text("reverse.limit", limit)));
    let study = scenario::read(&args.scenario, &settings)?.fund()?;
    let name = format!("{}-reverse", study.name);
    let options = args.manner.options((&name, study.format), &args.place);
    study::listen();
    let asked = (&options, args.crash.as_deref());
    let finished = run::reverse::run(&study, asked, &Watch::new("world"), &study::CANCEL)?;
    study::speed(&finished, "world");
    args.manner.tell(&finished)
}
