//! Positions in parallel: fixed chunks of entries, merged in order, so that the bytes do not
//! depend on the number of threads.

use crate::engine::{Exposure, Journal, Market, Scene, Unread, liquidation, opened, simulate_with};
use crate::fault::Result;
use crate::scenario::{Entry, Plan, Study, Wanted};
use crate::tally::{Row, Tally};
use crate::venue::VenueRules;
use rayon::prelude::*;

/// Entries per unit of parallel work.
const CHUNK: usize = 16;
/// Chunks between two merges: bounds the memory, and is the size of a row group.
const BATCH: usize = 128;
/// Entries between two merges of counts.
const COUNTED: usize = 1 << 14;

/// What is simulated, and on what.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    pub study: &'a Study,
    pub plan: &'a Plan,
    pub market: &'a Market<'a>,
    pub rules: &'a VenueRules,
}

/// Simulates every position of a plan and hands the rows over in order, batch by batch.
pub fn simulate_all(
    pool: &rayon::ThreadPool,
    work: Work,
    mut take: impl FnMut(&[Row]) -> Result<()>,
) -> Result<()> {
    for batch in work.plan.entries.chunks(CHUNK * BATCH) {
        let chunks: Vec<Vec<Row>> = pool.install(|| {
            let rows = |chunk: &[Entry]| -> Vec<Row> {
                chunk.iter().flat_map(|entry| at_entry(work, entry)).collect()
            };
            batch.par_chunks(CHUNK).map(rows).collect()
        });
        take(&chunks.concat())?;
    }
    Ok(())
}

/// Counts every position of a plan, batch by batch, and keeps none of them.
pub fn count_all(
    pool: &rayon::ThreadPool,
    work: Work,
    mut take: impl FnMut(u64) -> Result<()>,
) -> Result<Tally> {
    let fresh = || (Tally::new(work.study, work.plan), 0);
    let (mut all, _) = fresh();
    for batch in work.plan.entries.chunks(COUNTED) {
        let counted = |(mut tally, count): (Tally, u64), entry: &Entry| {
            let here = count_entry(work, entry, &mut tally);
            (tally, count + here)
        };
        let (tally, count) = pool.install(|| {
            batch
                .par_iter()
                .with_min_len(CHUNK)
                .fold(fresh, counted)
                .reduce(fresh, |(one, n), (other, m)| (one.plus(&other), n + m))
        });
        all = all.plus(&tally);
        take(count)?;
    }
    Ok(all)
}

/// How many positions were opened at an entry.
fn count_entry(work: Work, entry: &Entry, tally: &mut Tally) -> u64 {
    let Work { study, plan, market, rules } = work;
    let scene = Scene { market, rules, slippage: &study.slippage };
    let mut count = 0;
    for wanted in plan.wanted(study, entry) {
        let Some(position) = opened(study, &market.law, &wanted, entry.price) else { continue };
        let exposure = Exposure { first: entry.first, bars: wanted.bars };
        let liquidation = liquidation(scene, &position, exposure);
        tally.count((wanted.cell, entry.time), position.margin, liquidation.as_ref());
        count += 1;
    }
    count
}

/// All positions opened at one entry.
fn at_entry(work: Work, entry: &Entry) -> Vec<Row> {
    let wanted = work.plan.wanted(work.study, entry);
    wanted.into_iter().filter_map(|wanted| row(work, entry, &wanted, &mut Unread)).collect()
}

/// One position, opened and simulated. `None`: nothing that could be held is bought.
pub(super) fn row(
    work: Work,
    entry: &Entry,
    wanted: &Wanted,
    journal: &mut impl Journal,
) -> Option<Row> {
    let Work { study, market, rules, .. } = work;
    let position = opened(study, &market.law, wanted, entry.price)?;
    let exposure = Exposure { first: entry.first, bars: wanted.bars };
    let scene = Scene { market, rules, slippage: &study.slippage };
    Some(Row {
        cell: wanted.cell,
        entered: entry.time,
        side: wanted.side,
        leverage: wanted.leverage,
        notional: wanted.notional,
        horizon_bars: wanted.bars,
        position,
        outcome: simulate_with(scene, &position, exposure, journal),
    })
}
