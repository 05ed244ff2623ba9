//! What is kept, what is changed, and what may be asked: rules PTH-016 and PTH-017.

use crate::made::{normals, of_returns};
use deleverage::history::{History, Interval};
use deleverage::paths::facts::{
    Answer, Battery, Fact, Functional, Generator, Known, Lack, Verdict, battery, check, judge,
    known, mean, reference_block,
};
use deleverage::paths::{Blocks, Draws, bootstrap};

const KNOWN: Known = Known { value: 0.30, tolerance: 0.10 };

#[test]
fn a_change_beyond_the_error_is_one_and_a_wide_error_says_nothing() {
    let of = |known: Known, generated: f64| judge(Fact::LongDay, Ok(known), Ok(generated));
    assert_eq!(of(KNOWN, 0.39), Verdict::Kept);
    assert_eq!(of(KNOWN, 0.41), Verdict::Changed);
    let wide = Known { tolerance: 0.16, ..KNOWN };
    assert_eq!(of(wide, 0.30), Verdict::TooWide);
    assert_eq!(of(wide, 0.47), Verdict::Changed);
    // A correlation of 0.3 has the same error, and 0.2 is narrow enough.
    assert_eq!(judge(Fact::MemoryDay, Ok(wide), Ok(0.3)), Verdict::Kept);
    let lack = Lack::Days(5);
    assert_eq!(judge(Fact::LongDay, Err(lack), Ok(0.3)), Verdict::Lacking(lack));
    assert_eq!(judge(Fact::LongDay, Ok(KNOWN), Err(lack)), Verdict::Lacking(lack));
}

/// Volatility that lasts ten days, two symbols that are mostly one.
fn regimes() -> [History; 2] {
    const BARS: usize = 24 * 120;
    let calm = |bar: usize| if (bar / 240).is_multiple_of(2) { 0.002 } else { 0.010 };
    let (common, own) = (normals(11, BARS), normals(12, BARS));
    let returns = |share: f64| -> Vec<f64> {
        (0..BARS).map(|bar| calm(bar) * (common[bar] + share * own[bar])).collect()
    };
    [of_returns(&returns(0.0)), of_returns(&returns(0.4))]
}

fn resampled(histories: &[&History], blocks: Blocks) -> Vec<Battery> {
    let path = |draw| {
        let draws = Draws { seed: 1, draw };
        let made = bootstrap(histories, blocks, histories[0].len(), draws).unwrap();
        battery(&made.iter().map(|one| &one.history).collect::<Vec<_>>())
    };
    (0..40).map(path).collect()
}

/// Days in another order keep what happens within them and across symbols, not what lasts longer.
#[test]
fn days_keep_dependence_and_lose_volatile_weeks() {
    let histories = regimes();
    let bound: Vec<&History> = histories.iter().collect();
    check(&bound).unwrap();
    let record = battery(&bound);
    let resamples = resampled(&bound, Blocks::Stationary { mean: reference_block(bound[0]) });
    let days = mean(&resampled(&bound, Blocks::Days));
    let verdict = |fact| judge(fact, known(fact, &record, &resamples), days.of(fact));
    assert_eq!(verdict(Fact::TogetherTwentieth), Verdict::Kept);
    assert_eq!(verdict(Fact::MemoryNext), Verdict::Kept);
    assert_eq!(verdict(Fact::MemoryDays), Verdict::Changed);
    let answer = |functional| Generator::Days.answer(functional, verdict);
    assert!(matches!(answer(Functional::LiquidatedInWeek), Answer::NotUsable(_)));
    assert!(matches!(answer(Functional::DeepestDay), Answer::NotUsable(_)));
    // The same facts of a generator that is not limited by its blocks: refused for what it changes.
    let longer = Generator::Stationary { days: 10.0 };
    let Answer::NotUsable(why) = longer.answer(Functional::LiquidatedInWeek, verdict) else {
        panic!("usable");
    };
    assert!(why.contains(Fact::MemoryDays.name()), "{why}");
}

#[test]
fn answers_follow_from_the_verdicts() {
    let ask =
        |generator: Generator, functional, verdict| generator.answer(functional, move |_| verdict);
    let blocks = Generator::Stationary { days: 7.0 };
    for functional in [Functional::LiquidatedInDay, Functional::SeveralAssets] {
        assert_eq!(ask(blocks, functional, Verdict::Kept), Answer::Usable);
        assert!(matches!(ask(blocks, functional, Verdict::Changed), Answer::NotUsable(_)));
        assert!(matches!(ask(blocks, functional, Verdict::TooWide), Answer::Unknown(_)));
    }
    // What a shock changes on purpose is not held against it; its own chance is not in it.
    assert_eq!(ask(Generator::Shock, Functional::DeepestDay, Verdict::Changed), Answer::WhatIf);
    assert_eq!(ask(Generator::Jumps, Functional::SeveralAssets, Verdict::Kept), Answer::WhatIf);
    let often = ask(Generator::Shock, Functional::LiquidatedInDay, Verdict::Kept);
    assert!(matches!(often, Answer::NotUsable(_)));
    let alone = Verdict::Lacking(Lack::Symbols);
    assert!(matches!(ask(blocks, Functional::SeveralAssets, alone), Answer::NotUsable(_)));
}

#[test]
fn a_record_of_two_days_or_of_days_is_refused() {
    let short = of_returns(&normals(1, 48));
    let told = check(&[&short]).unwrap_err().to_string();
    assert!(told.contains("48 bars of 1h") && told.contains("at least 3 days"), "{told}");
    let mut days = short;
    days.interval = Interval::parse("1d").unwrap();
    let told = check(&[&days]).unwrap_err().to_string();
    assert!(told.contains("`1d`") && told.contains("12h or less"), "{told}");
}
