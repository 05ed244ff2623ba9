//! Pictures: size, sameness, ink, and inputs at the edge. With `CHART_OUT=DIR` the sample
//! pictures are also written there, to be looked at.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::report::chart::heatmap::{self, Cell};
use deleverage::report::chart::owed::{self, Owed};
use deleverage::report::chart::replay::{self, Level};
use deleverage::report::chart::{Bar, Caption, ChartError, Entry, HEIGHT, Prices, WIDTH};
use deleverage::report::chart::{story, survival};
use deleverage::scenario::Side;

fn caption(headline: &str) -> Caption {
    Caption {
        headline: headline.to_owned(),
        subtitle: "Binance USD-M · ETHUSDT · hourly bars, 17–22 May 2021 · mark price · \
                   n = 1,680 · n_eff = 18 · entry at the close · seed 7"
            .to_owned(),
        footer: "Overlapping windows: intervals come from a moving-block bootstrap. Isolated \
                 margin, no top-ups, taker fees and funding paid."
            .to_owned(),
    }
}

/// Decodes a picture, checks its size, and keeps it where `CHART_OUT` points.
fn look(name: &str, png: &[u8]) -> Vec<u8> {
    if let Ok(folder) = std::env::var("CHART_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
    }
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    pixels
}

const LEVERAGES: [f64; 7] = [2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0];

/// A made-up share of positions liquidated after `hours`.
fn death_share(leverage: f64, hours: f64, scale: f64) -> f64 {
    1.0 - (-scale * leverage.powf(1.9) * hours.sqrt() / 900.0).exp()
}

fn cell(leverage: f64, hours: f64, scale: f64) -> Cell {
    let share = death_share(leverage, hours, scale);
    let error = (share * (1.0 - share) / 18.0).sqrt();
    Cell { share, low: (share - error).max(0.0), high: (share + 1.3 * error).min(1.0) }
}

fn heatmap_of(leverages: &[f64], horizons: &[f64], sides: &[(&str, f64)]) -> heatmap::Input {
    let row = |l: f64, scale: f64| horizons.iter().map(|&h| Some(cell(l, h, scale))).collect();
    let panel = |&(title, scale): &(&str, f64)| heatmap::Panel {
        title: title.to_owned(),
        cells: leverages.iter().map(|&l| row(l, scale)).collect(),
    };
    heatmap::Input {
        caption: caption(
            "A 10x long opened in the week of 19 May 2021 was liquidated within 24 hours in 35 of \
             100 cases; at 3x it was 4 of 100",
        ),
        leverages: leverages.to_vec(),
        horizons: horizons.to_vec(),
        panels: sides.iter().map(panel).collect(),
    }
}

fn sample_heatmap() -> heatmap::Input {
    let horizons = [1.0, 4.0, 24.0, 72.0, 168.0];
    let mut input = heatmap_of(&LEVERAGES, &horizons, &[("Long", 1.0), ("Short", 0.45)]);
    input.panels[1].cells[6][4] = None;
    input.panels[0].cells[0][0] = Some(Cell { share: 0.0, low: 0.0, high: 0.002 });
    input
}

fn sample_survival() -> survival::Input {
    let panel = |title: &str, scale: f64| survival::Panel {
        title: title.to_owned(),
        curves: LEVERAGES
            .iter()
            .map(|&leverage| survival::Curve {
                leverage,
                steps: (0..=168)
                    .map(|hour| {
                        (f64::from(hour), 1.0 - death_share(leverage, f64::from(hour), scale))
                    })
                    .collect(),
            })
            .collect(),
    };
    survival::Input {
        caption: caption("After three days half of the 10x longs were gone, and 93 of 100 at 20x"),
        panels: vec![panel("Long", 1.0), panel("Short", 0.45)],
    }
}

fn sample_owed() -> owed::Input {
    let row = |leverage: f64, scale: f64| {
        let owes = leverage * scale > 4.0;
        let share = if owes { (leverage / 100.0).powi(2) * 0.08 * scale } else { 0.0 };
        owed::Row {
            leverage,
            positions: 1_680,
            share,
            owed: owes.then_some(Owed {
                mean: leverage * 0.012 * scale,
                p99: leverage * 0.05 * scale,
                largest: leverage * 0.061 * scale,
            }),
        }
    };
    let group = |title: &str, scale: f64| owed::Group {
        title: title.to_owned(),
        rows: LEVERAGES.iter().map(|&leverage| row(leverage, scale)).collect(),
    };
    owed::Input {
        caption: caption(
            "Without protection 8 of 100 longs at 100x would have owed money, up to six times \
             their margin",
        ),
        groups: vec![group("Long", 1.0), group("Short", 0.3)],
    }
}

const HOUR: i64 = 3_600_000;
const START: i64 = 1_621_209_600_000;

/// Five days of hours: a slow slide, a crash in the third day, a partial recovery.
fn crash() -> Vec<Bar> {
    let price = |hour: f64| {
        let fall = 1.0 / (1.0 + (-(hour - 61.0) / 2.2).exp());
        let wiggle = (hour * 0.9).sin() * 32.0 + (hour * 0.37).cos() * 41.0;
        3_420.0 - hour * 1.5 + wiggle - fall * (1_050.0 - (hour - 61.0).max(0.0) * 7.0)
    };
    (0..120)
        .map(|i| {
            let hour = f64::from(i);
            let (open, close) = (price(hour), price(hour + 1.0));
            let reach = 22.0 + 260.0 * (-(hour - 61.0).powi(2) / 8.0).exp();
            let (low, high) = (open.min(close) - reach, open.max(close) + reach * 0.5);
            let last = Some((low * 0.985, high * 1.006));
            Bar { time: START + i64::from(i) * HOUR, low, high, close, last }
        })
        .collect()
}

/// Liquidation levels of longs entered at the close of bar `entry`, maintenance rate 0.5 %.
fn sample_replay_of(bars: Vec<Bar>, entry: usize) -> replay::Input {
    let price = bars[entry].close;
    let level = |&leverage: &f64| {
        let barrier = price * (1.0 - 1.0 / leverage) / (1.0 - 0.005);
        let death = bars[entry + 1..].iter().find(|bar| bar.low <= barrier).map(|bar| bar.time);
        Level { leverage, price: Some(barrier), death }
    };
    let mut levels: Vec<Level> = LEVERAGES.iter().map(level).collect();
    levels.insert(0, Level { leverage: 1.0, price: None, death: None });
    replay::Input {
        caption: caption(
            "Opened a day and a half before the crash, every long from 5x up was liquidated by \
             19 May 12:00",
        ),
        prices: Prices {
            quote: "USDT".to_owned(),
            name: "mark".to_owned(),
            interval: HOUR,
            entry: Entry { time: bars[entry].time + HOUR, price, side: Side::Long },
            bars,
        },
        levels,
    }
}

fn sample_replay() -> replay::Input {
    sample_replay_of(crash(), 24)
}

#[test]
fn samples_have_the_right_size_and_the_same_bytes_every_time() {
    let draw = || {
        [
            ("heatmap", heatmap::render(&sample_heatmap()).unwrap()),
            ("survival", survival::render(&sample_survival()).unwrap()),
            ("owed", owed::render(&sample_owed()).unwrap()),
            ("replay", replay::render(&sample_replay()).unwrap()),
        ]
    };
    let first = draw();
    assert!(first == draw(), "a second drawing differs");
    for (name, png) in &first {
        assert!(ink(&look(name, png)) > 0.02, "{name} is empty");
    }
}

/// Share of the plot area, below the captions, that is not white.
fn ink(pixels: &[u8]) -> f64 {
    let area = &pixels[(WIDTH * 220 * 3) as usize..(WIDTH * 940 * 3) as usize];
    let dark = area.chunks_exact(3).filter(|pixel| pixel.iter().any(|&c| c < 250)).count();
    dark as f64 / (area.len() / 3) as f64
}

#[test]
fn nothing_to_draw_is_an_error_and_no_picture() {
    let mut barren = sample_replay();
    barren.prices.bars.clear();
    let empty = [
        heatmap::render(&heatmap::Input::default()),
        survival::render(&survival::Input::default()),
        owed::render(&owed::Input::default()),
        replay::render(&barren),
    ];
    for outcome in empty {
        assert!(matches!(outcome, Err(ChartError::NoData(_))), "{outcome:?}");
    }
}

/// One position that was closed in so many steps, on the bars of a crash replay.
fn story_of(replay::Input { caption, prices, .. }: replay::Input, steps: i64) -> story::Input {
    let Entry { time: start, price, .. } = prices.entry;
    let level = |i: i64, part: f64| story::Level {
        time: start + i * HOUR / 2,
        price: Some(price * (part - 0.01 * i as f64)),
    };
    let trigger = |i: i64| story::Trigger {
        time: start + i * HOUR / 2,
        price: price * (0.9 - 0.01 * i as f64),
        label: "closed 5.0 %".to_owned(),
    };
    story::Input {
        liquidation: (0..=steps).map(|i| level(i, 0.9)).collect(),
        bankruptcy: (0..=steps).map(|i| level(i, 0.87)).collect(),
        triggers: (0..steps).map(trigger).collect(),
        end: start + (steps + 1) * HOUR / 2,
        caption,
        prices,
    }
}

#[test]
fn stories_of_no_one_and_many_steps_are_drawn() {
    let mut without = story_of(sample_replay(), 0);
    without.liquidation[0].price = None;
    without.bankruptcy[0].price = Some(1.0);
    let inputs = [
        ("story-none", without),
        ("story-one", story_of(sample_replay(), 1)),
        ("story-many", story_of(sample_replay(), 24)),
    ];
    for (name, input) in inputs {
        let once = story::render(&input).unwrap();
        assert!(ink(&look(name, &once)) > 0.005, "{name}");
        assert_eq!(once, story::render(&input).unwrap(), "{name} differs from itself");
    }
}

#[test]
fn a_story_outside_its_bars_is_refused() {
    let mut early = story_of(sample_replay(), 2);
    early.triggers[0].time = 0;
    let mut late = story_of(sample_replay(), 2);
    late.end = i64::MAX;
    let mut free = story_of(sample_replay(), 2);
    free.bankruptcy[1].price = Some(0.0);
    for input in [early, late, free] {
        let outcome = story::render(&input);
        assert!(matches!(outcome, Err(ChartError::BadNumber { .. })), "{outcome:?}");
    }
}

#[test]
fn numbers_out_of_range_are_named() {
    let mut heat = sample_heatmap();
    heat.panels[0].cells[1][1] = Some(Cell { share: f64::NAN, low: 0.0, high: 1.0 });
    let mut curves = sample_survival();
    curves.panels[0].curves[0].steps[3].1 = 1.5;
    let mut debts = sample_owed();
    debts.groups[0].rows[6].owed = Some(Owed { mean: -1.0, p99: 1.0, largest: 1.0 });
    let mut crash = sample_replay();
    crash.prices.entry.time = i64::MAX;
    let mut ages = sample_replay();
    ages.prices.bars[0].time = i64::MIN;
    let refused = [
        heatmap::render(&heat),
        survival::render(&curves),
        owed::render(&debts),
        replay::render(&crash),
        replay::render(&ages),
    ];
    for outcome in refused {
        assert!(matches!(outcome, Err(ChartError::BadNumber { .. })), "{outcome:?}");
    }
}

#[test]
fn heatmap_rows_must_match_the_leverages() {
    let mut heat = sample_heatmap();
    heat.panels[0].cells.pop();
    let wanted = ChartError::Shape { what: "rows of cells", found: 6, wanted: 7 };
    assert_eq!(heatmap::render(&heat), Err(wanted));
}

#[test]
fn heatmaps_of_every_shape_are_drawn() {
    let many = [1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 25.0, 50.0, 75.0, 125.0];
    let horizons = [0.25, 1.0, 4.0, 24.0, 72.0, 720.0];
    let both = [("Long", 1.0), ("Short", 0.2)];
    let mut missing = heatmap_of(&LEVERAGES, &[24.0], &both[..1]);
    missing.panels[0].cells = vec![vec![None]; LEVERAGES.len()];
    let crowd: Vec<f64> = (1..=60).map(f64::from).collect();
    let inputs = [
        ("heatmap-crowded", heatmap_of(&crowd, &crowd, &both)),
        ("heatmap-12x6", heatmap_of(&many, &horizons, &both)),
        ("heatmap-1x1", heatmap_of(&[10.0], &[24.0], &both[1..])),
        ("heatmap-all-zero", heatmap_of(&LEVERAGES, &horizons, &[("Long", 0.0)])),
        ("heatmap-all-one", heatmap_of(&LEVERAGES, &horizons, &[("Long", 1e9)])),
        ("heatmap-no-data", missing),
    ];
    for (name, input) in inputs {
        assert!(ink(&look(name, &heatmap::render(&input).unwrap())) > 0.3, "{name}");
    }
}

#[test]
fn many_curves_and_an_empty_side_are_drawn() {
    let mut input = sample_survival();
    let minutes = |leverage: f64| {
        let open = |hours: f64| 1.0 - death_share(leverage, hours / 10.0, 0.5);
        (0..=2880).map(|m| f64::from(m) / 60.0).map(|hours| (hours, open(hours))).collect()
    };
    input.panels[0].curves = (1..=12)
        .map(|i| f64::from(i * i))
        .map(|leverage| survival::Curve { leverage, steps: minutes(leverage) })
        .collect();
    input.panels[1].curves.clear();
    assert!(ink(&look("survival-12", &survival::render(&input).unwrap())) > 0.02);
}

#[test]
fn nobody_owing_is_a_statement_and_unknown_amounts_are_no_number() {
    let mut input = sample_owed();
    for row in input.groups.iter_mut().flat_map(|group| &mut group.rows) {
        row.owed = None;
    }
    let unknown = look("owed-unknown", &owed::render(&input).unwrap());
    for row in input.groups.iter_mut().flat_map(|group| &mut group.rows) {
        row.share = 0.0;
    }
    let nobody = look("owed-nobody", &owed::render(&input).unwrap());
    assert!(ink(&nobody) > 0.3 && ink(&unknown) < 0.3);
}

#[test]
fn replays_of_any_price_length_and_gap_are_drawn() {
    let flat = |price: f64, count: i64| -> Vec<Bar> {
        let bar =
            |i| Bar { time: START + i * HOUR, low: price, high: price, close: price, last: None };
        (0..count).map(bar).collect()
    };
    let mut collapse = crash();
    for bar in &mut collapse[60..] {
        (bar.low, bar.high, bar.close) = (bar.low * 0.05, bar.high * 0.05, bar.close * 0.05);
        bar.last = None;
    }
    collapse.drain(80..90);
    let minutes: Vec<Bar> = (0..43_200)
        .map(|i| {
            let close =
                50_000.0 * (1.0 + 0.1 * (i as f64 / 5e3).sin() + 0.01 * (i as f64 / 59.0).sin());
            Bar {
                time: START + i * HOUR,
                low: close * 0.999,
                high: close * 1.001,
                close,
                last: None,
            }
        })
        .collect();
    let inputs = [
        ("replay-tiny-price", sample_replay_of(flat(0.000_01, 30), 3)),
        ("replay-large-price", sample_replay_of(flat(121_332.96, 30), 3)),
        ("replay-one-bar", sample_replay_of(flat(3_400.0, 1), 0)),
        ("replay-collapse", sample_replay_of(collapse, 24)),
        ("replay-long", sample_replay_of(minutes, 3_000)),
    ];
    for (name, input) in inputs {
        assert!(ink(&look(name, &replay::render(&input).unwrap())) > 0.005, "{name}");
    }
}
