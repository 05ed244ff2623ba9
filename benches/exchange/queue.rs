//! What it costs to know who is liquidated: the queue, its loading included, beside a scan.

use crate::digest::Digest;
use crate::{START, STEPS, below, per_second, time};
use criterion::{BenchmarkId, Criterion, Throughput};
use deleverage::engine::{FundingPerUnit, Law, Position};
use deleverage::exchange::{Due, Queue, Slide, Tide, Watched};
use deleverage::money::{Cash, Leverage, Price, PriceScale, Rate, Round};
use deleverage::scenario::Side;
use deleverage::venue::{Edge, Lookup, Tier, Tiers};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;

const FUNDING_EVERY: usize = 480;
/// Account-steps that the scan is given.
const SCANNED: usize = 20_000_000;

/// The marks of a walk, and the funding sum at each.
struct Walk {
    marks: Vec<Price>,
    funding: Vec<FundingPerUnit>,
}

fn walk() -> Walk {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut at, mut sum) = (START, FundingPerUnit::NONE);
    let mut walk = Walk { marks: Vec::new(), funding: Vec::new() };
    for step in 0..STEPS {
        // Up to 20 basis points a minute.
        at += at / 10_000 * (below(&mut random, 41) - 20) / 2;
        if step % FUNDING_EVERY == 0 {
            sum = sum.plus(FundingPerUnit::settlement(rate("0.01%"), Price::from_steps(at)));
        }
        walk.marks.push(Price::from_steps(at));
        walk.funding.push(sum);
    }
    walk
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn tiers() -> Tiers {
    let mut steps: Vec<Tier> = Vec::new();
    for (floor, maintenance) in
        [(0, "0.4%"), (50_000, "0.5%"), (600_000, "1%"), (3_000_000, "2.5%")]
    {
        let (floor, maintenance) = (Cash::from_atoms(floor * 100_000_000), rate(maintenance));
        let deduction = steps.last().map_or(Cash::ZERO, |below| {
            let rise = i128::from(maintenance.steps() - below.maintenance.steps());
            let atoms = Round::Floor.div(i128::from(floor.atoms()) * rise, Rate::ONE.into());
            below.deduction + Cash::from_atoms(atoms as i64)
        });
        steps.push(Tier { floor, initial: Rate::from_steps(Rate::ONE), maintenance, deduction });
    }
    Tiers { lookup: Lookup::Marginal, steps, cap: None, slope: Rate::ZERO }
}

/// Positions of 100 to 10 million in quote units, entered within 3 % of the start, with up to so
/// many turns of leverage; nobody is liquidatable at the start.
fn positions(law: &Law, count: usize, turns: i64) -> Vec<Position> {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let side = if below(&mut random, 2) == 0 { Side::Long } else { Side::Short };
        let entry = Price::from_steps(START / 10_000 * (9_700 + below(&mut random, 600)));
        let notional = 10_i64.pow(2 + below(&mut random, 6) as u32) * (1 + below(&mut random, 9));
        let turns = Leverage::parse(&(1 + below(&mut random, turns)).to_string()).unwrap();
        let notional = Cash::from_atoms(notional * 100_000_000);
        let position = Position::open(side, notional, entry, turns, PriceScale::USUAL).unwrap();
        if !law.is_liquidatable(&position, FundingPerUnit::NONE, Price::from_steps(START)) {
            all.push(position);
        }
    }
    all
}

fn by_queue(law: &Law, walk: &Walk, all: &[Position], queue: &mut Queue) -> Digest {
    let mut digest = Digest::default();
    let (mut at, none) = (Price::from_steps(START), FundingPerUnit::NONE);
    queue.clear();
    for (account, position) in (0..).zip(all) {
        let watched = Watched { position: *position, due: none };
        queue.watch(Tide { law, funding: none }, account, &watched);
    }
    for (to, funding) in walk.marks.iter().zip(&walk.funding) {
        let tide = Tide { law, funding: *funding };
        let look = |account: u32| Some(Watched { position: all[account as usize], due: *funding });
        while let Some(Due { account, mark, .. }) =
            queue.next(tide, Slide { from: at, to: *to }, look)
        {
            digest.take(account, mark);
            at = mark;
        }
        at = *to;
    }
    digest
}

/// Everybody at both ends of each step.
fn by_scan(law: &Law, walk: &Walk, all: &[Position]) -> Digest {
    let mut digest = Digest::default();
    let (mut alive, mut dead) = (vec![true; all.len()], Vec::new());
    let mut at = Price::from_steps(START);
    for (to, funding) in walk.marks.iter().zip(&walk.funding) {
        for (account, position) in all.iter().enumerate().filter(|(account, _)| alive[*account]) {
            let mark = match law.is_liquidatable(position, *funding, at) {
                true => at,
                false if !law.is_liquidatable(position, *funding, *to) => continue,
                false => law.liquidation_price(position, *funding).unwrap(),
            };
            digest.take(account as u32, mark);
            dead.push(account);
        }
        dead.drain(..).for_each(|account| alive[account] = false);
        at = *to;
    }
    digest
}

fn against_the_scan(law: &Law, walk: &Walk, queue: &mut Queue) {
    for accounts in [1_000, 10_000, 100_000, 1_000_000] {
        let all = positions(law, accounts, 50);
        let steps = (SCANNED / accounts).min(STEPS);
        let short =
            Walk { marks: walk.marks[..steps].to_vec(), funding: walk.funding[..steps].to_vec() };
        let start = Instant::now();
        let scanned = by_scan(law, &short, &all);
        let scan = per_second(accounts, steps, start.elapsed());
        assert_eq!(by_queue(law, &short, &all, queue), scanned, "{accounts} accounts");
        let (digest, took) = time(3, || by_queue(law, walk, &all, queue));
        let ours = per_second(accounts, STEPS, took.median);
        println!(
            "queue, {accounts} accounts: {took}, {ours:.2e} account-steps/s beside {scan:.2e}, \
             ratio {:.0}, {} liquidations",
            ours / scan,
            digest.count,
        );
    }
}

/// The same number of accounts with more and more of them liquidated.
fn by_liquidations(law: &Law, walk: &Walk, queue: &mut Queue) {
    for turns in [2, 5, 10, 20, 50, 100] {
        let all = positions(law, 100_000, turns);
        let (digest, took) = time(3, || by_queue(law, walk, &all, queue));
        println!("queue, up to {turns}x: {} of 100000 liquidated in {took}", digest.count);
    }
}

pub fn bench(criterion: &mut Criterion) {
    let (tiers, walk, mut queue) = (tiers(), walk(), Queue::default());
    let law = Law::linear(&tiers, Edge::AtOrBelow, PriceScale::USUAL);
    against_the_scan(&law, &walk, &mut queue);
    by_liquidations(&law, &walk, &mut queue);
    let mut group = criterion.benchmark_group("queue");
    for accounts in [1_000, 10_000, 100_000] {
        let all = positions(&law, accounts, 50);
        group.throughput(Throughput::Elements((accounts * STEPS) as u64));
        group.bench_with_input(BenchmarkId::from_parameter(accounts), &all, |b, all| {
            b.iter(|| by_queue(&law, &walk, all, &mut queue));
        });
    }
    group.finish();
}
