//! Rules and tables of `docs/model`, as text.
#![allow(dead_code, clippy::unwrap_used, reason = "a panic is how a test fails")]

mod adl;
mod case;
mod fund;
mod funding_rate;
mod liquidity;
mod sizing;
mod venue;

pub use case::Case;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A table of cases.
pub struct Table {
    file: String,
    headers: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn place(&self, row: &[String]) -> String {
        format!("{} {}", self.file, row.join(" | "))
    }

    /// Inputs by name; the rule and the results are left out.
    pub fn case(&self, row: &[String]) -> Case {
        let inputs = self.headers.iter().zip(row).skip(1).filter(|(name, _)| !is_bold(name));
        Case(inputs.map(|(name, text)| (name.clone(), text.clone())).collect::<BTreeMap<_, _>>())
    }

    pub fn results<'a>(&'a self, row: &'a [String]) -> Vec<(&'a str, &'a str)> {
        let cells = self.headers.iter().zip(row).filter(|(name, _)| is_bold(name));
        cells.map(|(name, text)| (name.trim_matches('*'), text.as_str())).collect()
    }
}

fn is_bold(text: &str) -> bool {
    text.starts_with("**")
}

/// Every file of a folder and its folders that ends so, in the order of the alphabet.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All tables whose first column is `rule`.
pub fn tables(folder: &Path) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for path in files(folder, "md") {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut open = false;
        for line in text.lines() {
            let cells = cells(line);
            match cells.first().map(String::as_str) {
                Some("rule") => {
                    let file = path.file_name().unwrap().to_string_lossy().into_owned();
                    tables.push(Table { file, headers: cells, rows: Vec::new() });
                    open = true;
                }
                Some(first) if open && !first.starts_with('-') => {
                    let table = tables.last_mut().unwrap();
                    assert_eq!(cells.len(), table.headers.len(), "{line}");
                    table.rows.push(cells);
                }
                Some(_) => {}
                None => open = false,
            }
        }
    }
    tables
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
    let cells = inner.map(|inner| inner.split('|').map(|cell| cell.trim().to_owned()).collect());
    cells.unwrap_or_default()
}

/// Numbers of the rules that are stated, in order.
pub fn rules(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder, "md") {
        let text = std::fs::read_to_string(path).unwrap();
        let bold = text.lines().filter_map(|line| line.strip_prefix("**"));
        found.extend(bold.filter_map(|line| line.split_once("**")).map(|(id, _)| id.to_owned()));
    }
    found
}

/// Numbers of rules in Rust files; `ABC-001 to ABC-009` names all of them.
pub fn cited(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files(folder, "rs") {
        let text = std::fs::read_to_string(path).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let Some((kind, number)) = rule(word) else { continue };
            let to = words.get(at + 1).filter(|word| **word == "to");
            let last = to.and_then(|_| rule(words.get(at + 2)?)).map_or(number, |(_, last)| last);
            found.extend((number..=last).map(|number| format!("{kind}-{number:03}")));
        }
    }
    found
}

fn rule(word: &str) -> Option<(&str, u32)> {
    const KINDS: [&str; 18] = [
        "MRG", "ACC", "TIM", "FND", "FRT", "SLP", "LIQ", "CLO", "VOL", "FUN", "ADL", "STA", "EXC",
        "DEP", "POP", "PTH", "SIZ", "CRT",
    ];
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let (kind, number) = word.split_once('-')?;
    let number = (KINDS.contains(&kind) && number.len() == 3).then(|| number.parse().ok())??;
    Some((kind, number))
}

/// Results that come from `f64`, or quotients of 28 digits: compared to the last digit that is
/// shown.
const ROUNDED: [&str; 12] = [
    "share",
    "low",
    "high",
    "n_eff",
    "cost in bp",
    "score",
    "payoff",
    "moved, in bp",
    "within 1 %",
    "conditional level",
    "rate from",
    "rate to",
];

/// Equal as numbers or as texts.
pub fn same(name: &str, got: &str, expected: &str) -> bool {
    let number = |text: &str| Decimal::from_str_exact(text).ok();
    match (number(got), number(expected)) {
        (Some(found), Some(wanted)) if ROUNDED.contains(&name) => {
            found.round_dp(wanted.scale()) == wanted
        }
        (Some(found), Some(wanted)) => found == wanted,
        _ => got == expected,
    }
}
