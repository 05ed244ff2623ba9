//! The repository speaks of itself alone: no paths of a machine, no talk of who works on it
//! where and when. The files that list the words are the only ones that may hold them.

use super::rust::is_word;
use super::{none, tree};

/// Absolute paths of somebody's machine.
const PATHS: [&str; 6] = ["/home/", "/root/", "/work/", "/tmp/", "/Users/", "C:\\Users"];

/// Talk of work in progress. As whole words, in any case.
const TALK: [&str; 14] = [
    "session",
    "sessions",
    "helper",
    "helpers",
    "worktree",
    "workplace",
    "issue #",
    "issues show",
    "in this issue",
    "the brief",
    "this prompt",
    "language model",
    "as an ai",
    "chatgpt",
];

/// Unfinished business: it is done, or it stands in the limits of the README.
const UNFINISHED: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// Texts written by others: licences, and the lock file with its names of packages.
const FOREIGN: [&str; 4] = ["Cargo.lock", "fuzz/Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT"];

const LISTS: [&str; 2] = ["tests/tidy/words.rs", "tests/tidy/names.rs"];

fn own_texts() -> Vec<(String, String)> {
    let own = |file: &String| {
        !LISTS.contains(&&**file)
            && !FOREIGN.contains(&&**file)
            && !file.starts_with("assets/")
            && !file.ends_with(".csv")
    };
    let files = tree::files("").into_iter().filter(own);
    files.filter_map(|file| tree::text(&file).map(|text| (file, text))).collect()
}

/// Where any of the texts stands, as `file:line: text`.
fn found(texts: &[&str], within: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut violations = Vec::new();
    for (file, content) in own_texts() {
        for (number, line) in content.lines().enumerate() {
            let hits = texts.iter().filter(|text| within(line, text));
            violations.extend(hits.map(|text| format!("{file}:{}: {text}", number + 1)));
        }
    }
    violations
}

/// Whether a line holds the words in any case.
fn says(line: &str, words: &str) -> bool {
    holds(&line.to_ascii_lowercase(), words)
}

/// Whether a line holds the words, not within a longer word.
fn holds(line: &str, words: &str) -> bool {
    let edge = |byte: Option<&u8>| !byte.is_some_and(|byte| is_word(*byte));
    line.match_indices(words).any(|(at, _)| {
        let end = line.as_bytes().get(at + words.len());
        let open = words.ends_with('#') || edge(end);
        open && edge(at.checked_sub(1).map(|before| &line.as_bytes()[before]))
    })
}

#[test]
fn no_path_of_a_machine() {
    none(
        found(&PATHS, |line, path| line.contains(path)),
        "Use a path relative to the repository, or a temporary folder of `tempfile`.",
    );
}

#[test]
fn no_talk_of_how_it_was_made() {
    none(found(&TALK, says), "Say what the program does; how it came about is in the history.");
}

#[test]
fn nothing_is_left_for_later() {
    none(found(&UNFINISHED, holds), "Do it, or state the limit in the README.");
}

#[test]
fn shared_data_is_for_tests_only() {
    let mut violations = found(&["../shared"], |line, path| line.contains(path));
    let may_look = ["tests/", "benches/", "scenarios/validation/"];
    violations.retain(|place| !may_look.iter().any(|start| place.starts_with(start)));
    none(
        violations,
        "Only tests, benches and the validation ladder may look at data outside the repository.",
    );
}

#[test]
fn words_are_whole() {
    assert!(says("A Session began", "session") && says("see issue #12", "issue #"));
    assert!(!says("obsession", "session") && !says("issues", "issue #"));
}
