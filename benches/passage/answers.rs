//! Answers of every engine, their digests, and the times that they take.

use super::question::{Question, Terms};
use deleverage::engine::{Market, Sieve, Sifted};
use deleverage::passage::Engine;
use deleverage::run::{Work, count_all};
use deleverage::scenario::{Entry, Plan};
use deleverage::tally::Tally;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Entries of one pass.
const CHUNK: usize = 16_384;
/// One entry in so many is walked from bar to bar.
pub const SAMPLE: usize = 503;

/// Of each side and leverage: how many are liquidated, and the sum of their bars.
pub type Digest = Vec<(u64, u64)>;

pub fn pool(threads: usize) -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// Median of five runs.
pub fn time<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut times = [(); 5].map(|()| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    times.sort_unstable();
    times[2]
}

/// The first bar of every position, as far as the sieve can tell.
pub fn sift(sieve: &Sieve, plan: &Plan, pool: &ThreadPool) -> Vec<Sifted> {
    let sift = |chunk| {
        let mut sifted = Sifted::default();
        sieve.sift(chunk, &mut sifted);
        sifted
    };
    pool.install(|| plan.entries.par_chunks(CHUNK).map(sift).collect())
}

/// The same with the answers thrown away.
pub fn sift_on(sieve: &Sieve, plan: &Plan, pool: &ThreadPool) {
    let sift = |mut sifted, chunk| {
        sieve.sift(chunk, &mut sifted);
        sifted
    };
    let chunks = || plan.entries.par_chunks(CHUNK).fold(Sifted::default, sift);
    pool.install(|| chunks().for_each(|sifted| drop(black_box(sifted))));
}

pub fn digest_of_sifted(plan: &Plan, sifted: &[Sifted], combinations: usize) -> Digest {
    let mut digest = vec![(0, 0); combinations];
    for (entries, sifted) in plan.entries.chunks(CHUNK).zip(sifted) {
        for (place, entry) in entries.iter().enumerate() {
            for (number, bar) in sifted.looks(place) {
                if entry.room >= plan.horizons[0] {
                    digest[number].0 += 1;
                    digest[number].1 += (bar - entry.first + 1) as u64;
                }
            }
        }
    }
    digest
}

pub fn digest_of_tally(tally: &Tally) -> Digest {
    let bars = |deaths: &[u64]| (1..).zip(deaths).map(|(bar, dead)| bar * dead).sum();
    let cells = tally.cells().iter();
    cells.map(|cell| (cell.deaths.iter().sum(), bars(&cell.deaths))).collect()
}

/// All outcomes that are counted, through the path of `deleverage run --outcomes none`.
pub fn count(
    question: &Question,
    (plan, engine): (&Plan, Engine),
    market: &Market,
    pool: &ThreadPool,
) -> Tally {
    let sieve = Sieve::of(engine, market, &question.study, plan);
    let (study, rules) = (&question.study, &question.inputs.rules);
    let work = Work { study, plan, market, rules, sieve: sieve.as_ref() };
    count_all(pool, work, |_| Ok(())).unwrap()
}

/// The same study with one entry in so many.
pub fn thinned(plan: &Plan) -> Plan {
    let entries: Vec<Entry> = plan.entries.iter().step_by(SAMPLE).copied().collect();
    let short = |bars: &usize| entries.iter().filter(|entry| entry.room < *bars).count();
    let left_out = plan.horizons.iter().map(short).collect();
    Plan { entries, left_out, horizons: plan.horizons.clone() }
}

/// One row of the table.
pub struct Figure {
    pub terms: Terms,
    pub engine: String,
    pub threads: usize,
    pub positions: u64,
    pub time: Duration,
}

impl Figure {
    /// Positions a second, in millions.
    pub fn rate(&self) -> f64 {
        self.positions as f64 / self.time.as_secs_f64() / 1e6
    }
}
