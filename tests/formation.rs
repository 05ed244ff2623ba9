//! Laws of how funding rates and marks are made, and of inventory accounts.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::engine::fair_price::{carried, median};
use deleverage::engine::funding_rate::{clamped, dead_band, payment, premium};
use deleverage::engine::{Cover, Leg, Perpetual, Subaccount, buffer_stop};
use deleverage::money::Rate;
use deleverage::scenario::Side::{self, Long, Short};
use deleverage::venue::Contract::{Inverse, Linear};
use deleverage::venue::Edge;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

/// A rate in units of 1e-6.
fn millionths(of: i64) -> Decimal {
    Decimal::new(of, 6)
}

fn holdings() -> impl Strategy<Value = Vec<Perpetual>> {
    let one = (1..500_i64, any::<bool>(), 1..90_000_i64, 1..20_i64);
    let holding = one.prop_map(|(size, short, price, percent)| Perpetual {
        size: Decimal::new(if short { -size } else { size }, 3),
        price: Decimal::from(price),
        maintenance: Rate::from_steps(percent * Rate::ONE / 100),
    });
    prop::collection::vec(holding, 1..5)
}

const QUANTUM: u32 = 6;

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn within_the_band_the_rate_is_the_interest(
        p in -20_000..20_000_i64, i in -300..300_i64, band in 0..1_000_i64,
    ) {
        let rate = clamped(millionths(p), millionths(i), millionths(band));
        prop_assert!((rate - millionths(p)).abs() <= millionths(band));
        if (i - p).abs() <= band {
            prop_assert_eq!(rate, millionths(i));
        }
        let quiet = dead_band(millionths(p), millionths(band));
        prop_assert_eq!(quiet.is_zero(), p.abs() <= band);
        prop_assert_eq!(quiet.abs(), millionths((p.abs() - band).max(0)));
    }

    /// A book around its index has no premium, one above it pays the shorts.
    #[test]
    fn the_premium_has_the_sign_of_the_book(
        index in 1_000..90_000_i64, off in -500..500_i64, half in 0..100_i64,
    ) {
        let [bid, ask] = [off - half, off + half].map(|away| Decimal::from(index + away));
        let premium = premium(bid, ask, Decimal::from(index)).unwrap();
        let expected = if off.abs() <= half { 0 } else { off.signum() };
        prop_assert_eq!(premium.cmp(&Decimal::ZERO) as i64, expected);
    }

    /// P12 of the model: what longs pay, shorts receive.
    #[test]
    fn funding_sums_to_zero(
        quantity in 1..9_000_000_i64, price in 1..90_000_i64, rate in -30_000..30_000_i64,
        contract in select(vec![Linear, Inverse]),
    ) {
        let pays = |side: Side| {
            let leg = Leg {
                side, contract, entry: Decimal::ONE, quantity: Decimal::new(quantity, 3),
            };
            payment(&leg, millionths(rate), Decimal::from(price)).unwrap()
        };
        prop_assert_eq!(pays(Long) + pays(Short), Decimal::ZERO);
        prop_assert!(rate <= 0 || pays(Long) > Decimal::ZERO);
    }

    /// One wild print of three does not move the mark out of the other two.
    #[test]
    fn the_median_lies_between_the_two_that_agree(
        one in 1..90_000_i64, two in 1..90_000_i64, wild in 1..i64::MAX,
    ) {
        let [one, two, wild] = [one, two, wild].map(Decimal::from);
        for prices in [[one, two, wild], [wild, one, two], [two, wild, one]] {
            let mark = median(prices);
            prop_assert!(prices.contains(&mark));
            prop_assert!(one.min(two) <= mark && mark <= one.max(two));
        }
    }

    /// Closed at their bankruptcy quotes one after the other, all holdings leave nothing, but for
    /// one rounding each, in favour of the account that is closed.
    #[test]
    fn bankruptcy_quotes_use_up_the_account(
        perpetuals in holdings(), cash in -90_000_000..90_000_000_i64,
    ) {
        let account = Subaccount { cash: Decimal::new(cash, 3), perpetuals };
        let quote = |closed: &Perpetual| {
            account.bankruptcy_quote(closed, Decimal::ONE, QUANTUM).unwrap()
        };
        let left = account.cash + account.perpetuals.iter().map(quote).sum::<Decimal>();
        let most = Decimal::new(account.perpetuals.len() as i64, QUANTUM);
        prop_assert!(left > -Decimal::new(1, 15) && left <= most, "{left} are left");
    }

    /// What remains after one closing is as far under water as before.
    #[test]
    fn a_bankruptcy_quote_keeps_the_margin_ratio(
        perpetuals in holdings(), cash in -90_000_000..90_000_000_i64, percent in 1..100_i64,
    ) {
        let part = Decimal::new(percent, 2);
        let before = Subaccount { cash: Decimal::new(cash, 3), perpetuals };
        let quote = before.bankruptcy_quote(&before.perpetuals[0], part, 20).unwrap();
        let mut after = before.clone();
        after.cash += quote;
        after.perpetuals[0].size *= Decimal::ONE - part;
        let ratio = |of: &Subaccount| of.equity().unwrap() / of.requirement().unwrap();
        let (was, is) = (ratio(&before), ratio(&after));
        prop_assert!((was - is).abs() < Decimal::new(1, 9) * (Decimal::ONE + was.abs()));
    }

    #[test]
    fn the_fillable_price_leaves_the_oracle_as_the_account_goes_under(
        perpetuals in holdings(), cash in -90_000_000..90_000_000_i64, adjust in 1..4_i64,
    ) {
        let account = Subaccount { cash: Decimal::new(cash, 3), perpetuals };
        let closed = &account.perpetuals[0];
        let adjustment = Rate::from_steps(adjust * Rate::ONE);
        let spread = Rate::parse("150%").unwrap();
        let price = account.fillable_price(closed, adjustment, spread).unwrap();
        let direction = if closed.size > Decimal::ZERO { Decimal::ONE } else { -Decimal::ONE };
        let away = (closed.price - price) * direction;
        let widest = closed.price * closed.maintenance.to_decimal() * spread.to_decimal();
        prop_assert!(Decimal::ZERO <= away && away <= widest);
        let safe = !account.is_liquidatable(Edge::Below).unwrap();
        prop_assert_eq!(away.is_zero(), safe);
        if account.equity().unwrap() <= Decimal::ZERO {
            prop_assert_eq!(away, widest, "all of the room for an account below zero");
        }
    }

    /// Position and full cover together lose no more than up to the insured price.
    #[test]
    fn a_cover_pays_back_what_the_insured_leg_lost(
        side in select(vec![Long, Short]), contract in select(vec![Linear, Inverse]),
        settle in 1_000..90_000_i64, limit in 1_000..90_000_i64,
    ) {
        let entry = Decimal::from(30_000);
        let leg = Leg { side, contract, entry, quantity: Decimal::from(20_000) };
        let settle = Decimal::from(settle);
        let open = Cover { insured: leg, liquidation: None }.payoff(settle).unwrap();
        let result = leg.profit(settle).unwrap() + open;
        prop_assert_eq!(result, leg.profit(settle).unwrap().max(Decimal::ZERO));
        let worse = match side {
            Long => Decimal::from(limit.min(30_000)),
            Short => Decimal::from(limit.max(30_000)),
        };
        let capped = Cover { insured: leg, liquidation: Some(worse) }.payoff(settle).unwrap();
        prop_assert!(Decimal::ZERO <= capped && capped <= open);
        let beyond = leg.profit(settle).unwrap() <= leg.profit(worse).unwrap();
        prop_assert!(beyond || capped == open);
    }
}

#[test]
fn the_edge_of_an_account_is_the_venue_s() {
    let holding =
        Perpetual { size: Decimal::ONE, price: Decimal::ONE_HUNDRED, maintenance: Rate::ZERO };
    let perpetuals = vec![Perpetual { maintenance: Rate::parse("10%").unwrap(), ..holding }];
    let account =
        |cash: i64| Subaccount { cash: Decimal::from(cash), perpetuals: perpetuals.clone() };
    assert_eq!(account(-90).is_liquidatable(Edge::Below), Some(false));
    assert_eq!(account(-90).is_liquidatable(Edge::AtOrBelow), Some(true));
    assert_eq!(account(-91).is_liquidatable(Edge::Below), Some(true));
    let idle = Subaccount { cash: Decimal::ONE, perpetuals: vec![holding] };
    assert_eq!(idle.bankruptcy_quote(&holding, Decimal::ONE, QUANTUM), None);
}

#[test]
fn numbers_that_do_not_fit_are_none() {
    let most = Decimal::MAX;
    let leg = Leg { side: Long, contract: Linear, entry: most, quantity: most };
    assert_eq!(payment(&leg, Decimal::ONE, most), None);
    assert_eq!(carried(most, most, most), None);
    assert_eq!(buffer_stop(most, -most, Decimal::ONE), None);
    assert_eq!(Cover { insured: leg, liquidation: None }.payoff(Decimal::ONE), None);
    let perpetuals = vec![Perpetual { size: most, price: most, maintenance: Rate::ZERO }];
    let account = Subaccount { cash: Decimal::ZERO, perpetuals };
    assert_eq!(account.equity(), None);
    assert_eq!(account.is_liquidatable(Edge::Below), None);
}
