//! Every dependency may be used under the licences that `THIRD-PARTY.md` lists.

use super::{none, tree};
use std::collections::BTreeSet;
use std::process::Command;

/// The first column of the table.
fn accepted() -> BTreeSet<String> {
    let text = tree::read("THIRD-PARTY.md");
    let rows = text.lines().skip_while(|line| !line.starts_with("| licence |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.filter_map(|line| line.split('`').nth(1)).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met: one side of each OR, both sides of each AND.
fn is_met(expression: &str, accepted: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&tokens, &mut at, accepted) && at == tokens.len()
}

fn any_of(tokens: &[&str], at: &mut usize, accepted: &BTreeSet<String>) -> bool {
    let mut met = all_of(tokens, at, accepted);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(tokens, at, accepted);
    }
    met
}

fn all_of(tokens: &[&str], at: &mut usize, accepted: &BTreeSet<String>) -> bool {
    let mut met = one(tokens, at, accepted);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(tokens, at, accepted);
    }
    met
}

fn one(tokens: &[&str], at: &mut usize, accepted: &BTreeSet<String>) -> bool {
    let Some(token) = tokens.get(*at) else { return false };
    *at += 1;
    if *token == "(" {
        let met = any_of(tokens, at, accepted);
        *at += 1;
        return met;
    }
    if tokens.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    accepted.contains(*token)
}

/// The packages built on this machine, each with its licence.
fn packages() -> Vec<(String, String)> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none", "--format", "{p}|{l}"])
        .current_dir(tree::root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let lines = String::from_utf8(tree.stdout).unwrap();
    let pairs = lines.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('|'));
    pairs.map(|(package, licence)| (package.to_owned(), licence.to_owned())).collect()
}

#[test]
fn every_dependency_is_permissive() {
    let accepted = accepted();
    let packages = packages();
    assert!(packages.len() > 20, "cargo tree names {} packages", packages.len());
    let refused = packages.into_iter().filter(|(_, licence)| !is_met(licence, &accepted));
    none(
        refused.map(|(package, licence)| format!("{package}: {licence}")).collect(),
        "Read the licence; list it in THIRD-PARTY.md if it is permissive, else do without.",
    );
}

#[test]
fn expressions_are_read_as_spdx() {
    let accepted = ["MIT", "Zlib"].map(str::to_owned).into();
    for met in ["MIT", "GPL-3.0 OR MIT", "(MIT OR GPL-3.0) AND Zlib", "MIT/GPL-3.0"] {
        assert!(is_met(met, &accepted), "{met}");
    }
    for refused in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-3.0", "MIT)"] {
        assert!(!is_met(refused, &accepted), "{refused}");
    }
}
