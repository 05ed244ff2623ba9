//! The same path in less time: rule PTH-006.

use crate::made::{UNIT, any_histories, assert_valid, hours};
use deleverage::paths::{Shock, shock, speed};
use proptest::prelude::*;

#[test]
fn pairs_of_bars_become_one() {
    let history = hours(&[
        [10, 12, 9, 11],
        [11, 15, 10, 14],
        [14, 16, 8, 9],
        [9, 9, 7, 8],
        [8, 20, 8, 13],
        [13, 14, 12, 12],
    ]);
    let made = speed(&history, 2, 1).unwrap();
    let history = &made.history;
    let shown = |bar: usize| {
        let mark = &history.mark;
        [mark.open[bar], mark.high[bar], mark.low[bar], mark.close[bar]]
            .map(|price| price.steps() / UNIT)
    };
    assert_eq!(history.len(), 4);
    assert_eq!(
        (0..4).map(shown).collect::<Vec<_>>(),
        [[10, 12, 9, 11], [11, 16, 8, 9], [9, 20, 7, 13], [13, 14, 12, 12],]
    );
    assert_eq!(history.volume, Some(vec![1, 2 + 3, 4 + 5, 6]));
    assert_eq!(history.index.as_ref().unwrap(), &history.mark.close);
    assert!(made.declaration().unwrap().contains("2 bars in the time of one"));
}

/// A path keeps the steps by which it was made.
#[test]
fn a_shock_in_half_the_time() {
    let history = hours(&[[100, 100, 100, 100], [80, 80, 80, 80], [80, 80, 80, 80]]);
    let wanted = Shock { scale: 2.0, beta: 1.0, window: 0..3, taper: 0 };
    let deeper = shock(&history, &wanted).unwrap();
    let made = deeper.then(|history| speed(history, 2, 1)).unwrap();
    assert_eq!(made.history.len(), 2);
    assert_eq!(made.history.mark.low[1].steps(), 64 * UNIT);
    assert_eq!(made.made.len(), 2);
    let told = made.declaration().unwrap();
    assert!(told.contains("times 2, then 2 bars in the time of one"), "{told}");
}

#[test]
fn what_cannot_be_hastened_is_refused() {
    let history = hours(&[[10, 12, 9, 11]; 4]);
    assert!(speed(&history, 0, 0).unwrap_err().to_string().contains("no bars in one"));
    assert!(speed(&history, 2, 4).unwrap_err().to_string().contains("a bar below 4"));
    let mut split = history;
    split.segments.push(split.segments[0]);
    assert!(speed(&split, 2, 0).unwrap_err().to_string().contains("without gaps"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn levels_stay_and_time_shrinks(
        histories in any_histories(),
        factor in 1_usize..9,
        first in 0_usize..48,
    ) {
        let recorded = &histories[0];
        let made = speed(recorded, factor, first).unwrap();
        let history = &made.history;
        assert_valid(history);
        prop_assert_eq!(history.len(), first + (recorded.len() - first).div_ceil(factor));
        prop_assert_eq!(history.mark.close.last(), recorded.mark.close.last());
        prop_assert_eq!(history.mark.low.iter().min(), recorded.mark.low.iter().min());
        prop_assert_eq!(history.trade.high.iter().max(), recorded.trade.high.iter().max());
        let total = |volume: &Option<Vec<i64>>| volume.iter().flatten().sum::<i64>();
        prop_assert_eq!(total(&history.volume), total(&recorded.volume));
        prop_assert_eq!(&history.time[..], &recorded.time[..history.len()]);
        let kept = recorded.funding.iter().filter(|settled| {
            settled.time < history.time.last().unwrap() + history.interval.millis()
        });
        prop_assert!(kept.eq(&history.funding));
        prop_assert_eq!(made.is_recorded(), factor == 1);
        prop_assert!(factor > 1 || history == recorded);
    }
}
