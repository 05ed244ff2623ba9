//! Scenarios in parallel: each in its cell, with a fund that cannot be exhausted.

use super::lab::{Lab, Purse, Turned};
use crate::exchange::{Market, World};
use crate::fault::Result;
use crate::money::Cash;
use crate::population::{Population, Trader, TraderKind};
use crate::run::exchange::Stage;
use crate::run::room::{check_spared, written};
use crate::run::{Cancel, MarketInputs, Progress};
use crate::scenario::FundStudy;
use crate::scenario::fund::{Cell, Spread};
use crate::tally::Trial;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::ops::Range;

/// The inputs of all cells.
#[derive(Debug)]
pub struct Cells {
    pub list: Vec<Cell>,
    inputs: Vec<MarketInputs>,
}

impl Cells {
    /// # Errors
    /// What [`Lab::turn`] refuses, in any of them.
    pub fn build(study: &FundStudy, lab: &Lab) -> Result<Self> {
        let list = study.space.cells(&study.crashes);
        let turn = |cell: &Cell| lab.turn(&Turned::from(cell), Purse::Endless);
        let inputs = list.par_iter().map(turn).collect::<Result<Vec<MarketInputs>>>()?;
        if study.size.without_largest {
            inputs.iter().try_for_each(check_spared)?;
        }
        Ok(Self { list, inputs })
    }

    pub fn markets(&self) -> Vec<Vec<Market<'_>>> {
        self.inputs.iter().map(MarketInputs::markets).collect()
    }
}

/// All cells, ready to run.
pub struct Stages<'a> {
    study: &'a FundStudy,
    stages: Vec<Stage<'a>>,
    spread: Spread,
}

impl<'a> Stages<'a> {
    /// # Errors
    /// No population can be drawn as the study wants it.
    pub fn set(
        study: &'a FundStudy,
        cells: &'a Cells,
        markets: &'a [Vec<Market<'a>>],
    ) -> Result<Self> {
        let set = |(inputs, markets): (&'a MarketInputs, &'a Vec<Market<'a>>)| {
            Stage::set(inputs, markets)
        };
        let stages = cells.inputs.par_iter().zip(markets).map(set).collect::<Result<_>>()?;
        Ok(Self { study, stages, spread: Spread::over(&cells.list) })
    }

    /// Runs scenarios, in order.
    ///
    /// # Errors
    /// Ctrl-C; a world in which even an endless fund could have been short.
    pub fn run(
        &self,
        scenarios: Range<u32>,
        (progress, cancel): (&dyn Progress, &Cancel),
    ) -> Result<Vec<Trial>> {
        let run = |scenario: u32| {
            cancel.check()?;
            let trial = self.trial(scenario)?;
            progress.advance(1);
            Ok(trial)
        };
        scenarios.into_par_iter().with_max_len(1).map(run).collect()
    }

    fn trial(&self, scenario: u32) -> Result<Trial> {
        let change = self.study.size.without_largest.then_some(spare_the_largest as _);
        let (world, other) = self.stages[self.spread.cell(scenario)].twice(scenario, change);
        for world in std::iter::once(&world).chain(&other) {
            check_endless(self.study, world)?;
        }
        Ok(Trial::of(&world, other.map(|world| world.need)))
    }
}

/// Whether the fund was never short: else its need is only a lower bound.
pub(super) fn check_endless(study: &FundStudy, world: &World) -> Result<()> {
    if world.need.whole <= world.fund_start {
        return Ok(());
    }
    let at = written(&study.crashes[0].study, 0);
    let problem = "population.open_interest: leaves no room for a fund that cannot be exhausted";
    let fault = study.origin.fault(at, problem).found(world.need.whole);
    Err(fault.accepted(format!("needs up to {}; a smaller open interest", world.fund_start)).into())
}

/// Puts the value of what the largest user holds behind it once more: it is then out of reach
/// unless prices halve or double, and everybody else stands where they stood. Rule `EXC-034`.
fn spare_the_largest(markets: &[Market], population: &mut Population) {
    let value = |trader: &Trader| {
        let held =
            &population.holdings[trader.holdings.start as usize..trader.holdings.end as usize];
        held.iter().fold(Cash::ZERO, |sum, held| {
            let law = &markets[usize::from(held.symbol)].law;
            sum + law.notional(held.quantity, held.entry)
        })
    };
    let users = population.traders.iter().enumerate();
    let users = users.filter(|(_, trader)| trader.kind == TraderKind::User);
    // Of equals the first.
    let largest = users.map(|(place, trader)| (value(trader), Reverse(place))).max();
    if let Some((value, Reverse(place))) = largest {
        let margin = &mut population.traders[place].margin;
        *margin = *margin + value;
    }
}
