//! The line from end to end: study → inputs → positions in parallel → tally → report.

mod batch;
mod earlier;
mod explain;
mod inputs;
mod way;

pub use batch::{Work, simulate_all};
pub use explain::{Replayed, replay};
pub use inputs::{Inputs, load};

use crate::engine::{Conditions, Law, Market};
use crate::fault::{Error, Result};
use crate::money::Cash;
use crate::report::{self, Existing, Facts, Shelf};
use crate::scenario::{Entry, List, MarginMode, OutcomeFormat, Plan, Study, Wanted};
use crate::tally::{self, Tally};
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
    /// What reproduces the run, for the manifest.
    pub command: String,
}

/// Told how far a run has come.
pub trait Progress {
    fn begin(&self, positions: u64);
    fn advance(&self, positions: u64);
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
    /// The shares of `frequency.csv`, and where the report lies.
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
    let started = Instant::now();
    Shelf::check(&options.out, options.existing)?;
    let inputs = load(study)?;
    let plan = Plan::bind(study, &inputs.history, &inputs.rules)?;
    let conditions = Conditions::under(&inputs.rules, &inputs.history);
    let market = market(study, &inputs, &conditions);
    check_sizes(study, &market, &plan)?;
    let shelf = Shelf::open(&options.out, options.existing)?;
    let mut sink = report::outcomes::sink(options.format, shelf.folder(), inputs.history.scale)?;
    let mut tally = Tally::new(study, &plan);
    let positions = plan.positions(study);
    progress.begin(positions);
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(options.threads.unwrap_or(0)).build().map_err(
            |error| Error::io("start threads for", &options.out)(std::io::Error::other(error)),
        )?;
    let work = Work { study, plan: &plan, market: &market, rules: &inputs.rules };
    simulate_all(&pool, work, |rows| {
        cancel.check()?;
        rows.iter().for_each(|row| tally.add(row));
        pool.install(|| sink.write(rows))?;
        progress.advance(rows.len() as u64);
        Ok(())
    })?;
    sink.finish()?;
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

/// The study's market: its history under its venue's law.
pub fn market<'a>(study: &Study, inputs: &'a Inputs, conditions: &'a Conditions) -> Market<'a> {
    let law = Law::of(&inputs.rules, inputs.history.scale);
    let Conditions { funding, raised } = conditions;
    Market { history: &inputs.history, funding, law, raised: raised.as_ref(), path: study.path }
}

/// Refuses, before anything is computed, what exact arithmetic has no room for, and what a wallet
/// cannot back.
fn check_sizes(study: &Study, market: &Market, plan: &Plan) -> Result<()> {
    check_wallet(study, market, plan)?;
    let history = market.history;
    let highest = history.trade.high.iter().chain(&history.mark.high).max();
    let lowest = history.trade.low.iter().chain(&history.mark.low).min();
    let (side, leverage) = (study.sides[0], study.leverages[0]);
    let holds = |notional: Cash, entry: &Entry| {
        let opened = market.law.open(side, notional, entry.price, leverage);
        let prices = lowest.zip(highest);
        opened.is_some_and(|position| {
            prices.is_none_or(|(low, high)| market.law.holds(&position, *low, *high))
        })
    };
    for (index, notional) in study.notionals.iter().enumerate() {
        if !plan.entries.iter().all(|entry| holds(*notional, entry)) {
            let at = List::nth(study.raw.positions.notional.as_ref(), index);
            let problem = "positions.notional: cannot be held exactly at the history's prices";
            return Err(study
                .origin
                .fault(at, problem)
                .found(notional)
                .accepted(
                    "an amount that buys at least 1e-8 of the base, and whose products with prices \
                     stay below 2^126 exact steps",
                )
                .into());
        }
    }
    Ok(())
}

/// A wallet must hold the margin of every position that it is to back.
fn check_wallet(study: &Study, market: &Market, plan: &Plan) -> Result<()> {
    let MarginMode::Cross { wallet } = study.margin else { return Ok(()) };
    let margin = |entry: &Entry, wanted: Wanted| {
        let Wanted { side, notional, leverage, .. } = wanted;
        market.law.open(side, notional, entry.price, leverage).map(|position| position.margin)
    };
    let at = |entry: &Entry| {
        let margins = plan.wanted(study, entry).into_iter();
        margins.filter_map(|wanted| margin(entry, wanted)).max()
    };
    let Some(most) = plan.entries.iter().filter_map(at).max().filter(|most| *most > wallet) else {
        return Ok(());
    };
    let problem = "positions.wallet: below the initial margin of a position that it is to back";
    Err(study
        .origin
        .fault(study.raw.positions.wallet.as_ref(), problem)
        .found(wallet)
        .accepted(format!("at least {most}, or a smaller notional or a higher leverage"))
        .into())
}
