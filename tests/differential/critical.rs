//! Critical leverages: those found for all entries at once are those that the law has one by one.

use super::case::Venue;
use super::draw::Draw;
use super::engines::Whole;
use super::shipped;
use deleverage::engine::{
    CriticalLevels, Event, Exposure, Journal, Scene, Windows, critical_leverage, opened,
    simulate_with,
};
use deleverage::money::Leverage;
use deleverage::passage::Engine;
use deleverage::run::{Work, count_all, criticals};
use deleverage::scenario::{Entry, LeverageGrid, MarginMode, Plan, Study, Wanted};
use deleverage::venue::{CloseOut, Contract, OrderPrice, VenueRules};

const STUDIES: u64 = 400;

/// Whether a position became liquidatable.
#[derive(Default)]
struct Triggered(bool);

impl Journal for Triggered {
    fn note(&mut self, event: Event) {
        self.0 |= matches!(event, Event::Trigger { .. });
    }
}

fn is_triggered(work: Work, wanted: &Wanted, entry: &Entry) -> bool {
    let Work { study, market, rules, .. } = work;
    let exposure = Exposure { first: entry.first, bars: wanted.bars };
    opened(study, &market.law, wanted, entry.price).is_some_and(|position| {
        let mut journal = Triggered::default();
        let scene = Scene { market, rules, slippage: &study.slippage };
        simulate_with(scene, &position, exposure, &mut journal);
        journal.0
    })
}

/// What is wrong with the critical leverage of one position.
fn wrong(
    work: Work,
    wanted: &Wanted,
    entry: &Entry,
    (grid, level): (&LeverageGrid, usize),
) -> bool {
    let highest = *grid.levels().last().unwrap();
    let place = (entry.price, entry.first);
    let found = critical_leverage(work.market, work.study, wanted, place, highest);
    let fails = |hundredths: u32| {
        let leverage = Leverage::from_hundredths(hundredths);
        leverage.is_some_and(|leverage| is_triggered(work, &Wanted { leverage, ..*wanted }, entry))
    };
    let agrees = match found {
        None => !fails(highest.hundredths()),
        Some(at) => fails(at.hundredths()) && !fails(at.hundredths() - 1),
    };
    let first = found.map_or(grid.levels().len(), |leverage| grid.first_from(leverage));
    !agrees || first != level
}

/// Side × horizon × notional, numbered.
fn asked<'a>(study: &'a Study, plan: &'a Plan) -> impl Iterator<Item = (usize, Wanted)> + 'a {
    let cells = study.sides.iter().flat_map(|side| plan.horizons.iter().map(move |h| (*side, *h)));
    let all = cells.flat_map(|cell| study.notionals.iter().map(move |notional| (cell, *notional)));
    let wanted = |((side, bars), notional)| {
        let (cell, leverage) = (0, Leverage::clamped(Leverage::ONE));
        Wanted { cell, side, leverage, notional, bars }
    };
    all.map(wanted).enumerate()
}

/// The first position of a study whose critical leverage is not that of the engine, and how many
/// were looked at.
fn first_wrong(whole: &Whole) -> (Option<String>, usize) {
    if whole.study.margin != MarginMode::Isolated {
        return (None, 0);
    }
    let mut looked = 0;
    let found = whole.ask(Engine::Stack, |work| {
        let Work { study, plan, market, rules, .. } = work;
        let sieve = work.sieve?;
        let grid = LeverageGrid::of(study, plan, rules, market.history.scale);
        let windows = Windows { bars: &plan.horizons, grid: &grid };
        let mut found = CriticalLevels::default();
        sieve.critical(&plan.entries, windows, &mut found);
        for (place, entry) in plan.entries.iter().enumerate().step_by(3) {
            for (number, wanted) in asked(study, plan).filter(|(_, ask)| ask.bars <= entry.room) {
                let (cell, notional) =
                    (number / study.notionals.len(), number % study.notionals.len());
                let level = found.of(place, cell)[notional] as usize;
                looked += 1;
                if wrong(work, &wanted, entry, (&grid, level)) {
                    return Some(format!("entry {place}, {wanted:?}"));
                }
            }
        }
        None
    });
    (found, looked)
}

/// CRT-001, CRT-002, CRT-004: liquidated at the critical leverage, not one step below; under
/// funding, tiers, gaps, both paths and both contracts.
fn agree(name: &str, venue: impl Fn() -> Venue<'static>) {
    let mut all = 0;
    for number in 0..STUDIES {
        let whole = Whole::draw(&mut Draw::of(23, number), &venue());
        let (wrong, looked) = first_wrong(&whole);
        all += looked;
        assert_eq!(wrong, None, "{name}, study {number}");
    }
    assert!(all > 5_000, "{all} positions");
}

#[test]
fn critical_leverages_are_the_edge_of_the_engine_under_random_venues() {
    agree("linear", || Venue::Random(Contract::Linear));
    agree("inverse", || Venue::Random(Contract::Inverse));
}

#[test]
fn critical_leverages_are_the_edge_of_the_engine_under_shipped_venues() {
    let all: Vec<VenueRules> = shipped().into_iter().flat_map(|(_, files)| files).collect();
    let all: &'static [VenueRules] = all.leak();
    agree("shipped", || Venue::Shipped(all));
}

/// Whether the first look at a position surely closes something: the book's rest is taken over.
fn closes_at_first_look(rules: &VenueRules) -> bool {
    let VenueRules { close_out, order, .. } = rules;
    matches!(close_out, CloseOut::Full | CloseOut::IocThenTakeover | CloseOut::LowerTier)
        && !matches!(order, OrderPrice::FillableLimit { .. })
}

/// CRT-005: the share of critical leverages up to one of the study is the share that is liquidated
/// at it, with the same interval, for any number of threads.
#[test]
fn shares_of_critical_leverages_are_the_shares_that_are_liquidated() {
    let pools =
        [1, 3].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
    let mut compared = 0;
    for number in 0..STUDIES {
        let contract = if number % 2 == 0 { Contract::Linear } else { Contract::Inverse };
        let whole = Whole::draw(&mut Draw::of(29, number), &Venue::Random(contract));
        if !closes_at_first_look(&whole.case.rules) {
            continue;
        }
        compared += whole.ask(Engine::Auto, |work| {
            let found = pools.each_ref().map(|pool| criticals(pool, work, || Ok(())).unwrap());
            assert_eq!(found[0], found[1], "by one thread and by three, study {number}");
            let Some(found) = &found[0] else { return 0 };
            let tally = count_all(&pools[0], work, |_| Ok(())).unwrap();
            for cell in tally.cells() {
                let of = found.all().iter();
                let of = of.filter(|of| of.side == cell.side && of.bars == cell.bars);
                for of in of {
                    let shares = found.shares(of);
                    let at = shares.iter().find(|(level, _)| *level == cell.leverage);
                    assert_eq!(at.map(|(_, share)| *share), cell.share(), "study {number}");
                }
            }
            tally.cells().len()
        });
    }
    assert!(compared > 500, "{compared} cells");
}
