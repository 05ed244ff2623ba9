//! What is said of a population: rule `POP-009`.

use crate::case::Case;
use crate::market::{cash, price};
use deleverage::money::{Price, Quantity};
use deleverage::population::{
    BANDS, Description, Holding, Mode, Plan, Population, Trader, TraderKind, describe,
};
use deleverage::scenario::Side;

const LONG: Side = Side::Long;
const SHORT: Side = Side::Short;

/// Symbols that start at 100 and at 10, under 0.5 % maintenance at every size.
fn case() -> Case {
    let mut case = Case::new(2);
    case.rules.iter_mut().for_each(|rules| rules.tiers.steps.truncate(1));
    for (history, mark) in case.histories.iter_mut().zip(["100", "10"]) {
        let mut bars = (*history.mark).clone();
        bars.close[case.first - 1] = price(mark);
        history.mark = bars.into();
    }
    case
}

fn held(symbol: u16, side: Side, quantity: &str, entry: Price) -> Holding {
    Holding { symbol, side, quantity: Quantity::parse(quantity).unwrap(), entry }
}

fn trader(mode: Mode, margin: &str, holdings: std::ops::Range<u32>) -> Trader {
    let (kind, plan) = (TraderKind::User, Plan::default());
    Trader { kind, mode, margin: cash(margin), plan, holdings }
}

fn described() -> Description {
    let population = Population {
        traders: vec![
            trader(Mode::Isolated, "10", 0..1),
            trader(Mode::Isolated, "400", 1..2),
            trader(Mode::Cross, "100", 2..4),
            Trader { kind: TraderKind::Maker, ..trader(Mode::Cross, "1000", 4..5) },
            trader(Mode::Isolated, "100", 5..6),
        ],
        holdings: vec![
            // Ten times at the mark.
            held(0, LONG, "1", price("100")),
            // Half, from 20 % below: never liquidated.
            held(0, LONG, "2.5", price("80")),
            // Four times over both symbols.
            held(0, LONG, "2", price("100")),
            held(1, SHORT, "20", price("10")),
            held(0, SHORT, "5.5", price("100")),
            held(1, LONG, "20", price("10")),
        ],
    };
    let case = case();
    describe(&population, &case.listings(), case.first)
}

#[test]
fn values_are_those_at_the_mark() {
    let told = described();
    assert_eq!((told.users, told.makers), (4, 1));
    let [first, second] = &told.symbols[..] else { panic!("two symbols") };
    assert_eq!((first.long.value, first.short.value), (cash("550"), cash("550")));
    assert_eq!((first.long.makers, first.short.makers), (cash("0"), cash("550")));
    assert_eq!((first.long.largest, first.long.positions), (cash("250"), 3));
    assert_eq!((first.short.positions, first.short.users.as_ref()), (0, None));
    assert_eq!((second.long.value, second.short.value), (cash("200"), cash("200")));
}

#[test]
fn leverage_is_that_of_the_account_at_its_entries() {
    let told = described();
    let long = &told.symbols[0].long;
    // 0.5 falls into the lowest band; 4 into 3–5x, 10 into 10–20x.
    let share = |from: f64| long.leverage[BANDS.iter().position(|band| *band == from).unwrap()];
    for (from, value) in [(1.0, 250.0), (3.0, 200.0), (10.0, 100.0)] {
        assert!((share(from) - value / 550.0).abs() < 1e-12, "{from}: {}", share(from));
    }
    let deciles = &long.users.as_ref().unwrap().leverage;
    assert_eq!((deciles[0], deciles[4], deciles[8]), (0.5, 4.0, 10.0));
}

#[test]
fn distances_are_those_of_the_liquidation_formula() {
    let told = described();
    let distance = |side: &deleverage::population::SideDescription, tenth: usize| {
        side.users.as_ref().unwrap().distance[tenth]
    };
    let long = &told.symbols[0].long;
    // 10×: (EP − M/q)/(1 − m) = 90/0.995 = 90.4523.
    assert!((distance(long, 0) - 0.095_477).abs() < 1e-5);
    // Cross: wallet 100 less the short's maintenance of 1, over 2 units: 50.5/0.995 = 50.7538.
    assert!((distance(long, 4) - 0.492_462).abs() < 1e-5);
    assert_eq!(distance(long, 8), f64::INFINITY);
    // The short: 100 less the long's 1, over 20 units: (10 + 4.95)/1.005 = 14.8756.
    let short = &told.symbols[1].short;
    assert!((distance(short, 4) - 0.487_562).abs() < 1e-5);
    // 100 below the mark by 9.5 %, in the tenth bin; 200 in the fiftieth; 250 nowhere.
    assert_eq!(long.density[9], 100.0);
    assert_eq!(long.density[49], 200.0);
    assert_eq!(long.density.iter().sum::<f64>(), 300.0);
}

#[test]
fn who_is_liquidatable_at_the_mark_has_no_distance() {
    let case = case();
    let population = Population {
        traders: vec![trader(Mode::Isolated, "10", 0..1), trader(Mode::Isolated, "10", 1..2)],
        holdings: vec![held(0, LONG, "1", price("110")), held(0, SHORT, "1", price("100"))],
    };
    let told = describe(&population, &case.listings(), case.first);
    assert_eq!(told.symbols[0].long.users.as_ref().unwrap().distance, [0.0; 9]);
    assert_eq!(told.symbols[0].long.density[0], 100.0);
}
