//! What README.md says is what the program does.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::scenario::{self, Setting};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn deleverage(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deleverage"));
    command.env("DELEVERAGE_CACHE", "off").args(arguments).output().unwrap()
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

/// The two reports of the demo, in a folder of their own.
fn demo() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let run = deleverage(&["demo", "--out", home.path().join("demo").to_str().unwrap()]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    home
}

/// The example reports are what the demo writes today; `just example` renews them.
#[test]
fn the_example_reports_are_the_demo() {
    let home = demo();
    let positions =
        ("demo", "example", &["summary.txt", "frequency.csv", "safe.csv", "owed.csv"][..]);
    let exchange =
        ("demo-exchange", "example-exchange", &["summary.txt", "waterfall.csv", "adl.csv"][..]);
    for (written, example, names) in [positions, exchange] {
        for name in names {
            let fresh = std::fs::read_to_string(home.path().join(written).join(name)).unwrap();
            let kept = root().join("reports").join(example).join(name);
            let kept = std::fs::read_to_string(kept).unwrap();
            assert_eq!(fresh, kept, "{example}/{name} differs: renew it with `just example`");
        }
    }
}

/// The README's table of files has every file of an exchange's report, and no other.
#[test]
fn the_files_of_an_exchange_are_those_of_the_table() {
    let home = demo();
    let files = std::fs::read_dir(home.path().join("demo-exchange")).unwrap();
    let written: BTreeSet<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let rows = readme.lines().skip_while(|line| *line != "| file | holds |").skip(2);
    let first_cells =
        rows.map_while(|line| line.strip_prefix('|')).filter_map(|row| row.split('|').next());
    let named: BTreeSet<String> = first_cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    assert_eq!(named, written);
}

/// What a command writes goes to `home`, and there it finds what the demo has written.
fn at_home<'a>(words: impl Iterator<Item = &'a str>, home: &Path) -> Vec<String> {
    let place = |word: &str| match word.strip_prefix("reports/demo") {
        Some(rest) => home.join(format!("demo{rest}")).display().to_string(),
        None => word.to_owned(),
    };
    let mut words: Vec<String> = words.map(place).collect();
    if words[0] == "run" {
        words.extend(["--out".to_owned(), home.join("run").display().to_string()]);
    }
    words
}

/// Every `$ deleverage …` with the lines below it; a line `…` stands for any lines, and at the end
/// of a line for the rest of it.
#[test]
fn commands_print_what_is_shown() {
    let (console, home) = (blocks("console"), demo());
    assert!(!console.is_empty());
    for block in console {
        let (command, shown) = block.split_once('\n').unwrap();
        let words = at_home(command.split_whitespace().skip(2), home.path());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = deleverage(&words);
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
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
        let read = scenario::from_text(&block, "README.md", root(), &[]);
        assert!(read.is_ok(), "{:?}", read.err());
    }
}

/// A scenario that ships is understood with the settings that are laid over it.
fn is_understood(words: &[&str]) -> bool {
    let shipped = words.iter().find(|word| word.starts_with("scenarios/"));
    let set = words.windows(2).filter(|pair| pair[0] == "--set");
    let settings: Vec<Setting> = set.map(|pair| pair[1].parse().unwrap()).collect();
    shipped.is_none_or(|file| scenario::read(&root().join(file), &settings).is_ok())
}

/// Every `deleverage …` of a shell block names a command, flags and scenarios that there are; those
/// that need no files of the reader's and little time are run.
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
        assert!(is_understood(&words), "{line}: not understood");
        if nested && command[0] == "venues" && command[1] != "check" {
            let run = deleverage(&words);
            assert!(run.status.success(), "{line}: {}", String::from_utf8_lossy(&run.stderr));
        }
        seen += 1;
    }
    assert!(seen >= 5, "{seen} commands");
}
