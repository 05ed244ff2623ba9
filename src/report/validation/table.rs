//! Rows for scripts, and the sum of the verdicts.

use super::{Compared, Found, grade, kind, role};
use crate::fault::Result;
use crate::report::tables;
use crate::scenario::expect::Verdict;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const NAMES: [&str; 17] = [
    "step",
    "scenario",
    "figure",
    "unit",
    "role",
    "truth_low",
    "truth_high",
    "agrees_low",
    "agrees_high",
    "value",
    "low",
    "high",
    "n",
    "verdict",
    "grade",
    "source",
    "band_from",
];

/// One line a figure; an empty field where there is no such number.
///
/// # Errors
/// None that a caller can cause.
pub fn csv(rows: &[Compared]) -> Result<Vec<u8>> {
    tables::table(&NAMES, rows.iter().map(|row| texts(row).map(Option::unwrap_or_default).to_vec()))
}

/// The same for scripts that read JSON; `null` where there is no such number.
pub fn json(rows: &[Compared]) -> Value {
    let row = |row: &Compared| -> Value {
        NAMES.iter().zip(texts(row)).map(|(name, text)| ((*name).to_owned(), json!(text))).collect()
    };
    rows.iter().map(row).collect()
}

fn texts(row: &Compared) -> [Option<String>; 17] {
    let number = |value: Option<Decimal>| value.map(|value| value.normalize().to_string());
    let ((low, high), (from, to)) = (row.truth.ends(), row.truth.agrees(row.band));
    let measured = match &row.found {
        Found::Measured(measured) => Some(measured),
        Found::NotRun(_) => None,
    };
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    [
        Some(format!("V{}", row.step)),
        text(&row.scenario),
        text(&row.figure),
        text(&row.unit),
        text(role(row.role)),
        number(low),
        number(high),
        number(from),
        number(to),
        number(measured.map(|measured| measured.value)),
        number(measured.map(|measured| measured.low)),
        number(measured.map(|measured| measured.high)),
        measured.map(|measured| measured.count.to_string()),
        text(&row.told()),
        text(grade(row.grade)),
        text(&row.source),
        text(&row.band_from),
    ]
}

/// How many agree, in one sentence: what is arithmetic does not count as a prediction.
pub fn verdicts(rows: &[Compared]) -> String {
    let of = |name: &str| {
        let run = rows.iter().filter(|row| kind(row) == name && row.verdict().is_some());
        let inside = run.clone().filter(|row| row.verdict() == Some(Verdict::Inside));
        (inside.count(), run.count())
    };
    let counted = ["predicted", "calibrated", "arithmetic"].map(|name| (name, of(name)));
    let mut told: Vec<String> = counted
        .into_iter()
        .filter(|(_, (_, run))| *run > 0)
        .map(|(name, (right, run))| format!("{right} of {run} {name}"))
        .collect();
    let absent = rows.iter().filter(|row| row.verdict().is_none()).count();
    if absent > 0 {
        told.push(format!("{absent} not run"));
    }
    format!("Figures that agree with what is known: {}.", told.join("; "))
}
