//! The scenarios that ship, and what their README says of scenarios.

use super::{Desk, SMALL, names, table};
use std::path::Path;

fn shipped() -> Vec<String> {
    let all = names(Path::new("scenarios")).into_iter();
    all.filter(|name| name.ends_with(".toml")).collect()
}

/// Enough of an exchange to show that its scenario is one.
const FEW: [&str; 2] = ["--set", "exchange.worlds=2"];

/// The same of a fund: as few as have a size.
const FEW_OF_A_FUND: [&str; 4] =
    ["--set", "size.max_worlds=350", "--set", "size.without_largest=false"];

fn study(text: &str) -> String {
    text.parse::<toml::Table>().unwrap()["study"].as_str().unwrap().to_owned()
}

fn is_exchange(text: &str) -> bool {
    study(text) == "exchange"
}

#[test]
fn every_scenario_runs() {
    let desk = Desk::new();
    let folder = std::env::current_dir().unwrap().join("scenarios");
    assert!(shipped().len() >= 3);
    for name in shipped() {
        let file = folder.join(&name).display().to_string();
        let out = name.trim_end_matches(".toml");
        let study = study(&std::fs::read_to_string(&file).unwrap());
        if study != "leverage" {
            let few = if study == "fund" { &FEW_OF_A_FUND[..] } else { &FEW[..] };
            desk.succeed(&[&["run", &file, "--out", out], few].concat());
            assert!(!desk.text(&format!("{out}/summary.txt")).is_empty(), "{name} says nothing");
            continue;
        }
        desk.succeed(&["run", &file, "--outcomes", "none", "--out", out]);
        let (_, cells) = table(&desk.text(&format!("{out}/frequency.csv")));
        let opened: u64 = cells.iter().map(|cell| cell[3].parse::<u64>().unwrap()).sum();
        assert!(opened > 0, "{name} opens nothing");
    }
}

/// Entries within a span are the same positions as without one, and no others.
#[test]
fn a_span_of_entries_leaves_the_others_out() {
    let (from, until) = ("2021-05-18T03:00:00Z", "2021-05-19T09:00:00Z");
    let desk = Desk::with_scenario(&SMALL.replace("every = \"5h\"", "every = \"1h\""));
    let span = [format!("entries.from={from}"), format!("entries.until={until}")];
    let within = ["--set", &span[0], "--set", &span[1]];
    let run = |out: &str, more: &[&str]| {
        desk.succeed(&[&["run", "study.toml", "--outcomes", "csv", "--out", out], more].concat());
        table(&desk.text(&format!("{out}/outcomes.csv"))).1
    };
    let mut all = run("all", &[]);
    all.retain(|row| (from..until).contains(&row[0].as_str()));
    assert_eq!(run("within", &within), all);
    assert_eq!(all.first().map(|row| &*row[0]), Some(from));
    let mut drawn = within.to_vec();
    drawn.extend(["--set", "entries={sample=7}"]);
    drawn.rotate_left(4);
    let sampled = run("drawn", &drawn);
    let times: std::collections::BTreeSet<&str> = sampled.iter().map(|row| &*row[0]).collect();
    assert_eq!(times.len(), 7);
    assert!(times.iter().all(|time| (from..until).contains(time)), "{times:?}");
}

/// The fenced blocks of the README in a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string("scenarios/README.md").unwrap();
    let fence = format!("```{language}\n");
    let starts = readme.split(&fence).skip(1);
    starts.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_examples_of_every_key_are_scenarios_that_run() {
    let blocks = blocks("toml");
    let examples: Vec<&String> = blocks.iter().filter(|b| b.starts_with("study")).collect();
    for (example, rows) in examples.iter().zip(["outcomes.csv", "worlds.csv", "scenarios.csv"]) {
        let desk = Desk::with_scenario(example);
        desk.succeed(&["run", "study.toml", "--out", "out"]);
        assert!(desk.names("out").contains(rows), "[outputs] format is csv there");
    }
    assert_eq!(examples.len(), 3, "one for each study");
}

/// What stands beside the example of the exchange is understood in its place.
#[test]
fn bands_and_purses_fit_into_the_example() {
    let blocks = blocks("toml");
    let exchange = blocks.iter().find(|block| is_exchange_example(block)).unwrap();
    let beside = blocks.iter().find(|block| block.contains("[[fund.tranche]]")).unwrap();
    let mut whole: toml::Table = exchange.parse().unwrap();
    for (table, keys) in beside.parse::<toml::Table>().unwrap() {
        let target = whole[&table].as_table_mut().unwrap();
        target.extend(keys.as_table().unwrap().clone());
    }
    let fund = whole["fund"].as_table_mut().unwrap();
    fund.retain(|key, _| !["balance", "scope"].contains(&key));
    let text = toml::to_string(&whole).unwrap();
    let read = deleverage::scenario::from_text(&text, "README.md", Path::new("."), &[]);
    let study = read.unwrap().exchange().unwrap();
    assert_eq!(study.population.leverage.bands.len(), 2);
    assert_eq!(study.fund.tranches[0].top_ups.len(), 1);
}

fn is_exchange_example(block: &str) -> bool {
    block.starts_with("study") && is_exchange(block)
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
