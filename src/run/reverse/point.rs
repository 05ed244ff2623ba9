//! Worlds of a turned crash, one a seed: the same draws wherever a knob stands.

use crate::exchange::World;
use crate::fault::{Error, Result};
use crate::money::Cash;
use crate::run::exchange::Stage;
use crate::run::fund::{Lab, Purse, Turned};
use crate::run::{Cancel, Progress};
use crate::scenario::FundStudy;
use crate::scenario::fund::Metric;
use rayon::prelude::*;

/// Where worlds are asked for.
pub struct Points<'a> {
    pub study: &'a FundStudy,
    pub lab: &'a Lab,
    /// Number of the crash that is turned.
    pub crash: usize,
    pub progress: &'a dyn Progress,
    pub cancel: &'a Cancel,
}

impl Points<'_> {
    pub fn seeds(&self) -> u32 {
        self.study.reverse.seeds
    }

    /// About how many worlds there will be, for the progress.
    pub fn expected(&self) -> u64 {
        let (seeds, grid) = (u64::from(self.seeds()), u64::from(self.study.reverse.grid));
        seeds * (5 * (grid + 7) + grid * grid + 25)
    }

    /// The crash with nothing turned.
    pub fn base(&self) -> Turned {
        Turned::at(self.crash)
    }

    /// The limit's figure in the world of every seed, in their order; `None`: there is no such
    /// world, since exact arithmetic has no room for it or its prices leave the grid.
    ///
    /// # Errors
    /// Ctrl-C.
    pub fn figures(&self, turned: &Turned) -> Result<Option<Vec<Cash>>> {
        self.of_seeds(turned, &(0..self.seeds()).collect::<Vec<_>>())
    }

    /// The same in the world of one seed.
    ///
    /// # Errors
    /// Ctrl-C.
    pub fn figure(&self, turned: &Turned, seed: u32) -> Result<Option<Cash>> {
        Ok(self.of_seeds(turned, &[seed])?.map(|figures| figures[0]))
    }

    /// Whether a figure is beyond the limit.
    pub fn is_reached(&self, figure: Cash) -> bool {
        figure > self.study.reverse.limit.amount.unwrap_or_else(|| self.study.fund())
    }

    fn of_seeds(&self, turned: &Turned, seeds: &[u32]) -> Result<Option<Vec<Cash>>> {
        let purse = match self.study.reverse.limit.metric {
            Metric::Need => Purse::Endless,
            _ => Purse::Today,
        };
        let inputs = match self.lab.turn(turned, purse) {
            Ok(inputs) => inputs,
            Err(Error::Input(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let markets = inputs.markets();
        let Ok(stage) = Stage::set(&inputs, &markets) else { return Ok(None) };
        let run = |seed: &u32| {
            self.cancel.check()?;
            let (world, _) = stage.twice(*seed, None);
            self.progress.advance(1);
            Ok(self.figure_of(&world))
        };
        seeds.par_iter().map(run).collect::<Result<_>>()
    }

    /// `None`: even an endless fund could have been short.
    fn figure_of(&self, world: &World) -> Option<Cash> {
        match self.study.reverse.limit.metric {
            Metric::Need => {
                (world.need.whole <= world.fund_start).then_some(world.need.rule.gain())
            }
            Metric::Drawdown => Some(world.fund_drawdown),
            Metric::DrawdownMarked => Some(world.fund_drawdown_mtm),
            Metric::Liquidated => Some(world.liquidated_notional),
        }
    }
}
