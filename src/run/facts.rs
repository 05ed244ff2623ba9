//! Stylised facts of a scenario's histories, and of the paths that generators make of them.

use super::{load, load_exchange};
use crate::fault::{Error, Fault, Result};
use crate::history::{Cache, History};
use crate::paths::facts::{
    Answer, Battery, Fact, Functional, Generator, Known, Lack, Measure, Verdict, battery, check,
    judge, known, mean, reference_block,
};
use crate::paths::{
    Blocks, Draws, Generated, Jumps, Shock, Size, Times, betas, bootstrap, jumps, shock, speed,
};
use crate::scenario::{Origin, Scenario, Text};
use rayon::prelude::*;

const DAY: i64 = 86_400_000;
/// Paths of each generator that draws, and resamples that tell the record's error.
pub const PATHS: u32 = 200;
/// The shock and the speed that are tried.
const SCALE: f64 = 1.5;
const FACTOR: usize = 2;
/// The jumps that are tried: one in the record in the mean, of 5 % and more.
const JUMP: Size = Size::Pareto { least: -0.05, tail: 2.5, most: -0.5 };

/// The record, and each generator beside it.
#[derive(Debug, Clone)]
pub struct FactSheet {
    /// One a symbol, on the same bars.
    pub histories: Vec<History>,
    pub seed: u64,
    /// Mean length in bars of the blocks that tell the record's error.
    pub block: usize,
    /// In the order of [`Fact::all`].
    pub record: Vec<Result<Known, Lack>>,
    pub trials: Vec<Trial>,
}

/// A generator, as it was tried.
#[derive(Debug, Clone)]
pub struct Trial {
    pub generator: Generator,
    /// What was asked of it.
    pub asked: String,
    pub paths: Paths,
}

/// What became of the paths of a generator.
#[derive(Debug, Clone)]
pub enum Paths {
    /// So many of them, with the means of their facts. Those that were asked for and not made had a
    /// price beyond the grid of its history.
    Made { count: usize, asked: u32, facts: Battery },
    /// Not even half of them, and why.
    NotMade(String),
}

impl FactSheet {
    pub fn verdict(&self, trial: &Trial, fact: Fact) -> Verdict {
        match trial.fact(fact) {
            Some(measure) => judge(fact, self.record[fact as usize], measure),
            None => Verdict::Lacking(Lack::Paths),
        }
    }

    pub fn answer(&self, trial: &Trial, functional: Functional) -> Answer {
        match &trial.paths {
            Paths::Made { .. } => {
                trial.generator.answer(functional, |fact| self.verdict(trial, fact))
            }
            Paths::NotMade(why) => Answer::NotUsable(why.clone()),
        }
    }
}

impl Trial {
    /// `None`: it has no paths.
    pub fn fact(&self, fact: Fact) -> Option<Measure> {
        match &self.paths {
            Paths::Made { facts, .. } => Some(facts.of(fact)),
            Paths::NotMade(_) => None,
        }
    }
}

/// Measures the histories of a scenario, and paths that are made of them.
///
/// # Errors
/// An input that cannot be read, a history that is split or too short.
pub fn facts(scenario: &Scenario, cache: Option<&Cache>) -> Result<FactSheet> {
    let (histories, seed, named) = match scenario {
        Scenario::Leverage(study) => {
            let symbol = &study.raw.history.symbol;
            (vec![load(study, cache)?.history], study.seed, (&study.origin, symbol))
        }
        Scenario::Exchange(study) => {
            let inputs = load_exchange(study, cache)?;
            let histories = inputs.symbols.into_iter().map(|one| one.history).collect();
            (histories, study.seed, (&study.origin, &study.histories[0].symbol))
        }
        Scenario::Fund(_) => return Err(scenario.is_not("leverage, exchange").into()),
    };
    tried(histories, seed).map_err(|error| placed(error, named))
}

/// Puts what a generator refuses at the history that it is about.
fn placed(error: Error, (origin, symbol): (&Origin, &Text)) -> Error {
    match error {
        Error::Input(fault) if fault.place.file.is_empty() => {
            let place = origin.fault(Some(symbol), String::new()).place;
            Fault { place, ..*fault }.into()
        }
        error => error,
    }
}

fn tried(histories: Vec<History>, seed: u64) -> Result<FactSheet> {
    let bound: Vec<&History> = histories.iter().collect();
    check(&bound)?;
    let block = reference_block(bound[0]);
    let desk = Desk { histories: &bound, seed };
    let own = battery(&bound);
    let resamples = desk.resampled(Blocks::Stationary { mean: block })?;
    let record = Fact::all().map(|fact| known(fact, &own, &resamples)).collect();
    let crash = Shock::of_crash(bound[0], SCALE);
    let asked = crash.iter().flat_map(|crash| [desk.shocked(crash), desk.hastened(crash)]);
    let trials = asked.chain([desk.days(), desk.blocks(), desk.jumped()]).collect();
    Ok(FactSheet { block, record, trials, seed, histories })
}

/// Where generators are tried.
struct Desk<'a> {
    histories: &'a [&'a History],
    seed: u64,
}

impl Desk<'_> {
    fn first(&self) -> &History {
        self.histories[0]
    }

    fn bars(&self, millis: i64) -> usize {
        (millis / self.first().interval.millis()).max(1) as usize
    }

    fn shocked(&self, wanted: &Shock) -> Trial {
        self.alone(Generator::Shock, self.each(|history| shock(history, wanted)))
    }

    /// From where the shock begins.
    fn hastened(&self, wanted: &Shock) -> Trial {
        let first = wanted.window.start;
        self.alone(Generator::Speed, self.each(|history| speed(history, FACTOR, first)))
    }

    /// A generator with one path.
    fn alone(&self, generator: Generator, made: Result<Vec<Generated>>) -> Trial {
        let asked = made.as_ref().map_or(String::new(), |made| clause(made));
        let paths = match made {
            Ok(made) => Paths::Made { count: 1, asked: 1, facts: measured(&made) },
            Err(error) => Paths::NotMade(error.to_string()),
        };
        Trial { generator, asked, paths }
    }

    fn days(&self) -> Trial {
        let paths = of_many(self.resampled(Blocks::Days));
        Trial { generator: Generator::Days, asked: Blocks::Days.to_string(), paths }
    }

    /// Blocks of a week in the mean, or of a fifth of a record that is shorter than five.
    fn blocks(&self) -> Trial {
        let (day, bars) = (self.bars(DAY), self.first().len());
        let mean = (bars / 5).clamp(day, 7 * day);
        let blocks = Blocks::Stationary { mean };
        let generator = Generator::Stationary { days: mean as f64 / day as f64 };
        Trial { generator, asked: blocks.to_string(), paths: of_many(self.resampled(blocks)) }
    }

    fn jumped(&self) -> Trial {
        let within = 0..self.first().len();
        let per_day = self.bars(DAY) as f64 / self.first().len() as f64;
        let path = |draw| {
            let draws = Draws { seed: self.seed, draw };
            let made = self.each(|history| {
                let beta = betas::beta(&history.symbol, &self.first().symbol).unwrap_or(1.0);
                let times = Times::Poisson { per_day, within: within.clone() };
                jumps(history, &Jumps { times, size: JUMP, beta }, draws)
            });
            Ok(measured(&made?))
        };
        let asked = "one fall of 5 % or more in the mean, its log with a tail of 2.5".to_owned();
        Trial { generator: Generator::Jumps, asked, paths: of_many(drawn(path)) }
    }

    fn each(&self, make: impl Fn(&History) -> Result<Generated>) -> Result<Vec<Generated>> {
        self.histories.iter().map(|history| make(history)).collect()
    }

    fn resampled(&self, blocks: Blocks) -> Result<Vec<Battery>> {
        drawn(|draw| {
            let draws = Draws { seed: self.seed, draw };
            let made = bootstrap(self.histories, blocks, self.first().len(), draws)?;
            Ok(measured(&made))
        })
    }
}

/// Paths in parallel, in the order of their numbers, without those that cannot be made.
///
/// # Errors
/// More than half of them cannot be made: the fault of the first.
fn drawn(path: impl Fn(u32) -> Result<Battery> + Sync + Send) -> Result<Vec<Battery>> {
    let all: Vec<Result<Battery>> = (0..PATHS).into_par_iter().map(path).collect();
    let (made, faults): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    match faults.into_iter().next() {
        Some(fault) if made.len() < PATHS as usize / 2 => fault.map(|_| Vec::new()),
        _ => made.into_iter().collect(),
    }
}

fn of_many(batteries: Result<Vec<Battery>>) -> Paths {
    match batteries {
        Ok(made) => Paths::Made { count: made.len(), asked: PATHS, facts: mean(&made) },
        Err(error) => Paths::NotMade(error.to_string()),
    }
}

fn measured(made: &[Generated]) -> Battery {
    let histories: Vec<&History> = made.iter().map(|one| &one.history).collect();
    battery(&histories)
}

/// How the first symbol's path was made.
fn clause(made: &[Generated]) -> String {
    let steps = made.first().into_iter().flat_map(|one| &one.made);
    steps.map(|step| step.to_string()).collect::<Vec<_>>().join(", then ")
}
