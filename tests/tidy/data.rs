//! Test data that a test reads, and dependencies that say what they are for.

use super::{none, tree};
use std::path::Path;

const BAD: &str = "tests/bad";

#[test]
fn every_bad_file_is_used() {
    let files = tree::files(BAD);
    let readers: Vec<String> = tree::rust("tests").iter().map(|file| tree::read(file)).collect();
    let unused = |file: &&String| {
        let name = Path::new(file).file_name().unwrap().to_string_lossy();
        let index = Path::new(file).with_file_name("index.toml");
        let listed = tree::text(&index.to_string_lossy()).into_iter();
        let quoted = format!("{name}\"");
        !files.contains(&twin(file))
            && !readers.iter().cloned().chain(listed).any(|text| text.contains(&quoted))
    };
    let violations = files.iter().filter(unused).cloned().collect();
    none(
        violations,
        "Give the file a twin `NAME.expected` with its message, name it in the folder's \
         index.toml or in a test, or delete it.",
    );
}

/// `a.toml` ↔ `a.expected`: the other one of the pair, whatever the input is called.
fn twin(file: &str) -> String {
    let path = Path::new(file);
    let stem = path.with_extension("");
    if path.extension().is_some_and(|extension| extension != "expected") {
        return path.with_extension("expected").to_string_lossy().into_owned();
    }
    let inputs = tree::files(&path.parent().unwrap().to_string_lossy());
    let pair = |other: &String| other != file && Path::new(other).with_extension("") == stem;
    inputs.into_iter().find(pair).unwrap_or_default()
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = tree::read("Cargo.toml");
    let mut section = "";
    let mut above = "";
    let mut violations = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let declares = section.ends_with("dependencies]") && line.contains(" = ");
        if declares && !line.starts_with('#') && !above.starts_with('#') {
            violations.push(line.to_owned());
        }
        above = line;
    }
    none(violations, "Say in a comment above each dependency of Cargo.toml what it does here.");
}
