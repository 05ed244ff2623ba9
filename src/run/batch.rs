//! Positions in parallel: fixed chunks of entries, merged in order, so that the bytes do not
//! depend on the number of threads.

use crate::engine::{
    Exposure, Journal, Market, Outlook, Scene, Sieve, Sifted, Unread, opened, simulate_ahead,
};
use crate::fault::Result;
use crate::scenario::{Entry, Plan, Study, Wanted};
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
    /// `None`: each position is searched for itself.
    pub sieve: Option<&'a Sieve<'a>>,
}

impl<'a> Work<'a> {
    /// Where its positions are simulated.
    pub(super) fn scene(self) -> Scene<'a> {
        Scene { market: self.market, rules: self.rules, slippage: &self.study.slippage }
    }
}

/// Simulates every position of a plan and hands the rows over in order, batch by batch.
pub fn simulate_all(
    pool: &rayon::ThreadPool,
    work: Work,
    mut take: impl FnMut(&[Row]) -> Result<()>,
) -> Result<()> {
    let mut sifted = Sifted::default();
    for batch in work.plan.entries.chunks(CHUNK * BATCH) {
        let chunks: Vec<Vec<Row>> = pool.install(|| {
            let sifted = work.sieve.map(|sieve| {
                sieve.sift(batch, &mut sifted);
                &sifted
            });
            let rows = |(number, chunk): (usize, &[Entry])| -> Vec<Row> {
                let entries = chunk.iter().enumerate();
                let places = entries.map(|(place, entry)| (number * CHUNK + place, entry));
                places.flat_map(|entry| at_entry(work, sifted, entry)).collect()
            };
            batch.par_chunks(CHUNK).enumerate().map(rows).collect()
        });
        take(&chunks.concat())?;
    }
    Ok(())
}

/// All positions opened at one entry.
fn at_entry(work: Work, sifted: Option<&Sifted>, (place, entry): (usize, &Entry)) -> Vec<Row> {
    let horizons = work.plan.open(entry).count();
    let row = |(number, wanted): (usize, Wanted)| {
        let outlook = sifted
            .map_or(Outlook::Unknown, |sifted| sifted.outlook(place, number / horizons.max(1)));
        row(work, entry, (&wanted, outlook), &mut Unread)
    };
    let wanted = work.plan.wanted(work.study, entry).into_iter().enumerate();
    wanted.filter_map(row).collect()
}

/// One position, opened and simulated. `None`: nothing that could be held is bought.
pub(super) fn row(
    work: Work,
    entry: &Entry,
    (wanted, outlook): (&Wanted, Outlook),
    journal: &mut impl Journal,
) -> Option<Row> {
    let position = opened(work.study, &work.market.law, wanted, entry.price)?;
    let exposure = Exposure { first: entry.first, bars: wanted.bars };
    Some(Row {
        cell: wanted.cell,
        entered: entry.time,
        side: wanted.side,
        leverage: wanted.leverage,
        notional: wanted.notional,
        horizon_bars: wanted.bars,
        position,
        outcome: simulate_ahead(work.scene(), &position, (exposure, outlook), journal),
    })
}
