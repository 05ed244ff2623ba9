//! Every way of searching, on whole studies: each bar of a random history an entry, several
//! leverages, notionals and horizons, under random venues, with funding, tiers and gaps.

use super::case::{Case, Mode, Venue};
use super::draw::Draw;
use super::{engine, shipped};
use deleverage::engine::{Conditions, Law, Scene, Sieve, Sifted, opened};
use deleverage::history::{Interval, Segment};
use deleverage::money::{Cash, Leverage, Price, Rate};
use deleverage::passage::{Engine, Passage};
use deleverage::run::{Work, count_all, simulate_all};
use deleverage::scenario::{
    Entry, FillBase, Horizon, MarginMode, Plan, Side, Slippage, SlippageModel, Study, Wanted,
    from_text,
};
use deleverage::tally::{Row, Tally};
use deleverage::venue::{CloseOut, Contract, OrderPrice, Residual, VenueRules};
use std::path::Path;

const ENGINES: [Engine; 5] =
    [Engine::Auto, Engine::Scan, Engine::Pyramid, Engine::Stack, Engine::Window];
const STUDIES: u64 = 1_500;

/// A study on the market of a case.
pub struct Whole {
    pub case: Case,
    pub study: Study,
    pub plan: Plan,
}

/// What every study starts from.
fn blank() -> Study {
    let text = "study = \"leverage\"\n[history]\nsymbol = \"TEST\"\ntrade = \"none.csv\"\n\
                [venue]\nname = \"binance-usdm\"\n";
    from_text(text, "none.toml", Path::new("."), &[]).unwrap().leverage().unwrap()
}

impl Whole {
    pub fn draw(draw: &mut Draw, venue: &Venue) -> Self {
        let mut case = Case::draw(draw, venue, Side::Long, Mode::Isolated);
        let cut = draw.between(1, case.history.len() as i64) as usize;
        if draw.one_in(3) {
            let (first, end) = (0, case.history.len());
            case.history.segments = vec![Segment { first, end: cut }, Segment { first: cut, end }];
        }
        if draw.one_in(3) {
            close_at_once(&mut case);
        }
        let plan = plan(draw, &case);
        let mut study = Study {
            sides: vec![Side::Long, Side::Short],
            leverages: leverages(draw, case.leverage),
            slippage: case.slippage,
            path: case.path,
            horizons: plan.horizons.iter().map(|bars| horizon(&case, *bars)).collect(),
            ..blank()
        };
        let largest = held(&case, &study, &plan);
        study.notionals = vec![largest, Cash::from_atoms(largest.atoms() / draw.between(2, 9))];
        if draw.one_in(4) {
            let wallet = Cash::from_atoms((largest.atoms() / draw.between(1, 40)).max(1));
            study.margin = MarginMode::Cross { wallet };
        }
        Self { case, study, plan }
    }

    /// What an engine makes of it.
    pub fn ask<T>(&self, engine: Engine, ask: impl FnOnce(Work) -> T) -> T {
        let Self { case, study, plan } = self;
        let conditions = Conditions::under(&case.rules, &case.history);
        let index = engine.index(&case.history.mark);
        let passage = Passage::of(&case.history.mark, index.as_ref());
        let market = engine::market(case, &conditions, passage);
        let rules = &case.rules;
        let scene = Scene { market: &market, rules, slippage: &study.slippage };
        let sieve = Sieve::of(engine, scene, study, plan);
        ask(Work { study, plan, market: &market, rules, sieve: sieve.as_ref() })
    }

    /// The rows and the counts that an engine finds.
    fn by(&self, engine: Engine, pool: &rayon::ThreadPool) -> (Vec<Row>, Tally) {
        self.ask(engine, |work| {
            let mut rows = Vec::new();
            let take = |batch: &[Row]| {
                rows.extend_from_slice(batch);
                Ok(())
            };
            simulate_all(pool, work, take).unwrap();
            (rows, count_all(pool, work, |_| Ok(())).unwrap())
        })
    }

    /// The engine that does not find what the walk finds.
    fn differs(&self, pool: &rayon::ThreadPool) -> Option<Engine> {
        let (walked, _) = self.by(Engine::Scan, pool);
        let mut tally = Tally::new(&self.study, &self.plan);
        walked.iter().for_each(|row| tally.add(row));
        let expected = format!("{tally:?}");
        let agrees = |engine: &Engine| {
            let (rows, tally) = self.by(*engine, pool);
            rows == walked && format!("{tally:?}") == expected
        };
        ENGINES.into_iter().find(|engine| !agrees(engine))
    }
}

/// A venue that closes all at the mark and takes a fee that leaves nothing.
fn close_at_once(case: &mut Case) {
    let rules = &mut case.rules;
    (rules.close_out, rules.order) = (CloseOut::IocThenTakeover, OrderPrice::Market);
    (rules.residual, rules.volatility) = (Residual::FeeThenReturn, None);
    rules.fees.liquidation = Rate::from_steps(Rate::ONE / 2);
    case.slippage = Slippage { model: SlippageModel::None, base: FillBase::Mark };
}

/// Entries at every bar, or at every third one.
fn plan(draw: &mut Draw, case: &Case) -> Plan {
    let history = &case.history;
    let stride = draw.pick(&[1, 1, 3]);
    let entry = |bar: usize| {
        let inside = history.segments.iter().find(|segment| bar < segment.end).unwrap();
        let (time, price) = (history.time[bar], history.trade.open[bar]);
        Entry { time, first: bar, price, room: inside.end - bar }
    };
    let entries: Vec<Entry> = (0..history.len()).step_by(stride).map(entry).collect();
    let longest = history.len() as i64;
    let horizons: Vec<usize> =
        (0..draw.between(1, 4)).map(|_| draw.between(1, longest + 1) as usize).collect();
    let short = |bars: &usize| entries.iter().filter(|entry| entry.room < *bars).count();
    let left_out = horizons.iter().map(short).collect();
    Plan { entries, horizons, left_out }
}

fn horizon(case: &Case, bars: usize) -> Horizon {
    let length = Interval::from_millis(case.history.interval.millis() * bars as i64).unwrap();
    Horizon { label: format!("{bars} bars"), length }
}

fn leverages(draw: &mut Draw, about: Leverage) -> Vec<Leverage> {
    let other = |share: i64| Leverage::clamped((i64::from(about.hundredths()) * share / 10) as u32);
    vec![other(draw.between(2, 9)), about, other(draw.between(11, 40))]
}

/// The largest notional not above the case's that can be held at every entry.
fn held(case: &Case, study: &Study, plan: &Plan) -> Cash {
    let law = Law::of(&case.rules, case.history.scale);
    let funding = Conditions::under(&case.rules, &case.history).funding.widest();
    let bars = [&case.history.trade, &case.history.mark];
    let lowest: Price = *bars.iter().flat_map(|bars| &bars.low).min().unwrap();
    let highest: Price = *bars.iter().flat_map(|bars| &bars.high).max().unwrap();
    let leverage = *study.leverages.iter().min().unwrap();
    let fits = |notional: Cash| {
        plan.entries.iter().all(|entry| {
            let wanted = Wanted { cell: 0, side: Side::Long, leverage, notional, bars: 0 };
            opened(study, &law, &wanted, entry.price).is_some_and(|position| {
                law.holds(&position, lowest, highest) && law.bears(&position, funding, highest)
            })
        })
    };
    let mut notional = case.notional;
    while !fits(notional) && notional.atoms() > 1_000 {
        notional = Cash::from_atoms(notional.atoms() / 3);
    }
    notional
}

/// What the random studies are worth: in many of them the sieve itself tells some ends.
#[test]
fn the_sieve_tells_ends_in_many_random_studies() {
    let told = |number: &u64| {
        let venue = Venue::Random(Contract::Linear);
        let whole = Whole::draw(&mut Draw::of(5, *number), &venue);
        let entries = &whole.plan.entries;
        whole.ask(Engine::Stack, |work| {
            let mut sifted = Sifted::default();
            work.sieve.is_some_and(|sieve| {
                sieve.sift(entries, &mut sifted);
                (0..entries.len()).any(|place| sifted.looks(place).any(|(_, look)| look.is_spent))
            })
        })
    };
    let studies = (0..STUDIES).filter(told).count();
    assert!(studies >= 20, "{studies} of {STUDIES}");
}

fn disagreements(name: &str, venue: impl Fn() -> Venue<'static> + Sync) -> Vec<String> {
    let seed = name.bytes().fold(11, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
    // Threads of its own: a study asks a pool of one thread, in which no other may begin.
    let differs = |pool: &rayon::ThreadPool, number: u64| {
        let whole = Whole::draw(&mut Draw::of(seed, number), &venue());
        whole.differs(pool).map(|engine| format!("{name}, study {number}: {engine:?}"))
    };
    let half = |first: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        (first..STUDIES).step_by(2).filter_map(|number| differs(&pool, number)).collect()
    };
    let half = &half;
    let halves: Vec<Vec<String>> = std::thread::scope(|scope| {
        let running = [0, 1].map(|first| scope.spawn(move || half(first)));
        running.map(|half| half.join().unwrap()).into()
    });
    halves.concat()
}

#[test]
fn every_engine_gives_the_rows_and_counts_of_the_walk_under_random_venues() {
    for contract in [Contract::Linear, Contract::Inverse] {
        let wrong = disagreements(&format!("{contract:?}"), || Venue::Random(contract));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn every_engine_gives_the_rows_and_counts_of_the_walk_under_shipped_venues() {
    let all: Vec<VenueRules> = shipped().into_iter().flat_map(|(_, files)| files).collect();
    let all: &'static [VenueRules] = all.leak();
    let wrong = disagreements("shipped", || Venue::Shipped(all));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
