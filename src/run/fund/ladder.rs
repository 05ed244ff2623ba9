//! Who pays in the worst scenario of each crash, with the fund that there is today.

use super::lab::{Lab, Purse, Turned};
use crate::exchange::World;
use crate::fault::Result;
use crate::run::exchange::Stage;
use crate::scenario::FundStudy;
use crate::scenario::fund::{Cell, Spread};
use crate::tally::Trial;
use rayon::prelude::*;

/// One world a crash that was drawn, by crash: of equal needs the first.
pub fn worst_of_each_crash(
    study: &FundStudy,
    lab: &Lab,
    (cells, trials): (&[Cell], &[Trial]),
) -> Result<Vec<(usize, World)>> {
    let spread = Spread::over(cells);
    let mut worst: Vec<Option<&Trial>> = vec![None; study.crashes.len()];
    for trial in trials {
        let slot = &mut worst[cells[spread.cell(trial.scenario)].crash];
        if slot.is_none_or(|found| trial.need.rule > found.need.rule) {
            *slot = Some(trial);
        }
    }
    let drawn: Vec<(usize, &Trial)> =
        worst.into_iter().enumerate().filter_map(|(crash, trial)| Some((crash, trial?))).collect();
    let run = |(crash, trial): &(usize, &Trial)| {
        let turned = Turned::from(&cells[spread.cell(trial.scenario)]);
        let inputs = lab.turn(&turned, Purse::Today)?;
        let markets = inputs.markets();
        let (world, _) = Stage::set(&inputs, &markets)?.twice(trial.scenario, None);
        Ok((*crash, World { timeline: Vec::new(), ..world }))
    };
    drawn.par_iter().map(run).collect()
}
