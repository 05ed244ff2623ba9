//! The line from end to end: study → inputs → positions in parallel → tally → report.

mod batch;
mod count;
mod critical;
mod earlier;
pub mod exchange;
mod explain;
mod facts;
pub mod fund;
mod inputs;
mod markets;
mod population;
pub mod reverse;
mod room;
mod sizes;
mod validate;
mod way;

pub use batch::{Work, simulate_all};
pub use count::count_all;
pub use critical::criticals;
pub use explain::{Replayed, replay};
pub use facts::{FactSheet, PATHS, Paths, Trial, facts};
pub use inputs::{Inputs, load};
pub use markets::{MarketInputs, load_exchange};
pub use population::{Peopled, populate};
pub use validate::{Terms, validate};

use crate::engine::{Conditions, Law, Market, Scene, Sieve};
use crate::fault::{Error, Result};
use crate::history::Cache;
use crate::passage::{Engine, Passage};
use crate::report::{self, Existing, Facts, Shelf, Sink};
use crate::scenario::{OutcomeFormat, Plan, Study};
use crate::tally::{self, Row, Tally};
use sizes::check_sizes;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// What a run is asked beside the study itself. None of it changes a result.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the report; it must not exist unless `force` is chosen.
    pub out: PathBuf,
    pub existing: Existing,
    /// `None`: one thread per core.
    pub threads: Option<usize>,
    pub format: OutcomeFormat,
    /// How the study `leverage` searches its histories.
    pub engine: Engine,
    /// Where parsed files are kept; `None`: all are parsed anew.
    pub cache: Option<Cache>,
    /// What reproduces the run, for the manifest.
    pub command: String,
}

/// Told how far a run has come, from any thread.
pub trait Progress: Sync {
    /// How many positions or worlds there are.
    fn begin(&self, count: u64);
    fn advance(&self, count: u64);
    fn end(&self);
}

/// A run that nobody watches.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

/// Set by Ctrl-C; a run looks at it between two batches.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    pub const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn check(&self) -> Result<()> {
        if self.0.load(Ordering::SeqCst) { Err(Error::Interrupted) } else { Ok(()) }
    }
}

/// What a finished run leaves behind.
#[derive(Debug)]
pub struct Finished {
    pub folder: PathBuf,
    /// The sentences of `summary.txt`.
    pub summary: String,
    /// The rows of `frequency.csv` and `safe.csv`, and where the report lies.
    pub json: serde_json::Value,
    pub positions: u64,
    pub seconds: f64,
}

/// Runs a study and writes its report: to a temporary folder beside `out`, renamed at the end.
///
/// # Errors
/// Inputs that cannot be read or do not fit together, an existing folder, a full disk, Ctrl-C. No
/// half-written report is left behind.
pub fn run(
    study: &Study,
    options: &Options,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Finished> {
    let started = begin(options)?;
    let inputs = load(study, options.cache.as_ref())?;
    let plan = Plan::bind(study, &inputs.history, &inputs.rules)?;
    let conditions = Conditions::under(&inputs.rules, &inputs.history);
    let index = options.engine.index(&inputs.history.mark);
    let passage = Passage::of(&inputs.history.mark, index.as_ref());
    let market = market(study, &inputs, &conditions, passage);
    check_sizes(study, &market, &plan)?;
    let shelf = Shelf::open(&options.out, options.existing)?;
    let positions = plan.positions(study);
    progress.begin(positions);
    let pool = pool(options.threads)?;
    let rules = &inputs.rules;
    let scene = Scene { market: &market, rules, slippage: &study.slippage };
    let sieve = Sieve::of(options.engine, scene, study, &plan);
    let work = Work { study, plan: &plan, market: &market, rules, sieve: sieve.as_ref() };
    let tell = |done: u64| {
        progress.advance(done);
        cancel.check()
    };
    let tally = match options.format {
        OutcomeFormat::None => count_all(&pool, work, tell)?,
        format => {
            let sink = report::outcomes::sink(format, shelf.folder(), inputs.history.scale)?;
            written(&pool, work, sink, tell)?
        }
    };
    let criticals = criticals(&pool, work, || cancel.check())?;
    progress.end();
    let to_scenario = way::between(&options.out, &study.folder);
    let replay = tally::worst_entry(study, &plan, &market, &inputs.rules);
    let facts = Facts {
        study,
        to_scenario: &to_scenario,
        history: &inputs.history,
        files: &inputs.files,
        shipped: inputs.shipped.as_ref(),
        rules: &inputs.rules,
        as_of: inputs.as_of,
        plan: &plan,
        tally: &tally,
        criticals: criticals.as_ref(),
        replay: replay.as_ref(),
        positions,
        command: &options.command,
        threads: pool.current_num_threads(),
        seconds: started.elapsed().as_secs_f64(),
    };
    let summary = report::write(&facts, shelf.folder())?;
    cancel.check()?;
    let folder = shelf.place()?;
    let json = report::shares(&facts, &folder);
    Ok(Finished { folder, summary, json, positions, seconds: started.elapsed().as_secs_f64() })
}

/// When a run began. A place that is taken is refused before anything is read.
fn begin(options: &Options) -> Result<Instant> {
    let started = Instant::now();
    Shelf::check(&options.out, options.existing).map(|()| started)
}

/// `None`: one thread per core.
fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
    pool.build().map_err(|error| Error::io("start", "threads")(std::io::Error::other(error)))
}

/// Simulates all positions, writes each to the sink and counts it.
fn written(
    pool: &rayon::ThreadPool,
    work: Work,
    mut sink: Box<dyn Sink<Row>>,
    tell: impl Fn(u64) -> Result<()>,
) -> Result<Tally> {
    let mut tally = Tally::new(work.study, work.plan);
    simulate_all(pool, work, |rows| {
        rows.iter().for_each(|row| tally.add(row));
        pool.install(|| sink.write(rows))?;
        tell(rows.len() as u64)
    })?;
    sink.finish()?;
    Ok(tally)
}

/// The study's market: its history under its venue's law.
pub fn market<'a>(
    study: &Study,
    inputs: &'a Inputs,
    conditions: &'a Conditions,
    passage: Passage<'a>,
) -> Market<'a> {
    let (history, law) = (&inputs.history, Law::of(&inputs.rules, inputs.history.scale));
    let Conditions { funding, raised } = conditions;
    Market { history, funding, law, raised: raised.as_ref(), path: study.path, passage }
}
