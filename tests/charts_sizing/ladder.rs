use crate::look::{BLUE, GREEN, SKY, SWATCH, WINE, look};
use crate::samples::{CRASHES, caption};
use deleverage::report::chart::sizing::ladder::{Count, Crash, Input, Paid};

fn paid(i: usize, total: f64) -> Paid {
    let worse = i as f64 / 11.0;
    Paid {
        margin: total * (1.0 - 0.3 * worse),
        fund: total * 0.2 * worse,
        adl: total * 0.07 * worse,
        socialised: if i == 0 { total * 0.1 } else { 0.0 },
        owed: total * 0.02 * worse,
        injected: if i % 5 == 3 { total * 0.004 } else { 0.0 },
        bad_debt: if i % 4 == 2 { total * 0.0002 } else { 0.0 },
    }
}

fn of_crashes(count: Count, totals: impl Fn(usize) -> Option<f64>) -> Input {
    let crash = |(i, name): (usize, &&str)| Crash {
        name: (*name).to_owned(),
        paid: totals(i).map(|total| paid(i, total)),
    };
    Input {
        caption: caption(
            "The margins paid for at least 70 % of what was lost in each crash, the fund for two \
             thirds of the rest and auto-deleveraged winners for a quarter",
        ),
        asset: "USDT".to_owned(),
        count,
        crashes: CRASHES.iter().enumerate().map(crash).collect(),
    }
}

fn usual(i: usize) -> Option<f64> {
    match i {
        4 => None,
        8 => Some(0.0),
        _ => Some(3e6 * (1.0 + i as f64).powi(3)),
    }
}

pub fn sample() -> Input {
    of_crashes(Count::Shares, usual)
}

#[test]
fn each_crash_tells_who_paid() {
    let seen = look("ladder", &sample());
    assert!(seen.says("not run") && seen.says("nobody lost anything by a liquidation"));
    assert!(seen.says("fund 1.04 bn"), "the last crash");
    assert!(seen.says("5.13 bn USDT") && seen.says("lost in all"));
}

#[test]
fn bars_are_as_long_as_what_was_paid() {
    let mut input = sample();
    input.crashes = vec![Crash {
        name: "one".to_owned(),
        paid: Some(Paid { margin: 60.0, fund: 30.0, adl: 10.0, ..Paid::default() }),
    }];
    for count in [Count::Shares, Count::Amounts] {
        input.count = count;
        let seen = look("ladder-one", &input);
        let [own, fund, adl] = [SKY, BLUE, WINE].map(|ink| (seen.all(ink) - SWATCH) as f64);
        assert!((own / fund - 2.0).abs() < 0.02 && (fund / adl - 3.0).abs() < 0.05);
        assert_eq!(seen.all(GREEN), 0, "nothing was injected");
    }
}

#[test]
fn amounts_of_all_sizes_are_drawn() {
    look("ladder-amounts", &of_crashes(Count::Amounts, usual));
    look("ladder-huge", &of_crashes(Count::Amounts, |i| Some(10f64.powi(i as i32 * 2 - 6))));
    let seen = look("ladder-peace", &of_crashes(Count::Amounts, |_| Some(0.0)));
    assert_eq!(seen.times("nobody lost"), 12);
    let mut many = sample();
    many.crashes.extend(many.crashes.clone().into_iter().take(2));
    look("ladder-many", &many);
}
