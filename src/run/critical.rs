//! Critical leverages of all entries in parallel, counted in the order of time.

use super::batch::Work;
use crate::engine::{CriticalLevels, Sieve, Windows};
use crate::fault::Result;
use crate::passage::Engine;
use crate::scenario::{Entry, LeverageGrid, MarginMode};
use crate::tally::Criticals;
use rayon::prelude::*;

/// Fewest entries that are asked about in one go: each chunk walks the bars of its longest horizon
/// besides its own.
const FEWEST: usize = 1 << 10;
/// Most positions in one go: bounds the memory.
const MOST: usize = 1 << 20;
/// Chunks between two looks at the clock of the caller, for each thread.
const SHARES: usize = 4;

/// How the critical leverage is distributed over the entries of a plan; `None`: it has no meaning
/// because a wallet stands behind the positions, or no short way because the requirement changes
/// with volatility. Rule `CRT-003`.
///
/// # Errors
/// What `check` says between two batches.
pub fn criticals(
    pool: &rayon::ThreadPool,
    work: Work,
    check: impl Fn() -> Result<()>,
) -> Result<Option<Criticals>> {
    let Work { study, plan, market, rules, .. } = work;
    let sieve = Sieve::of(Engine::Stack, work.scene(), study, plan);
    let Some(sieve) = sieve.filter(|_| study.margin == MarginMode::Isolated) else {
        return Ok(None);
    };
    let grid = LeverageGrid::of(study, plan, rules, market.history.scale);
    let windows = Windows { bars: &plan.horizons, grid: &grid };
    let mut all = Criticals::new(study, plan, grid.clone());
    let threads = pool.current_num_threads();
    let chunk = chunk(&work, threads);
    let batch = chunk * SHARES * threads;
    let mut spare: Vec<CriticalLevels> = Vec::new();
    for entries in plan.entries.chunks(batch) {
        spare.resize_with(entries.len().div_ceil(chunk), CriticalLevels::default);
        pool.install(|| {
            let chunks = entries.par_chunks(chunk).zip(&mut spare);
            chunks.for_each(|(entries, found)| sieve.critical(entries, windows, found));
            let cells = all.all_mut().par_iter_mut().enumerate();
            cells.for_each(|(number, cell)| {
                let horizon = plan.horizons[number % plan.horizons.len()];
                let chunks = entries.chunks(chunk).zip(&spare);
                let places = chunks.flat_map(|(entries, found)| {
                    entries.iter().enumerate().map(move |(place, entry)| (entry, found, place))
                });
                let opened = |(entry, ..): &(&Entry, _, _)| horizon <= entry.room;
                places.filter(opened).for_each(|(entry, found, place)| {
                    cell.add(entry.time, found.of(place, number));
                });
            });
        });
        check()?;
    }
    all.all_mut().iter_mut().for_each(|cell| cell.finish());
    Ok(Some(all))
}

/// Entries in one go. The answers do not depend on it.
fn chunk(work: &Work, threads: usize) -> usize {
    let Work { study, plan, .. } = *work;
    let longest = plan.horizons.iter().max().copied().unwrap_or_default();
    let per_entry = study.sides.len() * study.notionals.len() * plan.horizons.len();
    let most = (4 * longest).min(MOST / per_entry.max(1));
    most.min(plan.entries.len() / (SHARES * threads)).max(FEWEST)
}
