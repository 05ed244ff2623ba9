use crate::look::{BLUE, WINE, look};
use crate::samples::{caption, coverage, needs, quantile};
use deleverage::report::chart::sizing::Spacing;
use deleverage::report::chart::sizing::coverage::{Curve, Input, Target};

fn of_needs(all: &[(&str, Vec<f64>)], asset: &str, today: Option<f64>) -> Input {
    let first = &all[0].1;
    let least = 1.0 - 3.7 / first.len() as f64;
    let target =
        |share: f64| Target { share, fund: (share < least).then(|| quantile(first, share)) };
    let curve = |(name, needs): &(&str, Vec<f64>)| Curve {
        name: (*name).to_owned(),
        points: coverage(needs),
    };
    Input {
        caption: caption(
            "Today's fund covers 99 % of crashes; 99.9 % would take three and a half times as much",
        ),
        asset: asset.to_owned(),
        spacing: Spacing::Log,
        curves: all.iter().map(curve).collect(),
        interval: "95 % of draws".to_owned(),
        today,
        targets: [0.95, 0.99, 0.999].map(target).into(),
    }
}

pub fn sample() -> Input {
    let all = [
        ("marked to market", needs(6_000, 2_580, 3e6)),
        ("cash", needs(6_000, 2_900, 1.4e6)),
        ("marked to market, without the largest account", needs(6_000, 2_580, 1.9e6)),
    ];
    of_needs(&all, "USDT", Some(25e6))
}

#[test]
fn todays_coverage_and_the_targets_are_told() {
    let seen = look("coverage", &sample());
    let needs = needs(6_000, 2_580, 3e6);
    let share = needs.iter().filter(|need| **need <= 25e6).count() as f64 / 60.0;
    assert!(seen.says(&format!("{share:.2} % covered")), "{share}");
    assert!(seen.says("99.9 %: ") && seen.says("cash: today 9"));
    assert!(seen.all(BLUE) > 3_000 && seen.all(WINE) > 1_000);
}

#[test]
fn a_target_that_the_scenarios_cannot_tell_has_no_fund() {
    let mut input = of_needs(&[("all", needs(400, 40, 3e6))], "USDT", Some(9e9));
    input.spacing = Spacing::Linear;
    let seen = look("coverage-linear", &input);
    assert!(seen.says("99.9 %: too few scenarios") && seen.says("≥ 99.0"));
    assert!(seen.says("all scenarios are"));
}

#[test]
fn coverage_without_needs_is_said() {
    let seen = look("coverage-none", &of_needs(&[("all", vec![0.0; 500])], "USDT", None));
    assert!(seen.says("Every scenario is covered without a fund; at least 99.26 % are"));
    assert_eq!(seen.all(BLUE), 0);
}

#[test]
fn huge_small_and_few_coverages_are_drawn() {
    look("coverage-huge", &of_needs(&[("all", needs(40_000, 0, 3e15))], "USDT", Some(2.0)));
    look("coverage-small", &of_needs(&[("all", needs(40, 4, 3e-6))], "BTC", Some(0.0)));
    let mut one = of_needs(&[("all", vec![5.0])], "BTC", Some(5.0));
    one.spacing = Spacing::Linear;
    look("coverage-one", &one);
    let names = ["marked to market", "cash", "without the largest account", "cash of the pools"];
    let four = names.map(|name| (name, needs(900, 90, 5e5)));
    look("coverage-four", &of_needs(&four, "USDC", Some(1e6)));
}
