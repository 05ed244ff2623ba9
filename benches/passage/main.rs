//! First passage with every minute an entry: a walk, the pyramid, the window and the stack.
//!
//! `cargo bench --profile dev --bench passage` asks about a million bars, seven leverages and both
//! sides with a horizon of seven days, with and without funding and tiers. Before anything is timed,
//! all engines must give the same answers. `DELEVERAGE_EXPORT=DIR` leaves the question and the
//! answers there for `benches/compare`; `DELEVERAGE_BARS=N` asks about another number of bars.

#![allow(clippy::unwrap_used, reason = "a panic is how a bench fails")]

mod answers;
mod export;
mod question;

use answers::{
    Digest, Figure, count, digest_of_sifted, digest_of_tally, pool, sift, sift_on, thinned, time,
};
use criterion::{Criterion, criterion_group, criterion_main};
use deleverage::engine::Sieve;
use deleverage::passage::Engine;
use question::{Question, Terms};
use std::path::PathBuf;

const BARS: usize = 1_000_000;
const SIFTING: [(Engine, &str); 2] = [(Engine::Stack, "stack"), (Engine::Window, "window")];
const COUNTING: [(Engine, &str); 3] =
    [(Engine::Stack, "stack"), (Engine::Window, "window"), (Engine::Pyramid, "pyramid")];

fn bench(criterion: &mut Criterion) {
    let scratch = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("DELEVERAGE_EXPORT").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(scratch.path());
    let bars = std::env::var("DELEVERAGE_BARS").ok().and_then(|bars| bars.parse().ok());
    question::write(folder, bars.unwrap_or(BARS));
    let mut figures = Vec::new();
    for terms in Terms::ALL {
        let question = Question::read(folder, terms);
        let digest = agreed(&question);
        let own = timed(&question, terms);
        if kept.is_some() {
            export::series(folder, &question, terms);
            export::answers(folder, &question, terms, &digest);
        }
        own.iter().for_each(tell);
        figures.extend(own);
        harness(criterion, &question, terms);
    }
    if kept.is_some() {
        export::figures(folder, &figures);
    }
}

fn tell(figure: &Figure) {
    let Figure { terms, engine, threads, positions, time } = figure;
    println!(
        "{:8} {engine:16} {threads} thread(s): {positions} positions in {time:.2?}, {:.2} M/s",
        terms.name(),
        figure.rate()
    );
}

/// The answers, which all engines must give.
fn agreed(question: &Question) -> Digest {
    let (plan, two) = (&question.plan, pool(2));
    let by = |plan: &_, engine| {
        question
            .under(engine, |market| digest_of_tally(&count(question, (plan, engine), market, &two)))
    };
    let digest = by(plan, Engine::Auto);
    for (engine, name) in COUNTING {
        assert_eq!(by(plan, engine), digest, "{name}");
    }
    let thin = thinned(plan);
    assert_eq!(by(&thin, Engine::Scan), by(&thin, Engine::Stack), "scan");
    let sifted = question.under(Engine::Stack, |market| {
        let sieve = Sieve::of(Engine::Stack, market, &question.study, plan).unwrap();
        digest_of_sifted(plan, &sift(&sieve, plan, &two), digest.len())
    });
    for (sifted, counted) in sifted.iter().zip(&digest) {
        assert!(sifted.0 >= counted.0, "the sieve lets through all that are liquidated");
    }
    digest
}

fn timed(question: &Question, terms: Terms) -> Vec<Figure> {
    let (plan, positions) = (&question.plan, question.positions());
    let mut figures = Vec::new();
    for threads in [1, 2] {
        let pool = pool(threads);
        let mut add = |engine: String, positions, time| {
            figures.push(Figure { terms, engine, threads, positions, time });
        };
        for (engine, name) in SIFTING {
            question.under(engine, |market| {
                let sieve = Sieve::of(engine, market, &question.study, plan).unwrap();
                add(format!("sift {name}"), positions, time(|| sift_on(&sieve, plan, &pool)));
            });
        }
        for (engine, name) in COUNTING {
            question.under(engine, |market| {
                let count = || count(question, (plan, engine), market, &pool);
                add(format!("count {name}"), positions, time(count));
            });
        }
        let thin = thinned(plan);
        question.under(Engine::Scan, |market| {
            let count = || count(question, (&thin, Engine::Scan), market, &pool);
            add("count scan".to_owned(), thin.positions(&question.study), time(count));
        });
    }
    figures
}

/// The kernel and the product's path under the harness, which tells the noise.
fn harness(criterion: &mut Criterion, question: &Question, terms: Terms) {
    let (plan, one) = (&question.plan, pool(1));
    question.under(Engine::Stack, |market| {
        let sieve = Sieve::of(Engine::Stack, market, &question.study, plan).unwrap();
        criterion.bench_function(&format!("sift/{}", terms.name()), |b| {
            b.iter(|| sift_on(&sieve, plan, &one));
        });
        criterion.bench_function(&format!("count/{}", terms.name()), |b| {
            b.iter(|| count(question, (plan, Engine::Stack), market, &one));
        });
    });
}

criterion_group! {
    name = passage;
    config = Criterion::default().sample_size(10);
    targets = bench
}
criterion_main!(passage);
