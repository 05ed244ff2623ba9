//! A scenario's figures beside what is known of them: inputs → positions or worlds → figures,
//! without a report of their own.

use super::exchange::observed;
use super::{Cancel, Inputs, Progress, Work, count_all, load, load_exchange, market, pool};
use crate::engine::{Conditions, Scene, Sieve};
use crate::fault::Result;
use crate::history::Cache;
use crate::passage::{Engine, Passage};
use crate::report::validation::{Compared, Found};
use crate::scenario::expect::Expectation;
use crate::scenario::{ExchangeStudy, List, Plan, RawHistory, Scenario, Study};
use crate::tally::Tally;
use crate::tally::figures::{Measured, of_positions, of_worlds};
use std::path::Path;

/// What a validation is asked beside the scenarios. Only `worlds` changes a result.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// At most so many worlds of each exchange; `None`: as many as the scenario says.
    pub worlds: Option<u32>,
    /// `None`: one thread per core.
    pub threads: Option<usize>,
    /// Where parsed files are kept; `None`: all are parsed anew.
    pub cache: Option<Cache>,
}

/// Runs a scenario for the sake of its expectations, and compares each of them. A scenario whose
/// histories are not there is not run, which its rows say.
///
/// # Errors
/// Inputs that cannot be read or do not fit together, Ctrl-C.
pub fn validate(
    scenario: &Scenario,
    terms: &Terms,
    watched: (&dyn Progress, &Cancel),
) -> Result<Vec<Compared>> {
    match scenario {
        Scenario::Leverage(study) => positions(study, terms, watched),
        Scenario::Exchange(study) => worlds(study, terms, watched),
        Scenario::Fund(_) => Err(scenario.is_not("leverage, exchange").into()),
    }
}

fn positions(
    study: &Study,
    terms: &Terms,
    watched: (&dyn Progress, &Cancel),
) -> Result<Vec<Compared>> {
    if let Some(why) = missing(&study.folder, std::slice::from_ref(&study.raw.history)) {
        return Ok(not_run((&study.name, &study.title), &study.expect, &why));
    }
    let tally = tally(study, terms, watched)?;
    let compared = |expected: &Expectation<_>| {
        Compared::of(
            (&study.name, &study.title),
            expected,
            found(of_positions(expected.figure, &tally)),
        )
    };
    Ok(study.expect.iter().map(compared).collect())
}

/// The steps of `run`, for the counts alone.
fn tally(study: &Study, terms: &Terms, watched: (&dyn Progress, &Cancel)) -> Result<Tally> {
    let inputs = load(study, terms.cache.as_ref())?;
    let Inputs { history, rules, .. } = &inputs;
    let plan = Plan::bind(study, history, rules)?;
    let conditions = Conditions::under(rules, history);
    let engine = Engine::default();
    let index = engine.index(&history.mark);
    let passage = Passage::of(&history.mark, index.as_ref());
    let market = market(study, &inputs, &conditions, passage);
    super::check_sizes(study, &market, &plan)?;
    let scene = Scene { market: &market, rules, slippage: &study.slippage };
    let sieve = Sieve::of(engine, scene, study, &plan);
    let work = Work { study, plan: &plan, market: &market, rules, sieve: sieve.as_ref() };
    let (progress, cancel) = watched;
    progress.begin(plan.positions(study));
    let tally = count_all(&pool(terms.threads)?, work, |done| {
        progress.advance(done);
        cancel.check()
    });
    progress.end();
    tally
}

fn worlds(
    study: &ExchangeStudy,
    terms: &Terms,
    watched: (&dyn Progress, &Cancel),
) -> Result<Vec<Compared>> {
    if let Some(why) = missing(&study.folder, &study.histories) {
        return Ok(not_run((&study.name, &study.title), &study.expect, &why));
    }
    let worlds = study.worlds.min(terms.worlds.unwrap_or(u32::MAX));
    let study = ExchangeStudy { worlds, ..study.clone() };
    let inputs = load_exchange(&study, terms.cache.as_ref())?;
    let seen = observed(&inputs, &pool(terms.threads)?, watched)?;
    let compared = |expected: &Expectation<_>| {
        Compared::of(
            (&study.name, &study.title),
            expected,
            found(of_worlds(expected.figure, &seen)),
        )
    };
    Ok(study.expect.iter().map(compared).collect())
}

fn found(measured: Option<Measured>) -> Found {
    measured.map_or_else(
        || Found::NotRun("there is no such figure in this run".to_owned()),
        Found::Measured,
    )
}

fn not_run<F>(named: (&str, &str), expected: &[Expectation<F>], why: &str) -> Vec<Compared> {
    let found = Found::NotRun(why.to_owned());
    expected.iter().map(|expected| Compared::of(named, expected, found.clone())).collect()
}

/// The first file of some histories that is not there. What a glob finds is for the loader to say.
fn missing(folder: &Path, histories: &[RawHistory]) -> Option<String> {
    let lists = |raw: &RawHistory| {
        [&raw.trade, &raw.mark, &raw.index, &raw.funding].map(Clone::clone).into_iter().flatten()
    };
    let mut texts = histories.iter().flat_map(lists).flat_map(|List(texts)| texts);
    let gone = texts.find(|text| !text.text.contains('*') && !folder.join(&text.text).exists())?;
    Some(format!("history missing: {}", gone.text))
}
