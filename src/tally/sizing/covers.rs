//! Losses of the largest accounts, as clearing houses count them. Rules `SIZ-023` to `SIZ-025`.

use super::level::Level;
use super::sample::{Loss, Refused, Sample};
use crate::money::Cash;

/// One scenario and the three accounts that cost the fund most in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LargestLosses {
    pub loss: Loss,
    /// Not negative; the largest first; zero where there are fewer accounts.
    pub accounts: [Cash; 3],
}

impl LargestLosses {
    /// The two largest accounts together.
    fn largest_two(&self) -> Cash {
        sum(self.accounts[0], self.accounts[1])
    }

    /// The largest, or the second and the third together: Regulation (EU) 648/2012, Article 42(3).
    fn emir(&self) -> Cash {
        self.accounts[0].max(sum(self.accounts[1], self.accounts[2]))
    }
}

/// No more than the largest amount that there is.
fn sum(one: Cash, other: Cash) -> Cash {
    Cash::from_atoms(one.atoms().saturating_add(other.atoms()))
}

/// Each statistic over all scenarios: the most of it (`Sample::most`) is the cover, its values at
/// risk are the quantiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Covers {
    /// Cover-1: the loss of the largest account.
    pub one: Sample,
    /// Cover-2: of the two largest together.
    pub two: Sample,
    /// The larger of the first, and the second and third together.
    pub emir: Sample,
    /// Need of the fund and share of the largest account in it, largest need first.
    shares: Vec<(Cash, Cash, f64)>,
}

impl Covers {
    /// # Errors
    /// As [`Sample::of`].
    pub fn of(scenarios: &[LargestLosses]) -> Result<Self, Refused> {
        let sample = |cover: fn(&LargestLosses) -> Cash| {
            let loss = |scenario| Loss { need: cover(scenario), ..scenario.loss };
            Sample::of(scenarios.iter().map(loss).collect())
        };
        let share = |scenario: &LargestLosses| {
            let need = scenario.loss.need;
            (need, scenario.accounts[0].min(need), scenario.loss.weight)
        };
        let mut shares: Vec<_> = scenarios.iter().map(share).collect();
        shares.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.total_cmp(&a.2)));
        Ok(Self {
            one: sample(|scenario| scenario.accounts[0])?,
            two: sample(LargestLosses::largest_two)?,
            emir: sample(LargestLosses::emir)?,
            shares,
        })
    }

    /// Of what the fund needs in the scenarios from `at_least` on (a value at risk, say), the share
    /// that the largest account makes, no more than the need in each. `None`: nothing is needed.
    pub fn concentration(&self, at_least: Cash) -> Option<f64> {
        let worst = self.shares.iter().take_while(|(need, ..)| *need >= at_least);
        let (mut all, mut largest) = (0.0, 0.0);
        for (need, account, weight) in worst {
            all += weight * need.atoms() as f64;
            largest += weight * account.atoms() as f64;
        }
        (all > 0.0).then(|| largest / all)
    }

    /// Cover-1, Cover-2 and the cover of the regulation, over all scenarios.
    pub fn most(&self) -> [Cash; 3] {
        [&self.one, &self.two, &self.emir].map(Sample::most)
    }

    /// The same at a level instead of at the worst.
    pub fn at(&self, level: Level) -> [Cash; 3] {
        [&self.one, &self.two, &self.emir].map(|sample| sample.value_at_risk(level))
    }
}
