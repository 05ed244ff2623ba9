use crate::look::look;
use crate::samples::{MINUTE, burst, caption, crash, first_adl, many_symbols, market, series};
use deleverage::report::chart::exchange::open_interest::Input;
use deleverage::report::chart::exchange::{Band, Market};

fn open_of(market: Market, start: f64, loss: f64) -> Input {
    let held = |part: f64| start * (1.0 - 0.02 * part - loss * crash(part));
    let around =
        |by: f64| series(&market, |part| held(part) + start * loss * by * crash(part));
    Input {
        caption: caption("Open interest falls by 38 % from 2.1 to 1.3 bn USDT in two hours"),
        quote: "USDT".to_owned(),
        start,
        open: series(&market, held),
        worlds: Some(Band {
            p5: around(-0.3),
            p25: around(-0.1),
            p75: around(0.12),
            p95: around(0.31),
        }),
        liquidated: burst(&market, start * loss * 0.7, 0.1),
        adl: burst(&market, start * loss * 0.1, 0.54),
        own: Some(burst(&market, start * loss * 0.2, 0.0)),
        first_adl: Some(first_adl(&market)),
        market,
    }
}

#[test]
fn open_interest_of_every_kind_is_drawn() {
    let day = || market(121_332.96, 1_440, MINUTE);
    let mut alone = open_of(market(0.000_012_3, 120, 60 * MINUTE), 2.1e9, 0.38);
    (alone.worlds, alone.own, alone.first_adl) = (None, None, None);
    alone.adl = vec![0.0; 120];
    let mut peace = alone.clone();
    (peace.liquidated, peace.open) = (vec![0.0; 120], vec![2.1e9; 120]);
    let inputs = [
        ("open", open_of(day(), 2.1e9, 0.38)),
        ("open-alone", alone),
        ("open-peace", peace),
        ("open-many", open_of(many_symbols(4), 2.1e9, 0.92)),
        ("open-long", open_of(market(4_800.0, 2_880, MINUTE), 780_000.0, 0.38)),
    ];
    for (name, input) in inputs {
        look(name, &input);
    }
}
