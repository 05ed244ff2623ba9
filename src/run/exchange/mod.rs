//! A study of the exchange: worlds in parallel, tally, report.

mod cast;
mod replay;
mod stage;
mod timeline;

pub(super) use cast::digest;
pub use replay::{ReplayedWorld, replay};
pub(super) use stage::observed;

use super::{
    Cancel, Finished, Inputs, MarketInputs, Options, Progress, begin, load_exchange, pool, way,
};
use crate::exchange::World;
use crate::fault::Result;
use crate::report::exchange::{Alternative, Facts, Symbol, Told};
use crate::report::{self, Shelf};
use crate::scenario::ExchangeStudy;
use crate::scenario::exchange::AdlChoice;
use crate::tally::exchange::Worlds;
use crate::venue::AdlRank;
pub(super) use stage::Stage;

/// Runs a study and writes its report: to a temporary folder beside `out`, renamed at the end.
///
/// # Errors
/// Inputs that cannot be read or do not fit together, an existing folder, a full disk, Ctrl-C. No
/// half-written report is left behind.
pub fn run(
    study: &ExchangeStudy,
    options: &Options,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Finished> {
    let started = begin(options)?;
    let inputs = load_exchange(study, options.cache.as_ref())?;
    let (study, markets) = (&inputs.study, inputs.markets());
    let stage = Stage::set(&inputs, &markets)?;
    let shelf = Shelf::open(&options.out, options.existing)?;
    let context = stage.context();
    let mut sink = report::exchange::sink(options.format, shelf.folder(), context)?;
    let pool = pool(options.threads)?;
    progress.begin(u64::from(study.worlds));
    let write = |worlds: &[World]| pool.install(|| sink.write(worlds));
    let list = stage.live(&pool, (progress, cancel), write)?;
    sink.finish()?;
    progress.end();
    let timeline = pool.install(|| timeline::over(&list, stage.bars()));
    let worlds = Worlds::new(list);
    let told = picked(&stage, &worlds);
    let alternatives = alternatives(&stage, &told);
    cancel.check()?;
    let digest = study.population.file.as_deref().map(digest).transpose()?;
    let facts = Facts {
        study,
        to_scenario: &way::between(&options.out, &study.folder),
        symbols: &symbols(&inputs),
        population_file: digest.as_deref(),
        scene: stage.scene,
        worlds: &worlds,
        timeline: &timeline,
        told: &told,
        alternatives: &alternatives,
        command: &options.command,
        threads: pool.current_num_threads(),
        seconds: started.elapsed().as_secs_f64(),
    };
    let summary = report::exchange::write(&facts, shelf.folder())?;
    cancel.check()?;
    let folder = shelf.place()?;
    let json = report::exchange::figures(&facts, &folder);
    let (positions, seconds) = (worlds.count(), started.elapsed().as_secs_f64());
    Ok(Finished { folder, summary, json, positions, seconds })
}

/// What the report says of each symbol's inputs.
pub(super) fn symbols(inputs: &MarketInputs) -> Vec<Symbol<'_>> {
    inputs.symbols.iter().map(symbol).collect()
}

fn symbol(inputs: &Inputs) -> Symbol<'_> {
    Symbol {
        history: &inputs.history,
        files: &inputs.files,
        shipped: inputs.shipped.as_ref(),
        rules: &inputs.rules,
        as_of: inputs.as_of,
    }
}

/// The picked world once more, with a journal.
fn picked(stage: &Stage, worlds: &Worlds) -> Told {
    let first = worlds.picked(stage.scene.study.pick);
    let told = stage.told(first.world);
    let again = World { timeline: Vec::new(), ..told.world.clone() };
    let before = World { timeline: Vec::new(), ..first.clone() };
    assert_eq!(again, before, "a journal changes nothing");
    told
}

/// The picked world with other ways to choose who is deleveraged, where the study asks for them.
fn alternatives(stage: &Stage, told: &Told) -> Vec<Alternative> {
    if stage.scene.study.adl == AdlChoice::Venue {
        return Vec::new();
    }
    let own = stage.scene.markets[0].rules.loss.adl_rank;
    let others = [AdlRank::ProRata, AdlRank::Unranked].into_iter().filter(|rank| *rank != own);
    others.map(|rank| stage.alternative(rank, told)).collect()
}
