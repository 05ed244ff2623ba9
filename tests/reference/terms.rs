//! What a venue asks of a position: the requirement at a mark, with volatility and fee.

use super::exact::{Exact, GRID, RATE};
use super::holding::Holding;
use deleverage::venue::{Contract, Edge, Lookup, TriggerFee, VenueRules};

/// A bracket with all that lies below it.
struct Bracket {
    floor: Exact,
    rate: Exact,
    /// Maintenance of a position that fills all brackets below this one.
    below: Exact,
}

/// A venue's requirement while one factor of volatility is in force.
pub struct Terms {
    pub contract: Contract,
    lookup: Lookup,
    face: Exact,
    slope: Exact,
    /// VOL-002, in quarters.
    quarters: i64,
    /// MRG-022.
    closing_fee: Exact,
    equal_is_enough: bool,
    brackets: Vec<Bracket>,
}

impl Terms {
    pub fn of(rules: &VenueRules, quarters: i64) -> Self {
        let closing_fee = match rules.trigger_fee {
            TriggerFee::Excluded => Exact::ZERO,
            TriggerFee::Included => Exact::new(rules.fees.taker.steps().into(), RATE),
        };
        let mut terms = Self {
            contract: rules.contract,
            lookup: rules.tiers.lookup,
            face: Exact::new(rules.face.lots().into(), GRID),
            slope: Exact::ZERO,
            quarters,
            closing_fee,
            equal_is_enough: rules.edge == Edge::Below,
            brackets: Vec::new(),
        };
        terms.slope = terms.raised(Exact::new(rules.tiers.slope.steps().into(), RATE));
        for tier in &rules.tiers.steps {
            let floor = Exact::new(tier.floor.atoms().into(), GRID);
            let base = Exact::new(tier.maintenance.steps().into(), RATE);
            let rate = terms.raised(base);
            let below = terms.filled_up_to(floor, rate);
            terms.brackets.push(Bracket { floor, rate, below });
        }
        terms
    }

    /// VOL-005.
    fn raised(&self, rate: Exact) -> Exact {
        let highest = Exact::ONE - Exact::new(1, RATE);
        (rate * Exact::new(self.quarters.into(), 0)).over_up(Exact::new(4, 0), RATE).min(highest)
    }

    /// Maintenance of a position that reaches up to a floor; the last bracket so far ends there.
    /// Under a factor its deduction `floor · rate − maintenance` is a whole number of cash.
    fn filled_up_to(&self, floor: Exact, rate: Exact) -> Exact {
        let Some(last) = self.brackets.last() else { return Exact::ZERO };
        let filled = last.below + (floor - last.floor) * last.rate;
        let deduction = floor * rate - filled;
        floor * rate - deduction.floor(GRID)
    }

    /// What amounts are multiplied by so that none of them is a fraction: MRG-014.
    pub fn unit(&self, mark: Exact) -> Exact {
        match self.contract {
            Contract::Linear => Exact::ONE,
            Contract::Inverse => mark,
        }
    }

    /// `V`, times the unit.
    pub fn value(&self, size: Exact, mark: Exact) -> Exact {
        match self.contract {
            Contract::Linear => size * mark,
            Contract::Inverse => size,
        }
    }

    /// `V` of an amount of the settlement asset, as a size: exact but for the rounding, down.
    pub fn size_worth(&self, amount: Exact, mark: Exact) -> Exact {
        match self.contract {
            Contract::Linear => amount.over(mark, GRID),
            Contract::Inverse => (amount * mark).floor(GRID),
        }
    }

    /// MRG-004, MRG-019, MRG-020: 0 for the lowest.
    pub fn tier(&self, size: Exact, mark: Exact) -> usize {
        let (measure, unit) = match self.lookup {
            Lookup::WholeByContracts => (size, self.face),
            _ => (self.value(size, mark), self.unit(mark)),
        };
        let above = self.brackets.iter().skip(1);
        above.take_while(|bracket| bracket.floor * unit < measure).count()
    }

    /// Size up to the top of a tier, rounded down; the top of tier `n` is the floor of tier `n+1`.
    pub fn top_of(&self, tier: usize, mark: Exact) -> Exact {
        let floor = self.brackets[tier + 1].floor;
        match self.lookup {
            Lookup::WholeByContracts => (floor * self.face).floor(GRID),
            _ => self.size_worth(floor, mark),
        }
    }

    /// The rate of the whole position, fee included.
    pub fn whole_rate(&self, size: Exact, mark: Exact) -> Exact {
        self.rate(size, mark) + self.closing_fee
    }

    /// The tier's own rate, with the factor and without the fee.
    fn rate(&self, size: Exact, mark: Exact) -> Exact {
        match self.lookup {
            Lookup::LinearInSize => self.linear_rate(size),
            _ => self.brackets[self.tier(size, mark)].rate,
        }
    }

    /// MRG-021.
    fn linear_rate(&self, size: Exact) -> Exact {
        let highest = Exact::ONE - Exact::new(1, RATE);
        (self.brackets[0].rate + self.slope * size).ceil(RATE).min(highest)
    }

    /// Rate of the lowest tier, fee included.
    pub fn lowest_rate(&self) -> Exact {
        self.brackets[0].rate + self.closing_fee
    }

    /// `MM`, times the unit: MRG-005, MRG-019 to MRG-022.
    pub fn maintenance(&self, size: Exact, mark: Exact) -> Exact {
        let value = self.value(size, mark);
        let due = match self.lookup {
            Lookup::Marginal => {
                let bracket = &self.brackets[self.tier(size, mark)];
                let unit = self.unit(mark);
                bracket.below * unit + (value - bracket.floor * unit) * bracket.rate
            }
            _ => value * self.rate(size, mark),
        };
        due + value * self.closing_fee
    }

    /// Whether the requirement can jump as the mark moves: MRG-023.
    pub fn jumps(&self) -> bool {
        matches!(self.lookup, Lookup::WholeByNotional | Lookup::RiskSteps)
    }

    /// MRG-007.
    pub fn is_liquidatable(&self, holding: &Holding, mark: Exact) -> bool {
        let equity = holding.equity(self, mark);
        let due = self.maintenance(holding.size, mark);
        if self.equal_is_enough { equity < due } else { equity <= due }
    }
}
