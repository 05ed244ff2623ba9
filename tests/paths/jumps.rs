//! Jumps that history did not have: rule PTH-010.

use crate::made::{UNIT, any_histories, assert_valid, hours, log};
use deleverage::history::History;
use deleverage::paths::{Draws, Jumps, Size, Times, jumps};
use proptest::prelude::*;

const DRAWS: Draws = Draws { seed: 9, draw: 4 };
const TAIL: Size = Size::Pareto { least: -0.02, tail: 2.0, most: -0.6 };

fn poisson(per_day: f64, bars: usize, beta: f64) -> Jumps {
    Jumps { times: Times::Poisson { per_day, within: 0..bars }, size: TAIL, beta }
}

#[test]
fn a_fifth_is_gone_at_the_open_and_stays_gone() {
    let history = hours(&[[100, 110, 90, 100], [100, 105, 95, 100], [100, 120, 100, 120]]);
    let wanted = Jumps { times: Times::At(1), size: Size::Fixed(-0.2), beta: 1.0 };
    let made = jumps(&history, &wanted, DRAWS).unwrap();
    let mark = &made.history.mark;
    let shown = |bar: usize| {
        [mark.open[bar], mark.high[bar], mark.low[bar], mark.close[bar]]
            .map(|price| price.steps() / UNIT)
    };
    assert_eq!(
        [shown(0), shown(1), shown(2)],
        [[100, 110, 90, 100], [80, 84, 76, 80], [80, 96, 80, 96],]
    );
    assert!(made.declaration().unwrap().contains("1 jump, -20.0 % together"));
}

/// A beta of 2 takes the square: 0.8² = 0.64.
#[test]
fn a_beta_is_a_power() {
    let history = hours(&[[100, 100, 100, 100]; 3]);
    let wanted = Jumps { times: Times::At(0), size: Size::Fixed(-0.2), beta: 2.0 };
    let made = jumps(&history, &wanted, DRAWS).unwrap().history;
    assert_eq!(made.mark.open[0].steps(), 64 * UNIT);
}

/// Counts are Poisson: mean and variance of 200 paths near 10; sizes are Pareto: half of the logs
/// are beyond `√2` times the least.
#[test]
fn times_and_sizes_have_their_laws() {
    let history = hours(&[[100_000; 4]; 240]);
    let (mut counts, mut sizes) = (Vec::new(), Vec::new());
    for draw in 0..200 {
        let made = jumps(&history, &poisson(1.0, 240, 1.0), Draws { seed: 1, draw }).unwrap();
        let mark = &made.history.mark;
        let gaps = (1..240).map(|bar| log(mark.open[bar], mark.close[bar - 1]).abs());
        let before = sizes.len();
        sizes.extend(gaps.filter(|gap| *gap > 1e-9));
        counts.push((sizes.len() - before) as f64);
    }
    // Of 240 hours 239 have one before, and two jumps in one hour are one gap: 9.75 are seen.
    let mean = counts.iter().sum::<f64>() / 200.0;
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 199.0;
    assert!((mean - 9.75).abs() < 3.0 * (9.75_f64 / 200.0).sqrt(), "{mean}");
    assert!((variance / 9.75 - 1.0).abs() < 0.3, "{variance}");
    let least = 0.98_f64.ln().abs();
    let beyond = sizes.iter().filter(|size| **size > least * 2.0_f64.sqrt()).count();
    let share = beyond as f64 / sizes.len() as f64;
    // Gaps of two jumps, one in fifty, are all beyond.
    assert!((share - 0.51).abs() < 3.0 * (0.25 / sizes.len() as f64).sqrt(), "{share}");
    assert!(sizes.iter().all(|size| *size > least - 1e-6));
}

#[test]
fn what_cannot_jump_is_refused() {
    let history = hours(&[[100, 100, 100, 100]; 3]);
    let refused = |times: Times, size: Size, beta: f64| {
        jumps(&history, &Jumps { times, size, beta }, DRAWS).unwrap_err().to_string()
    };
    let (half, at) = (Size::Fixed(-0.5), Times::At(1));
    assert!(refused(Times::At(3), half, 1.0).contains("outside"));
    let within = 0..4;
    assert!(refused(Times::Poisson { per_day: 1.0, within }, half, 1.0).contains("outside"));
    let within = 0..3;
    assert!(refused(Times::Poisson { per_day: -1.0, within }, half, 1.0).contains("out of range"));
    assert!(refused(at.clone(), Size::Fixed(-1.0), 1.0).contains("no such size"));
    let crossed = Size::Pareto { least: -0.1, tail: 2.0, most: 0.5 };
    assert!(refused(at.clone(), crossed, 1.0).contains("no such size"));
    assert!(refused(at.clone(), half, -1.0).contains("out of range"));
    assert!(refused(at, Size::Fixed(-0.999_999), 50.0).contains("leaves the grid"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Every move but the gaps stays, and the gaps of two symbols come together, one the beta of
    /// the other.
    #[test]
    fn only_gaps_change_and_they_are_common(
        histories in any_histories(),
        beta in 0.1_f64..2.0,
        draw in 0_u32..1_000,
    ) {
        let recorded = &histories[0];
        let draws = Draws { seed: 2, draw };
        let made = |beta: f64| -> History {
            jumps(recorded, &poisson(1.0, recorded.len(), beta), draws).unwrap().history
        };
        let (one, other) = (made(1.0), made(beta));
        assert_valid(&one);
        prop_assert_eq!(&one.funding, &recorded.funding);
        let gap = |history: &History, bar: usize| {
            log(history.mark.open[bar], history.mark.close[bar - 1])
        };
        for bar in 1..one.len() {
            let within = log(one.mark.low[bar], one.mark.open[bar]);
            let was = log(recorded.mark.low[bar], recorded.mark.open[bar]);
            prop_assert!((within - was).abs() < 1e-6);
            let own = gap(&one, bar) - gap(recorded, bar);
            let others = gap(&other, bar) - gap(recorded, bar);
            prop_assert!((own * beta - others).abs() < 1e-6, "bar {}: {} {}", bar, own, others);
        }
    }

    #[test]
    fn no_jumps_leave_the_record(histories in any_histories()) {
        let recorded = &histories[0];
        let none = jumps(recorded, &poisson(0.0, recorded.len(), 1.0), DRAWS).unwrap();
        prop_assert_eq!(&none.history, recorded);
        prop_assert!(!none.is_recorded(), "a draw without jumps is a draw of the law");
    }
}
