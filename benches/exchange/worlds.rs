//! Whole worlds: accounts that open, live through two days of minutes and are counted at the end,
//! beside a scan that asks the law about everybody at the end of every sub-step.

use crate::digest::Digest;
use crate::market::Weather;
use crate::town::{Book, Town, path};
use crate::{STEPS, Took, per_second, time};
use criterion::{BenchmarkId, Criterion, Throughput};
use deleverage::engine::{FundingPerUnit, Law, Position};
use deleverage::exchange::{Scene, Scratch, Unread, World};
use deleverage::money::Cash;
use deleverage::population::{Population, Trader, draw};
use deleverage::scenario::Side;
use std::time::{Duration, Instant};

/// Account-steps that the scan is given at most; the fall of a million accounts lies in them.
const SCANNED: usize = 20_000_000;
/// Runs of which the median counts; fewer of what takes long.
const RUNS: usize = 5;
const FEW_RUNS: usize = 3;
const LONG: usize = 1_000_000;
const WEATHERS: [(&str, Weather); 3] = [
    ("calm", Weather::CALM),
    ("restless", Weather::RESTLESS),
    ("falls 20 %", Weather::falling(200)),
];

/// A position as the ledger has it after its opening.
fn opened(law: &Law, people: &Population, trader: &Trader) -> Position {
    let held = &people.holdings[trader.holdings.start as usize];
    let (side, quantity, entry) = (held.side, held.quantity, held.entry);
    let bare = Position { side, quantity, entry, margin: Cash::ZERO };
    let value = law.notional(quantity, entry);
    let cash = match side {
        Side::Long => trader.margin - value,
        Side::Short => trader.margin + value,
    };
    Position { margin: cash + law.carried(&bare, FundingPerUnit::NONE, entry), ..bare }
}

/// What a scan found, and how often it asked the law.
struct Scanned {
    digest: Digest,
    alive: usize,
    asked: usize,
}

/// Everybody at the end of every sub-step, as long as they live.
fn by_scan(scene: Scene, people: &Population) -> Scanned {
    let (path, law, book) = (path(&scene), &scene.markets[0].law, scene.markets[0].funding);
    let position = |trader: &Trader| opened(law, people, trader);
    let mut alive: Vec<(u32, Position)> = (0..).zip(people.traders.iter().map(position)).collect();
    let (mut digest, mut asked) = (Digest::default(), 0);
    for bar in path.bars() {
        let funding = book.sum(book.through(bar)).since(book.sum(book.through(scene.first - 1)));
        for step in path.substeps(bar) {
            let to = path.target(&step, 0).mark;
            asked += alive.len();
            alive.retain(|(account, position)| {
                if !law.is_liquidatable(position, funding, to) {
                    return true;
                }
                let reached = || law.liquidation_price(position, funding).unwrap();
                digest.take(*account, if step.is_jump() { to } else { reached() });
                false
            });
        }
    }
    Scanned { digest, alive: alive.len(), asked }
}

/// What the scan of a whole world takes: measured on its first bars, and for the others as long a
/// question to each of the survivors.
fn scan_time(weather: Weather, people: &Population, scratch: &mut Scratch) -> Duration {
    let accounts = people.traders.len();
    let bars = (SCANNED / accounts).min(STEPS);
    let short = Town::new(weather, bars, accounts, Book::Endless);
    let substeps = |town: &Town| {
        town.scene(|scene| path(&scene).bars().flat_map(|bar| path(&scene).substeps(bar)).count())
    };
    let start = Instant::now();
    let scanned = short.scene(|scene| by_scan(scene, people));
    let took = start.elapsed();
    let mut digest = Digest::default();
    short.live(people, scratch, &mut digest);
    assert_eq!(digest, scanned.digest, "{accounts} accounts in {bars} bars of {weather:?}");
    let rest = substeps(&Town::new(weather, STEPS, accounts, Book::Endless)) - substeps(&short);
    took.mul_f64(1.0 + (rest * scanned.alive) as f64 / scanned.asked as f64)
}

/// The world, after it has been seen that neither a journal nor what worlds before it left behind
/// changes it; and its median time.
fn timed(town: &Town, people: &Population, scratch: &mut Scratch) -> (World, Took) {
    let mut digest = Digest::default();
    let told = town.live(people, &mut Scratch::default(), &mut digest);
    let runs = if people.traders.len() < LONG { RUNS } else { FEW_RUNS };
    let (world, took) = time(runs, || town.live(people, scratch, &mut Unread));
    assert_eq!(world, told);
    assert!(u64::from(world.liquidations) <= digest.count);
    (world, took)
}

fn against_the_scan(scratch: &mut Scratch) {
    for (name, weather) in WEATHERS {
        for accounts in [1_000, 10_000, 100_000, 1_000_000] {
            let town = Town::new(weather, STEPS, accounts, Book::Endless);
            let people = town.population();
            let scan = scan_time(weather, &people, scratch);
            let (world, took) = timed(&town, &people, scratch);
            println!(
                "world, {name}, {accounts} accounts: {took}, {:.2e} account-steps/s beside \
                 {:.2e}, ratio {:.0}, {} liquidations",
                per_second(accounts, STEPS, took.median),
                per_second(accounts, STEPS, scan),
                scan.as_secs_f64() / took.median.as_secs_f64(),
                world.liquidations,
            );
        }
    }
}

/// Deeper and deeper falls of the same accounts.
fn by_liquidations(book: Book, scratch: &mut Scratch) {
    let lived = |fall: i64, scratch: &mut Scratch| {
        let town = Town::new(Weather::falling(fall), STEPS, 100_000, book);
        timed(&town, &town.population(), scratch)
    };
    let (calm, base) = lived(0, scratch);
    println!("{book:?} book, calm: {} liquidations in {base}", calm.liquidations);
    for fall in [50, 100, 200, 300, 400] {
        let (world, took) = lived(fall, scratch);
        let more = f64::from(world.liquidations - calm.liquidations);
        println!(
            "{book:?} book, falls {} %: {} liquidations, {} taken over, {} deleveragings in \
             {took}, {:.0} ns for each liquidation beyond the calm",
            fall / 10,
            world.liquidations,
            world.taken_over,
            world.adl_events,
            took.median.saturating_sub(base.median).as_nanos() as f64 / more,
        );
    }
}

fn draws() {
    for accounts in [1_000, 10_000, 100_000, 1_000_000] {
        let town = Town::new(Weather::CALM, STEPS, accounts, Book::Endless);
        let listing = town.listing();
        let (ground, prepared) = time(RUNS, || town.ground(&listing));
        let mut scratch = deleverage::population::Scratch::default();
        let (people, took) = time(RUNS, || draw(&ground, 0, &mut scratch));
        assert_eq!(people, town.population());
        println!("draw of {accounts}: {took}, and once a study {prepared}");
    }
}

pub fn bench(criterion: &mut Criterion) {
    let mut scratch = Scratch::default();
    draws();
    against_the_scan(&mut scratch);
    by_liquidations(Book::Endless, &mut scratch);
    by_liquidations(Book::Thinning, &mut scratch);
    let mut group = criterion.benchmark_group("world");
    for (name, weather) in WEATHERS {
        let town = Town::new(weather, STEPS, 100_000, Book::Endless);
        let people = town.population();
        group.throughput(Throughput::Elements((100_000 * STEPS) as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &people, |b, people| {
            b.iter(|| town.live(people, &mut scratch, &mut Unread));
        });
    }
    group.finish();
}
