//! Every position of a study, simulated in memory.

use deleverage::engine::{Conditions, Sieve};
use deleverage::passage::{Engine, Passage};
use deleverage::run::{self, Inputs, Work};
use deleverage::scenario::{Plan, Study};
use deleverage::tally::Row;

/// The rows of a study in the order of its plan.
pub fn rows(study: &Study, inputs: &Inputs, threads: usize) -> Vec<Row> {
    rows_by(Engine::Auto, study, inputs, threads)
}

/// The same, found by one engine.
pub fn rows_by(engine: Engine, study: &Study, inputs: &Inputs, threads: usize) -> Vec<Row> {
    let plan = Plan::bind(study, &inputs.history, &inputs.rules).unwrap();
    let conditions = Conditions::under(&inputs.rules, &inputs.history);
    let index = engine.index(&inputs.history.mark);
    let passage = Passage::of(&inputs.history.mark, index.as_ref());
    let market = run::market(study, inputs, &conditions, passage);
    let sieve = Sieve::of(engine, &market, study, &plan);
    let rules = &inputs.rules;
    let work = Work { study, plan: &plan, market: &market, rules, sieve: sieve.as_ref() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let mut rows = Vec::new();
    let take = |batch: &[Row]| {
        rows.extend_from_slice(batch);
        Ok(())
    };
    run::simulate_all(&pool, work, take).unwrap();
    assert_eq!(rows.len() as u64, plan.positions(study));
    rows
}
