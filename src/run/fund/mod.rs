//! A study of a fund's size: scenarios until the answer is tight enough, then tally and report.

mod checkpoint;
mod episodes;
mod identity;
mod lab;
mod ladder;
mod trials;

pub use checkpoint::{Earlier, unfinished};
pub use lab::{Lab, Purse, Turned};

use super::{Cancel, Finished, Options, Progress, begin, pool, way};
use crate::fault::{Fault, Place, Result};
use crate::report::fund::{Facts, Stop};
use crate::report::{self, Existing, Shelf};
use crate::scenario::FundStudy;
use crate::scenario::fund::{Cell, Spread, Target};
use crate::tally::sizing::{Level, Loss, Refused, Resampling, Sizing};
use crate::tally::{Needs, Standing, Trial};
use checkpoint::Checkpoint;
use std::time::{Duration, Instant};
use trials::{Cells, Stages};

/// Resamples of the crashes for the report.
const RESAMPLES: u32 = 1_000;

/// What a run is asked beside [`Options`].
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub target: Option<Target>,
    /// No chunk is begun after so long; the one answer that depends on the clock.
    pub max_time: Option<Duration>,
    pub earlier: Earlier,
}

/// A finished study of a fund's size.
#[derive(Debug)]
pub struct Sized {
    pub finished: Finished,
    /// `Some(false)`: the target is breached, or the scenarios cannot tell.
    pub target_holds: Option<bool>,
}

/// Runs a study and writes its report: to a temporary folder beside `out`, renamed at the end.
/// Chunks of scenarios are kept beside it until then.
///
/// # Errors
/// Inputs that cannot be read or do not fit together, an existing folder, an unfinished run that
/// nobody wanted resumed, too few effective scenarios, a full disk, Ctrl-C.
pub fn run(
    study: &FundStudy,
    (options, ask): (&Options, Ask),
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Sized> {
    let existing = existing(options, ask.earlier);
    let options = &Options { existing, ..options.clone() };
    let started = begin(options)?;
    let lab = Lab::open(study, options.cache.as_ref())?;
    let frequency = episodes::frequency(study, options.cache.as_ref())?;
    let pool = pool(options.threads)?;
    let cells = pool.install(|| Cells::build(study, &lab))?;
    let markets = cells.markets();
    let stages = pool.install(|| Stages::set(study, &cells, &markets))?;
    let identity = identity::identity(study, &lab.crashes)?;
    let (mut kept, mut trials) = Checkpoint::open(&options.out, &identity, ask.earlier)?;
    progress.begin(study.size.max_worlds.into());
    progress.advance(trials.len() as u64);
    let deadline = ask.max_time.map(|time| started + time);
    let stop = loop {
        if let Some(stop) = enough(study, &cells.list, &trials, deadline) {
            break stop;
        }
        let from = trials.len() as u32;
        let to = from.saturating_add(study.size.chunk).min(study.size.max_worlds);
        let chunk = pool.install(|| stages.run(from..to, (progress, cancel)))?;
        kept.keep(&chunk)?;
        trials.extend(chunk);
    };
    progress.end();
    let needs = pool.install(|| needs(study, &cells.list, &trials))?;
    let ladder =
        pool.install(|| ladder::worst_of_each_crash(study, &lab, (&cells.list, &trials)))?;
    let facts = Facts {
        study,
        crashes: &described(&lab),
        to_scenario: &way::between(&options.out, &study.crashes[0].study.folder),
        cells: &cells.list,
        trials: &trials,
        needs: &needs,
        frequency: &frequency,
        ladder: &ladder,
        stop,
        target: ask.target,
    };
    let shelf = Shelf::open(&options.out, options.existing)?;
    let summary = report::fund::write(&facts, options.format, shelf.folder())?;
    cancel.check()?;
    let folder = shelf.place()?;
    kept.discard()?;
    let json = report::fund::figures(&facts, &folder);
    let (positions, seconds) = (trials.len() as u64, started.elapsed().as_secs_f64());
    let finished = Finished { folder, summary, json, positions, seconds };
    Ok(Sized { finished, target_holds: facts.target_holds() })
}

/// A run that was killed after its report was in place, and before its chunks were gone, writes the
/// report once more.
fn existing(options: &Options, earlier: Earlier) -> Existing {
    match unfinished(&options.out) {
        Some(_) if earlier == Earlier::Resume => Existing::Replace,
        _ => options.existing,
    }
}

/// Why the scenarios are enough; `None`: they are not.
fn enough(
    study: &FundStudy,
    cells: &[Cell],
    trials: &[Trial],
    deadline: Option<Instant>,
) -> Option<Stop> {
    let spread = Spread::over(cells);
    let loss = |trial: &Trial| {
        let Standing { crash, weight } = standing(cells, &spread, trial);
        Loss { need: trial.need.rule.gain(), crash, weight }
    };
    let draws = Resampling { seed: study.seed, resamples: 0 };
    let sizing = Sizing::of(trials.iter().map(loss).collect(), draws).ok();
    let asked = sizing.zip(Level::nearest(study.size.level.to_f64()));
    let tight = study.size.tight.to_f64();
    if asked.is_some_and(|(sizing, level)| sizing.is_tight(level, tight)) {
        Some(Stop::Tight)
    } else if trials.len() as u32 >= study.size.max_worlds {
        Some(Stop::Worlds)
    } else if deadline.is_some_and(|end| Instant::now() >= end && !trials.is_empty()) {
        Some(Stop::Time)
    } else {
        None
    }
}

fn standing(cells: &[Cell], spread: &Spread, trial: &Trial) -> Standing {
    let cell = &cells[spread.cell(trial.scenario)];
    Standing { crash: cell.crash as u16, weight: cell.weight }
}

fn needs(study: &FundStudy, cells: &[Cell], trials: &[Trial]) -> Result<Needs> {
    let spread = Spread::over(cells);
    let resampling = Resampling { seed: study.seed, resamples: RESAMPLES };
    let needs = Needs::of(trials, |trial| standing(cells, &spread, trial), resampling);
    needs.map_err(|refused: Refused| {
        let place = Place::file(&study.origin.file);
        let accepted = "more scenarios (size.max_worlds), or `draws` nearer to the weights";
        Fault::new(place, refused.to_string()).accepted(accepted).into()
    })
}

/// What was read for each crash.
fn described(lab: &Lab) -> Vec<Vec<crate::report::exchange::Symbol<'_>>> {
    lab.crashes.iter().map(super::exchange::symbols).collect()
}
