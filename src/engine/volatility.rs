//! Maintenance that rises with volatility, as a series of factors on the bars of a history.
//! Rules `VOL-001` to `VOL-006` of `docs/model`.

use crate::history::{Bars, History};
use crate::money::{Cash, Rate, Round};
use crate::venue::{Lookup, Tier, Tiers, VenueRules, Volatility, VolatilityScope};

/// Quarters: factors are multiples of a quarter, so that few sets of tiers are needed.
const QUARTERS: i64 = 4;

/// The venue's tiers at every factor that occurs, and when each is in force.
#[derive(Debug, Clone)]
pub struct Raised {
    /// One for each factor that occurs, in the order of the factors.
    levels: Vec<Tiers>,
    /// First bar of each stretch with one factor, rising, and its place in `levels`; starts at
    /// bar 0.
    stretches: Vec<(usize, usize)>,
    pub scope: VolatilityScope,
}

impl Raised {
    /// `None`: the venue's maintenance does not follow volatility, or nothing in the history is
    /// violent enough to raise it.
    pub fn of(rules: &VenueRules, history: &History) -> Option<Self> {
        let rule = rules.volatility?;
        let mut stretches = vec![(0, 0)];
        for (bar, level) in announced(&rule, history) {
            if stretches.last().is_some_and(|(_, before)| *before != level) {
                stretches.push((bar, level));
            }
        }
        if stretches.len() == 1 {
            return None;
        }
        let mut occurring: Vec<usize> = stretches.iter().map(|(_, level)| *level).collect();
        occurring.sort_unstable();
        occurring.dedup();
        for (_, level) in &mut stretches {
            *level = occurring.partition_point(|below| *below < *level);
        }
        let levels = occurring.iter().map(|level| scaled(&rules.tiers, *level)).collect();
        Some(Self { levels, stretches, scope: rule.applies })
    }

    /// The tiers in force in a bar, and the first bar of the next stretch, if there is one.
    pub fn at(&self, bar: usize) -> (&Tiers, Option<usize>) {
        let next = self.stretches.partition_point(|(first, _)| *first <= bar);
        let (_, level) = self.stretches[next.saturating_sub(1)];
        (&self.levels[level], self.stretches.get(next).map(|(first, _)| *first))
    }
}

/// First bar and level of each factor, in the order in which they come into force.
fn announced(rule: &Volatility, history: &History) -> Vec<(usize, usize)> {
    let step = history.interval.millis();
    let window = (rule.window.millis() / step).max(1) as usize;
    let levels = levels(rule, &history.mark, window);
    let in_force = |(bar, level): (usize, usize)| {
        let from = history.time[bar] + step + rule.lag.millis();
        (history.time.partition_point(|open| *open < from), level)
    };
    let all = levels.into_iter().enumerate().skip(window).map(in_force);
    all.filter(|(bar, _)| *bar < history.time.len()).collect()
}

/// Quarters above 1 that each bar announces at its close.
fn levels(rule: &Volatility, mark: &Bars, window: usize) -> Vec<usize> {
    let closes: Vec<f64> = mark.close.iter().map(|price| price.steps() as f64).collect();
    let squares: Vec<f64> = closes.windows(2).map(squared_return).collect();
    let level = |bar: usize| {
        let Some(first) = bar.checked_sub(window) else { return 0 };
        let sigma = squares[first..bar].iter().sum::<f64>().sqrt();
        let factor = rule.slope.to_f64() * sigma / rule.reference.to_f64();
        let highest = (rule.at_most.to_f64() * QUARTERS as f64) as i64;
        let quarters = ((factor * QUARTERS as f64).floor() as i64).min(highest);
        (quarters - QUARTERS).max(0) as usize
    };
    (0..closes.len()).map(level).collect()
}

fn squared_return(pair: &[f64]) -> f64 {
    let log = libm::log(pair[1] / pair[0]);
    log * log
}

/// The tiers with every rate multiplied by `1 + level / 4`, rounded up and below 1; marginal
/// deductions follow from the raised rates, each step rounded down.
fn scaled(tiers: &Tiers, level: usize) -> Tiers {
    let quarters = i128::from(QUARTERS) + level as i128;
    let raised = |rate: Rate| {
        let steps = Round::Ceil.div(i128::from(rate.steps()) * quarters, i128::from(QUARTERS));
        Rate::from_steps(steps.min(i128::from(Rate::ONE) - 1) as i64)
    };
    let mut steps: Vec<Tier> = Vec::with_capacity(tiers.steps.len());
    for tier in &tiers.steps {
        let maintenance = raised(tier.maintenance);
        let deduction = match (tiers.lookup, steps.last()) {
            (Lookup::Marginal, Some(below)) => next_deduction(below, tier.floor, maintenance),
            _ => tier.deduction,
        };
        steps.push(Tier { maintenance, deduction, ..*tier });
    }
    Tiers { steps, slope: raised(tiers.slope), ..tiers.clone() }
}

fn next_deduction(below: &Tier, floor: Cash, maintenance: Rate) -> Cash {
    let rise = i128::from(maintenance.steps() - below.maintenance.steps());
    let step = Round::Floor.div(i128::from(floor.atoms()) * rise, i128::from(Rate::ONE));
    Cash::from_atoms(i64::try_from(i128::from(below.deduction.atoms()) + step).unwrap_or(i64::MAX))
}
