//! `docs/model` is run: every row of its tables goes through the engine, and every rule is held.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;
mod rulebook;

use rulebook::{Table, cited, rules, tables};
use std::collections::BTreeSet;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_row_of_the_model_holds() {
    let (mut rows, mut wrong) = (0, Vec::new());
    for table in tables(&root().join("docs/model")) {
        for row in &table.rows {
            wrong.extend(differences(&table, row));
            rows += 1;
        }
    }
    println!("{rows} rows");
    assert!(rows >= 90, "{rows} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(table: &Table, row: &[String]) -> Vec<String> {
    let case = table.case(row);
    let results = table.results(row);
    assert!(!results.is_empty(), "{}: a table without a result", table.place(row));
    let compared = results.into_iter().filter_map(|(name, expected)| {
        let got = case.result(name);
        let same = rulebook::same(name, &got, expected);
        (!same).then(|| format!("{}: {name} is {got}, not {expected}", table.place(row)))
    });
    compared.collect()
}

#[test]
fn every_rule_is_held_and_every_citation_exists() {
    let stated = rules(&root().join("docs/model"));
    let unique: BTreeSet<&String> = stated.iter().collect();
    assert_eq!(unique.len(), stated.len(), "a rule is stated twice");
    let in_rows: BTreeSet<String> = tables(&root().join("docs/model"))
        .iter()
        .flat_map(|table| table.rows.iter().map(|row| row[0].clone()))
        .collect();
    let in_tests = cited(&root().join("tests"));
    let everywhere: BTreeSet<String> =
        in_rows.iter().chain(&in_tests).cloned().chain(cited(&root().join("src"))).collect();
    let unknown: Vec<_> = everywhere.iter().filter(|id| !unique.contains(id)).collect();
    assert!(unknown.is_empty(), "cited, but stated nowhere: {unknown:?}");
    let held = |id: &&String| in_rows.contains(*id) || in_tests.contains(*id);
    let idle: Vec<_> = unique.into_iter().filter(|id| !held(id)).collect();
    assert!(idle.is_empty(), "held by no row and no test: {idle:?}");
}
