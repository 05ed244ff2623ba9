//! The law in decimals: against numbers that the venues print, against the integer law, and
//! against its own predicate.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;

use deleverage::engine::{
    Account, FundingPerUnit, Held, Law, Leg, Position, Quote, Requirement, Terms, Valuation,
};
use deleverage::money::{Cash, Leverage, Price, PriceScale, Rate};
use deleverage::scenario::Side::{self, Long, Short};
use deleverage::venue::Contract::{self, Inverse, Linear};
use deleverage::venue::{Edge, Lookup, Tiers};
use market::shapes::{exact_tiers, tier_rows};
use market::{cash, rate};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn leg(side: Side, contract: Contract, entry: &str, quantity: &str) -> Leg {
    Leg { side, contract, entry: number(entry), quantity: number(quantity) }
}

fn flat(maintenance: &str, deduction: &str) -> Tiers {
    Tiers::flat(rate(maintenance), rate("1"), cash(deduction))
}

/// Tiers by (floor, maintenance), under another lookup.
fn stepped(lookup: Lookup, rows: &[(&str, &str)]) -> Tiers {
    let rows: Vec<(Cash, Rate)> = rows.iter().map(|row| (cash(row.0), rate(row.1))).collect();
    Tiers { lookup, ..market::tiers(&rows) }
}

fn terms<'a>(leg: Leg, margin: &str, tiers: &'a Tiers) -> Terms<'a> {
    Terms::new(leg, number(margin), Requirement::by_value(tiers))
}

fn quote(leg: Leg, margin: &str, tiers: &Tiers) -> Quote {
    terms(leg, margin, tiers).quote().unwrap()
}

/// Within half a unit of the last digit that is printed.
fn prints(got: Option<Decimal>, printed: &str) {
    let expected = number(printed);
    let half = Decimal::new(5, expected.scale() + 1);
    let got = got.unwrap_or_else(|| panic!("no price where {printed} is printed"));
    assert!((got - expected).abs() <= half, "{got} where {printed} is printed");
}

#[test]
fn binance_coin_margined() {
    let long = leg(Long, Inverse, "45000", "10000000");
    let found = quote(long, "101", &flat("12.5%", "11.81"));
    prints(found.liquidation_price, "33578.859744834");
    let short = leg(Short, Inverse, "40000", "10000");
    let found = quote(short, "0.025", &flat("0.4%", "0"));
    prints(found.liquidation_price, "44266.666666666667");
    prints(found.bankruptcy_price, "44444.44");
}

#[test]
fn okx_counts_the_closing_fee_into_the_trigger() {
    let tiers = flat("1%", "0");
    let with_fee = |leg, margin, tiers, fee| {
        let terms = terms(leg, margin, tiers);
        let requirement = Requirement { closing_fee: number(fee), ..terms.requirement };
        Terms { requirement, ..terms }.quote().unwrap().liquidation_price
    };
    let short = leg(Short, Linear, "10", "1");
    let long = leg(Long, Linear, "10", "1");
    prints(with_fee(short, "3.3333333333333333333333", &tiers, "0.0006"), "13.193482419685");
    prints(with_fee(long, "3.3333333333333333333333", &tiers, "0.0006"), "6.738090425174");
    let coin = leg(Long, Inverse, "50000", "10000");
    prints(with_fee(coin, "0.02", &flat("0.4%", "0"), "0.0005"), "45659.090909090909");
}

#[test]
fn bybit_and_bitmex_value_maintenance_at_entry() {
    let at_entry = |leg, margin, maintenance: &str| {
        let tiers = flat(maintenance, "0");
        let terms = terms(leg, margin, &tiers);
        let requirement = Requirement { valuation: Valuation::AtEntry, ..terms.requirement };
        Terms { requirement, ..terms }.quote().unwrap().liquidation_price
    };
    prints(at_entry(leg(Long, Linear, "8000", "5"), "4000", "0.5%"), "7240");
    prints(at_entry(leg(Short, Linear, "10", "1"), "3.333333333333", "1%"), "13.233333");
    prints(at_entry(leg(Long, Linear, "100", "1"), "1", "0.5%"), "99.50");
    prints(at_entry(leg(Long, Inverse, "50000", "60000"), "0.12", "0.5%"), "45662.10");
    prints(at_entry(leg(Short, Inverse, "50000", "60000"), "0.12", "0.5%"), "55248.62");
}

#[test]
fn kraken_rounds_its_prices_down_to_whole_dollars() {
    let found = quote(leg(Long, Inverse, "8000", "1000"), "0.01", &flat("1%", "0"));
    // 1010 / 0.135 and 1000 / 0.135.
    prints(found.liquidation_price, "7481.48");
    prints(found.bankruptcy_price, "7407.41");
}

#[test]
fn hyperliquid_solves_from_the_margin_available() {
    // LP = P − s·(M − q·P·l)/q/(1 − l·s), l = 1 / (2 · highest leverage), at P = EP.
    let found = quote(leg(Short, Linear, "190", "0.5"), "9.5", &flat("5%", "0"));
    prints(found.liquidation_price, "199.047619047619");
    let found = quote(leg(Long, Linear, "350", "1"), "50", &flat("5%", "0"));
    prints(found.liquidation_price, "315.789473684211");
}

#[test]
fn dydx_solves_from_equity_and_what_others_keep() {
    let short = leg(Short, Linear, "3000", "3");
    prints(quote(short, "1000", &flat("5%", "0")).liquidation_price, "3174.60");
    let (short, tiers) = (leg(Short, Linear, "3000", "1.5"), flat("5%", "0"));
    // Another position at its entry, which keeps 175.
    let leg = leg(Long, Linear, "100", "35");
    let held = Held { leg, mark: number("100"), requirement: Requirement::by_value(&tiers) };
    let account = Account { wallet: number("1000"), hedges: vec![], others: vec![held] };
    let margin = account.backing(short).unwrap().margin;
    let terms = Terms { margin, ..terms(short, "0", &tiers) };
    prints(terms.quote().unwrap().liquidation_price, "3380.95");
}

#[test]
fn a_closing_fee_moves_the_bankruptcy_price_against_the_position() {
    let tiers = flat("0.5%", "0");
    let fee = Some(number("0.00075"));
    let cross = terms(leg(Long, Inverse, "8000", "10000"), "0.5", &tiers);
    prints(Terms { fee, ..cross }.quote().unwrap().bankruptcy_price_with_fee, "5718.57");
    // Position margin and wallet together: (500·100 − 1000 − 100) / 100.
    let wallet = terms(leg(Long, Linear, "500", "100"), "1100", &tiers);
    assert_eq!(wallet.quote().unwrap().bankruptcy_price, Some(number("489")));
    let fee = Some(number("0.001"));
    let short = terms(leg(Short, Linear, "100", "10"), "100", &tiers);
    let found = Terms { fee, ..short }.quote().unwrap();
    assert_eq!(found.bankruptcy_price, Some(number("110")));
    prints(found.bankruptcy_price_with_fee, "109.890109890110");
}

#[test]
fn one_and_more_is_never_liquidated() {
    let tiers = flat("1%", "0");
    let found = quote(leg(Long, Linear, "100", "2"), "200", &tiers);
    assert_eq!((found.liquidation_price, found.bankruptcy_price), (None, None));
    let found = quote(leg(Short, Inverse, "100", "200"), "2", &tiers);
    assert_eq!((found.liquidation_price, found.bankruptcy_price), (None, None));
    let short = terms(leg(Short, Inverse, "100", "200"), "2", &tiers);
    assert_eq!(short.is_liquidatable(number("1000000000")), Some(false));
}

#[test]
fn an_account_under_water_is_liquidatable_at_every_price() {
    let tiers = flat("1%", "0");
    let short = terms(leg(Short, Linear, "100", "1"), "-150", &tiers);
    assert_eq!(short.quote().unwrap().liquidation_price, None);
    assert_eq!(short.is_liquidatable(number("0.01")), Some(true));
}

#[test]
fn a_whole_position_rate_jumps_at_the_floor() {
    let rows = [("0", "1%"), ("1000", "10%")];
    for lookup in [Lookup::WholeByNotional, Lookup::RiskSteps] {
        let tiers = stepped(lookup, &rows);
        // At 100 the value is 1000: still the first tier, and one cent higher the second, which
        // asks 100 where 20 is left.
        let short = terms(leg(Short, Linear, "95", "10"), "70", &tiers);
        let found = short.quote().unwrap();
        assert_eq!(found.liquidation_price, Some(number("100")));
        assert_eq!(found.jump, Some(number("1000")));
        assert_eq!(found.bracket_at_liquidation.unwrap().number, 2);
        assert_eq!(short.is_liquidatable(number("100")), Some(false));
        assert_eq!(short.is_liquidatable(number("100.01")), Some(true));
        // Entered above the floor with 10 % to keep: the first mark on the way down.
        let long = quote(leg(Long, Linear, "200", "10"), "500", &tiers);
        prints(long.liquidation_price, "166.666666666667");
        // Enough to fall through the floor, and there only 1 % is asked: 9000 / 0.99.
        let spared = quote(leg(Long, Linear, "200", "10"), "1100", &tiers);
        prints(spared.liquidation_price, "90.909090909091");
        assert_eq!(spared.bracket_at_liquidation.unwrap().number, 1);
    }
}

#[test]
fn contracts_pick_the_tier_at_any_price() {
    let tiers = stepped(Lookup::WholeByContracts, &[("0", "0.4%"), ("3000", "0.5%")]);
    let at = |quantity| {
        let terms = terms(leg(Short, Linear, "2000", quantity), "60000", &tiers);
        let requirement = Requirement { face: number("0.1"), ..terms.requirement };
        Terms { requirement, ..terms }.quote().unwrap().bracket_at_liquidation.unwrap()
    };
    assert_eq!((at("300").number, at("300.1").number), (1, 2));
    assert_eq!(at("300.1").deduction, Decimal::ZERO);
}

#[test]
fn rates_that_rise_with_the_size() {
    // Deribit, 100 BTC: 1 % + 100 · 0.005 % = 1.5 %.
    let slope = rate("0.005%");
    let tiers = Tiers { lookup: Lookup::LinearInSize, slope, ..flat("1%", "0") };
    let found = quote(leg(Long, Linear, "60000", "100"), "600000", &tiers);
    assert_eq!(found.maintenance_margin, number("90000"));
    // 5,400,000 / (100 · 0.985).
    prints(found.liquidation_price, "54822.335025380711");
}

#[test]
fn legs_of_one_symbol_net() {
    let tiers = flat("1%", "0");
    let account = |hedges| Account { wallet: number("1000"), hedges, others: vec![] };
    let long = leg(Long, Linear, "100", "10");
    let backing = account(vec![leg(Short, Linear, "110", "4")]).backing(long).unwrap();
    assert_eq!(backing.net, Some(leg(Long, Linear, "100", "6")));
    assert_eq!((backing.locked, backing.margin), (number("40"), number("1040")));
    // Smaller than its hedge: the short survives, at its own entry.
    let legs = vec![leg(Short, Linear, "110", "8"), leg(Short, Linear, "120", "8")];
    let backing = account(legs).backing(long).unwrap();
    assert_eq!(backing.net, Some(leg(Short, Linear, "115", "6")));
    assert_eq!(backing.locked, number("150"));
    let full = account(vec![leg(Short, Linear, "90", "10")]).backing(long).unwrap();
    assert_eq!((full.net, full.margin), (None, number("900")));
    // Inverse: k·(1/EP_long − 1/EP_short) = 400·(1/100 − 1/125) coin.
    let long = leg(Long, Inverse, "100", "1000");
    let backing = account(vec![leg(Short, Inverse, "125", "400")]).backing(long).unwrap();
    assert_eq!(backing.locked, number("0.8"));
    let terms = Terms { margin: number("1"), ..terms(backing.net.unwrap(), "0", &tiers) };
    // 600·1.01 / (1 + 600/100).
    prints(terms.quote().unwrap().liquidation_price, "86.571428571429");
}

/// Positions on a grid of cents and thousandths.
fn legs() -> impl Strategy<Value = Leg> {
    let sides = select(vec![Long, Short]);
    let contracts = select(vec![Linear, Inverse]);
    (sides, contracts, 100_i64..10_000_000, 1_i64..1_000_000_000).prop_map(
        |(side, contract, entry, quantity)| Leg {
            side,
            contract,
            entry: Decimal::new(entry, 2),
            quantity: Decimal::new(quantity, 3),
        },
    )
}

fn lookups() -> impl Strategy<Value = Lookup> {
    use Lookup::{LinearInSize, Marginal, RiskSteps, WholeByContracts, WholeByNotional};
    select(vec![Marginal, WholeByNotional, WholeByContracts, RiskSteps, LinearInSize])
}

proptest! {
    #![proptest_config(cases(10_000))]

    /// Just inside the printed price the position lives, just beyond it it does not, and from the
    /// entry to it no mark liquidates: for every contract, side and lookup.
    #[test]
    fn the_printed_price_is_the_first_that_liquidates(
        leg in legs(), rows in tier_rows(), lookup in lookups(), percent in 1_i64..120,
        fee in 0_i64..20, probes in prop::collection::vec(1_i64..1000, 8),
    ) {
        let slope = Rate::from_steps(if lookup == Lookup::LinearInSize { 10 } else { 0 });
        let tiers = Tiers { lookup, slope, ..market::tiers(&exact_tiers(&rows)) };
        let closing_fee = Decimal::new(fee, 4);
        let requirement = Requirement { closing_fee, ..Requirement::by_value(&tiers) };
        let margin = leg.entry_value().unwrap() * Decimal::new(percent, 2);
        let terms = Terms::new(leg, margin, requirement);
        let fatal = |mark: Decimal| terms.is_liquidatable(mark).unwrap();
        let found = terms.quote().unwrap().liquidation_price;
        prop_assume!(!fatal(leg.entry));
        let near = Decimal::new(1, 9);
        if let Some(edge) = found.filter(|edge| *edge > near + near) {
            let step = (edge * near).max(Decimal::new(2, 12)) * leg.sign();
            prop_assert!(fatal(edge - step), "beyond {edge}");
            prop_assert!(!fatal(edge + step), "inside {edge}");
        }
        for probe in probes {
            let share = Decimal::new(probe, 3);
            let mark = match (leg.side, found) {
                (Long, edge) => {
                    let edge = edge.unwrap_or_default();
                    edge + (leg.entry - edge) * share
                }
                (Short, Some(edge)) => edge - (edge - leg.entry) * share,
                (Short, None) => leg.entry / share,
            };
            prop_assert!(!fatal(mark), "{mark} between the entry and {found:?}");
        }
    }

    /// The grid of the integer law rounds the decimal price, and never by more than a step.
    #[test]
    fn the_integer_law_is_this_law_on_a_grid(
        side in select(vec![Long, Short]), entry in 100_000_i64..10_000_000_000_000,
        size in 1_i64..20_000_000, turns in 1_u32..126, rows in tier_rows(),
    ) {
        let tiers = market::tiers(&exact_tiers(&rows));
        let turns = Leverage::parse(&turns.to_string()).unwrap();
        let notional = Cash::from_atoms(size * 100_000_000);
        let scale = PriceScale::USUAL;
        let entry = Price::from_steps(entry);
        let Some(position) = Position::open(side, notional, entry, turns, scale) else {
            return Ok(());
        };
        let leg = Leg {
            side,
            contract: Linear,
            entry: scale.to_decimal(entry),
            quantity: position.quantity.to_decimal(),
        };
        let margin = position.margin.to_decimal();
        let terms = Terms::new(leg, margin, Requirement::by_value(&tiers));
        let quote = terms.quote().unwrap();
        let law = Law::linear(&tiers, Edge::AtOrBelow, scale);
        let step = scale.to_decimal(Price::from_steps(1));
        let near = |exact: Option<Decimal>, grid: Option<Price>| match (exact, grid) {
            (Some(exact), Some(grid)) => (exact - scale.to_decimal(grid)).abs() <= step,
            (None, None) => true,
            (Some(only), None) => only < step,
            (None, Some(_)) => false,
        };
        let liquidation = law.liquidation_price(&position, FundingPerUnit::NONE);
        prop_assert!(near(quote.liquidation_price, liquidation), "{quote:?} {liquidation:?}");
        let bankruptcy = law.bankruptcy_price(&position, FundingPerUnit::NONE);
        prop_assert!(near(quote.bankruptcy_price, bankruptcy), "{quote:?} {bankruptcy:?}");
    }
}
