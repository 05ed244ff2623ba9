//! Losses of the largest accounts. Rules `SIZ-023` to `SIZ-025`.

use deleverage::money::Cash;
use deleverage::tally::sizing::{Covers, LargestLosses, Level, Loss};

fn cash(text: &str) -> Cash {
    Cash::parse(text).unwrap()
}

fn scenario(need: &str, accounts: [&str; 3]) -> LargestLosses {
    let loss = Loss { need: cash(need), crash: 0, weight: 1.0 };
    LargestLosses { loss, accounts: accounts.map(cash) }
}

/// Each cover has its own worst scenario: the largest account in the first, two in the second, the
/// second and third in the last.
#[test]
fn every_cover_has_its_own_worst_scenario() {
    let scenarios = [
        scenario("12", ["10", "1", "1"]),
        scenario("17", ["9", "8", "0"]),
        scenario("20", ["8.5", "8", "7"]),
    ];
    let covers = Covers::of(&scenarios).unwrap();
    assert_eq!(covers.most(), ["10", "17", "15"].map(cash));
    assert_eq!(covers.at(Level::nearest(0.5).unwrap()), ["9", "16.5", "10"].map(cash));
}

/// Of needs of 20 and 17, 8.5 and 9 are the largest accounts'; where the fund needs less than one
/// account lost, that account makes all of it.
#[test]
fn concentration_is_a_share_of_the_need() {
    let scenarios = [
        scenario("5", ["10", "1", "1"]),
        scenario("17", ["9", "8", "0"]),
        scenario("20", ["8.5", "8", "7"]),
    ];
    let covers = Covers::of(&scenarios).unwrap();
    assert_eq!(covers.concentration(cash("10")), Some(17.5 / 37.0));
    assert_eq!(covers.concentration(Cash::ZERO), Some(22.5 / 42.0));
    assert_eq!(covers.concentration(cash("21")), None);
}

#[test]
fn without_scenarios_there_is_no_cover() {
    assert!(Covers::of(&[]).is_err());
}
