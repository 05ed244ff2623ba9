//! Same question, same bytes; another seed or setting, another answer.

use super::{Desk, SMALL, bytes, json, table};
use std::collections::{BTreeMap, BTreeSet};

const SAMPLE: &str = r#"
study = "leverage"
history = { event = "2021-05-19", symbol = "ETHUSDT" }
entries = { sample = 20 }
positions = { leverage = [10], horizon = ["6h"] }
"#;

fn entry_times(desk: &Desk, out: &str) -> BTreeSet<String> {
    let (_, rows) = table(&desk.text(&format!("{out}/outcomes.csv")));
    rows.into_iter().map(|row| row[0].clone()).collect()
}

/// Runs a study with either choice: every file must be the same, but for what the manifest says
/// about the run itself.
fn assert_changes_nothing(flag: &str, choices: [&str; 2]) {
    let desk = Desk::with_scenario(SMALL);
    for choice in choices {
        let words = ["run", "study.toml", "--outcomes", "csv", flag, choice, "--out", choice];
        desk.succeed(&words);
    }
    let [mut one, mut other] = choices.map(|choice| bytes(&desk.path(choice)));
    let manifests = [&mut one, &mut other].map(|files| files.remove("manifest.json").unwrap());
    let [one_manifest, other_manifest] = manifests.map(|bytes| {
        let mut manifest = json(&String::from_utf8(bytes).unwrap());
        for key in ["threads", "wall_time_seconds", "command"] {
            assert!(manifest.as_object_mut().unwrap().remove(key).is_some(), "{key}");
        }
        manifest
    });
    assert_eq!(one_manifest, other_manifest);
    assert_same_answers(&one, &other);
}

/// The same files with the same bytes, whatever the manifests say.
fn assert_same_answers(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, content) in one.iter().filter(|(name, _)| *name != "manifest.json") {
        assert!(other[name] == *content, "{name} differs");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    assert_changes_nothing("--threads", ["1", "4"]);
}

/// Positions that are only counted are counted as those that are written, by every engine.
#[test]
fn the_file_of_outcomes_changes_no_answer() {
    let desk = Desk::with_scenario(SMALL);
    desk.succeed(&["run", "study.toml", "--outcomes", "csv", "--engine", "scan", "--out", "csv"]);
    let mut written = bytes(&desk.path("csv"));
    assert!(written.remove("outcomes.csv").is_some());
    for engine in ["scan", "auto", "pyramid", "stack", "window"] {
        let none = ["run", "study.toml", "--outcomes", "none"];
        desk.succeed(&[&none[..], &["--engine", engine, "--out", engine]].concat());
        assert_same_answers(&written, &bytes(&desk.path(engine)));
    }
}

#[test]
fn the_engine_changes_nothing() {
    for engine in ["auto", "pyramid", "stack", "window"] {
        assert_changes_nothing("--engine", ["scan", engine]);
    }
}

#[test]
fn the_seed_draws_the_entries() {
    let desk = Desk::with_scenario(SAMPLE);
    for (seed, out) in [("7", "seven"), ("7", "again"), ("8", "eight")] {
        let words = ["run", "study.toml", "--outcomes", "csv", "--seed", seed, "--out", out];
        desk.succeed(&words);
    }
    assert_eq!(desk.text("seven/outcomes.csv"), desk.text("again/outcomes.csv"));
    let (seven, eight) = (entry_times(&desk, "seven"), entry_times(&desk, "eight"));
    assert_ne!(seven, eight);
    assert!(seven.len() <= 20 && seven.len() > 10, "{}", seven.len());
    assert_eq!(json(&desk.text("eight/manifest.json"))["seed"], 8);
}

#[test]
fn a_setting_is_the_scenario_with_another_value() {
    let desk = Desk::with_scenario(SMALL);
    let set = ["--set", "positions.leverage=[7, 12.5]", "--set", "entries.every=1d"];
    let words = ["run", "study.toml", "--outcomes", "csv", "--out", "set"];
    desk.succeed(&[&words[..], &set].concat());
    let typed = SMALL.replace("leverage = [5, 20]", "leverage = [7, 12.5]").replace("5h", "1d");
    desk.put("study.toml", &typed);
    desk.succeed(&["run", "study.toml", "--outcomes", "csv", "--out", "typed"]);
    assert_same_answers(&bytes(&desk.path("set")), &bytes(&desk.path("typed")));
    assert!(desk.text("set/frequency.csv").contains("long,12.5,6h,"));
}

#[test]
fn a_setting_may_begin_a_table() {
    let desk = Desk::with_scenario(SMALL);
    let set = ["--set", "venue.override.maintenance=2%", "--set", "positions.protection=off"];
    let words = ["run", "study.toml", "--outcomes", "none", "--out", "out"];
    desk.succeed(&[&words[..], &set].concat());
    let manifest = json(&desk.text("out/manifest.json"));
    assert_eq!(manifest["scenario"]["venue"]["override"]["maintenance"], "2%");
    assert_eq!(manifest["venue"]["deficits_are_borne_by"], "trader");
}

#[test]
fn relative_paths_start_at_the_scenario() {
    let desk = Desk::new();
    let bars: String = (0..8).map(|bar| bar_line(bar, 3_600_000)).collect();
    desk.put("deep/prices/bars.csv", &format!("open_time_ms,open,high,low,close\n{bars}"));
    let scenario = "study = \"leverage\"\nhistory = { trade = \"prices/*.csv\", symbol = \
                    \"BTCUSDT\" }\npositions = { leverage = [5], horizon = [\"4h\"] }\n";
    desk.put("deep/study.toml", scenario);
    desk.succeed(&["run", "deep/study.toml"]);
    assert_eq!(desk.names("reports"), BTreeSet::from(["study".to_owned()]));
    let file = &json(&desk.text("reports/study/manifest.json"))["history"]["files"][0];
    assert_eq!((&file["rows"], &file["format"]), (&8.into(), &"bars".into()));
}

/// A bar around 100 that starts in 2024.
pub fn bar_line(bar: i64, step: i64) -> String {
    let price = 10_000 + (bar * 7919) % 401 - 200;
    let [open, high, low] =
        [price, price + 60, price - 60].map(|p| format!("{}.{:02}", p / 100, p % 100));
    format!("{},{open},{high},{low},{open}\n", 1_704_067_200_000 + bar * step)
}
