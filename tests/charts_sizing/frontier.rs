use crate::look::{BLUE, SWATCH, look};
use crate::samples::{CRASHES, caption};
use deleverage::report::chart::sizing::frontier::{Crash, Crossing, Input};

/// The shock that exhausts the fund at a depth.
fn critical(depth: f64) -> f64 {
    0.7 + 0.9 * depth.powf(0.6)
}

fn crossing(depth: f64, most: f64) -> Crossing {
    let within = |shock: f64| (shock <= most).then_some(shock);
    let at = critical(depth);
    Crossing { depth, p25: within(at * 0.9), median: within(at), p75: within(at * 1.14) }
}

fn of_grid(shocks: Vec<f64>, depths: Vec<f64>) -> Input {
    let share = |shock: f64, depth: f64| (0.5 + 4.0 * (shock - critical(depth))).clamp(0.0, 1.0);
    // Far beyond the frontier nothing was run.
    let cell =
        |shock: f64, depth: f64| (shock < critical(depth) * 1.9).then(|| share(shock, depth));
    let row = |depth: &f64| shocks.iter().map(|shock| cell(*shock, *depth)).collect();
    let most = shocks[shocks.len() - 1];
    Input {
        caption: caption(
            "At the depth of 10 October 2025 a fall 1.6 times as deep exhausts the fund; at a \
             quarter of that depth one of 1.1 times does",
        ),
        limit: "fund exhausted".to_owned(),
        shock: "1 = the fall as it happened".to_owned(),
        depth: "1 = as recorded".to_owned(),
        cells: depths.iter().map(row).collect(),
        line: depths.iter().map(|depth| crossing(*depth, most)).collect(),
        crashes: Vec::new(),
        shocks,
        depths,
    }
}

pub fn sample() -> Input {
    let shocks = (0..15).map(|i| 0.5 + 0.125 * f64::from(i)).collect();
    let mut input = of_grid(shocks, vec![0.1, 0.18, 0.32, 0.56, 1.0, 1.8]);
    let crash = |(i, name): (usize, &&str)| Crash {
        name: (*name).to_owned(),
        shock: 0.6 + 0.04 * i as f64 + 0.3 * (i % 3) as f64,
        depth: 0.3 + 0.11 * ((i * 7) % 12) as f64,
    };
    input.crashes = CRASHES.iter().enumerate().map(crash).collect();
    input
}

#[test]
fn crashes_are_named_on_the_frontier() {
    let seen = look("frontier", &sample());
    for name in CRASHES {
        let start: String = name.chars().take(20).collect();
        assert!(seen.says(&start), "{name}");
    }
    assert!(seen.says("fund exhausted in 0 % of seeds") && seen.says("not evaluated"));
    assert!(seen.all(BLUE) > 12 * 100);
}

#[test]
fn cells_are_as_strong_as_the_share_of_seeds() {
    let mut input = of_grid(vec![1.0, 2.0, 3.0, 4.0], vec![0.5, 1.0]);
    input.cells = vec![vec![Some(1.0), Some(1.0), Some(0.0), None]; 2];
    input.line.clear();
    let seen = look("frontier-cells", &input);
    let (all, none, blank) = ([221, 126, 51], [252, 244, 237], [232, 233, 236]);
    let part = |ink| (seen.all(ink) as f64) - SWATCH as f64;
    assert!((part(all) / part(none) - 2.0).abs() < 0.05, "{} and {}", part(all), part(none));
    assert!(seen.all(blank) > 50_000 && !seen.says("frontier:"));
}

#[test]
fn crashes_at_one_point_are_all_named() {
    let mut input = sample();
    for crash in &mut input.crashes {
        (crash.shock, crash.depth) = (1.0, 1.0);
    }
    let twice: Vec<Crash> = input.crashes.iter().cloned().chain(input.crashes.clone()).collect();
    input.crashes = twice;
    let seen = look("frontier-crowd", &input);
    assert_eq!(seen.times("2022-11 FTX"), 2);
    assert_eq!(seen.times("2018-07-31"), 2);
}

#[test]
fn grids_of_one_cell_and_of_far_crashes_are_drawn() {
    let mut one = of_grid(vec![1.0], vec![1.0]);
    one.crashes = vec![Crash { name: "2022-11 FTX".to_owned(), shock: 9.0, depth: 0.001 }];
    look("frontier-one", &one);
    let fine = (1..60).map(|i| 0.05 * f64::from(i)).collect();
    let depths = (0..40).map(|i| 10f64.powf(f64::from(i) / 13.0 - 3.0)).collect();
    look("frontier-fine", &of_grid(fine, depths));
}
