//! Draws within a crash are alike: intervals that count them as independent miss the truth, those
//! that draw crashes again do not. Rules `SIZ-012`, `SIZ-013`.

use super::world::{need, sizing};
use deleverage::money::Cash;
use deleverage::scenario::draws::Stream;
use deleverage::tally::sizing::{Level, Loss, Wider};

const WORLDS: u64 = 200;
const CRASHES: u16 = 20;
const DRAWS: usize = 100;
/// The rate of a crash's exponential gaps is a sum of so many exponential variables: all gaps
/// together follow `P(gap > g) = (1 + g/b)^−8` (Lomax).
const INDEX: i32 = 8;
const B: f64 = 0.5;

fn losses(world: u64) -> Vec<Loss> {
    let mut stream = Stream::new(world, 3);
    let mut all = Vec::new();
    for crash in 0..CRASHES {
        let rate: f64 = (0..INDEX).map(|_| -stream.unit().ln()).sum::<f64>() / B;
        let mut loss = || Loss { need: need(-stream.unit().ln() / rate), crash, weight: 1.0 };
        all.extend((0..DRAWS).map(|_| loss()));
    }
    all
}

fn quantile(beyond: f64) -> f64 {
    B * (beyond.powf(-1.0 / f64::from(INDEX)) - 1.0)
}

#[derive(Default)]
struct Held {
    draws: u64,
    crashes: u64,
    named: u64,
}

impl Held {
    fn judge(&self, what: &str) {
        let Self { draws, crashes, named } = self;
        println!("{what}: draws {draws}, crashes {crashes}, named {named} of {WORLDS}");
        assert!(crashes * 100 >= WORLDS * 90, "{what}: crashes {crashes} of {WORLDS}");
        assert!(draws * 100 <= WORLDS * 70, "{what}: draws {draws} of {WORLDS}");
        assert!(named * 100 >= WORLDS * 95, "{what}: crashes named in {named} of {WORLDS}");
    }
}

#[test]
fn the_crashes_hold_the_truth_where_the_draws_do_not() {
    let (mut risks, mut shares) = (Held::default(), Held::default());
    let mut shortfalls = Held::default();
    let (risk, share) = (need(quantile(0.05)), 0.05);
    let beyond = quantile(0.05);
    let shortfall = need(beyond + (B + beyond) / f64::from(INDEX - 1));
    for world in 0..WORLDS {
        let sizing = sizing(losses(world));
        let exceedance = sizing.exceedance(risk).intervals;
        let holds = |low: f64, high: f64| u64::from(low <= share && share <= high);
        shares.draws += holds(exceedance.draws.low, exceedance.draws.high);
        let crashes = exceedance.crashes.unwrap();
        shares.crashes += holds(crashes.low, crashes.high);
        shares.named += u64::from(exceedance.wider == Wider::Crashes);
        let answers = [
            (&mut risks, sizing.value_at_risk(Level::P95), risk),
            (&mut shortfalls, sizing.expected_shortfall(Level::P95), shortfall),
        ];
        for (held, found, truth) in answers {
            let holds = |low: Cash, high: Option<Cash>| {
                u64::from(low <= truth && high.is_some_and(|high| truth <= high))
            };
            let intervals = found.intervals;
            held.draws += holds(intervals.draws.low, intervals.draws.high);
            held.crashes += intervals.crashes.map_or(0, |ends| holds(ends.low, ends.high));
            held.named += u64::from(intervals.wider == Wider::Crashes);
        }
    }
    risks.judge("value at risk");
    shares.judge("exceedance");
    shortfalls.judge("shortfall");
}
