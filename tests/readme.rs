//! What README.md says is what the program does.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn deleverage(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deleverage")).args(arguments).output().unwrap()
}

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let opening = format!("```{language}\n");
    let after = readme.split(&opening).skip(1);
    after.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn quoted_answers_are_those_of_the_example_report() {
    let summary = root().join("reports/example/summary.txt");
    let summary = std::fs::read_to_string(summary).unwrap();
    let quoted: Vec<String> = blocks("text").iter().flat_map(|b| lines(b)).collect();
    assert!(!quoted.is_empty());
    for line in quoted {
        assert!(summary.contains(&line), "not in the example report: {line}");
    }
}

fn lines(block: &str) -> Vec<String> {
    block.lines().map(str::to_owned).collect()
}

/// The example report is what the demo writes today; `just example` renews it.
#[test]
fn the_example_report_is_the_demo() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("demo");
    let run = deleverage(&["demo", "--out", out.to_str().unwrap()]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for name in ["summary.txt", "frequency.csv", "owed.csv"] {
        let fresh = std::fs::read_to_string(out.join(name)).unwrap();
        let kept = std::fs::read_to_string(root().join("reports/example").join(name)).unwrap();
        assert_eq!(fresh, kept, "{name} differs: renew it with `just example`");
    }
}

/// Every `$ deleverage …` with the lines below it; a line `…` stands for any lines.
#[test]
fn commands_print_what_is_shown() {
    let console = blocks("console");
    assert!(!console.is_empty());
    for block in console {
        let (command, shown) = block.split_once('\n').unwrap();
        let words: Vec<&str> = command.split_whitespace().skip(2).collect();
        let run = deleverage(&words);
        let printed = String::from_utf8(run.stdout).unwrap();
        let mut rest = printed.as_str();
        for part in shown.split("…\n").filter(|part| !part.is_empty()) {
            let at = rest.find(part).unwrap_or_else(|| panic!("{command} does not print\n{part}"));
            rest = &rest[at + part.len()..];
        }
    }
}

/// A scenario in the README is one that the program reads (its files need not exist).
#[test]
fn scenarios_in_the_readme_are_understood() {
    for block in blocks("toml") {
        let read = deleverage::scenario::from_text(&block, "README.md", root(), &[]);
        assert!(read.is_ok(), "{:?}", read.err());
    }
}

/// Every `deleverage …` of a shell block names a command and flags that there are; those that need
/// no files of the reader's are run.
#[test]
fn commands_of_the_readme_exist() {
    let shell = blocks("sh");
    let typed = shell.iter().flat_map(|block| block.lines());
    let typed = typed.filter_map(|line| line.split(" #").next()?.strip_prefix("deleverage "));
    let mut seen = 0;
    for line in typed {
        let words: Vec<&str> = line.split_whitespace().collect();
        let of_its_own = |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase());
        let nested = ["venues", "data"].contains(&words[0]);
        let command: Vec<&str> =
            words.iter().take(1 + usize::from(nested)).filter(of_its_own).copied().collect();
        let help = deleverage(&[&command[..], &["--help"]].concat());
        let help = String::from_utf8(help.stdout).unwrap();
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(flag), "{line}: no {flag} in\n{help}");
        }
        if nested && command[0] == "venues" && command[1] != "check" {
            let run = deleverage(&words);
            assert!(run.status.success(), "{line}: {}", String::from_utf8_lossy(&run.stderr));
        }
        seen += 1;
    }
    assert!(seen >= 5, "{seen} commands");
}
