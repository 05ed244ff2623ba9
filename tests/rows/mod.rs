//! Every position of a study, simulated in memory.
#![allow(dead_code, reason = "every test file takes the part it needs")]

use deleverage::engine::{Conditions, Scene, Sieve};
use deleverage::passage::{Engine, Passage};
use deleverage::run::{self, Inputs, Work};
use deleverage::scenario::{Plan, Study};
use deleverage::tally::{Row, Tally};
use rayon::ThreadPool;

/// The rows of a study in the order of its plan.
pub fn rows(study: &Study, inputs: &Inputs, threads: usize) -> Vec<Row> {
    ask(Engine::Auto, study, inputs, |work| {
        let mut rows = Vec::new();
        let take = |batch: &[Row]| {
            rows.extend_from_slice(batch);
            Ok(())
        };
        run::simulate_all(&pool(threads), work, take).unwrap();
        assert_eq!(rows.len() as u64, work.plan.positions(study));
        rows
    })
}

/// The counts of a study without its rows, found by one engine.
pub fn counted_by(engine: Engine, study: &Study, inputs: &Inputs, threads: usize) -> Tally {
    ask(engine, study, inputs, |work| run::count_all(&pool(threads), work, |_| Ok(())).unwrap())
}

/// Whatever is to be done with the study in hand.
pub fn ask<T>(engine: Engine, study: &Study, inputs: &Inputs, ask: impl FnOnce(Work) -> T) -> T {
    let plan = Plan::bind(study, &inputs.history, &inputs.rules).unwrap();
    let conditions = Conditions::under(&inputs.rules, &inputs.history);
    let index = engine.index(&inputs.history.mark);
    let passage = Passage::of(&inputs.history.mark, index.as_ref());
    let market = run::market(study, inputs, &conditions, passage);
    let rules = &inputs.rules;
    let scene = Scene { market: &market, rules, slippage: &study.slippage };
    let sieve = Sieve::of(engine, scene, study, &plan);
    ask(Work { study, plan: &plan, market: &market, rules, sieve: sieve.as_ref() })
}

pub fn pool(threads: usize) -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}
