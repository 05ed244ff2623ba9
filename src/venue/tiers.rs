//! Leverage brackets: how much margin a position of a given notional needs.

use crate::money::{Cash, Rate, Round};
use serde::{Deserialize, Serialize};

/// How a position's notional picks its maintenance margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lookup {
    /// Each slice of the notional pays its own tier's rate; written with a deduction, so that
    /// the requirement is continuous at every floor:
    /// `c_n = c_(n−1) + floor_n · (m_n − m_(n−1))` (Binance, Bybit, Hyperliquid).
    Marginal,
    /// The whole position pays the rate of the tier that its notional falls in (OKX by value).
    WholeByNotional,
    /// The whole position pays the rate of the tier that its number of contracts falls in, at any
    /// price (OKX).
    WholeByContracts,
    /// As [`Lookup::WholeByNotional`], with a base limit and equal steps above it (BitMEX).
    RiskSteps,
    /// The rate rises in a straight line with the size in base units, at any price (Deribit).
    LinearInSize,
}

/// One bracket of notional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Smallest notional of the tier, in the settlement asset; by contracts: the smallest number
    /// of contracts.
    pub floor: Cash,
    /// Initial margin rate: 1 / highest leverage of the tier, rounded up.
    pub initial: Rate,
    /// Maintenance margin rate; below `initial`.
    pub maintenance: Rate,
    /// Deduction from the maintenance margin ("maintenance amount"); ≥ 0.
    pub deduction: Cash,
}

/// Brackets in rising order; the first floor is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    pub lookup: Lookup,
    pub steps: Vec<Tier>,
    /// Largest notional (by contracts: number of contracts) that the venue lets one position hold,
    /// where it says.
    pub cap: Option<Cash>,
    /// What each unit of size adds to both rates; 0 but for [`Lookup::LinearInSize`].
    pub slope: Rate,
}

impl Tiers {
    /// One rate for every notional.
    pub fn flat(maintenance: Rate, initial: Rate, deduction: Cash) -> Self {
        let tier = Tier { floor: Cash::ZERO, initial, maintenance, deduction };
        Self { lookup: Lookup::Marginal, steps: vec![tier], cap: None, slope: Rate::ZERO }
    }

    /// Index of the tier that a notional falls in. A floor belongs to the tier below it.
    pub fn index_of(&self, notional: Cash) -> usize {
        self.steps.partition_point(|tier| tier.floor < notional).saturating_sub(1)
    }
    /// Maintenance margin of a notional: `notional · m − c` of its tier. `round` says which way the
    /// one division falls; [`Round::Ceil`] favours the venue. Saturates where a rate above 1
    /// leads beyond what [`Cash`] holds.
    pub fn maintenance(&self, notional: Cash, round: Round) -> Cash {
        let Some(tier) = self.steps.get(self.index_of(notional)) else { return Cash::ZERO };
        let due = i128::from(notional.atoms()) * i128::from(tier.maintenance.steps());
        let atoms = round.div(due, i128::from(Rate::ONE)) - i128::from(tier.deduction.atoms());
        Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
    }
}
