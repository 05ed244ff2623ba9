//! `deleverage size`, and studies of a fund under `run`.

use super::BREACHED;
use super::study::{self, Going, Manner, Place, Watch};
use crate::fault::{Error, Result};
use crate::run::fund::Ask;
use crate::run::{self, Options};
use crate::scenario::fund::Target;
use crate::scenario::{self, FundStudy, Setting};
use clap::Args;
use jiff::SignedDuration;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// What was typed after `size`.
#[derive(Debug, Args)]
pub struct SizeArgs {
    /// A scenario file of the study `fund`; `scenarios/README.md` explains its keys
    scenario: PathBuf,
    #[command(flatten)]
    place: Place,
    /// A statement such as "P(ADL)<1%", "P(ADL per year)<5%" or "VaR(99.9%)<50000000"; exit code 1
    /// where it does not hold with all of its interval
    #[arg(long, value_name = "EXPR")]
    target: Option<Target>,
    /// What the fund holds today, in place of the scenario's `fund.balance`
    #[arg(long, value_name = "AMOUNT")]
    fund: Option<String>,
    /// Largest number of scenarios, in place of the scenario's
    #[arg(long, value_name = "N")]
    max_worlds: Option<u32>,
    /// Begin no chunk of scenarios after so long: "90s", "10m", "2h"
    #[arg(long, value_name = "T", value_parser = time)]
    max_time: Option<Duration>,
    #[command(flatten)]
    going: Going,
    #[command(flatten)]
    manner: Manner,
}

fn time(typed: &str) -> Result<Duration, String> {
    let length: Result<SignedDuration, _> = typed.parse();
    let length = length.ok().and_then(|length| Duration::try_from(length).ok());
    length.ok_or_else(|| "expected a length of time such as 90s, 10m or 2h".to_owned())
}

/// Sizes a fund; exit code 1 where the target does not hold.
pub fn size(args: &SizeArgs) -> Result<ExitCode> {
    let mut settings = args.manner.settings();
    settings.extend(args.max_worlds.map(|most| Setting::number("size.max_worlds", most.into())));
    settings.extend(args.fund.as_ref().map(|fund| Setting::text("fund.balance", fund)));
    let study = scenario::read(&args.scenario, &settings)?.fund()?;
    let options = args.manner.options((&study.name, study.format), &args.place);
    study::listen();
    let earlier = study::earlier(&args.place, &args.going);
    let ask = Ask { target: args.target, max_time: args.max_time, earlier };
    let (finished, holds) = finish(&study, &options, ask)?;
    study::speed(&finished, "scenario");
    args.manner.tell(&finished)?;
    Ok(if holds == Some(false) { ExitCode::from(BREACHED) } else { ExitCode::SUCCESS })
}

/// Runs the study; where it stops early, says what can be done about it.
pub fn finish(
    study: &FundStudy,
    options: &Options,
    ask: Ask,
) -> Result<(run::Finished, Option<bool>)> {
    let watch = Watch::new("scenario");
    let sized = run::fund::run(study, (options, ask), &watch, &study::CANCEL);
    // A mistake in an input says itself what to do.
    let is_stopped = matches!(&sized, Err(Error::Interrupted | Error::Io { .. }));
    if let Some(kept) = run::fund::unfinished(&options.out).filter(|_| is_stopped) {
        eprintln!("scenarios that are done are kept in {}; --resume goes on", kept.display());
    }
    sized.map(|sized| (sized.finished, sized.target_holds))
}
