//! What the scenarios of a study say of the fund: one sizing for each way to measure it.

use super::Trial;
use super::sizing::{Covers, LargestLosses, Loss, Refused, Resampling, Sizing};
use crate::money::Cash;

/// Which crash a scenario replays, and what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    pub crash: u16,
    pub weight: f64,
}

/// Sizings of the same scenarios.
#[derive(Debug, Clone)]
pub struct Needs {
    /// For the venue's own rule never to send losses to the queue: what the chance of
    /// deleveraging is about.
    pub rule: Sizing,
    /// For its cash alone to suffice.
    pub cash: Sizing,
    /// For its worth, inventory at the marks, to suffice.
    pub marked: Sizing,
    /// By the venue's rule with the largest account out of reach; `None`: not asked for.
    pub without_largest: Option<Sizing>,
    pub covers: Covers,
}

impl Needs {
    /// # Errors
    /// No scenario, or too few effective ones.
    pub fn of(
        trials: &[Trial],
        standing: impl Fn(&Trial) -> Standing,
        resampling: Resampling,
    ) -> Result<Self, Refused> {
        let loss = |trial: &Trial, need: Cash| {
            let Standing { crash, weight } = standing(trial);
            Loss { need: need.gain(), crash, weight }
        };
        let sizing = |need: fn(&Trial) -> Cash| {
            Sizing::of(trials.iter().map(|trial| loss(trial, need(trial))).collect(), resampling)
        };
        let without: Option<Vec<Loss>> =
            trials.iter().map(|trial| Some(loss(trial, trial.without_largest?.rule))).collect();
        let covers: Vec<LargestLosses> = trials
            .iter()
            .map(|trial| LargestLosses {
                loss: loss(trial, trial.need.rule),
                accounts: trial.charged,
            })
            .collect();
        Ok(Self {
            rule: sizing(|trial| trial.need.rule)?,
            cash: sizing(|trial| trial.need.cash)?,
            marked: sizing(|trial| trial.need.marked)?,
            without_largest: without.map(|all| Sizing::of(all, resampling)).transpose()?,
            covers: Covers::of(&covers)?,
        })
    }
}
