use crate::look::look;
use crate::samples::{MINUTE, fund_of, many_symbols, market};
use deleverage::report::chart::exchange::fund;

#[test]
fn funds_of_every_kind_are_drawn() {
    let day = || market(121_332.96, 1_440, MINUTE);
    let mut calm = fund_of(market(0.000_012_3, 120, 60 * MINUTE), 50e6, 0.0);
    (calm.adl, calm.first_adl, calm.worlds) = (vec![0.0; 120], None, None);
    let peace = fund::Input {
        liquidated: vec![0.0; 120],
        cash: vec![50e6; 120],
        marked: vec![50e6; 120],
        ..calm.clone()
    };
    let mut coins = fund_of(market(4_800.0, 2_880, MINUTE), 36_500.0, 0.9);
    coins.asset = "BTC".to_owned();
    coins.quote = "USD".to_owned();
    let mut gone = fund_of(day(), 50e6, 1.05);
    gone.cash.iter_mut().for_each(|cash| *cash = cash.max(0.0));
    let none = fund::Input {
        start: 0.0,
        cash: vec![0.0; 120],
        marked: vec![0.0; 120],
        ..calm.clone()
    };
    let inputs = [
        ("fund", fund_of(day(), 50e6, 0.22)),
        ("fund-calm", calm),
        ("fund-peace", peace),
        ("fund-none", none),
        ("fund-coins", coins),
        ("fund-gone", gone),
        ("fund-many", fund_of(many_symbols(3), 50e6, 0.22)),
        ("fund-seven", fund_of(many_symbols(7), 50e6, 0.22)),
    ];
    for (name, input) in inputs {
        look(name, &input);
    }
}
