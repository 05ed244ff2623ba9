//! Names that say nothing, and modules that say nothing about themselves.

use super::rust::{self, Source};
use super::{none, tree};

const EMPTY: [&str; 8] =
    ["utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"];

const DECLARING: [&str; 5] = ["mod", "struct", "enum", "trait", "type"];

/// `BarReader` and `bar_reader` → bar, reader.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for letter in name.chars() {
        if letter.is_uppercase() || !letter.is_alphanumeric() {
            parts.push(String::new());
        }
        if letter.is_alphanumeric() {
            parts.last_mut().unwrap().extend(letter.to_lowercase());
        }
    }
    parts
}

fn is_empty(name: &str) -> bool {
    parts(name).iter().any(|part| EMPTY.contains(&&**part))
}

/// The modules and types that a source declares, with their places.
fn declared(source: &Source) -> Vec<(usize, String)> {
    let names = |word| {
        rust::words(&source.code, word).map(move |at| {
            let after = source.code[at + word.len()..].trim_start();
            (at, after.chars().take_while(|c| rust::is_word(*c as u8)).collect())
        })
    };
    DECLARING.into_iter().flat_map(names).collect()
}

#[test]
fn names_say_what_a_thing_is() {
    let files = tree::all_rust();
    let mut violations: Vec<String> =
        files.iter().filter(|file| file.split('/').any(is_empty)).cloned().collect();
    for source in ["src", "tests", "benches"].iter().flat_map(|folder| rust::sources(folder)) {
        for (at, name) in declared(&source).into_iter().filter(|(_, name)| is_empty(name)) {
            violations.push(format!("{}: {name}", source.place(at)));
        }
    }
    none(violations, "Name a module or a type after what it holds or does, in the field's terms.");
}

#[test]
fn every_module_introduces_itself() {
    let silent = tree::rust("src")
        .into_iter()
        .filter(|file| file != "src/main.rs" && !tree::read(file).starts_with("//! "))
        .collect();
    none(silent, "Begin each file of src with `//! ` and a sentence on what it is for.");
}

#[test]
fn names_fall_into_words() {
    assert!(is_empty("PositionManager") && is_empty("string_utils.rs") && is_empty("misc"));
    assert!(!is_empty("Management") && !is_empty("utility") && !is_empty("Bars"));
}
