//! Shock-scaled replays.

use crate::made::{UNIT, any_histories, assert_valid, hours, log, without_mark};
use deleverage::history::{History, Interval};
use deleverage::paths::{Shock, crash, shock};
use proptest::prelude::*;
use std::sync::Arc;

fn scaled(history: &History, scale: f64, taper: usize) -> History {
    let window = 0..history.len();
    shock(history, &Shock { scale, beta: 1.0, window, taper }).unwrap().history
}

/// 100, then a gap to 80 and a bar down to 64 that closes at 80.
fn gap() -> History {
    hours(&[[100, 100, 100, 100], [80, 80, 64, 80], [80, 100, 80, 100]])
}

/// PTH-003: 0.8² of 100 is 64, and 0.64² is 40.96.
#[test]
fn a_gap_of_a_fifth_twice_is_a_gap_of_thirty_six_hundredths() {
    let doubled = scaled(&gap(), 2.0, 0);
    let at = |prices: &[deleverage::money::Price], bar: usize| prices[bar].steps();
    assert_eq!(at(&doubled.mark.close, 0), 100 * UNIT);
    assert_eq!(at(&doubled.mark.open, 1), 64 * UNIT);
    assert_eq!(at(&doubled.mark.low, 1), 4_096 * UNIT / 100);
    assert_eq!(at(&doubled.mark.close, 1), 64 * UNIT);
    // Back at the recorded level all is made good, because that move is doubled as well.
    assert_eq!(at(&doubled.mark.close, 2), 100 * UNIT);
}

/// PTH-004: what comes after the window moves as recorded, from where the window has left it.
#[test]
fn after_the_window_the_level_stays_displaced_and_moves_as_recorded() {
    let window = 1..2;
    let wanted = Shock { scale: 2.0, beta: 1.0, window, taper: 0 };
    let made = shock(&gap(), &wanted).unwrap();
    assert_eq!(made.history.mark.close[0].steps(), 100 * UNIT);
    assert_eq!(made.history.mark.open[2].steps(), 64 * UNIT);
    assert_eq!(made.history.mark.close[2].steps(), 80 * UNIT);
    let told = made.declaration().unwrap();
    assert!(told.starts_with("generated, not recorded") && told.ends_with("times 2"), "{told}");
}

/// PTH-004: two tapered bars of three at half a cosine: multipliers 1.5, 2 and 1.5.
#[test]
fn edges_are_tapered() {
    let fall = hours(&[[100, 100, 100, 100], [80, 80, 80, 80], [64, 64, 64, 64]]);
    let wanted = Shock { scale: 2.0, beta: 1.0, window: 0..3, taper: 1 };
    let made = shock(&fall, &wanted).unwrap().history;
    let second = log(made.mark.close[1], made.mark.close[0]);
    let third = log(made.mark.close[2], made.mark.close[1]);
    assert!((second / 0.8_f64.ln() - 2.0).abs() < 1e-8, "{second}");
    assert!((third / 0.8_f64.ln() - 1.5).abs() < 1e-8, "{third}");
}

/// PTH-003: half of the excess scale for a beta of a half.
#[test]
fn a_beta_scales_what_is_beyond_the_record() {
    let window = 0..3;
    let by_beta = Shock { scale: 2.0, beta: 0.5, window: window.clone(), taper: 0 };
    let by_scale = Shock { scale: 1.5, beta: 1.0, window, taper: 0 };
    let (one, other) = (shock(&gap(), &by_beta).unwrap(), shock(&gap(), &by_scale).unwrap());
    assert_eq!(one, other);
}

#[test]
fn the_deepest_fall_is_found_within_its_span() {
    let flat = |price: i64| [price; 4];
    let history = hours(&[90, 100, 95, 70, 72, 71, 60, 80].map(flat));
    let hours = |text: &str| crash(&history, Interval::parse(text).unwrap());
    assert_eq!(hours("3h"), Some(1..4));
    assert_eq!(hours("1d"), Some(1..7));
}

/// Six hours on either side of the fall, as far as there are any.
#[test]
fn the_window_of_a_crash_has_room_for_its_tapers() {
    let at = |bar: usize| [if (10..12).contains(&bar) { 50 } else { 100 }; 4];
    let history = hours(&(0..40).map(at).collect::<Vec<_>>());
    let found = Shock::of_crash(&history, 1.5).unwrap();
    assert_eq!(found, Shock { scale: 1.5, beta: 1.0, window: 0..17, taper: 6 });
}

#[test]
fn what_cannot_be_scaled_is_refused() {
    let with = |scale: f64, beta: f64, window: std::ops::Range<usize>, taper: usize| {
        shock(&gap(), &Shock { scale, beta, window, taper }).unwrap_err().to_string()
    };
    assert!(with(f64::NAN, 1.0, 0..3, 0).contains("out of range"));
    assert!(with(2.0, 51.0, 0..3, 0).contains("out of range"));
    assert!(with(0.0, 2.0, 0..3, 0).contains("below 0"));
    assert!(with(2.0, 1.0, 2..2, 0).contains("without bars"));
    assert!(with(2.0, 1.0, 0..4, 0).contains("without bars"));
    assert!(with(2.0, 1.0, 0..3, 2).contains("overlap"));
    assert!(with(50.0, 50.0, 0..3, 0).contains("leaves the grid"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// PTH-001 and PTH-002.
    #[test]
    fn paths_are_valid_and_the_basis_stays(
        histories in any_histories(),
        scale in 0.0_f64..4.0,
        taper in 0_usize..20,
    ) {
        let recorded = &histories[0];
        let made = scaled(recorded, scale, taper);
        assert_valid(&made);
        prop_assert_eq!(&made.funding, &recorded.funding);
        prop_assert_eq!(&made.volume, &recorded.volume);
        for bar in 0..made.len() {
            let before = log(recorded.trade.close[bar], recorded.mark.close[bar]);
            let after = log(made.trade.close[bar], made.mark.close[bar]);
            prop_assert!((before - after).abs() < 1e-6, "bar {}: {} {}", bar, before, after);
        }
        let alone = scaled(&without_mark(recorded), scale, taper);
        prop_assert!(Arc::ptr_eq(&alone.mark, &alone.trade));
    }

    #[test]
    fn a_scale_of_one_is_the_record_to_the_bit(histories in any_histories(), taper in 0_usize..20) {
        let window = 3..histories[0].len();
        let wanted = Shock { scale: 1.0, beta: 1.7, window, taper };
        let same = shock(&histories[0], &wanted).unwrap();
        prop_assert!(same.is_recorded() && same.declaration().is_none());
        prop_assert_eq!(&same.history, &histories[0]);
    }

    /// The deepest point of a fall is deeper the larger the scale, and nothing before it changes.
    #[test]
    fn a_larger_scale_is_a_deeper_fall(histories in any_histories(), scale in 1.0_f64..3.0) {
        let recorded = &histories[0];
        let fall = crash(recorded, Interval::parse("1d").unwrap()).unwrap();
        prop_assume!(fall.start + 1 < fall.end);
        let deepest = |scale: f64| {
            let window = fall.start + 1..fall.end;
            let wanted = Shock { scale, beta: 1.0, window, taper: 0 };
            let made = shock(recorded, &wanted).unwrap().history;
            assert_eq!(made.mark.close[..=fall.start], recorded.mark.close[..=fall.start]);
            made.mark.low[fall.end - 1]
        };
        prop_assume!(recorded.mark.low[fall.end - 1] < recorded.mark.close[fall.start]);
        prop_assert!(deepest(scale + 0.1) < deepest(scale));
    }
}
