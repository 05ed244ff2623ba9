//! Bad histories: each is refused with the message that its index states, and none panics.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::history::{Interval, LoadRequest, Sources, load, survey};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    trade: Paths,
    #[serde(default)]
    mark: Paths,
    #[serde(default)]
    funding: Paths,
    format: Option<String>,
    interval: Option<String>,
    /// The message, with the folder left out.
    expected: String,
}

#[derive(Clone, serde::Deserialize)]
#[serde(untagged)]
enum Paths {
    One(String),
    Many(Vec<String>),
}

impl Default for Paths {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/history")
}

fn sources(paths: &Paths, format: Option<&String>) -> Sources {
    let names = match paths {
        Paths::One(name) => vec![name.clone()],
        Paths::Many(names) => names.clone(),
    };
    let paths = names.iter().map(|name| folder().join(name).display().to_string()).collect();
    Sources { paths, format: format.cloned(), columns: None }
}

fn message(case: &Case) -> String {
    let request = LoadRequest {
        symbol: "TEST".into(),
        trade: sources(&case.trade, case.format.as_ref()),
        mark: sources(&case.mark, None),
        funding: sources(&case.funding, None),
        interval: case.interval.as_deref().map(|text| Interval::parse(text).unwrap()),
        ..LoadRequest::default()
    };
    let folder = format!("{}/", folder().display());
    let loaded = load(&request).map(|loaded| loaded.history.len());
    loaded
        .map_or_else(|error| error.to_string(), |rows| format!("{rows} bars"))
        .replace(&folder, "")
}

#[test]
fn every_bad_file_is_refused_with_its_message() {
    let index = std::fs::read_to_string(folder().join("index.toml")).unwrap();
    let index: Index = toml::from_str(&index).unwrap();
    assert!(index.case.len() >= 45);
    let wrong: Vec<String> = index
        .case
        .iter()
        .map(|case| (case, message(case)))
        .filter(|(case, found)| *found != case.expected)
        .map(|(case, found)| format!("expected: {}\n   found: {found}\n", case.expected))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_survey_lists_what_the_loader_refuses() {
    for name in ["price-nan.csv", "time-backwards.csv", "high-below-low.csv", "empty.csv"] {
        let found = survey(&folder().join(name).display().to_string()).unwrap();
        assert_eq!(found.defect_count, 1, "{name}");
    }
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What is wrong with these bytes under this name.
fn refusal(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let trade = [path.display().to_string()].into_iter().collect();
    let request = LoadRequest { trade, ..LoadRequest::default() };
    load(&request).map(|loaded| loaded.history.len()).unwrap_err().to_string()
}

#[test]
fn archives_that_are_damaged_or_odd() {
    let good = std::fs::read(folder().join("good.csv")).unwrap();
    let whole = zipped(&[("good.csv", &good)]);
    let mut corrupt = whole.clone();
    corrupt[45] ^= 0x55;
    let cases: [(&[u8], &str); 6] = [
        (&whole[..whole.len() / 2], "truncated or corrupt zip"),
        (&whole[..whole.len() - 1], "truncated or corrupt zip"),
        (&corrupt, "truncated or corrupt zip"),
        (&zipped(&[]), "zip with 0 files"),
        (&zipped(&[("a.csv", &good), ("b.csv", &good)]), "zip with 2 files: found `a.csv, b.csv`"),
        (&zipped(&[("a.csv", b"")]), "empty file in the zip: found `a.csv`"),
    ];
    for (bytes, expected) in cases {
        let found = refusal("good.zip", bytes);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn columnar_files_that_are_damaged() {
    for magic in [&b"PAR1"[..], b"ARROW1\0\0"] {
        for body in [&b""[..], b"rubbish that is no table", &[0xff; 64]] {
            let bytes = [magic, body, magic].concat();
            let found = refusal("bars.bin", &bytes);
            assert!(found.contains("truncated or corrupt file"), "{found}");
        }
    }
    assert!(refusal("old.feather", b"FEA1....").contains("feather version 1"));
}

fn feather(frame: polars::prelude::PolarsResult<polars::prelude::DataFrame>) -> Vec<u8> {
    use polars::prelude::{IpcWriter, SerWriter};
    let mut file = std::io::Cursor::new(Vec::new());
    IpcWriter::new(&mut file).finish(&mut frame.unwrap()).unwrap();
    file.into_inner()
}

#[test]
fn columnar_cells_that_are_wrong() {
    use polars::prelude::df;
    let times = [1_583_971_200_000_i64, 1_583_971_260_000];
    let sound = [1.0, 2.0];
    let cases = [
        (
            feather(df!("date" => times, "open" => [1.0, f64::NAN], "high" => [2.0, 2.0],
                "low" => sound, "close" => sound)),
            "row 2: open is not finite: found `NaN`; accepted: a decimal number above 0",
        ),
        (
            feather(df!("date" => times, "open" => sound, "high" => [Some(2.0), None],
                "low" => sound, "close" => sound)),
            "row 2: high is empty; accepted: a decimal number above 0",
        ),
        (
            feather(df!("date" => times, "open" => [true, true], "high" => sound,
                "low" => sound, "close" => sound)),
            "wrong type of column open: found `bool`; accepted: 64-bit floats, 64-bit integers \
             or decimal text",
        ),
        (
            feather(df!("date" => [i64::MIN, 5], "open" => sound, "high" => sound,
                "low" => sound, "close" => sound)),
            "row 1: not a time since 1973: found `-9223372036854775808`",
        ),
        (
            feather(df!("date" => times, "open" => sound, "high" => sound, "close" => sound)),
            "wrong columns: no column low: found `date,open,high,close`",
        ),
        (
            feather(df!("date" => times, "open" => sound, "high" => [0.5, 2.0],
                "low" => [0.5, 2.0], "close" => sound)),
            "row 1: high is below open: found `1, 0.5, 0.5, 1`",
        ),
        (
            feather(df!("date" => times, "open" => [1.0, 1e-15], "high" => sound, "low" => sound,
                "close" => sound)),
            "row 2: open has more decimals than fit (at most 14): found `0.000000000000001`",
        ),
    ];
    for (bytes, expected) in cases {
        let found = refusal("bars.feather", &bytes);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn the_check_counts_the_defects_of_all_files() {
    let file = |name: &str| folder().join(name).display().to_string();
    let check = deleverage::cli::data_check::check;
    assert_eq!(check(&[file("good.csv")]).unwrap(), 0);
    assert_eq!(check(&[file("good.csv"), file("price-nan.csv"), file("empty.csv")]).unwrap(), 2);
    assert!(check(&[file("no-such-file.csv")]).is_err());
}
