use crate::look::{AMBER, BLUE, GREEN, WINE, look};
use crate::samples::{MINUTE, burst, caption, crash, first_adl, many_symbols, market, series};
use deleverage::report::chart::exchange::open_interest::Input;
use deleverage::report::chart::exchange::{Band, Market};

fn open_of(market: Market, start: f64, loss: f64) -> Input {
    let held = |part: f64| start * (1.0 - 0.02 * part - loss * crash(part));
    let around = |by: f64| series(&market, |part| held(part) + start * loss * by * crash(part));
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

pub fn sample() -> Input {
    open_of(market(121_332.96, 1_440, MINUTE), 2.1e9, 0.38)
}

#[test]
fn layers_are_as_high_as_what_they_closed() {
    let mut input = sample();
    let shape = input.liquidated.clone();
    let part = |share: f64| shape.iter().map(|amount| amount * share).collect();
    (input.adl, input.own) = (part(0.2), Some(part(0.5)));
    let seen = look("open", &input);
    // A few columns left of the end of the panel, where nothing is closed any more.
    let [forced, adl, own] = [AMBER, WINE, BLUE].map(|ink| seen.count(ink, 1_310..1_320) as f64);
    assert!((adl / forced - 0.2).abs() < 0.02, "{adl} of {forced}");
    assert!((own / forced - 0.5).abs() < 0.02, "{own} of {forced}");
    assert!(seen.all(GREEN) > 3_000 && seen.says("5–95 % of worlds"));
}

#[test]
fn open_interest_of_one_calm_world_has_no_band_and_no_empty_axes() {
    let mut alone = open_of(market(0.000_012_3, 120, 60 * MINUTE), 2.1e9, 0.38);
    (alone.worlds, alone.own, alone.first_adl) = (None, None, None);
    alone.adl = vec![0.0; 120];
    let seen = look("open-alone", &alone);
    assert!(!seen.says("of worlds") && !seen.says("by traders"));
    (alone.liquidated, alone.open) = (vec![0.0; 120], vec![2.1e9; 120]);
    let seen = look("open-peace", &alone);
    assert!(seen.says("No position was closed"));
    assert_eq!(seen.all(AMBER), 0);
}

#[test]
fn open_interest_of_many_symbols_and_minutes_is_drawn() {
    look("open-many", &open_of(many_symbols(4), 2.1e9, 0.7));
    look("open-long", &open_of(market(4_800.0, 2_880, MINUTE), 780_000.0, 0.38));
}
