//! Needs of all scenarios in their order, with exact sums from above.

use super::level::{Level, WHOLE};
use crate::money::{Cash, Round};
use std::collections::BTreeSet;

/// One scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// The smallest fund that would never have been short in it; not negative.
    pub need: Cash,
    /// Which crash it replays.
    pub crash: u16,
    /// Importance ratio: its chance in the world over its chance of being drawn, from 0 to
    /// [`MOST_RATIO`], about 1 in the mean. All alike where nothing is reweighted. Counted to nine
    /// decimals.
    pub weight: f64,
}

/// The largest importance ratio: whoever draws scenarios gives each at least a hundredth of its
/// chance (a defensive mixture, Hesterberg 1995).
pub const MOST_RATIO: f64 = 100.0;

/// Reweighted scenarios that are worth fewer than so many independent ones are no sample.
pub const LEAST_EFFECTIVE: f64 = 100.0;

/// Why there is no sample.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refused {
    #[error("no scenario has been run: there is nothing to size the fund by")]
    Empty,
    #[error("the importance ratio {found} is not a number from 0 to {MOST_RATIO}")]
    Ratio { found: f64 },
    #[error(
        "the {runs} reweighted scenarios are worth only {effective:.1} independent ones, and at \
         least {LEAST_EFFECTIVE} are asked for: draw more of them, or nearer to their true chances"
    )]
    TooFewEffective { runs: usize, effective: f64 },
}

/// Losses in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub(super) needs: Vec<Cash>,
    pub(super) crashes: Vec<u16>,
    /// Weight of this position and all after it, in billionths of a run; one longer than `needs`.
    weight_from: Vec<u64>,
    /// Squares of the same weights, in squared billionths.
    square_from: Vec<f64>,
    /// Weight times need of the same, in billionths of an atom.
    owed_from: Vec<i128>,
    heaviest: u64,
}

impl Sample {
    /// Sorts once.
    ///
    /// # Errors
    /// [`Refused`]: no loss at all, a ratio out of its range, or unequal ratios that leave fewer
    /// than [`LEAST_EFFECTIVE`] effective scenarios. Rules `SIZ-001` and `SIZ-002`.
    pub fn of(losses: Vec<Loss>) -> Result<Self, Refused> {
        let first = losses.first().ok_or(Refused::Empty)?.weight;
        let bad = losses.iter().find(|loss| !(0.0..=MOST_RATIO).contains(&loss.weight));
        if let Some(loss) = bad {
            return Err(Refused::Ratio { found: loss.weight });
        }
        let alike = first > 0.0 && losses.iter().all(|loss| loss.weight == first);
        let weight = |loss: &Loss| if alike { u64::from(WHOLE) } else { grid(loss.weight) };
        let mut all: Vec<(Cash, u16, u64)> =
            losses.iter().map(|loss| (loss.need, loss.crash, weight(loss))).collect();
        all.sort_unstable();
        let sample = Self::summed(&all);
        let effective = sample.effective_size();
        let enough = alike || effective >= LEAST_EFFECTIVE;
        let refused = Refused::TooFewEffective { runs: all.len(), effective };
        if enough { Ok(sample) } else { Err(refused) }
    }

    fn summed(all: &[(Cash, u16, u64)]) -> Self {
        let n = all.len();
        let (mut weight_from, mut square_from) = (vec![0; n + 1], vec![0.0; n + 1]);
        let mut owed_from = vec![0; n + 1];
        for (at, (need, _, weight)) in all.iter().enumerate().rev() {
            weight_from[at] = weight_from[at + 1] + weight;
            square_from[at] = square_from[at + 1] + (*weight as f64) * (*weight as f64);
            owed_from[at] = owed_from[at + 1] + i128::from(need.atoms()) * i128::from(*weight);
        }
        Self {
            needs: all.iter().map(|(need, ..)| *need).collect(),
            crashes: all.iter().map(|(_, crash, _)| *crash).collect(),
            weight_from,
            square_from,
            owed_from,
            heaviest: all.iter().map(|(.., weight)| *weight).max().unwrap_or(0),
        }
    }

    /// Scenarios.
    pub fn count(&self) -> usize {
        self.needs.len()
    }

    /// Different crashes among them.
    pub fn crash_count(&self) -> usize {
        self.crashes.iter().collect::<BTreeSet<_>>().len()
    }

    pub fn most(&self) -> Cash {
        self.needs[self.count() - 1]
    }

    /// How many independent scenarios these are worth: `(Σw)² / Σw²` (Kish 1965). Rule `SIZ-002`.
    pub fn effective_size(&self) -> f64 {
        let total = self.total() as f64;
        if total > 0.0 { total * total / self.square_from[0] } else { 0.0 }
    }

    /// The mean importance ratio. Far from 1, by several times `1/√n_eff`, it says that the ratios
    /// are not those of the draws. 1 where nothing is reweighted.
    pub fn mean_ratio(&self) -> f64 {
        self.total() as f64 / f64::from(WHOLE) / self.count() as f64
    }

    /// The need that at least the level's share of the weight does not exceed. Rule `SIZ-007`.
    pub fn value_at_risk(&self, level: Level) -> Cash {
        self.needs[self.position(level)]
    }

    /// The mean of the worst scenarios, whose weight is `1 − level` of all; of the one at the edge
    /// the part that is needed; rounded up. Rule `SIZ-010`.
    pub fn expected_shortfall(&self, level: Level) -> Cash {
        let (at, tail) = (self.position(level), self.tail(level));
        let edge = tail - self.weight_from[at + 1];
        let owed = self.owed_from[at + 1] + i128::from(edge) * i128::from(self.needs[at].atoms());
        // A mean of 64-bit numbers is one.
        Cash::from_atoms(Round::Ceil.div(owed, i128::from(tail)) as i64)
    }

    /// Weight of the worst `1 − level`, in billionths of a run; above 0.
    pub(super) fn tail(&self, level: Level) -> u64 {
        let tail = u128::from(self.total()) * u128::from(level.beyond_billionths());
        (tail / u128::from(WHOLE)).max(1) as u64
    }

    /// Of the value at risk: the first position beyond which no more weight lies than the tail's.
    pub(super) fn position(&self, level: Level) -> usize {
        let tail = self.tail(level);
        self.weight_from[1..].partition_point(|weight| *weight > tail)
    }

    /// How many needs are above the fund: so many last positions.
    pub(super) fn hits(&self, fund: Cash) -> usize {
        self.count() - self.needs.partition_point(|need| *need <= fund)
    }

    pub(super) fn total(&self) -> u64 {
        self.weight_from[0]
    }

    /// Weight of the last positions, as a share of all.
    pub(super) fn share(&self, last: usize) -> f64 {
        self.weight_from[self.count() - last] as f64 / self.total() as f64
    }

    pub(super) fn weight(&self, at: usize) -> u64 {
        self.weight_from[at] - self.weight_from[at + 1]
    }

    /// Sum of squared weights from the position on, over the squared weight of all.
    pub(super) fn squares(&self, from: usize) -> f64 {
        let total = self.total() as f64;
        self.square_from[from] / total / total
    }

    /// Mean need of the positions from `from` up to before `to`, in atoms; `None` without weight.
    pub(super) fn mean(&self, from: usize, to: usize) -> Option<f64> {
        let weight = self.weight_from[from] - self.weight_from[to];
        let owed = self.owed_from[from] - self.owed_from[to];
        (weight > 0).then(|| owed as f64 / weight as f64)
    }

    /// Effective number of trials of the share that the last positions have. Rule `SIZ-004`.
    pub(super) fn trials(&self, last: usize) -> f64 {
        let from = self.count() - last;
        let share = self.share(last);
        let (hits, all) = (self.squares(from), self.squares(0));
        let rest = 1.0 - share;
        let variance = rest * rest * hits + share * share * (all - hits);
        if share > 0.0 && rest > 0.0 && variance > 0.0 {
            share * rest / variance
        } else {
            self.total() as f64 / self.heaviest as f64
        }
    }

    /// How many scenarios such as these bound the level from above. Rule `SIZ-008`.
    pub(super) fn runs_for(&self, level: Level) -> u64 {
        let each = self.trials(0) / self.count() as f64;
        (level.runs_needed() as f64 / each).ceil() as u64
    }
}

fn grid(weight: f64) -> u64 {
    (weight * f64::from(WHOLE)).round() as u64
}
