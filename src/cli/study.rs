//! `deleverage demo` and `deleverage run`.

use super::out;
use crate::fault::Result;
use crate::report::Existing;
use crate::run::{self, Cancel, Finished, Options, Progress};
use crate::scenario::{self, OutcomeFormat, Setting, Study};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};

/// The scenario of the demo, as it also lies in `scenarios/`.
const DEMO: &str = include_str!("../../scenarios/demo.toml");

static CANCEL: Cancel = Cancel::new();

/// Where a report goes.
#[derive(Debug, Args)]
struct Place {
    /// Folder of the report; default: reports/NAME
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an earlier report
    #[arg(long)]
    force: bool,
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
    /// Replace one value of the scenario; may be repeated
    #[arg(long, value_name = "PATH.TO.KEY=VALUE")]
    set: Vec<Setting>,
    /// Seed of all random draws
    #[arg(long)]
    seed: Option<u64>,
    /// Threads; default: one per core. The results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Format of the file with one row per position
    #[arg(long, value_name = "FORMAT")]
    outcomes: Option<OutcomeFormat>,
    /// Print the shares as JSON instead of the summary
    #[arg(long)]
    json: bool,
}

/// Runs the shipped scenario.
pub fn demo(args: &DemoArgs) -> Result<()> {
    let study = scenario::from_text(DEMO, "scenarios/demo.toml", Path::new("scenarios"), &[])?
        .leverage()?;
    let options = options(&study, &args.place, None, study.format);
    let finished = finish(&study, &options)?;
    out::line(&finished.summary)?;
    out::line(format!("Report: {}", finished.folder.display()))
}

/// Runs a scenario file.
pub fn run(args: &RunArgs) -> Result<()> {
    let mut settings = args.set.clone();
    settings.extend(args.seed.map(|seed| Setting::number("seed", seed)));
    let study = scenario::read(&args.scenario, &settings)?.leverage()?;
    let format = args.outcomes.unwrap_or(study.format);
    let options = options(&study, &args.place, args.threads.map(usize::from), format);
    let finished = finish(&study, &options)?;
    if args.json {
        return out::json(&finished.json);
    }
    out::line(&finished.summary)?;
    out::line(format!("Report: {}", finished.folder.display()))
}

fn options(study: &Study, place: &Place, threads: Option<usize>, format: OutcomeFormat) -> Options {
    let usual = || Path::new("reports").join(&study.name);
    Options {
        out: place.out.clone().unwrap_or_else(usual),
        existing: if place.force { Existing::Replace } else { Existing::Refuse },
        threads,
        format,
        command: typed(),
    }
}

/// The command line, quoted where a shell would need it.
fn typed() -> String {
    let quote = |word: String| match word.contains([' ', '"', '\'', '*', '$', '[', '(', '\\']) {
        true => format!("'{}'", word.replace('\'', r"'\''")),
        false => word,
    };
    let words = std::env::args().skip(1).map(quote);
    std::iter::once("deleverage".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

fn finish(study: &Study, options: &Options) -> Result<Finished> {
    // Refused only when a handler is set already; Ctrl-C then ends the process as before, and
    // what it leaves is a temporary folder, never a torn report.
    let _ = ctrlc::set_handler(|| CANCEL.request());
    let finished = run::run(study, options, &Watch::new(), &CANCEL)?;
    let rate = finished.positions as f64 / finished.seconds.max(1e-9);
    eprintln!("{} positions in {:.1} s ({rate:.0} a second)", finished.positions, finished.seconds);
    Ok(finished)
}

/// A bar with an ETA on a terminal; nothing in a pipe.
struct Watch(ProgressBar);

impl Watch {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template(
            "{bar:40} {human_pos} of {human_len} positions, {eta} left",
        );
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
