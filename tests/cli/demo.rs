//! `deleverage demo`.

use super::{Desk, json};

const FILES: [&str; 10] = [
    "frequency.csv",
    "frequency.png",
    "manifest.json",
    "outcomes.parquet",
    "owed.csv",
    "owed.png",
    "replay.png",
    "safe.csv",
    "summary.txt",
    "survival.png",
];

#[test]
fn it_needs_nothing_and_writes_the_files_of_a_report() {
    let desk = Desk::new();
    let told = desk.succeed(&["demo"]);
    assert!(told.contains("Report: reports/demo\n"), "{told}");
    assert!(told.trim_end().ends_with("Report: reports/demo-exchange"), "{told}");
    let expected = FILES.map(str::to_owned).into_iter().collect();
    assert_eq!(desk.names("reports/demo"), expected);
    assert_eq!(desk.names("reports").len(), 2, "something beside the reports");
    let second = desk.text("reports/demo-exchange/summary.txt");
    assert!(told.contains(second.trim_end()), "the summary is what is printed");
    let summary = desk.text("reports/demo/summary.txt");
    assert!(told.starts_with(summary.trim_end()), "the summary is what is printed");
    let manifest = json(&desk.text("reports/demo/manifest.json"));
    assert_eq!(manifest["command"], "deleverage demo");
    assert_eq!(manifest["seed"], 1);
}

#[test]
fn a_report_is_only_replaced_when_told() {
    let desk = Desk::new();
    desk.succeed(&["demo", "--out", "mine"]);
    desk.put("mine/note.txt", "seen");
    let told = desk.fail(&["demo", "--out", "mine"]);
    assert!(told.contains("mine: this place is taken") && told.contains("--force"), "{told}");
    assert_eq!(desk.text("mine/note.txt"), "seen");
    desk.succeed(&["demo", "--out", "mine", "--force"]);
    assert_eq!(desk.names("mine"), FILES.map(str::to_owned).into_iter().collect());
    assert_eq!(desk.names("").len(), 2, "the earlier reports are gone");
}

#[test]
fn both_places_must_be_free_before_anything_runs() {
    let desk = Desk::new();
    desk.put("mine-exchange/thesis.txt", "years of work");
    let told = desk.fail(&["demo", "--out", "mine"]);
    assert!(told.contains("mine-exchange: this place is taken"), "{told}");
    assert_eq!(desk.names("").len(), 1, "nothing was written");
}

#[test]
fn a_run_that_fails_leaves_the_earlier_report_alone() {
    let desk =
        Desk::with_scenario("study = \"leverage\"\n[history]\nevent = \"x\"\nsymbol = \"Y\"");
    desk.succeed(&["demo", "--out", "mine"]);
    desk.put("mine/note.txt", "seen");
    let told = desk.fail(&["run", "study.toml", "--out", "mine", "--force"]);
    assert!(told.contains("study.toml:3:9: "), "{told}");
    assert_eq!(desk.text("mine/note.txt"), "seen");
    assert_eq!(desk.names("mine").len(), FILES.len() + 1);
}
