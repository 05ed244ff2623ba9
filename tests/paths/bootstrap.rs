//! Joint blocks of recorded rows.

use crate::made::{HOUR, any_histories, assert_valid, hours, log};
use deleverage::history::History;
use deleverage::paths::{Blocks, Draws, bootstrap};
use proptest::prelude::*;

fn resampled(histories: &[History], blocks: Blocks, length: usize, draw: u32) -> Vec<History> {
    let bound: Vec<&History> = histories.iter().collect();
    let made = bootstrap(&bound, blocks, length, Draws { seed: 5, draw }).unwrap();
    made.into_iter().map(|one| one.history).collect()
}

/// Which recorded bar stands at each place: the volumes count the bars.
fn bars(history: &History) -> Vec<usize> {
    history.volume.iter().flatten().map(|volume| *volume as usize - 1).collect()
}

fn any_blocks() -> impl Strategy<Value = Blocks> {
    prop_oneof![Just(Blocks::Days), (1_usize..40).prop_map(|mean| Blocks::Stationary { mean })]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// PTH-009: a row is a recorded bar relative to the close before it, with all that belongs to
    /// it, and the same bar for all symbols.
    #[test]
    fn rows_stay_whole_and_symbols_together(
        histories in any_histories(),
        blocks in any_blocks(),
        length in 1_usize..200,
        draw in 0_u32..1_000,
    ) {
        let made = resampled(&histories, blocks, length, draw);
        let order = bars(&made[0]);
        for (recorded, made) in histories.iter().zip(&made) {
            assert_valid(made);
            prop_assert_eq!(made.len(), length);
            prop_assert_eq!(bars(made), order.clone());
            for (place, &bar) in order.iter().enumerate().skip(1) {
                let (was, is) = (&recorded.mark, &made.mark);
                let base = if bar == 0 { was.open[0] } else { was.close[bar - 1] };
                for (was, is) in [(&was.open, &is.open), (&was.low, &is.low)] {
                    let apart = log(was[bar], base) - log(is[place], made.mark.close[place - 1]);
                    prop_assert!(apart.abs() < 1e-6, "place {}: {}", place, apart);
                }
                let basis = log(recorded.trade.high[bar], was.high[bar])
                    - log(made.trade.high[place], is.high[place]);
                prop_assert!(basis.abs() < 1e-6, "place {}: {}", place, basis);
            }
        }
    }

    /// Settlements come with their bar, at their distance from its open.
    #[test]
    fn funding_comes_with_its_row(histories in any_histories(), blocks in any_blocks()) {
        let made = &resampled(&histories, blocks, 100, 3)[0];
        let rate = |history: &History, bar: usize| {
            let within = history.time[bar]..history.time[bar] + HOUR;
            let found = history.funding.iter().find(|one| within.contains(&one.time));
            found.map(|one| (one.time - history.time[bar], one.rate))
        };
        for (place, bar) in bars(made).into_iter().enumerate() {
            prop_assert_eq!(rate(made, place), rate(&histories[0], bar));
        }
    }

    /// PTH-007.
    #[test]
    fn days_stay_whole(histories in any_histories(), draw in 0_u32..100) {
        let made = &resampled(&histories, Blocks::Days, 120, draw)[0];
        for (place, bar) in bars(made).into_iter().enumerate() {
            prop_assert_eq!(place % 24, bar % 24);
            prop_assert_eq!(made.time[place].rem_euclid(24 * HOUR), place as i64 % 24 * HOUR);
        }
    }

    #[test]
    fn the_same_draw_gives_the_same_bytes(histories in any_histories(), blocks in any_blocks()) {
        let one = resampled(&histories, blocks, 150, 1);
        prop_assert_eq!(&one, &resampled(&histories, blocks, 150, 1));
        prop_assert_ne!(&one, &resampled(&histories, blocks, 150, 2));
    }
}

/// PTH-008: lengths are geometric, so a block goes on with the chance of `1 − 1/mean`, and the
/// first bar follows the last.
#[test]
fn blocks_have_their_mean_length_and_wrap() {
    let history = hours(&[[100, 101, 99, 100]; 500]);
    let order = bars(&resampled(&[history], Blocks::Stationary { mean: 20 }, 40_000, 0)[0]);
    let follows = order.windows(2).filter(|pair| pair[1] == (pair[0] + 1) % 500).count();
    let share = follows as f64 / 39_999.0;
    // A new block begins where the last has ended once in 500; three standard errors.
    let (expected, error) = (0.95 + 0.05 / 500.0, (0.95_f64 * 0.05 / 40_000.0).sqrt());
    assert!((share - expected).abs() < 3.0 * error, "{share}");
    assert!(order.windows(2).any(|pair| pair == [499, 0]));
}

#[test]
fn what_cannot_be_resampled_is_refused() {
    let (day, more) = (hours(&[[9, 9, 8, 8]; 30]), hours(&[[9, 9, 8, 8]; 31]));
    let refused = |histories: &[&History], blocks, length| {
        let draws = Draws { seed: 1, draw: 0 };
        bootstrap(histories, blocks, length, draws).unwrap_err().to_string()
    };
    let blocks = Blocks::Stationary { mean: 5 };
    assert!(refused(&[], blocks, 10).contains("no histories"));
    assert!(refused(&[&day, &more], blocks, 10).contains("other bars"));
    assert!(refused(&[&day], blocks, 0).contains("no bars"));
    assert!(refused(&[&day], Blocks::Stationary { mean: 0 }, 10).contains("without bars"));
    let told = refused(&[&day], Blocks::Days, 10);
    assert!(told.contains("too few whole days") && told.contains("at least 2 days"), "{told}");
}
