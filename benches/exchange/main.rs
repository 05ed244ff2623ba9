//! What an exchange costs, beside a plain scan of the same law: the queue alone, and whole worlds.
//!
//! `cargo bench --profile dev --bench exchange` compiles nothing of the library anew. Before
//! anything is timed, queue or world and scan must liquidate the same accounts at the same marks.
//! A rate is account-steps per second: accounts × minutes / time.

#![allow(clippy::unwrap_used, reason = "a panic is how a bench fails")]

mod digest;
#[path = "../../tests/exchange_laws/endless.rs"]
mod endless;
mod market;
mod queue;
mod town;
mod worlds;

use criterion::{Criterion, criterion_group, criterion_main};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Two days of minutes.
const STEPS: usize = 2_880;
/// 60,000 in steps of a price.
const START: i64 = 60_000 * 100_000_000;

fn below(random: &mut ChaCha8Rng, limit: i64) -> i64 {
    (i64::from(random.next_u32()) * limit) >> 32
}

/// Times of some runs of the same.
#[derive(Debug, Clone, Copy)]
struct Took {
    lowest: Duration,
    median: Duration,
    highest: Duration,
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2?} ({:.2?} to {:.2?})", self.median, self.lowest, self.highest)
    }
}

/// The last answer of so many runs, and their times.
fn time<T>(runs: usize, mut run: impl FnMut() -> T) -> (T, Took) {
    let mut timed = || {
        let start = Instant::now();
        let answer = black_box(run());
        (answer, start.elapsed())
    };
    let (mut last, first) = timed();
    let mut times = vec![first];
    for _ in 1..runs {
        let (answer, took) = timed();
        last = answer;
        times.push(took);
    }
    times.sort_unstable();
    (last, Took { lowest: times[0], median: times[runs / 2], highest: times[runs - 1] })
}

/// Account-steps per second.
fn per_second(accounts: usize, steps: usize, time: Duration) -> f64 {
    (accounts * steps) as f64 / time.as_secs_f64()
}

criterion_group! {
    name = exchange;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = queue::bench, worlds::bench
}
criterion_main!(exchange);
