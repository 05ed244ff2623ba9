//! `deleverage demo` and `deleverage run`.

use super::cache::Caching;
use super::{out, size};
use crate::fault::Result;
use crate::passage::Engine;
use crate::report::chart::label;
use crate::report::{Existing, Shelf};
use crate::run::fund::{Ask, Earlier};
use crate::run::{self, Cancel, Finished, Options, Progress};
use crate::scenario::{self, OutcomeFormat, Scenario, Setting};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};

/// The scenarios of the demo, as they also lie in `scenarios/`: name and text.
const DEMOS: [(&str, &str); 2] = [
    ("demo", include_str!("../../scenarios/demo.toml")),
    ("demo-exchange", include_str!("../../scenarios/demo-exchange.toml")),
];

pub(super) static CANCEL: Cancel = Cancel::new();

/// Where a report goes.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Folder of the report; default: reports/ and the name of the scenario's file
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an earlier report
    #[arg(long)]
    force: bool,
}

/// How a study is run: what is laid over its scenario, and what changes no result.
#[derive(Debug, Args)]
pub(super) struct Manner {
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

impl Manner {
    pub fn settings(&self) -> Vec<Setting> {
        let seed = self.seed.map(|seed| Setting::number("seed", seed));
        self.set.iter().cloned().chain(seed).collect()
    }

    /// Of a report with a name of its own, in its own format.
    pub fn options(&self, named: (&str, OutcomeFormat), place: &Place) -> Options {
        let threads = self.threads.map(usize::from);
        Options { threads, cache: self.caching.cache(), ..options(named, place) }
    }

    /// Prints the answer.
    pub fn tell(&self, finished: &Finished) -> Result<()> {
        match self.json {
            true => out::json(&finished.json),
            false => tell(finished),
        }
    }
}

/// Whether a run goes on with what an earlier one has left.
#[derive(Debug, Args)]
pub(super) struct Going {
    /// Study `fund`: go on with an unfinished run of the same question
    #[arg(long, conflicts_with = "force")]
    resume: bool,
}

/// What was typed after `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    place: Place,
}

/// What was typed after `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// A scenario file; `scenarios/README.md` explains its keys
    scenario: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    manner: Manner,
    /// Format of the file with one row per position or world; default: the scenario's, or parquet
    #[arg(long, value_name = "FORMAT")]
    outcomes: Option<OutcomeFormat>,
    /// How the study `leverage` finds the bar that liquidates. The results do not depend on it
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    #[command(flatten)]
    going: Going,
}

/// Runs the shipped scenarios, each to a report of its own.
pub fn demo(args: &DemoArgs) -> Result<()> {
    let studies: Vec<(Scenario, Options)> =
        DEMOS.iter().map(|one| demonstrated(args, one)).collect::<Result<_>>()?;
    for (_, options) in &studies {
        Shelf::check(&options.out, options.existing)?;
    }
    for (scenario, options) in &studies {
        tell(&finish(scenario, options, Earlier::Refuse)?)?;
    }
    Ok(())
}

/// One study of the demo; the second one lies beside the first.
fn demonstrated(args: &DemoArgs, (name, text): &(&str, &str)) -> Result<(Scenario, Options)> {
    let file = format!("scenarios/{name}.toml");
    let scenario = scenario::from_text(text, &file, Path::new("scenarios"), &[])?;
    let mut options = options(named(&scenario), &args.place);
    if let (Some(out), Some(suffix)) = (&args.place.out, name.strip_prefix("demo")) {
        let mut beside = out.clone().into_os_string();
        beside.push(suffix);
        options.out = beside.into();
    }
    Ok((scenario, options))
}

/// Runs a scenario file.
pub fn run(args: &RunArgs) -> Result<()> {
    let scenario = scenario::read(&args.scenario, &args.manner.settings())?;
    let mut options = args.manner.options(named(&scenario), &args.place);
    options.format = args.outcomes.unwrap_or(options.format);
    options.engine = args.engine;
    args.manner.tell(&finish(&scenario, &options, earlier(&args.place, &args.going))?)
}

/// What becomes of the scenarios of an unfinished run.
pub(super) fn earlier(place: &Place, going: &Going) -> Earlier {
    match (going.resume, place.force) {
        (true, _) => Earlier::Resume,
        (false, true) => Earlier::Discard,
        (false, false) => Earlier::Refuse,
    }
}

fn tell(finished: &Finished) -> Result<()> {
    out::line(&finished.summary)?;
    out::line(format!("Report: {}", finished.folder.display()))
}

fn options((name, format): (&str, OutcomeFormat), place: &Place) -> Options {
    Options {
        out: place.out.clone().unwrap_or_else(|| Path::new("reports").join(name)),
        existing: if place.force { Existing::Replace } else { Existing::Refuse },
        threads: None,
        format,
        engine: Engine::default(),
        cache: None,
        command: typed(),
    }
}

/// The name of a scenario's report, and the format that it wants.
fn named(scenario: &Scenario) -> (&str, OutcomeFormat) {
    match scenario {
        Scenario::Leverage(study) => (&study.name, study.format),
        Scenario::Exchange(study) => (&study.name, study.format),
        Scenario::Fund(study) => (&study.name, study.format),
    }
}

/// The command line, quoted where a shell would need it.
pub(super) fn typed() -> String {
    let quote = |word: String| match word.contains([' ', '"', '\'', '*', '$', '[', '(', '\\']) {
        true => format!("'{}'", word.replace('\'', r"'\''")),
        false => word,
    };
    let words = std::env::args().skip(1).map(quote);
    std::iter::once("deleverage".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

fn finish(scenario: &Scenario, options: &Options, earlier: Earlier) -> Result<Finished> {
    listen();
    let (finished, unit) = match scenario {
        Scenario::Leverage(study) => {
            let unit = "position";
            (run::run(study, options, &Watch::new(unit), &CANCEL)?, unit)
        }
        Scenario::Exchange(study) => {
            let unit = "world";
            (run::exchange::run(study, options, &Watch::new(unit), &CANCEL)?, unit)
        }
        Scenario::Fund(study) => {
            let ask = Ask { target: None, max_time: None, earlier };
            (size::finish(study, options, ask)?.0, "scenario")
        }
    };
    speed(&finished, unit);
    Ok(finished)
}

/// Ctrl-C asks the run to stop. Refused only when a handler is set already; it then ends the
/// process as before, and what it leaves is a temporary folder, never a torn report.
pub(super) fn listen() {
    let _ = ctrlc::set_handler(|| CANCEL.request());
}

/// How much was done, in what time.
pub(super) fn speed(finished: &Finished, unit: &str) {
    let Finished { positions: done, seconds, .. } = finished;
    let rate = match *done as f64 / seconds.max(1e-9) {
        rate @ 1.0.. => format!(" ({} a second)", label::count(rate as u64)),
        _ => String::new(),
    };
    eprintln!("{} in {seconds:.1} s{rate}", label::counted(*done, unit));
}

/// A bar with an ETA on a terminal; nothing in a pipe.
pub(super) struct Watch(ProgressBar);

impl Watch {
    pub(super) fn new(unit: &str) -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template(&format!(
            "{{bar:40}} {{human_pos}} of {{human_len}} {unit}s, {{eta}} left"
        ));
        Self(style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style)))
    }
}

impl Progress for Watch {
    fn begin(&self, positions: u64) {
        self.0.set_length(positions);
    }

    fn advance(&self, positions: u64) {
        self.0.inc(positions);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
