//! Results on stdout, talk on stderr, and the exit code.

use super::{Desk, SMALL, json};

#[test]
fn a_pipe_gets_results_and_no_progress() {
    let desk = Desk::with_scenario(SMALL);
    let output = desk.call(&["run", "study.toml", "--outcomes", "none"]);
    let (out, told) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains(" positions in "), "{told}");
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(!out.contains(is_control) && !told.contains(is_control), "{told:?}");
    assert!(out.trim_end().ends_with("Report: reports/study"), "{out}");
}

#[test]
fn json_is_all_of_stdout() {
    let desk = Desk::with_scenario(SMALL);
    let shares = json(&desk.succeed(&["run", "study.toml", "--outcomes", "none", "--json"]));
    let cells = shares["frequency"].as_array().unwrap();
    assert_eq!(cells.len(), 2 * 2 * 2);
    for cell in cells {
        let keys: Vec<&String> = cell.as_object().unwrap().keys().collect();
        let known = [
            "side",
            "leverage",
            "horizon",
            "n",
            "liquidated",
            "share",
            "low",
            "high",
            "fully_liquidated",
            "raised_margin",
        ];
        assert_eq!(keys, known);
        assert!(cell["share"].is_string() && cell["n"].is_u64());
    }
}

#[test]
fn what_is_not_understood_fails() {
    let desk = Desk::new();
    for words in [&["liquidate"][..], &["run"], &["run", "a.toml", "--outt", "b"], &[]] {
        desk.fail(words);
    }
    assert!(desk.names("").is_empty());
}

#[test]
fn help_and_version_are_results() {
    let desk = Desk::new();
    assert!(desk.succeed(&["--help"]).contains("position"));
    let explain = desk.succeed(&["explain", "--help"]);
    for words in ["position, world or account", "--world <NUMBER>", "--account <ACCOUNT>"] {
        assert!(explain.contains(words), "{words}");
    }
    assert!(desk.succeed(&["--version"]).starts_with("deleverage "));
}
