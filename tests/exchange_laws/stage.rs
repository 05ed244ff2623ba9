//! A world that owns all that it is made of, so that it can be changed and run again.
#![allow(dead_code, clippy::unwrap_used, reason = "every test file takes the part it needs")]

use super::auditor::{Auditor, Care, Objection};
use super::endless::endless;
use deleverage::engine::{FundingBook, Law};
use deleverage::exchange::{
    Event, Journal, Market, Moment, Scene, Scratch, Unread, World, simulate,
};
use deleverage::history::History;
use deleverage::money::{Cash, Rate};
use deleverage::population::Population;
use deleverage::scenario::exchange::{
    Driver, ExchangeStudy, FundChoice, FundMeasure, PathOrder, Settlement, SymbolBook, Tranche,
};
use deleverage::scenario::from_text;
use deleverage::venue::VenueRules;
use std::cell::RefCell;
use std::path::Path;

/// One world and its inputs.
#[derive(Debug, Clone)]
pub struct Stage {
    pub study: ExchangeStudy,
    /// One a symbol, on the same bars.
    pub histories: Vec<History>,
    /// One a symbol.
    pub rules: Vec<VenueRules>,
    pub population: Population,
    pub first: usize,
    pub world: u32,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Everything that a world tells, in order.
#[derive(Debug, Clone, Default)]
pub struct Tape(pub Vec<(Moment, Event)>);

impl Journal for Tape {
    fn note(&mut self, moment: Moment, event: Event) {
        self.0.push((moment, event));
    }
}

/// Two that listen to the same world.
struct Both<'a, A, B>(&'a mut A, &'a mut B);

impl<A: Journal, B: Journal> Journal for Both<'_, A, B> {
    fn note(&mut self, moment: Moment, event: Event) {
        self.0.note(moment, event);
        self.1.note(moment, event);
    }
}

impl Stage {
    /// Hands the world's scene, which borrows from it, to whoever wants it.
    pub fn scene<R>(&self, act: impl FnOnce(Scene) -> R) -> R {
        let pairs = self.histories.iter().zip(&self.rules);
        let funding: Vec<FundingBook> =
            pairs.map(|(history, rules)| FundingBook::under(rules, history)).collect();
        let market = |at: usize| Market {
            history: &self.histories[at],
            rules: &self.rules[at],
            law: Law::of(&self.rules[at], self.histories[at].scale),
            funding: &funding[at],
            book: self.study.books[at],
        };
        let markets: Vec<Market> = (0..self.histories.len()).map(market).collect();
        act(Scene { study: &self.study, markets: &markets, first: self.first })
    }

    /// On state that worlds before it have left behind.
    pub fn told(&self, journal: &mut impl Journal) -> World {
        SCRATCH.with_borrow_mut(|scratch| {
            self.scene(|scene| simulate(scene, &self.population, self.world, scratch, journal))
        })
    }

    /// On new state.
    pub fn told_anew(&self, journal: &mut impl Journal) -> World {
        let mut scratch = Scratch::default();
        self.scene(|scene| simulate(scene, &self.population, self.world, &mut scratch, journal))
    }

    pub fn run(&self) -> World {
        self.told(&mut Unread)
    }

    pub fn tape(&self) -> (World, Tape) {
        let mut tape = Tape::default();
        let world = self.told(&mut tape);
        (world, tape)
    }

    /// What the auditor has against the world, and what the world told.
    pub fn audited(&self, care: Care) -> (Vec<Objection>, World, Tape) {
        let mut tape = Tape::default();
        let (objections, world) = self.scene(|scene| {
            let mut auditor = Auditor::of(&scene, self.world, care);
            let mut both = Both(&mut auditor, &mut tape);
            let world = SCRATCH.with_borrow_mut(|scratch| {
                simulate(scene, &self.population, self.world, scratch, &mut both)
            });
            (auditor.close(&world), world)
        });
        (objections, world, tape)
    }
}

/// A study whose every part is to be replaced.
pub fn study(symbols: usize) -> ExchangeStudy {
    let text = "study = \"exchange\"\n[history]\nevent = \"2025-10-10\"\nsymbol = \"BTCUSDT\"\n\
                [population]\nopen_interest = 8000000000\n[liquidity]\ndepth = \"185000000\"\n\
                [fund]\nbalance = \"50000000\"\n";
    let read = from_text(text, "test.toml", Path::new("."), &[]).unwrap().exchange().unwrap();
    ExchangeStudy {
        books: vec![endless_book(); symbols],
        driver: Driver::Replay,
        path: PathOrder::LowFirst,
        settlement: Settlement::AtEnd,
        fund: one_tranche(symbols, Cash::ZERO),
        ..read
    }
}

/// A book that nothing moves.
pub fn endless_book() -> SymbolBook {
    SymbolBook { open_interest: Cash::ZERO, liquidity: endless() }
}

/// A fund of one purse for all symbols, which takes positions over.
pub fn one_tranche(symbols: usize, balance: Cash) -> FundChoice {
    let (symbols, top_ups) = ((0..symbols).collect(), Vec::new());
    FundChoice {
        tranches: vec![Tranche { name: "fund".into(), symbols, balance, top_ups }],
        takeover: true,
        measure: FundMeasure::Cash,
        notional_cap: None,
        participation: Rate::from_steps(Rate::ONE / 10),
    }
}
