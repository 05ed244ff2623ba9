//! Bad scenarios through the real command: each is refused with its message, and nothing is left.
//! `fund-no-room` holds SIZ-028.
//!
//! A case is `tests/bad/scenario/NAME.toml` with `NAME.expected`, the whole of stderr, and where
//! needed `NAME.args`, one argument a line. `BLESS=1` writes the `.expected` files anew.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CASES: &str = "tests/bad/scenario";
/// What every message has, but for those of the command line's own grammar.
const REMEDY: &str = "; accepted: ";
/// Messages that have no remedy to offer: what the TOML reader or the system says is all there is.
const WITHOUT_REMEDY: [&str; 6] = [
    "toml-",
    "missing-scenario",
    "scenario-is-a-folder",
    "out-below-a-file",
    "trade-is-funding",
    "columns-without-open",
];

fn cases() -> Vec<String> {
    let files = std::fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path());
    let expected = files.filter(|path| path.extension().is_some_and(|end| end == "expected"));
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut names: Vec<String> = expected.map(stem).collect();
    names.sort();
    names
}

/// A home with a report and a folder that is none.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for folder in ["report", "thesis"] {
        std::fs::create_dir(home.path().join(folder)).unwrap();
    }
    std::fs::write(home.path().join("report/manifest.json"), "{}").unwrap();
    std::fs::write(home.path().join("thesis/chapter.txt"), "years of work").unwrap();
    home
}

/// Everything below a folder.
fn content(folder: &Path) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(content(&path));
        }
        all.insert(path);
    }
    all
}

fn arguments(name: &str, home: &str) -> Vec<String> {
    let written = std::fs::read_to_string(format!("{CASES}/{name}.args")).unwrap_or_default();
    let mut all: Vec<String> = written.lines().map(|line| line.replace("{home}", home)).collect();
    if !all.iter().any(|argument| argument == "--out") {
        all.extend(["--out".to_owned(), format!("{home}/reports/run")]);
    }
    all
}

fn run(name: &str, home: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deleverage"))
        .current_dir(CASES)
        .env("DELEVERAGE_CACHE", "off")
        .args(["run", &format!("{name}.toml")])
        .args(arguments(name, home))
        .output()
        .unwrap()
}

/// What is wrong with how a case went; empty if nothing.
fn complaints(name: &str) -> Vec<String> {
    let home = home();
    let (home_text, before) = (home.path().display().to_string(), content(home.path()));
    let output = run(name, &home_text);
    let told = String::from_utf8(output.stderr).unwrap().replace(&home_text, "HOME");
    let file = format!("{CASES}/{name}.expected");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &told).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap();
    let has_remedy = told.contains(REMEDY) || told.contains("--help");
    let may_lack_remedy = WITHOUT_REMEDY.iter().any(|start| name.starts_with(start));
    let checks = [
        (told == expected, format!("told:\n{told}expected:\n{expected}")),
        (output.status.code() == Some(2), format!("exit status {}", output.status)),
        (output.stdout.is_empty(), "something on stdout".to_owned()),
        (!told.contains("panicked"), "a panic".to_owned()),
        (has_remedy || may_lack_remedy, format!("no word of what would do: {told}")),
        (content(home.path()) == before, format!("left: {:?}", content(home.path()))),
    ];
    let failed = checks.into_iter().filter(|(holds, _)| !holds);
    failed.map(|(_, complaint)| format!("{name}: {complaint}")).collect()
}

#[test]
fn every_bad_scenario_is_refused_with_its_message_and_leaves_nothing() {
    let names = cases();
    assert!(names.len() >= 260, "only {} cases", names.len());
    let before = content(Path::new(CASES));
    let complaints: Vec<String> = names.iter().flat_map(|name| complaints(name)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(content(Path::new(CASES)), before, "something was left beside the scenarios");
}

#[test]
fn a_mistake_in_a_scenario_is_named_with_line_and_column() {
    let without: Vec<String> = cases().into_iter().filter(|name| !has_place(name)).collect();
    assert_eq!(without, WITHOUT_PLACE);
}

/// What is missing altogether, and what was typed on the command line, has no line.
const WITHOUT_PLACE: [&str; 16] = [
    "empty",
    "exchange-no-fund-balance",
    "force-on-a-file",
    "force-on-a-foreign-folder",
    "missing-history",
    "missing-scenario",
    "missing-study",
    "out-below-a-file",
    "out-exists",
    "outcomes-unknown",
    "scenario-is-a-folder",
    "seed-flag-negative",
    "seed-flag-too-large",
    "set-empty-name",
    "set-without-value",
    "threads-zero",
];

fn has_place(name: &str) -> bool {
    let told = std::fs::read_to_string(format!("{CASES}/{name}.expected")).unwrap();
    let place = told.trim_start_matches("error: ").split(": ").next().unwrap_or_default();
    let numbers = place.rsplit(':').take(2).filter(|part| part.parse::<u32>().is_ok());
    numbers.count() == 2 || place.starts_with("--set")
}
