//! The ends of the number line: fills, settlements and positions where a product or a price has no
//! room left.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;

use deleverage::engine::{
    Event, Exposure, ForcedOrder, FundingBook, FundingPerUnit, Law, Position, Scene, fill,
    simulate_with,
};
use deleverage::money::{Cash, Price, PriceScale, Quantity, Rate};
use deleverage::scenario::{BarPath, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Contract, Edge, Fees, OrderPrice, VenueRules};

fn rules(contract: Contract) -> VenueRules {
    let tiers = market::tiers(&[(Cash::ZERO, market::rate("1%"))]);
    VenueRules { contract, ..market::rules(tiers, Edge::AtOrBelow, market::NO_FEES) }
}

fn order(side: Side, base: i64) -> ForcedOrder {
    let quantity = Quantity::from_lots(100);
    ForcedOrder { side, quantity, base: Price::from_steps(base), limit: None }
}

/// SLP-002: a sale of which everything is lost still has a price, and a purchase never leaves the
/// grid.
#[test]
fn fills_stay_on_the_grid() {
    let rules = rules(Contract::Linear);
    let law = Law::of(&rules, PriceScale::FINEST);
    let all = SlippageModel::Fixed(market::rate("100%"));
    let filled = |side, base| fill(&law, &all, order(side, base)).price.steps();
    assert_eq!(filled(Side::Long, 5_000_000), 1);
    assert_eq!(filled(Side::Short, 5_000_000), 10_000_000);
    assert_eq!(filled(Side::Short, 6_000_000_000_000_000_000), i64::MAX);
}

/// CLO-012: the widest limit of a short is the last price there is, not one that wrapped around.
#[test]
fn a_limit_far_away_is_the_end_of_the_grid() {
    let order = OrderPrice::FillableLimit {
        adjustment: market::rate("1000"),
        spread: market::rate("1000"),
    };
    let fees = Fees { taker: Rate::ZERO, liquidation: Rate::ZERO };
    let tiers = market::tiers(&[(Cash::ZERO, market::rate("60%"))]);
    let rules = VenueRules { order, ..market::rules(tiers, Edge::AtOrBelow, fees) };
    let high = 90_000_000_000_000_000;
    let bars = [[high; 4], [high, high / 10 * 11, high, high]];
    let history = market::history(market::minutes(2), &bars, &bars, Vec::new());
    let funding = FundingBook::of(&history);
    let market = market::market(&history, &funding, &rules, BarPath::OpenHighLowClose);
    let quantity = Quantity::from_lots(1);
    let entry = Price::from_steps(high);
    let position = Position { side: Side::Short, quantity, entry, margin: market::cash("5.7") };
    let free = Slippage { model: SlippageModel::None, base: FillBase::Mark };
    let scene = Scene { market: &market, rules: &rules, slippage: &free };
    let mut events = Vec::new();
    simulate_with(scene, &position, Exposure { first: 0, bars: 2 }, &mut events);
    let limits = events.iter().filter_map(|event| match event {
        Event::Order { limit, .. } => *limit,
        _ => None,
    });
    let limits: Vec<Price> = limits.collect();
    assert!(!limits.is_empty(), "{events:?}");
    assert!(limits.iter().all(|limit| *limit >= entry), "{limits:?}");
}

/// FND-009: half a coin per unit at a price of 1,000 on the finest grid.
#[test]
fn an_inverse_settlement_fits_on_the_finest_grid() {
    let scale = PriceScale::FINEST;
    let mark = scale.parse("1000").unwrap();
    let paid = FundingPerUnit::inverse_settlement(market::rate("50%"), mark, scale);
    let rules = rules(Contract::Inverse);
    let quantity = Quantity::parse("100").unwrap();
    let margin = market::cash("1");
    let long = Position { side: Side::Long, quantity, entry: mark, margin };
    assert_eq!(Law::of(&rules, scale).funding(&long, paid), market::cash("0.05"));
}

/// MRG-012: what funding could come to is weighed before anything is opened.
#[test]
fn funding_without_room_is_seen_beforehand() {
    let quantity = Quantity::parse("1000000").unwrap();
    let entry = market::price("50000");
    let margin = market::cash("1");
    let long = Position { side: Side::Long, quantity, entry, margin };
    for contract in [Contract::Linear, Contract::Inverse] {
        let rules = rules(contract);
        let law = Law::of(&rules, PriceScale::USUAL);
        assert!(law.bears(&long, FundingPerUnit::NONE, entry));
        let whole = FundingPerUnit::settlement(market::rate("100%"), entry);
        let endless = (0..80).fold(whole, |sum, _| sum.plus(sum));
        assert!(!law.bears(&long, endless, entry), "{contract:?}");
    }
}

/// A loss of the least amount there is.
#[test]
fn the_least_cash_has_a_loss() {
    assert_eq!(Cash::from_atoms(i64::MIN).loss(), Cash::from_atoms(i64::MAX));
}

/// EXC-006: MRG-012 bounds what a position is opened with. What the other positions of a cross
/// account have won or lost since can be any amount: more than there is room for decides like a
/// very large one, at every price within half and double of the entry.
#[test]
fn a_margin_without_room_keeps_its_sign() {
    for contract in [Contract::Linear, Contract::Inverse] {
        let rules = rules(contract);
        let law = Law::of(&rules, PriceScale::USUAL);
        for (side, lots) in [(Side::Long, 1), (Side::Short, 1), (Side::Long, 100_000_000)] {
            let entry = market::price("100000000");
            let quantity = Quantity::from_lots(lots);
            for steps in [entry.steps() / 2, entry.steps(), entry.steps() * 2] {
                let fails = |atoms: i64| {
                    let margin = Cash::from_atoms(atoms);
                    let position = Position { side, quantity, entry, margin };
                    let mark = Price::from_steps(steps);
                    law.is_liquidatable(&position, FundingPerUnit::NONE, mark)
                };
                let decided = [i64::MIN, -i64::MAX, i64::MAX - 1, i64::MAX].map(fails);
                assert_eq!(decided, [true, true, false, false], "{contract:?} {side:?} {lots}");
            }
        }
    }
}
