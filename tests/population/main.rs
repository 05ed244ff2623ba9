//! The population of an exchange against its rules: `POP` of `docs/model`.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod book;
mod case;
mod description;
mod entries;
#[path = "../market/mod.rs"]
mod market;
mod picture;
mod plans;
mod sizes;

use case::{Case, lots_of, users};
use deleverage::money::{Rate, Round};
use deleverage::population::{Ground, Mode, Scratch, TraderKind, draw};
use deleverage::scenario::Side;
use proptest::prelude::*;

#[test]
fn the_same_world_has_the_same_accounts_and_another_has_others() {
    let case = Case::new(2).with(|choice| choice.accounts = 500);
    let ground = case.ground();
    let mut scratch = Scratch::default();
    let drawn: Vec<_> = (0..3).map(|world| draw(&ground, world, &mut scratch)).collect();
    for (world, population) in (0..).zip(&drawn) {
        assert_eq!(*population, case.world(world), "a used scratch leaves no trace");
    }
    assert_ne!(drawn[0], drawn[1]);
    assert_ne!(drawn[1], drawn[2]);
    let mut other = Case::new(2).with(|choice| choice.accounts = 500);
    other.study.seed += 1;
    assert_ne!(drawn[0], other.world(0), "another seed, other accounts");
}

/// Rule `POP-001`.
#[test]
fn the_open_interest_is_held_whole_on_both_sides() {
    for symbols in [1, 3] {
        let case = Case::new(symbols);
        let population = case.world(0);
        for symbol in 0..symbols {
            // 10^9 in quote units at the start's mark, to the lot.
            let value = 10_i128.pow(9 + 8 + 8);
            let open = Round::Floor.div(value, i128::from(case.start(symbol).steps()));
            for side in [Side::Long, Side::Short] {
                assert_eq!(i128::from(lots_of(&population, symbol, side)), open);
            }
        }
    }
}

/// Rules `POP-005` and `POP-006`.
#[test]
fn market_makers_share_their_side_in_equal_parts() {
    let case = Case::new(2).with(|choice| choice.makers = 7);
    let population = case.world(3);
    let makers: Vec<_> =
        population.traders.iter().filter(|trader| trader.kind == TraderKind::Maker).collect();
    assert_eq!(makers.len(), 7);
    for symbol in 0..2 {
        let holdings =
            makers.iter().map(|maker| population.holdings[maker.holdings.start as usize + symbol]);
        let holdings: Vec<_> = holdings.collect();
        let lots: Vec<i64> = holdings.iter().map(|held| held.quantity.lots()).collect();
        let (least, most) = (lots.iter().min().unwrap(), lots.iter().max().unwrap());
        assert!(most - least <= 1, "{lots:?}");
        let open = lots_of(&population, symbol, Side::Short);
        let share = lots.iter().sum::<i64>() as f64 / open as f64;
        assert!((share - 0.1).abs() < 1e-9, "{share}");
        assert!(holdings.iter().all(|held| held.side == Side::Short));
        assert!(holdings.iter().all(|held| held.entry == case.start(symbol)));
    }
    let value = |number: u32| {
        let held = population.holdings[number as usize];
        i128::from(held.quantity.lots()) * i128::from(held.entry.steps())
    };
    for maker in makers {
        assert_eq!((maker.mode, maker.plan), (Mode::Cross, Default::default()));
        let parts =
            maker.holdings.clone().map(|number| Round::Ceil.div(value(number), 300_000_000));
        assert_eq!(i128::from(maker.margin.atoms()), parts.sum::<i128>(), "a third of the value");
    }
}

/// Rule `POP-005`.
#[test]
fn a_cross_account_has_a_second_position_where_there_is_a_second_symbol() {
    for symbols in [1, 2] {
        let population = Case::new(symbols).world(0);
        let (mut cross, mut all) = (0.0, 0.0);
        for trader in users(&population) {
            let held =
                &population.holdings[trader.holdings.start as usize..trader.holdings.end as usize];
            let wanted = if trader.mode == Mode::Cross { symbols } else { 1 };
            assert_eq!(held.len(), wanted);
            assert!(held.windows(2).all(|pair| pair[0].symbol != pair[1].symbol));
            all += 1.0;
            cross += f64::from(u8::from(trader.mode == Mode::Cross));
        }
        let error = (0.3 * 0.7_f64 / all).sqrt();
        assert!((cross / all - 0.3_f64).abs() < 4.0 * error, "{cross} of {all}");
    }
}

/// Rule `POP-003`: no position has a leverage that the venue does not allow for its size.
#[test]
fn nobody_has_more_leverage_than_the_venue_allows() {
    let case = Case::new(1).with(|choice| {
        choice.cross = Rate::ZERO;
        choice.leverage = case::bitmex();
    });
    let (population, tiers) = (case.world(0), &case.rules[0].tiers);
    let mut capped = 0;
    for trader in users(&population) {
        let held = population.holdings[trader.holdings.start as usize];
        let value = i128::from(held.quantity.lots()) * i128::from(held.entry.steps());
        let notional = deleverage::money::Cash::from_atoms(
            i64::try_from(Round::Ceil.div(value, 100_000_000)).unwrap(),
        );
        let initial = i128::from(tiers.steps[tiers.index_of(notional)].initial.steps());
        let margin = i128::from(trader.margin.atoms()) * i128::from(Rate::ONE);
        assert!(margin >= i128::from(notional.atoms() - 1) * initial, "{held:?} {trader:?}");
        let exact = i128::from(notional.atoms()) * initial / i128::from(Rate::ONE);
        capped +=
            u32::from(initial > 10_000_000_000 && i128::from(trader.margin.atoms()) <= exact + 2);
    }
    assert!(capped > 0, "somebody wanted more than 50x for more than a million");
}

#[test]
fn too_few_accounts_and_too_small_a_book_are_refused() {
    let refused = |case: Case| {
        let error = Ground::new(&case.study, &case.listings(), case.first).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        refused(Case::new(2).with(|choice| choice.accounts = 3)),
        "exchange.toml: exchange.accounts: too few for longs and shorts of every symbol: found \
         `3`; accepted: at least 4"
    );
    let mut small = Case::new(1);
    small.open_interest = vec!["0.5"];
    assert_eq!(
        refused(small),
        "exchange.toml:4:10: population.open_interest: 20000 accounts cannot hold it exactly: \
         found `0.5`; accepted: an amount that is at least 1e-8 of the base for every account, and \
         of which the largest account's products with prices stay below 2^126 exact steps"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Rule `POP-001`, whatever is chosen.
    #[test]
    fn both_sides_add_up(
        accounts in 6_u32..300,
        longs in 1_i64..100,
        (sigma, alpha, largest) in (0_i64..80, 1_i64..40, 1_i64..101),
        (makers, part) in (0_u32..20, 1_i64..90),
        (symbols, inverse) in prop_oneof![(1_usize..4, Just(false)), Just((1, true))],
    ) {
        let percent = |part: i64| Rate::from_steps(part * (Rate::ONE / 100));
        let case = Case::new(symbols).with(|choice| {
            choice.accounts = accounts;
            choice.longs = percent(longs);
            choice.sigma = percent(sigma * 10);
            choice.alpha = percent(alpha * 10);
            choice.largest = percent(largest);
            (choice.makers, choice.makers_share) = (makers, percent(part));
        });
        let mut case = if inverse { case.inverse() } else { case };
        case.open_interest = vec!["70000000"; symbols];
        let population = case.world(1);
        for symbol in 0..symbols {
            let sides = [Side::Long, Side::Short].map(|side| lots_of(&population, symbol, side));
            prop_assert_eq!(sides[0], sides[1]);
        }
        prop_assert!(population.holdings.iter().all(|held| held.quantity.lots() > 0));
        prop_assert_eq!(users(&population).count(), accounts as usize);
    }
}

/// A draw of 100,000 accounts: prints how long it takes.
#[test]
#[ignore = "a measurement, not a test: its figure depends on the machine"]
fn speed() {
    let case = Case::new(1).with(|choice| choice.accounts = 100_000);
    let ground = case.ground();
    let mut scratch = Scratch::default();
    for world in 0..5 {
        let begun = std::time::Instant::now();
        let population = draw(&ground, world, &mut scratch);
        println!("{:?} {}", begun.elapsed(), population.traders.len());
    }
}
