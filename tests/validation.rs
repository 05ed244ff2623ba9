//! `deleverage validate`: what it says, what it leaves, and that its page is what it says today.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PAGE: &str = "docs/validation.md";
/// Everything below it is made by the command.
const MARK: &str = "<!-- From here on made of runs; just validate -->\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

fn validate(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deleverage"));
    command.env("DELEVERAGE_CACHE", "off").current_dir(root()).arg("validate").args(words);
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn rows(output: &Output) -> Vec<serde_json::Value> {
    assert!(output.status.success(), "{}", told(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The scenarios of one step, as they are named from the root.
fn scenarios(start: &str) -> Vec<String> {
    let folder = root().join("scenarios/validation");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.starts_with(start) && name.ends_with(".toml"));
    names.sort();
    names.into_iter().map(|name| format!("scenarios/validation/{name}")).collect()
}

/// The rows of a CSV or of a page that belong to a step.
fn of_step(text: &str, start: &str) -> Vec<String> {
    text.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
}

/// V1: closed forms come out to the atom, through files, venue, ledger and fund.
#[test]
fn closed_forms_come_out_and_the_page_says_so() {
    let files = scenarios("v1-");
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("page.md");
    let words = [&files[..], &["--strict", "--json", "--out", page.to_str().unwrap()]].concat();
    let rows = rows(&validate(&words));
    assert!(rows.len() >= 20, "{} rows", rows.len());
    for row in &rows {
        assert_eq!((&row["verdict"], &row["grade"]), (&"inside".into(), &"exact".into()), "{row}");
        let is_rounded = !row["band_from"].is_null();
        assert!(row["value"] == row["truth_low"] || is_rounded, "{row}");
    }
    let below = |page: &str| of_step(page.split_once(MARK).unwrap().1, "| V1 ");
    let fresh = std::fs::read_to_string(&page).unwrap();
    assert_eq!(below(&fresh), below(&text(PAGE)), "just validate");
    let fresh = std::fs::read_to_string(page.with_extension("csv")).unwrap();
    assert_eq!(of_step(&fresh, "V1,"), of_step(&text("docs/validation.csv"), "V1,"));
}

/// A scenario of a gap in a folder of its own, with some of its words replaced.
fn gap(replaced: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let mut scenario = text("scenarios/validation/v1-gap-10x-12.toml");
    for (from, to) in replaced {
        assert!(scenario.contains(from), "{from}");
        scenario = scenario.replacen(from, to, 1);
    }
    let to = home.path().join("v1");
    std::fs::create_dir(&to).unwrap();
    for name in ["gap-12.csv", "accounts-10x.csv"] {
        std::fs::copy(root().join("scenarios/validation/v1").join(name), to.join(name)).unwrap();
    }
    let file = home.path().join("gap.toml");
    std::fs::write(&file, scenario).unwrap();
    (home, file)
}

#[test]
fn a_miss_is_told_and_breaches_only_a_strict_limit() {
    let (_home, file) = gap(&[("truth = \"-1000000\"", "truth = \"-999999\"")]);
    let file = file.to_str().unwrap();
    let rows = rows(&validate(&[file, "--json"]));
    assert_eq!((&rows[0]["verdict"], &rows[0]["value"]), (&"lower".into(), &"-1000000".into()));
    assert_eq!(rows[1]["verdict"], "inside");
    let strict = validate(&[file, "--strict"]);
    assert_eq!(strict.status.code(), Some(1), "{}", told(&strict));
    assert!(told(&strict).contains("4 of 5 arithmetic"), "{}", told(&strict));
    let band = "truth = \"-999999\"\nband = \"1\"\nband_from = \"rounding\"";
    let (_home, file) = gap(&[("truth = \"-1000000\"", band)]);
    assert_eq!(validate(&[file.to_str().unwrap(), "--strict"]).status.code(), Some(0));
}

/// A history that is not there is no number and no failure; only who insists is told by the status.
#[test]
fn what_was_not_run_says_why() {
    let (_home, file) = gap(&[("v1/gap-12.csv", "../elsewhere/gap.csv")]);
    let file = file.to_str().unwrap();
    for row in rows(&validate(&[file, "--json"])) {
        assert_eq!(row["verdict"], "not run: history missing: ../elsewhere/gap.csv");
        assert!(row["value"].is_null() && row["n"].is_null(), "{row}");
    }
    assert_eq!(validate(&[file, "--strict"]).status.code(), Some(1));
}

#[test]
fn a_scenario_that_expects_nothing_and_a_page_of_others_are_refused() {
    let nothing = validate(&["scenarios/demo.toml"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(told(&nothing).contains("nothing is expected of it"), "{}", told(&nothing));
    let home = tempfile::tempdir().unwrap();
    let thesis = home.path().join("thesis.md");
    std::fs::write(&thesis, "years of work").unwrap();
    let (_home, file) = gap(&[]);
    let refused = validate(&[file.to_str().unwrap(), "--out", thesis.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&thesis).unwrap(), "years of work");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1, "a CSV alone");
}

/// The same rows for any number of threads, and `run` does not mind what is expected.
#[test]
fn threads_change_nothing_and_a_run_looks_past_it() {
    let file = "scenarios/yfi-2023.toml";
    let [one, two] =
        ["1", "2"].map(|n| validate(&[file, "--worlds", "6", "--json", "--threads", n]));
    assert_eq!(rows(&one), rows(&two));
    assert_eq!(rows(&one)[0]["n"], "6");
    let home = tempfile::tempdir().unwrap();
    let (_gap, scenario) = gap(&[]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_deleverage"));
    command.env("DELEVERAGE_CACHE", "off").arg("run").arg(scenario);
    let run = command.arg("--out").arg(home.path().join("run")).output().unwrap();
    assert!(run.status.success(), "{}", told(&run));
    let manifest = std::fs::read_to_string(home.path().join("run/manifest.json")).unwrap();
    assert!(manifest.contains("\"expect\""), "the scenario as it was run");
}

/// Where the page leaves a law to a test, the test is there.
#[test]
fn every_test_that_the_page_cites_is_there() {
    let page = text(PAGE);
    let (words, _) = page.split_once(MARK).unwrap();
    let mut cited = 0;
    for row in words.lines().filter(|line| line.starts_with('|')) {
        let names: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let Some((file, functions)) = names.split_first() else { continue };
        assert!(file.starts_with("tests/"), "{row}");
        let source = text(file);
        for function in functions {
            assert!(source.contains(&format!("fn {function}(")), "{function} is not in {file}");
            cited += 1;
        }
    }
    assert!(cited >= 20, "{cited} tests");
}

/// What `just validate` asks for, up to where the page goes.
fn ladder() -> Vec<String> {
    let recipes = text("justfile");
    let recipe = recipes.split("\nvalidate:\n").nth(1).unwrap().split(" --out").next().unwrap();
    let words = recipe.split_whitespace().skip_while(|word| *word != "validate").skip(1);
    let named = |word: &str| match word.strip_suffix("*.toml") {
        Some(start) => scenarios(start.rsplit('/').next().unwrap()),
        None => vec![word.to_owned()],
    };
    words.filter(|word| *word != "\\").flat_map(named).collect()
}

#[test]
#[ignore = "minutes, and needs the shared histories: the whole ladder"]
fn the_page_is_what_the_ladder_says() {
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("validation.md");
    let asked = ladder();
    let mut words: Vec<&str> = asked.iter().map(String::as_str).collect();
    words.extend(["--out", page.to_str().unwrap()]);
    let output = validate(&words);
    assert!(output.status.success(), "{}", told(&output));
    let fresh = std::fs::read_to_string(&page).unwrap();
    let below = |text: &str| text.split_once(MARK).unwrap().1.to_owned();
    assert_eq!(below(&fresh), below(&text(PAGE)), "just validate renews {PAGE}");
    let fresh = std::fs::read_to_string(page.with_extension("csv")).unwrap();
    assert_eq!(fresh, text("docs/validation.csv"));
}
