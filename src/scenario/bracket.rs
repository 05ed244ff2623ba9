//! Which bracket of a venue a position falls in as it is opened.

use crate::money::{Cash, Leverage, Price, PriceScale, Quantity, Rate, Round};
use crate::venue::{Contract, Lookup, VenueRules};

/// A notional at an entry price.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    pub notional: Cash,
    pub entry: Price,
    pub scale: PriceScale,
}

impl Opening {
    /// What the floors and the cap of the brackets are compared with: the value in the settlement
    /// asset or the number of contracts; rounded up, towards the higher bracket.
    pub fn measure(&self, rules: &VenueRules) -> Cash {
        match (rules.tiers.lookup, rules.contract) {
            (Lookup::WholeByContracts, contract) => {
                let lots = i128::from(self.size(contract).lots());
                let face = i128::from(rules.face.lots());
                saturated(Round::Ceil.div(lots * i128::from(ONE.lots()), face))
            }
            (_, Contract::Linear) => self.notional,
            (_, Contract::Inverse) => saturated(self.per_price(Round::Ceil)),
        }
    }

    /// Initial margin rate: that of the bracket, and what the size adds to it; rounded up.
    pub fn initial(&self, rules: &VenueRules) -> Rate {
        let tier = &rules.tiers.steps[rules.tiers.index_of(self.measure(rules))];
        let slope = rules.tiers.slope;
        if slope == Rate::ZERO {
            return tier.initial;
        }
        let lots = i128::from(self.size(rules.contract).lots());
        let added = Round::Ceil.div(i128::from(slope.steps()) * lots, i128::from(ONE.lots()));
        let steps = i128::from(tier.initial.steps()) + added;
        Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
    }

    /// The highest leverage whose margin covers the initial one; the rate itself was rounded up by
    /// at most one step. 1× where a venue asks for more than the notional.
    pub fn highest_leverage(&self, rules: &VenueRules) -> Leverage {
        let initial = (self.initial(rules).steps() - 1).max(1);
        let hundredths = Rate::ONE * i64::from(Leverage::ONE) / initial;
        Leverage::clamped(u32::try_from(hundredths).unwrap_or(u32::MAX))
    }

    /// Size in base units (linear, rounded down to the lot) or in quote units (inverse).
    fn size(&self, contract: Contract) -> Quantity {
        match contract {
            Contract::Linear => {
                Quantity::from_lots(saturated(self.per_price(Round::Floor)).atoms())
            }
            Contract::Inverse => Quantity::from_lots(self.notional.atoms()),
        }
    }

    /// Notional / entry, in 1e-8.
    fn per_price(&self, round: Round) -> i128 {
        let value = i128::from(self.notional.atoms()) * self.scale.steps_per_unit();
        round.div(value, i128::from(self.entry.steps()))
    }
}

const ONE: Quantity = Quantity::from_lots(100_000_000);

fn saturated(atoms: i128) -> Cash {
    Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::{ResolveRequest, Tier, Tiers, resolve};

    fn rules(contract: Contract, lookup: Lookup, slope: &str) -> VenueRules {
        let rules = resolve(&ResolveRequest {
            name: "binance-usdm",
            symbol: "BTCUSDT",
            as_of: "2024-08-01".parse().unwrap(),
            overrides: &toml::Table::new(),
            folder: None,
        });
        let tier = |floor: &str, initial: &str, maintenance: &str| Tier {
            floor: Cash::parse(floor).unwrap(),
            initial: Rate::parse(initial).unwrap(),
            maintenance: Rate::parse(maintenance).unwrap(),
            deduction: Cash::ZERO,
        };
        let steps = vec![tier("0", "1%", "0.5%"), tier("10", "2%", "1%")];
        let slope = Rate::parse(slope).unwrap();
        let tiers = Tiers { lookup, steps, cap: None, slope };
        let face = Quantity::parse("0.01").unwrap();
        VenueRules { contract, tiers, face, ..rules.unwrap() }
    }

    fn initial(rules: &VenueRules, notional: &str) -> String {
        let scale = PriceScale::USUAL;
        let entry = scale.parse("50000").unwrap();
        let notional = Cash::parse(notional).unwrap();
        Opening { notional, entry, scale }.initial(rules).to_string()
    }

    #[test]
    fn each_lookup_counts_what_its_floors_count() {
        let linear = rules(Contract::Linear, Lookup::WholeByNotional, "0");
        assert_eq!([initial(&linear, "10"), initial(&linear, "10.01")], ["0.01", "0.02"]);
        // Ten contracts of 0.01 base are worth 5000.
        let contracts = rules(Contract::Linear, Lookup::WholeByContracts, "0");
        assert_eq!([initial(&contracts, "5000"), initial(&contracts, "5000.01")], ["0.01", "0.02"]);
        // Ten coins are worth 500000.
        let inverse = rules(Contract::Inverse, Lookup::RiskSteps, "0");
        assert_eq!([initial(&inverse, "500000"), initial(&inverse, "500001")], ["0.01", "0.02"]);
    }

    #[test]
    fn a_rate_that_is_linear_in_size_grows_with_it() {
        // 2 base units at 0.5 % each, in the second bracket by value.
        let linear = rules(Contract::Linear, Lookup::LinearInSize, "0.5%");
        assert_eq!(initial(&linear, "100000"), "0.03");
    }
}
