//! Every shipped venue, file and symbol, on random minutes.

use super::{Case, Life, case, check};
use deleverage::engine::{Event, FundingPerUnit, Law, Position};
use deleverage::money::{Cash, Price, PriceScale, Quantity};
use deleverage::scenario::{DepthCurve, SlippageModel};
use deleverage::venue::{
    CloseOut, Contract, Lookup, ResolveRequest, Tier, Tiers, VenueRules, resolve, venues,
};
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Vec<VenueRules>> = LazyLock::new(|| {
    let none = toml::Table::new();
    let mut all = Vec::new();
    for venue in venues(None).unwrap() {
        for file in &venue.files {
            for symbol in &file.symbols {
                let (name, as_of) = (&venue.name, file.valid_from);
                let ask = ResolveRequest { name, symbol, as_of, overrides: &none, folder: None };
                all.push(resolve(&ask).unwrap());
            }
        }
    }
    all
});

/// Worth some per cent of one of the venue's floors, or of 10,000.
fn notional(rules: &VenueRules, case: &Case, tier: Index, per_cent: i64) -> Cash {
    let floor = i128::from(tier.get(&rules.tiers.steps).floor.atoms());
    let (one, price) = (100_000_000_i128, i128::from(case.start_cents) * 1_000_000);
    let value = match (rules.tiers.lookup, rules.contract) {
        _ if floor == 0 => 10_000 * one,
        (Lookup::WholeByContracts, Contract::Linear) => {
            floor * i128::from(rules.face.lots()) / one * price / one
        }
        (Lookup::WholeByContracts, Contract::Inverse) => {
            floor * i128::from(rules.face.lots()) / one
        }
        (_, Contract::Linear) => floor,
        (_, Contract::Inverse) => floor * price / one,
    };
    let atoms = (value * i128::from(per_cent) / 100).clamp(one, 100_000_000 * one);
    Cash::from_atoms(atoms as i64)
}

/// All amounts of a venue, so many times as large.
fn scaled(rules: &VenueRules, times: i64) -> VenueRules {
    let cash = |cash: Cash| Cash::from_atoms(cash.atoms() * times);
    let tier =
        |tier: &Tier| Tier { floor: cash(tier.floor), deduction: cash(tier.deduction), ..*tier };
    let close_out = match rules.close_out {
        CloseOut::Fraction { share, above, cooldown } => {
            CloseOut::Fraction { share, above: cash(above), cooldown }
        }
        CloseOut::BlockCap { share, least, most, cooldown } => {
            CloseOut::BlockCap { share, least: cash(least), most: cash(most), cooldown }
        }
        other => other,
    };
    let steps = rules.tiers.steps.iter().map(tier).collect();
    VenueRules { tiers: Tiers { steps, ..rules.tiers.clone() }, close_out, ..rules.clone() }
}

fn deeper(case: &Case, times: i64) -> Case {
    let mut case = case.clone();
    if let SlippageModel::Depth(curve) = case.slippage.model {
        let depth = Cash::from_atoms(curve.depth.atoms() * times);
        case.slippage.model = SlippageModel::Depth(DepthCurve { depth, ..curve });
    }
    case
}

fn larger(position: Position, times: i64) -> Position {
    Position {
        quantity: Quantity::from_lots(position.quantity.lots() * times),
        margin: Cash::from_atoms(position.margin.atoms() * times),
        ..position
    }
}

/// The first time that the venue acts: whether an order then closes a lot depends on the size.
fn begun(life: &Life) -> Option<(usize, Price, Price)> {
    life.events.iter().find_map(|event| match event {
        Event::Trigger { bar, mark, last, .. } => Some((*bar, *mark, *last)),
        _ => None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..Default::default()
    })]

    /// CLO-009, LIQ-001, LIQ-013.
    #[test]
    fn lives_under_shipped_rules_end_and_balance(
        venue in any::<Index>(), tier in any::<Index>(), per_cent in 20_i64..160, case in case()
    ) {
        let rules = venue.get(&SHIPPED);
        let notional = notional(rules, &case, tier, per_cent);
        let Some(position) = case.opened(rules, notional) else { return Ok(()) };
        check(&case.live(rules, position));
    }

    /// Ten times the position, in a market and under limits ten times as large, begins to end at
    /// the same moment.
    #[test]
    fn size_alone_changes_no_trigger(
        venue in any::<Index>(), tier in any::<Index>(), per_cent in 20_i64..160, case in case()
    ) {
        let rules = venue.get(&SHIPPED);
        if rules.contract == Contract::Inverse || rules.tiers.lookup == Lookup::LinearInSize {
            return Ok(());
        }
        let notional = notional(rules, &case, tier, per_cent / 10);
        let Some(position) = case.opened(rules, notional) else { return Ok(()) };
        let one = case.live(rules, position);
        let ten = deeper(&case, 10).live(&scaled(rules, 10), larger(position, 10));
        prop_assert_eq!(begun(&one), begun(&ten));
    }

    /// Where the mark stands still and nothing is due, nothing happens.
    #[test]
    fn a_still_market_liquidates_nobody(
        venue in any::<Index>(), tier in any::<Index>(), per_cent in 20_i64..160, case in case()
    ) {
        let rules = venue.get(&SHIPPED);
        let notional = notional(rules, &case, tier, per_cent);
        let still = case.still();
        let Some(position) = still.opened(rules, notional) else { return Ok(()) };
        let law = Law::of(rules, PriceScale::USUAL);
        if law.is_liquidatable(&position, FundingPerUnit::NONE, position.entry) {
            return Ok(());
        }
        let outcome = still.live(rules, position).outcome;
        prop_assert_eq!((outcome.liquidation, outcome.funding), (None, Cash::ZERO));
    }
}
