//! What time does to the book: `DEP-004` to `DEP-006`.

use super::market::{self, rate};
use super::{PLAIN, cases, choices, contracts, order, orders, rules, sides};
use deleverage::engine::ForcedOrder;
use deleverage::exchange::{Impact, Liquidity};
use deleverage::money::{Cash, PriceScale, Quantity, Rate};
use deleverage::scenario::Side;
use deleverage::scenario::exchange::LiquidityChoice;
use deleverage::venue::Contract;
use proptest::prelude::*;

/// A book after one order.
fn struck(choice: &LiquidityChoice, order: ForcedOrder) -> Liquidity {
    let mut book = Liquidity::start(choice);
    book.fill(
        choice,
        &market::law(&rules(Contract::Linear), PriceScale::USUAL),
        order,
        Impact::Leaves,
    );
    book
}

fn moved(book: &Liquidity) -> f64 {
    book.displacement().to_f64()
}

#[derive(Debug, Clone)]
enum Step {
    Order(ForcedOrder, Impact),
    Pass(i64, f64),
}

fn steps() -> impl Strategy<Value = Step> {
    let impact = prop::sample::select(vec![Impact::Leaves, Impact::LeavesNothing]);
    let turbulence = prop_oneof![Just(0.0), 0.0..5.0, Just(1e300), Just(f64::MAX)];
    prop_oneof![
        2 => (orders(), impact).prop_map(|(order, impact)| Step::Order(order, impact)),
        1 => (0_i64..=86_400_000, turbulence).prop_map(|(millis, t)| Step::Pass(millis, t)),
    ]
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// DEP-005, DEP-006: whatever a scenario says and whatever happens, the local price stays above
    /// zero and below 200 times of the last one, and the depth never exceeds what was given.
    #[test]
    fn the_state_stays_in_bounds(
        choice in choices(), contract in contracts(),
        steps in prop::collection::vec(steps(), 1..40),
    ) {
        let rules = rules(contract);
        let law = market::law(&rules, PriceScale::USUAL);
        let mut book = Liquidity::start(&choice);
        let most = book.within_one_percent(&choice);
        for step in steps {
            match step {
                Step::Order(order, impact) => drop(book.fill(&choice, &law, order, impact)),
                Step::Pass(millis, turbulence) => book.pass(&choice, millis, turbulence),
            }
            let displaced = book.displacement().steps();
            prop_assert!((-Rate::ONE..200 * Rate::ONE).contains(&displaced), "{displaced}");
            let depth = book.within_one_percent(&choice);
            prop_assert!(Cash::ZERO <= depth && depth <= most, "{depth} of {most}");
        }
    }

    /// DEP-005: `LeavesNothing` leaves the book as it was, to the last bit.
    #[test]
    fn what_leaves_nothing_leaves_nothing(
        choice in choices(), order in orders(), unseen in orders(),
    ) {
        let rules = rules(Contract::Linear);
        let law = market::law(&rules, PriceScale::USUAL);
        let mut book = struck(&choice, order);
        let before = book;
        book.fill(&choice, &law, unseen, Impact::LeavesNothing);
        prop_assert_eq!(book, before);
    }

    /// DEP-004: two waits are one wait, and a half-life is a half.
    #[test]
    fn waits_add_up(side in sides(), one in 0_i64..600_000, other in 0_i64..600_000) {
        let sold = order(side, "1500", "50000");
        let (mut once, mut twice) = (struck(&PLAIN, sold), struck(&PLAIN, sold));
        let start = moved(&once);
        once.pass(&PLAIN, one + other, 1.0);
        twice.pass(&PLAIN, one, 1.0);
        twice.pass(&PLAIN, other, 1.0);
        prop_assert!((moved(&once) - moved(&twice)).abs() < 2e-12);
        let halves = (one + other) as f64 / 60_000.0;
        prop_assert!((moved(&once) - start * 0.5_f64.powf(halves)).abs() < 2e-12);
    }

    /// DEP-005: both sides are mirror images.
    #[test]
    fn sides_are_mirror_images(choice in choices(), lots in 1_i64..1_000_000_000_000) {
        let choice = LiquidityChoice { permanent: Rate::ZERO, ..choice };
        let on = |side| {
            let quantity = Quantity::from_lots(lots);
            struck(&choice, ForcedOrder { quantity, ..order(side, "1", "50000") })
        };
        prop_assert_eq!(
            on(Side::Long).displacement().steps(),
            -on(Side::Short).displacement().steps()
        );
    }
}

/// DEP-005: of a sale that moves the price by 1 %, with γ = 15 %, 15 bp stay for ever.
#[test]
fn the_permanent_share_stays() {
    let choice = LiquidityChoice { permanent: rate("15%"), ..*PLAIN };
    let mut book = struck(&choice, order(Side::Long, "2000", "50000"));
    assert!((moved(&book) + 0.01).abs() < 0.01 * 0.01, "{}", moved(&book));
    book.pass(&choice, 86_400_000, 1.0);
    assert!((moved(&book) + 0.0015).abs() < 2e-12, "{}", moved(&book));
}

/// DEP-004: with a hundredth of the depth, the half-life is ten times as long.
#[test]
fn a_thin_book_recovers_slowly() {
    let mut choice = *PLAIN;
    choice.curve.multiplier = rate("1%");
    let mut book = struck(&choice, order(Side::Short, "20", "50000"));
    let start = moved(&book);
    assert!((start - 0.01).abs() < 1e-11, "{start}");
    book.pass(&choice, 600_000, 1.0);
    assert!((moved(&book) - 0.005).abs() < 1e-11, "{}", moved(&book));
}

/// DEP-006: the depth answers to volatility and displacement, and knows no history of its own.
#[test]
fn depth_is_a_state_without_memory() {
    let choice = LiquidityChoice { volatility: rate("0.5"), displacement: rate("0.1"), ..*PLAIN };
    let depth = |book: &Liquidity| book.within_one_percent(&choice).atoms() as f64 / 1e16;
    let mut book = struck(&choice, order(Side::Long, "2000", "50000"));
    assert_eq!(depth(&book), 1.0, "set when the next sub-step begins");
    book.pass(&choice, 0, 3.0);
    assert!((depth(&book) - (-1.1_f64).exp()).abs() < 1e-11, "{}", depth(&book));
    book.pass(&choice, 0, 3.0);
    assert!((depth(&book) - (-1.1_f64).exp()).abs() < 1e-11, "{}", depth(&book));
    book.pass(&choice, 0, 0.0);
    assert!((depth(&book) - (-0.1_f64).exp()).abs() < 1e-11, "{}", depth(&book));
}
