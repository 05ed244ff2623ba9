//! Positions in parallel: fixed chunks of entries, merged in order, so that the bytes do not
//! depend on the number of threads.

use crate::engine::{Exposure, Market, simulate};
use crate::fault::Result;
use crate::scenario::{Entry, Plan, Study};
use crate::tally::Row;
use crate::venue::VenueRules;
use rayon::prelude::*;

/// Entries per unit of parallel work.
const CHUNK: usize = 16;
/// Chunks between two merges: bounds the memory, and is the size of a row group.
const BATCH: usize = 128;

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

/// All positions opened at one entry, in the order side × leverage × notional × horizon.
fn at_entry(work: Work, entry: &Entry) -> Vec<Row> {
    let Work { study, plan, market, rules } = work;
    let mut rows = Vec::new();
    for (s, side) in study.sides.iter().enumerate() {
        for (l, leverage) in study.leverages.iter().enumerate() {
            let cell = (s * study.leverages.len() + l) * plan.horizons.len();
            for notional in &study.notionals {
                let opened = market.law.open(*side, *notional, entry.price, *leverage);
                let Some(position) = opened else { continue };
                for (h, bars) in plan.horizons.iter().enumerate() {
                    if *bars > entry.room {
                        continue;
                    }
                    let exposure = Exposure { first: entry.first, bars: *bars };
                    rows.push(Row {
                        cell: cell + h,
                        entered: entry.time,
                        side: *side,
                        leverage: *leverage,
                        notional: *notional,
                        horizon_bars: *bars,
                        position,
                        outcome: simulate(market, rules, &study.slippage, &position, exposure),
                    });
                }
            }
        }
    }
    rows
}
