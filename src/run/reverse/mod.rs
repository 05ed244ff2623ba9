//! Reverse stress: how far must one thing be turned until a limit is reached?

mod frontier;
mod knob;
mod point;
mod search;
mod tornado;

use super::fund::Lab;
use super::{Cancel, Finished, Options, Progress, begin, pool, way};
use crate::fault::{Fault, Place, Result};
use crate::report::reverse::{self, Facts};
use crate::report::{Shelf, exchange::Symbol};
use crate::scenario::FundStudy;
use knob::Knob;
use point::Points;

/// Runs a reverse stress of one crash and writes its report: to a temporary folder beside `out`,
/// renamed at the end. `crash` is the name of one of the study's; `None`: the first.
///
/// # Errors
/// Inputs that cannot be read or do not fit together, an unknown crash, an existing folder, a full
/// disk, Ctrl-C.
pub fn run(
    study: &FundStudy,
    (options, crash): (&Options, Option<&str>),
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Finished> {
    let started = begin(options)?;
    let crash = crash.map_or(Ok(0), |name| number(study, name))?;
    let lab = Lab::open(study, options.cache.as_ref())?;
    let pool = pool(options.threads)?;
    let shelf = Shelf::open(&options.out, options.existing)?;
    let points = Points { study, lab: &lab, crash, progress, cancel };
    progress.begin(points.expected());
    let searches = pool.install(|| {
        Knob::ALL.into_iter().map(|knob| search::search(&points, knob)).collect::<Result<Vec<_>>>()
    })?;
    let frontier = pool.install(|| frontier::frontier(&points))?;
    let tornado = pool.install(|| tornado::tornado(&points))?;
    progress.end();
    let symbols: Vec<Symbol> = super::exchange::symbols(&lab.crashes[crash]);
    let facts = Facts {
        study,
        crash,
        symbols: &symbols,
        to_scenario: &way::between(&options.out, &study.crashes[crash].study.folder),
        searches: &searches,
        frontier: &frontier,
        tornado: &tornado,
        command: &options.command,
    };
    let summary = reverse::write(&facts, shelf.folder())?;
    cancel.check()?;
    let folder = shelf.place()?;
    let json = reverse::figures(&facts, &folder);
    let (positions, seconds) = (points.expected(), started.elapsed().as_secs_f64());
    Ok(Finished { folder, summary, json, positions, seconds })
}

fn number(study: &FundStudy, name: &str) -> Result<usize> {
    let names = study.crashes.iter().map(|crash| &*crash.name);
    study.crashes.iter().position(|crash| crash.name == name).ok_or_else(|| {
        Fault::new(Place::file(&study.origin.file), "--crash: not a crash of this study")
            .found(name)
            .accepted(names.collect::<Vec<_>>().join(", "))
            .into()
    })
}
