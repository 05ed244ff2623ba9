//! The command as users and scripts meet it: from what is typed to files, streams and exit codes.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod cache;
mod data;
mod demo;
mod explain;
mod interrupt;
mod outcomes;
mod population;
mod position;
mod raised;
mod refused;
mod reproduce;
mod scenarios;
mod schema;
mod size;
mod steps;
mod streams;
mod venues;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A study of two sides, two leverages and two horizons on shipped prices, a second's work.
const SMALL: &str = r#"
study = "leverage"
history = { event = "2021-05-19", symbol = "ETHUSDT" }
venue = { name = "binance-usdm", override = { fees = { taker = "0.04%" } } }
entries = { every = "5h" }
positions = { leverage = [5, 20], notional = ["10000", "250000.5"], horizon = ["6h", "1d"] }
slippage = { model = "fixed", rate = "10bp" }
"#;

/// The command, which keeps out of the user's own cache.
fn deleverage() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deleverage"));
    command.env("DELEVERAGE_CACHE", "off");
    command
}

/// A folder of its own, in which the command runs.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with_scenario(text: &str) -> Self {
        let desk = Self::new();
        desk.put("study.toml", text);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the command here.
    fn call(&self, words: &[&str]) -> Output {
        deleverage().current_dir(self.0.path()).args(words).output().unwrap()
    }

    /// Runs the command here; it must succeed. Returns what it printed on stdout.
    fn succeed(&self, words: &[&str]) -> String {
        let output = self.call(words);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{words:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the command here; it must fail. Returns what it printed on stderr.
    fn fail(&self, words: &[&str]) -> String {
        let output = self.call(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}: something on stdout");
        String::from_utf8(output.stderr).unwrap()
    }

    fn names(&self, folder: &str) -> BTreeSet<String> {
        names(&self.path(folder))
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A CSV file: its header and its rows.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = owned(reader.headers().unwrap());
    (header, reader.records().map(|record| owned(&record.unwrap())).collect())
}

/// The files of a folder by name.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |name: String| {
        let content = std::fs::read(folder.join(&name)).unwrap();
        (name, content)
    };
    names(folder).into_iter().map(read).collect()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}
