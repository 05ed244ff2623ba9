//! The exchange of a study in any of its crashes, with anything turned.

use crate::engine::FundingBook;
use crate::fault::{Error, Result};
use crate::history::{Cache, History, Interval};
use crate::money::{Cash, Rate, Round};
use crate::paths::{self, Shock};
use crate::run::markets::settlements;
use crate::run::room::{self, check_room};
use crate::run::{MarketInputs, load_exchange};
use crate::scenario::exchange::{Driver, PathOrder};
use crate::scenario::fund::Cell;
use crate::scenario::{FundStudy, Origin, Text};
use crate::venue::AdlStart;
use std::ops::Range;

/// Time over which the fall of a crash is looked for: its shock is scaled there.
const FALL: i64 = 86_400_000;
const ONE: Rate = Rate::from_steps(Rate::ONE);

/// What is turned on a crash. [`Turned::at`] is the crash as the study has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turned {
    pub crash: usize,
    /// Milliseconds after the crash's own start.
    pub offset: i64,
    pub path: PathOrder,
    /// In place of the books' own multiplier of depth.
    pub multiplier: Option<Rate>,
    /// Times the depth of all books.
    pub depth: Rate,
    /// Times the logarithm of all moves of the fall.
    pub shock: Rate,
    /// Times the open interest of all symbols.
    pub open_interest: Rate,
    /// In place of the population's own.
    pub largest: Option<Rate>,
    /// Recorded bars in one.
    pub speed: usize,
    /// Choices of the model.
    pub driver: Option<Driver>,
    /// Exponent of the depth curve.
    pub beta: Option<Rate>,
    /// In each leg of a wide bar.
    pub substeps: Option<u8>,
}

impl Turned {
    /// A crash with nothing turned.
    pub fn at(crash: usize) -> Self {
        Self {
            crash,
            offset: 0,
            path: PathOrder::Both,
            multiplier: None,
            depth: ONE,
            shock: ONE,
            open_interest: ONE,
            largest: None,
            speed: 1,
            driver: None,
            beta: None,
            substeps: None,
        }
    }
}

impl From<&Cell> for Turned {
    fn from(cell: &Cell) -> Self {
        Self {
            offset: cell.offset,
            path: cell.order.path(),
            multiplier: cell.depth,
            shock: cell.shock,
            ..Self::at(cell.crash)
        }
    }
}

/// How much the fund holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purse {
    /// What the study says.
    Today,
    /// More than anything in a world can cost.
    Endless,
}

/// The exchange in all crashes as recorded.
#[derive(Debug)]
pub struct Lab {
    pub crashes: Vec<MarketInputs>,
    /// Bars of the deepest fall of each crash's first symbol, with as much before it as after.
    falls: Vec<Range<usize>>,
    betas: Vec<Rate>,
    origin: Origin,
    /// Where the last start is written.
    offset: Option<Text>,
}

impl Lab {
    /// # Errors
    /// What a study of the exchange refuses, in any of the crashes; a venue that deleverages
    /// whatever its fund holds; a tranche without money.
    pub fn open(study: &FundStudy, cache: Option<&Cache>) -> Result<Self> {
        let load = |crash: &crate::scenario::fund::Crash| {
            load_exchange(&crash.study, cache).map_err(|error| in_crash(error, &crash.name))
        };
        let crashes: Vec<MarketInputs> = study.crashes.iter().map(load).collect::<Result<_>>()?;
        for inputs in &crashes {
            check_fund(study, inputs)?;
        }
        let falls = crashes.iter().map(fall).collect();
        let offset = study.raw.space.offset.iter().max_by_key(|level| level.at.span.start);
        Ok(Self {
            crashes,
            falls,
            betas: study.space.betas.clone(),
            origin: study.origin.clone(),
            offset: offset.map(|level| level.at.clone()),
        })
    }

    /// The exchange with something turned.
    ///
    /// # Errors
    /// Prices that leave the grid, more open interest than exact arithmetic has room for, a start
    /// after the crash.
    pub fn turn(&self, turned: &Turned, purse: Purse) -> Result<MarketInputs> {
        let mut inputs = self.crashes[turned.crash].clone();
        self.reprice(&mut inputs, turned)?;
        let bars = turned.offset / inputs.symbols[0].history.interval.millis();
        inputs.first += bars as usize;
        if inputs.first >= inputs.symbols[0].history.len() {
            let problem = "space.offset: after the last bar of the crash";
            let fault = self.origin.fault(self.offset.as_ref(), problem);
            return Err(fault.accepted("a start inside the history of every crash").into());
        }
        choose(&mut inputs, turned);
        check_room(&inputs)?;
        if purse == Purse::Endless {
            fill(&mut inputs);
        }
        Ok(inputs)
    }

    fn reprice(&self, inputs: &mut MarketInputs, turned: &Turned) -> Result<()> {
        let first = inputs.first;
        for (symbol, beta) in inputs.symbols.iter_mut().zip(&self.betas) {
            if turned.shock != ONE {
                let window = self.falls[turned.crash].clone();
                let taper = (window.len() / 8).max(1).min(window.len() / 2);
                let (scale, beta) = (turned.shock.to_f64(), beta.to_f64());
                let shock = Shock { scale, beta, window, taper };
                symbol.history = paths::shock(&symbol.history, &shock)?.history;
            }
            if turned.speed > 1 {
                symbol.history = paths::speed(&symbol.history, turned.speed, first)?.history;
            }
        }
        if turned.shock != ONE || turned.speed > 1 {
            inputs.funding = inputs.symbols.iter().map(settlements).collect::<Vec<FundingBook>>();
        }
        Ok(())
    }
}

fn in_crash(error: Error, crash: &str) -> Error {
    match error {
        Error::Input(fault) => Error::Input(Box::new(fault.about(&format!("crash {crash}")))),
        other => other,
    }
}

/// The bars of the deepest fall within a day, and as many on either side: there a shock is scaled.
fn fall(inputs: &MarketInputs) -> Range<usize> {
    let history: &History = &inputs.symbols[0].history;
    let span = Interval::from_millis(FALL.max(history.interval.millis()));
    let found = span.and_then(|span| paths::crash(history, span)).unwrap_or(0..history.len());
    let around = (found.len() / 2).max(2);
    found.start.saturating_sub(around)..(found.end + around).min(history.len())
}

fn check_fund(study: &FundStudy, inputs: &MarketInputs) -> Result<()> {
    let balance = inputs.study.raw.fund.balance.as_ref();
    let starts = inputs.symbols.iter().map(|symbol| symbol.rules.loss.adl_start);
    if starts.into_iter().any(|start| start == AdlStart::NegativeEquity) {
        let problem = "venue: deleverages at a trader's negative equity, whatever the fund holds";
        let fault = study.origin.fault(Some(&inputs.study.raw.venue.name), problem);
        let accepted = "a venue whose fund decides, or venue.override adl.start = \"fund-empty\"";
        return Err(fault.found(&inputs.symbols[0].rules.name).accepted(accepted).into());
    }
    let tranches = &inputs.study.fund.tranches;
    if tranches.is_empty() || tranches.iter().any(|tranche| tranche.balance == Cash::ZERO) {
        let fault = study.origin.fault(balance, "fund: a purse without money cannot be sized");
        return Err(fault.accepted("a balance above 0 in every tranche: today's fund").into());
    }
    Ok(())
}

/// Everything but prices.
fn choose(inputs: &mut MarketInputs, turned: &Turned) {
    let study = &mut inputs.study;
    study.path = turned.path;
    study.driver = turned.driver.unwrap_or(study.driver);
    study.substeps = turned.substeps.unwrap_or(study.substeps);
    study.population.largest = turned.largest.unwrap_or(study.population.largest);
    for book in &mut study.books {
        book.open_interest = times(book.open_interest, turned.open_interest);
        let curve = &mut book.liquidity.curve;
        curve.depth = times(curve.depth, turned.depth).max(Cash::from_atoms(1));
        curve.multiplier = turned.multiplier.unwrap_or(curve.multiplier);
        curve.beta = turned.beta.unwrap_or(curve.beta);
    }
}

/// Rounded down.
fn times(cash: Cash, factor: Rate) -> Cash {
    let product = i128::from(cash.atoms()) * i128::from(factor.steps());
    let atoms = Round::Floor.div(product, i128::from(Rate::ONE));
    Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
}

/// Gives the fund what exact arithmetic has room for beside the books, divided as before.
fn fill(inputs: &mut MarketInputs) {
    let room = room::beside_the_books(inputs);
    let tranches = &mut inputs.study.fund.tranches;
    let all: i128 = tranches.iter().map(|tranche| i128::from(tranche.balance.atoms())).sum();
    for tranche in tranches {
        let part = Round::Floor.div(i128::from(tranche.balance.atoms()) * room, all);
        tranche.balance = Cash::from_atoms(i64::try_from(part.max(1)).unwrap_or(i64::MAX));
    }
}
