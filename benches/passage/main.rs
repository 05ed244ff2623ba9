//! First passage with every minute an entry: a walk, the pyramid, the window and the stack.
//!
//! `cargo bench --profile dev --bench passage` asks about a million bars, seven leverages and both
//! sides with a horizon of seven days, with and without funding and tiers. Before anything is
//! timed, all engines must give the same answers. `DELEVERAGE_EXPORT=DIR` leaves the question and
//! the answers there for `benches/compare`; with `DELEVERAGE_BARS=N` it leaves a question of so
//! many bars and asks nothing.

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
use serde_json::Map;
use std::path::PathBuf;

const BARS: usize = 1_000_000;
const SIFTING: [(Engine, &str); 2] = [(Engine::Stack, "stack"), (Engine::Window, "window")];
const COUNTING: [(Engine, &str); 4] = [
    (Engine::Stack, "stack"),
    (Engine::Window, "window"),
    (Engine::Pyramid, "pyramid"),
    (Engine::Scan, "scan"),
];

fn bench(criterion: &mut Criterion) {
    let scratch = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("DELEVERAGE_EXPORT").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(scratch.path());
    if let Ok(bars) = std::env::var("DELEVERAGE_BARS") {
        return question::write(folder, bars.parse().unwrap());
    }
    question::write(folder, BARS);
    let (mut figures, mut answers) = (Vec::new(), Map::new());
    for terms in Terms::ALL {
        let question = Question::read(folder, terms);
        let digest = agreed(&question);
        figures.extend(timed(&question, terms));
        answers.insert(terms.name().to_owned(), export::answers(&question, &digest));
        if terms == Terms::Funding && kept.is_some() {
            export::series(folder, &question);
        }
        harness(criterion, &question, terms);
    }
    if kept.is_some() {
        export::write(folder, answers, &figures);
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
    let thin = thinned(plan);
    let expected = by(&thin, Engine::Scan);
    for (engine, name) in COUNTING {
        assert_eq!(by(&thin, engine), expected, "{name}");
    }
    let sifted = question.under(Engine::Stack, |market| {
        let sieve =
            Sieve::of(Engine::Stack, question.scene(market), &question.study, plan).unwrap();
        digest_of_sifted(plan, &sift(&sieve, plan, &two), digest.len())
    });
    for (sifted, counted) in sifted.iter().zip(&digest) {
        assert!(sifted.0 >= counted.0, "the sieve lets through all that are liquidated");
    }
    digest
}

fn timed(question: &Question, terms: Terms) -> Vec<Figure> {
    let (plan, thin) = (&question.plan, thinned(&question.plan));
    let (all, few) = (question.positions(), thin.positions(&question.study));
    let mut figures = Vec::new();
    for threads in [1, 2] {
        let pool = pool(threads);
        let mut add = |engine: String, positions, time| {
            let figure = Figure { terms, engine, threads, positions, time };
            tell(&figure);
            figures.push(figure);
        };
        for (engine, name) in SIFTING {
            question.under(engine, |market| {
                let scene = question.scene(market);
                let sieve = Sieve::of(engine, scene, &question.study, plan).unwrap();
                add(format!("sift {name}"), all, time(|| sift_on(&sieve, plan, &pool)));
            });
        }
        for (engine, name) in COUNTING {
            let (plan, positions) = match engine {
                Engine::Stack => (plan, all),
                _ => (&thin, few),
            };
            question.under(engine, |market| {
                let count = || count(question, (plan, engine), market, &pool);
                add(format!("count {name}"), positions, time(count));
            });
        }
    }
    figures
}

/// The kernel and the product's path under the harness, which tells the noise.
fn harness(criterion: &mut Criterion, question: &Question, terms: Terms) {
    let (plan, one) = (&question.plan, pool(1));
    question.under(Engine::Stack, |market| {
        let sieve =
            Sieve::of(Engine::Stack, question.scene(market), &question.study, plan).unwrap();
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
