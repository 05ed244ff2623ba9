//! Small histories whose outcomes were worked out by hand: every figure byte for byte.
//!
//! `tests/golden/NAME/scenario.toml` states the arithmetic; the rows that it leads to are written
//! here a second time, as the reader of a scenario would check them. `BLESS=1` writes the expected
//! files anew, but not those rows.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::process::Command;

const COMPARED: [&str; 5] =
    ["outcomes.csv", "frequency.csv", "safe.csv", "owed.csv", "summary.txt"];

/// Runs a golden scenario and compares its files; returns its outcomes.
fn golden(name: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let report = home.path().join("report");
    let folder = Path::new("tests/golden").join(name);
    let output = Command::new(env!("CARGO_BIN_EXE_deleverage"))
        .env("DELEVERAGE_CACHE", "off")
        .arg("run")
        .arg(folder.join("scenario.toml"))
        .args(["--outcomes", "csv", "--out"])
        .arg(&report)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for file in COMPARED {
        compare(&report.join(file), &folder.join("expected").join(file));
    }
    std::fs::read_to_string(report.join("outcomes.csv")).unwrap()
}

fn compare(written: &Path, expected: &Path) {
    let written = std::fs::read_to_string(written).unwrap();
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(expected.parent().unwrap()).unwrap();
        std::fs::write(expected, &written).unwrap();
    }
    let text = std::fs::read_to_string(expected).unwrap_or_default();
    assert_eq!(written, text, "{} differs", expected.display());
}

/// Asserts fields of one row, by name.
fn row(outcomes: &str, number: usize, fields: &[(&str, &str)]) {
    let mut lines = outcomes.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let values: Vec<&str> = lines.nth(number).unwrap().split(',').collect();
    for (name, value) in fields {
        let column = names.iter().position(|known| known == name).unwrap();
        assert_eq!(values[column], *value, "{name} of row {number} in\n{outcomes}");
    }
}

#[test]
fn liquidated_by_a_slide_within_a_bar() {
    let outcomes = golden("slide");
    row(
        &outcomes,
        0,
        &[
            ("side", "long"),
            ("liquidation_price", "90"),
            ("bankruptcy_price", "89.1"),
            ("bars_to_liquidation", "2"),
            ("fill_price", "90"),
            ("margin_returned", "4.5"),
            ("fees", "4.896"),
            ("slippage", "0"),
            ("deficit", "0"),
            ("mae", "0.09090909091"),
        ],
    );
    row(&outcomes, 1, &[("side", "short"), ("bankruptcy_price", "108.9"), ("liquidated", "true")]);
}

#[test]
fn liquidated_by_a_jump_between_bars() {
    let outcomes = golden("jump");
    row(
        &outcomes,
        0,
        &[
            ("bars_to_liquidation", "2"),
            ("fill_price", "85"),
            ("margin_returned", "0"),
            ("fees", "0.396"),
            ("deficit", "41"),
            ("mae", "0.141414141415"),
        ],
    );
    row(&outcomes, 1, &[("liquidated", "false"), ("fill_price", ""), ("mae", "0")]);
}

#[test]
fn liquidated_by_funding_alone() {
    let outcomes = golden("funding-alone");
    row(
        &outcomes,
        0,
        &[
            ("bars_to_liquidation", "6"),
            ("fill_price", "100"),
            ("funding", "50"),
            ("margin_returned", "45"),
            ("fees", "5.4"),
            ("bankruptcy_price", "90"),
            ("mae", "0"),
        ],
    );
    row(&outcomes, 1, &[("liquidated", "false"), ("funding", "-70"), ("bankruptcy_price", "110")]);
}

#[test]
fn triggered_on_the_mark_and_filled_on_the_last_price() {
    let outcomes = golden("mark-and-last");
    let fields = [("fill_price", "83.6"), ("deficit", "55"), ("margin_returned", "0")];
    row(&outcomes, 0, &fields);
}

#[test]
fn the_insurance_fund_takes_what_the_book_cannot() {
    let outcomes = golden("beyond-the-book");
    let fields = [("fill_price", "87.3"), ("slippage", "22.5"), ("deficit", "18")];
    row(&outcomes, 0, &fields);
}

#[test]
fn no_position_lives_across_a_gap() {
    let outcomes = golden("gap");
    assert_eq!(outcomes.lines().count(), 3, "{outcomes}");
    let first = [
        ("entry_time", "2024-01-01T01:00:00Z"),
        ("liquidated", "true"),
        ("bars_to_liquidation", "2"),
        ("margin_returned", "4.5"),
    ];
    row(&outcomes, 0, &first);
    row(&outcomes, 1, &[("entry_time", "2024-01-01T05:00:00Z"), ("liquidated", "false")]);
}
