//! Positions in parallel where nobody asks for their rows: survivors are counted together, and of a
//! liquidation only what is counted is computed.

use super::batch::Work;
use crate::engine::{AtOnce, Ended, Exposure, Outlook, Scene, Sifted, liquidation, opened};
use crate::fault::Result;
use crate::scenario::{Entry, Wanted};
use crate::tally::Tally;
use rayon::prelude::*;

/// Fewest entries that are sifted and counted in one go.
const SIFTED: usize = 1 << 14;
/// Chunks between two reports of progress.
const BATCH: usize = 16;

/// Counts every position of a plan, batch by batch, and keeps none of them.
pub fn count_all(
    pool: &rayon::ThreadPool,
    work: Work,
    mut take: impl FnMut(u64) -> Result<()>,
) -> Result<Tally> {
    let counter = Counter::of(work);
    let fresh = || Tally::new(work.study, work.plan);
    let mut all = fresh();
    // A chunk walks the bars of its longest horizon besides its own.
    let chunk = work.plan.horizons.iter().max().copied().unwrap_or_default().max(SIFTED);
    for batch in work.plan.entries.chunks(chunk * BATCH) {
        let count = |mut tally: Tally, entries: &[Entry]| {
            counter.count(entries, &mut tally);
            tally
        };
        let counted =
            || batch.par_chunks(chunk).fold(fresh, count).reduce(fresh, |a, b| a.plus(&b));
        all = all.plus(&pool.install(counted));
        take(counter.positions(batch))?;
    }
    Ok(all)
}

struct Counter<'a> {
    work: Work<'a>,
    /// Side × leverage × notional.
    combinations: Vec<Wanted>,
    at_once: Option<AtOnce<'a>>,
}

/// A horizon that an entry has room for.
#[derive(Clone, Copy)]
struct Open {
    number: usize,
    bars: usize,
    /// Calendar block of the entry.
    block: usize,
}

impl<'a> Counter<'a> {
    fn of(work: Work<'a>) -> Self {
        let combinations = work.plan.combinations(work.study).collect();
        Self { work, combinations, at_once: AtOnce::of(scene(work)) }
    }

    fn positions(&self, entries: &[Entry]) -> u64 {
        let open: usize = entries.iter().map(|entry| self.work.plan.open(entry).count()).sum();
        (open * self.combinations.len()) as u64
    }

    fn count(&self, entries: &[Entry], tally: &mut Tally) {
        self.enter(entries, tally);
        let sifted = self.work.sieve.map(|sieve| sieve.sift(entries));
        let mut open = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            open.clear();
            open.extend(self.work.plan.open(entry).map(|(number, bars)| Open {
                number,
                bars,
                block: tally.block(number, entry.time),
            }));
            for (number, wanted) in self.combinations.iter().enumerate() {
                let outlook = outlook(sifted.as_ref(), place, number);
                if outlook != Outlook::Quiet {
                    self.end(entry, (wanted, outlook), &open, tally);
                }
            }
        }
    }

    /// Counts who is there: as many in each cell of a horizon.
    fn enter(&self, entries: &[Entry], tally: &mut Tally) {
        let (plan, notionals) = (self.work.plan, self.work.study.notionals.len() as u64);
        let cells = tally.cells().len();
        for (horizon, bars) in plan.horizons.iter().enumerate() {
            let opened = entries.iter().filter(|entry| *bars <= entry.room);
            let blocks: Vec<usize> = opened.map(|entry| tally.block(horizon, entry.time)).collect();
            for run in blocks.chunk_by(|one, other| one == other) {
                for cell in (horizon..cells).step_by(plan.horizons.len()) {
                    tally.enter((cell, run[0]), run.len() as u64 * notionals);
                }
            }
        }
    }

    /// Counts the end of one position under each of its horizons. A liquidation that left nothing
    /// within one is the same in every longer one.
    fn end(
        &self,
        entry: &Entry,
        (wanted, outlook): (&Wanted, Outlook),
        open: &[Open],
        tally: &mut Tally,
    ) {
        let Work { study, market, .. } = self.work;
        let Some(position) = opened(study, &market.law, wanted, entry.price) else { return };
        let at_once = self.at_once.zip(outlook.bar());
        let mut ended = at_once.and_then(|(at_once, bar)| at_once.end(&position, entry.first, bar));
        for Open { number, bars, block } in open {
            let within = ended.and_then(|end| end.last_bar).is_some_and(|last| last <= *bars);
            let end = match ended.filter(|_| within) {
                Some(end) => Some(end),
                None => {
                    let exposure = Exposure { first: entry.first, bars: *bars };
                    let all = liquidation(scene(self.work), &position, exposure, outlook);
                    all.as_ref().map(Ended::from)
                }
            };
            if let Some(end) = &end {
                tally.end((wanted.cell + number, *block), position.margin, end);
                ended = Some(*end);
            }
        }
    }
}

fn scene(work: Work) -> Scene {
    Scene { market: work.market, rules: work.rules, slippage: &work.study.slippage }
}

fn outlook(sifted: Option<&Sifted>, place: usize, combination: usize) -> Outlook {
    sifted.map_or(Outlook::Unknown, |sifted| sifted.outlook(place, combination))
}
