//! What traders have prepared: rule `POP-007`.

use crate::case::{Case, users};
use crate::market::rate;
use deleverage::history::Interval;
use deleverage::money::Round;
use deleverage::population::{Population, ReactionKind, Trader};
use deleverage::scenario::Side;
use deleverage::scenario::exchange::Hazard;

fn hazard(share: &str, amount: &str, delay: Option<&str>) -> Hazard {
    let delay = delay.map(|delay| Interval::parse(delay).unwrap());
    Hazard { share: rate(share), amount: rate(amount), delay }
}

fn share(population: &Population, has: impl Fn(&Trader) -> bool) -> f64 {
    users(population).filter(|trader| has(trader)).count() as f64 / users(population).count() as f64
}

#[test]
fn so_many_react_after_so_long() {
    let case = Case::new(1).with(|choice| {
        choice.top_ups = hazard("0.2", "50%", Some("10m"));
        choice.cuts = hazard("0.1", "25%", Some("1h"));
    });
    let population = case.world(0);
    let kinds = [
        (ReactionKind::TopUp(rate("50%")), 0.2, 600_000.0),
        (ReactionKind::Cut(rate("25%")), 0.1, 3_600_000.0),
    ];
    for (kind, wanted, mean) in kinds {
        let of_kind = |trader: &Trader| trader.plan.reaction.is_some_and(|it| it.kind == kind);
        let found = share(&population, of_kind);
        let error = (wanted * (1.0 - wanted) / 20_000_f64).sqrt();
        assert!((found - wanted).abs() < 4.0 * error, "{kind:?}: {found}");
        let delays = users(&population).filter(|trader| of_kind(trader));
        let delays: Vec<f64> =
            delays.map(|trader| trader.plan.reaction.unwrap().delay as f64).collect();
        let n = delays.len() as f64;
        let average = delays.iter().sum::<f64>() / n;
        assert!((average - mean).abs() < 4.0 * mean / n.sqrt(), "{kind:?}: {average}");
        let later = delays.iter().filter(|delay| **delay > mean).count() as f64 / n;
        let wanted = (-1.0_f64).exp();
        assert!((later - wanted).abs() < 4.0 * (wanted * (1.0 - wanted) / n).sqrt(), "{later}");
    }
}

#[test]
fn stops_stand_at_their_distance_unless_the_mark_has_passed_them() {
    let case = Case::new(1).with(|choice| choice.stops = hazard("0.4", "8%", None));
    let (population, start) = (case.world(0), case.start(0));
    let (mut placed, mut open) = (0.0, 0.0);
    for trader in users(&population) {
        let held = population.holdings[trader.holdings.start as usize];
        let (factor, round) = match held.side {
            Side::Long => (92, Round::Floor),
            Side::Short => (108, Round::Ceil),
        };
        let stop = round.div(i128::from(held.entry.steps()) * factor, 100);
        let ahead = match held.side {
            Side::Long => stop < i128::from(start.steps()),
            Side::Short => stop > i128::from(start.steps()),
        };
        if let Some(price) = trader.plan.stop {
            assert!(ahead, "{held:?}");
            assert_eq!(i128::from(price.steps()), stop);
            placed += 1.0;
        }
        open += f64::from(u8::from(ahead));
    }
    assert!((placed / open - 0.4_f64).abs() < 4.0 * (0.24 / open).sqrt(), "{placed} of {open}");
}

/// A change of one choice leaves the draws of the others alone.
#[test]
fn plans_do_not_move_sizes_and_a_larger_share_only_adds() {
    let with = |share: &str| {
        Case::new(2)
            .with(|choice| {
                choice.stops = hazard(share, "20%", None);
                choice.take_profits = hazard("0.1", "30%", None);
            })
            .world(0)
    };
    let [none, few, more] = ["0", "0.1", "0.3"].map(with);
    assert_eq!(none.holdings, more.holdings);
    for ((none, few), more) in none.traders.iter().zip(&few.traders).zip(&more.traders) {
        assert_eq!((none.margin, none.mode), (more.margin, more.mode));
        assert_eq!(none.plan.take_profit, more.plan.take_profit);
        assert_eq!(none.plan.stop, None);
        assert!(few.plan.stop.is_none() || few.plan.stop == more.plan.stop);
    }
    let stopped = |population: &Population| share(population, |trader| trader.plan.stop.is_some());
    assert!(stopped(&few) < stopped(&more));
}
