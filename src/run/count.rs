//! Positions in parallel where nobody asks for their rows: survivors are counted together, and of a
//! liquidation only what is counted is computed.

use super::batch::Work;
use crate::engine::{
    AtOnce, Ended, Exposure, Outlook, Position, Sifted, fixed_margin, liquidation, opened,
};
use crate::fault::Result;
use crate::money::{Cash, Quantity};
use crate::scenario::{Entry, Wanted};
use crate::tally::Tally;
use rayon::prelude::*;

/// Fewest entries that are sifted in one go: each chunk walks the bars of its longest horizon
/// besides its own.
const SIFTED: usize = 1 << 10;
/// Most positions of one horizon that are: bounds the memory.
const MOST: usize = 1 << 23;
/// Entries in one go that are searched one by one, and between two reports of progress.
const SEARCHED: (usize, usize) = (64, 1 << 14);
/// Chunks for each thread, so that none waits long for the last.
const SHARES: usize = 16;
/// Chunks of each thread between two reports of progress.
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
    let (chunk, batch) = counter.work_units(pool.current_num_threads());
    for batch in work.plan.entries.chunks(batch) {
        let count = |(mut tally, mut sifted): (Tally, Sifted), entries: &[Entry]| {
            counter.count(entries, &mut sifted, &mut tally);
            (tally, sifted)
        };
        let counted = || {
            let chunks = batch.par_chunks(chunk).fold(|| (fresh(), Sifted::default()), count);
            chunks.map(|(tally, _)| tally).reduce(fresh, |a, b| a.plus(&b))
        };
        all = all.plus(&pool.install(counted));
        take(counter.positions(batch))?;
    }
    Ok(all)
}

struct Counter<'a> {
    work: Work<'a>,
    /// Side × leverage × notional.
    combinations: Vec<Wanted>,
    /// Of each combination; `None`: it depends on the entry.
    margins: Vec<Option<Cash>>,
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
        let Work { study, market, .. } = work;
        let combinations: Vec<Wanted> = work.plan.combinations(study).collect();
        let margin = |wanted: &Wanted| fixed_margin(study, &market.law, wanted);
        let margins = combinations.iter().map(margin).collect();
        Self { work, combinations, margins, at_once: AtOnce::of(work.scene()) }
    }

    /// Entries of one unit of work, and of all between two reports of progress.
    fn work_units(&self, threads: usize) -> (usize, usize) {
        let Work { plan, sieve, .. } = self.work;
        if sieve.is_none() {
            return SEARCHED;
        }
        let longest = plan.horizons.iter().max().copied().unwrap_or_default();
        let most = (4 * longest).min(MOST / self.combinations.len().max(1));
        let chunk = most.min(plan.entries.len() / (SHARES * threads)).max(SIFTED);
        (chunk, chunk * BATCH * threads)
    }

    fn positions(&self, entries: &[Entry]) -> u64 {
        let open: usize = entries.iter().map(|entry| self.work.plan.open(entry).count()).sum();
        (open * self.combinations.len()) as u64
    }

    fn count(&self, entries: &[Entry], sifted: &mut Sifted, tally: &mut Tally) {
        self.enter(entries, tally);
        if let Some(sieve) = self.work.sieve {
            sieve.sift(entries, sifted);
        }
        let mut open = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            open.clear();
            open.extend(self.work.plan.open(entry).map(|(number, bars)| Open {
                number,
                bars,
                block: tally.block(number, entry.time),
            }));
            match self.work.sieve.map(|_| &*sifted) {
                Some(sifted) => sifted.looks(place).for_each(|(number, look)| {
                    if let (true, Some(margin)) = (look.is_spent, self.margins[number]) {
                        let end = Ended::spent(look.bar - entry.first + 1);
                        return self.tell(number, (margin, end), &open, tally);
                    }
                    let (size, bar) = (sifted.size(place, number), look.bar);
                    self.end((entry, size), number, Outlook::Looks { bar }, (&open, tally));
                }),
                None => (0..self.combinations.len()).for_each(|number| {
                    self.end((entry, None), number, Outlook::Unknown, (&open, tally));
                }),
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

    /// The position of a combination at an entry, where its size may be known.
    fn position(
        &self,
        (entry, size): (&Entry, Option<Quantity>),
        number: usize,
    ) -> Option<Position> {
        let (wanted, price) = (&self.combinations[number], entry.price);
        match size.zip(self.margins[number]) {
            Some((quantity, margin)) => {
                Some(Position { side: wanted.side, quantity, entry: price, margin })
            }
            None => opened(self.work.study, &self.work.market.law, wanted, price),
        }
    }

    /// Counts an end that is the same under each horizon that is long enough.
    fn tell(&self, number: usize, (margin, end): (Cash, Ended), open: &[Open], tally: &mut Tally) {
        for open in open.iter().filter(|open| end.first_bar <= open.bars) {
            let cell = self.combinations[number].cell + open.number;
            tally.end((cell, open.block), margin, &end);
        }
    }

    /// Counts the end of one position under each of its horizons. A liquidation that left nothing
    /// within one is the same in every longer one.
    fn end(
        &self,
        (entry, size): (&Entry, Option<Quantity>),
        number: usize,
        outlook: Outlook,
        (open, tally): (&[Open], &mut Tally),
    ) {
        let Some(position) = self.position((entry, size), number) else { return };
        let at_once = self.at_once.zip(outlook.bar());
        if let Some(end) =
            at_once.and_then(|(at_once, bar)| at_once.end(&position, entry.first, bar))
        {
            return self.tell(number, (position.margin, end), open, tally);
        }
        let cell = self.combinations[number].cell;
        let mut ended: Option<Ended> = None;
        for Open { number, bars, block } in open {
            let within = |end: &Ended| end.last_bar.is_some_and(|last| last <= *bars);
            let end = ended.filter(within).or_else(|| {
                let exposure = Exposure { first: entry.first, bars: *bars };
                let all = liquidation(self.work.scene(), &position, exposure, outlook);
                all.as_ref().map(Ended::from)
            });
            if let Some(end) = &end {
                tally.end((cell + number, *block), position.margin, end);
                ended = Some(*end);
            }
        }
    }
}
