//! The scenarios that ship, and what their README says of scenarios.

use super::{Desk, names, table};
use std::path::Path;

fn shipped() -> Vec<String> {
    let all = names(Path::new("scenarios")).into_iter();
    all.filter(|name| name.ends_with(".toml")).collect()
}

#[test]
fn every_scenario_runs() {
    let desk = Desk::new();
    let folder = std::env::current_dir().unwrap().join("scenarios");
    assert!(shipped().len() >= 3);
    for name in shipped() {
        let file = folder.join(&name).display().to_string();
        let out = name.trim_end_matches(".toml");
        desk.succeed(&["run", &file, "--outcomes", "none", "--out", out]);
        let (_, cells) = table(&desk.text(&format!("{out}/frequency.csv")));
        let opened: u64 = cells.iter().map(|cell| cell[3].parse::<u64>().unwrap()).sum();
        assert!(opened > 0, "{name} opens nothing");
    }
}

/// The fenced blocks of the README in a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string("scenarios/README.md").unwrap();
    let fence = format!("```{language}\n");
    let starts = readme.split(&fence).skip(1);
    starts.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_example_of_every_key_is_a_scenario_that_runs() {
    let blocks = blocks("toml");
    let example = blocks.iter().find(|block| block.starts_with("study")).unwrap();
    let desk = Desk::with_scenario(example);
    desk.succeed(&["run", "study.toml", "--out", "out"]);
    assert!(desk.names("out").contains("outcomes.csv"), "[outputs] format is csv there");
}

#[test]
fn every_key_of_the_schema_is_explained() {
    let schema: serde_json::Value = super::json(&Desk::new().succeed(&["schema"]));
    let readme = std::fs::read_to_string("scenarios/README.md").unwrap();
    let tables = schema["$defs"].as_object().unwrap().values();
    let keys = tables.filter_map(|table| table["properties"].as_object());
    for key in keys.flat_map(|table| table.keys()) {
        let forms = [format!("`{key}`"), format!("{key} ="), format!(".{key}]")];
        let is_there = forms.iter().any(|form| readme.contains(form));
        assert!(is_there, "`{key}` is not explained");
    }
}
