//! Facts of series whose facts are known.

use crate::made::{hours, normals, of_returns};
use deleverage::history::History;
use deleverage::paths::facts::{Fact, Lack, battery};
use deleverage::scenario::draws::Stream;

const COUNT: usize = 6_000;

fn fact(history: &History, fact: Fact) -> f64 {
    battery(&[history]).of(fact).unwrap()
}

fn small(seed: u64) -> Vec<f64> {
    normals(seed, COUNT).iter().map(|z| z * 0.005).collect()
}

/// PTH-011: losses with a Pareto tail of 3; Hill's error is the index over the root of the losses
/// in the tail.
#[test]
fn the_tail_index_of_a_pareto_tail() {
    let mut stream = Stream::new(3, 1);
    let mut next = || {
        let (size, sign) = (0.001 * stream.unit().powf(-1.0 / 3.0), stream.unit());
        if sign < 0.5 { -size } else { size }
    };
    let returns: Vec<f64> = (0..COUNT).map(|_| next()).collect();
    let index = fact(&of_returns(&returns), Fact::TailIndex);
    let error = 3.0 / (COUNT as f64 * 0.05).sqrt();
    assert!((index - 3.0).abs() < 2.5 * error, "{index}");
    let thin = fact(&of_returns(&small(1)), Fact::TailIndex);
    assert!(thin > 4.0, "a normal distribution has thinner tails: {thin}");
}

/// PTH-012: 3 for the normal distribution, 1 for a coin, with the error `√(24/n)`.
#[test]
fn the_kurtosis_of_a_coin_and_of_a_bell() {
    let bell = fact(&of_returns(&small(2)), Fact::Kurtosis);
    assert!((bell - 3.0).abs() < 3.0 * (24.0 / COUNT as f64).sqrt(), "{bell}");
    let coin: Vec<f64> = normals(4, COUNT).iter().map(|z| 0.003 * z.signum()).collect();
    let coin = fact(&of_returns(&coin), Fact::Kurtosis);
    assert!((coin - 1.0).abs() < 0.01, "{coin}");
}

/// PTH-012: bars of a range of e², half of it between open and close.
#[test]
fn the_shape_of_a_bar() {
    let bars: Vec<[i64; 4]> = (0..120).map(|_| [100, 400, 100, 200]).collect();
    let shape = fact(&hours(&bars), Fact::BarShape);
    assert!((shape - 2.0).abs() < 1e-12, "{shape}");
}

/// PTH-013: of independent returns nothing is left but chance; of GARCH(1,1) the sizes stay.
#[test]
fn volatility_stays_where_it_does() {
    let chance = 3.0 / (COUNT as f64).sqrt();
    let independent: Vec<History> = (100..120).map(|seed| of_returns(&small(seed))).collect();
    let memory = battery(&independent.iter().collect::<Vec<_>>());
    for kind in [Fact::MemoryNext, Fact::MemoryDay, Fact::MemoryDays] {
        let mean = memory.of(kind).unwrap();
        assert!(mean.abs() < chance / 20.0_f64.sqrt(), "{}: {mean}", kind.name());
    }
    let mut variance = 1e-5;
    let garch: Vec<f64> = normals(6, COUNT)
        .iter()
        .map(|z| {
            let r = z * f64::sqrt(variance);
            variance = 5e-7 + 0.15 * r * r + 0.80 * variance;
            r
        })
        .collect();
    let history = of_returns(&garch);
    let memory = [Fact::MemoryNext, Fact::MemoryDay, Fact::MemoryDays].map(|f| fact(&history, f));
    assert!(memory[0] > 0.1 && memory[0] > memory[1] && memory[1] > memory[2], "{memory:?}");
    assert!(memory[2].abs() < chance, "five days are beyond it: {memory:?}");
}

/// PTH-013: rates that count to seven over and over, every eighth hour one further.
#[test]
fn funding_has_its_mean_and_its_memory() {
    let history = hours(&[[100, 101, 99, 100]; 8 * 70]);
    let mean = fact(&history, Fact::FundingMean);
    assert!((mean - 4e-6).abs() < 1e-18, "{mean}");
    // From −3 to 3 ten times, a sum of squares of 28; neighbours within make 16, between −9.
    let memory = fact(&history, Fact::FundingMemory);
    assert!((memory - (10.0 * 16.0 - 9.0 * 9.0) / 280.0).abs() < 1e-12, "{memory}");
}

/// PTH-014: two that are one fall together always, two apart by chance.
#[test]
fn worst_bars_are_shared_by_rank() {
    let one = of_returns(&small(7));
    let twice: Vec<f64> = small(7).iter().map(|r| 2.0 * r).collect();
    let (same, apart) = (of_returns(&twice), of_returns(&small(8)));
    for (kind, level) in [(Fact::TogetherTwentieth, 0.05), (Fact::TogetherHundredth, 0.01)] {
        let shared = |other: &History| battery(&[&one, other]).of(kind).unwrap();
        assert!(shared(&same) > 0.99, "{}", shared(&same));
        let error = (level * (1.0 - level) / (level * COUNT as f64)).sqrt();
        assert!((shared(&apart) - level).abs() < 3.0 * error, "{}", shared(&apart));
    }
    let alone = battery(&[&one]).of(Fact::TogetherTwentieth);
    assert_eq!(alone, Err(Lack::Symbols));
}

/// PTH-015: one hundred falls to 60 in the second of six days and is back in the fourth.
#[test]
fn falls_and_excursions_of_a_dip() {
    let at = |bar: usize| match bar {
        24..48 => [100, 100, 60, 60],
        48..72 => [60; 4],
        72.. => [60, 90, 60, 90],
        _ => [100; 4],
    };
    let dip = hours(&(0..144).map(at).collect::<Vec<_>>());
    assert!((fact(&dip, Fact::FallWhole) - 0.4).abs() < 1e-12);
    assert!((fact(&dip, Fact::FallDay) - 0.4).abs() < 1e-12);
    assert!((fact(&dip, Fact::LongDay) - 0.4).abs() < 1e-12);
    // Opened at 60, up to 90 against a short.
    assert!((fact(&dip, Fact::ShortDay) - 0.5).abs() < 1e-12);
}

#[test]
fn what_is_too_short_or_still_has_no_figure() {
    let short = battery(&[&hours(&[[100, 101, 99, 100]; 72])]);
    assert_eq!(short.of(Fact::Kurtosis), Err(Lack::Bars(100)));
    assert_eq!(short.of(Fact::LongWeek), Err(Lack::Days(35)));
    assert_eq!(short.of(Fact::FundingMean), Err(Lack::Settlements(30)));
    let still = battery(&[&hours(&[[100; 4]; 300])]);
    assert_eq!(still.of(Fact::Kurtosis), Err(Lack::Still));
    assert_eq!(still.of(Fact::TailIndex), Err(Lack::Still));
}
