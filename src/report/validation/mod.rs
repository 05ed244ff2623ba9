//! What runs say beside what is known: rows for people, for scripts and for a page.

mod figure;
mod page;
mod picture;
mod table;

pub use figure::{range, shown};
pub use page::{check, write};
pub use table::{csv, json, verdicts};

use crate::scenario::expect::{Band, Expectation, Grade, Role, Truth, Verdict};
use crate::tally::figures::Measured;

/// A figure beside what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Stem of the scenario file.
    pub scenario: String,
    pub title: String,
    /// Rung of the ladder, from 1.
    pub step: u32,
    pub figure: String,
    pub unit: String,
    pub truth: Truth,
    pub band: Band,
    pub band_from: String,
    pub role: Role,
    pub source: String,
    pub grade: Grade,
    pub found: Found,
}

/// What came of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Measured(Measured),
    /// And why.
    NotRun(String),
}

impl Compared {
    /// `named` is the study's name and title.
    pub fn of<F>(named: (&str, &str), expected: &Expectation<F>, found: Found) -> Self {
        Self {
            scenario: named.0.to_owned(),
            title: named.1.to_owned(),
            step: expected.step,
            figure: expected.name.clone(),
            unit: expected.unit.clone(),
            truth: expected.truth,
            band: expected.band,
            band_from: expected.band_from.clone(),
            role: expected.role,
            source: expected.source.clone(),
            grade: expected.grade,
            found,
        }
    }

    /// `None`: not run.
    pub fn verdict(&self) -> Option<Verdict> {
        match &self.found {
            Found::Measured(measured) => Some(self.truth.judge(self.band, measured.value)),
            Found::NotRun(_) => None,
        }
    }

    /// A prediction that does not agree with what is known.
    pub fn is_miss(&self) -> bool {
        self.role == Role::Predicted
            && self.verdict().is_some_and(|verdict| verdict != Verdict::Inside)
    }

    /// Inside, higher, lower, or why not.
    pub fn told(&self) -> String {
        match (&self.found, self.verdict()) {
            (_, Some(verdict)) => verdict.to_string(),
            (Found::NotRun(why), None) => format!("not run: {why}"),
            (Found::Measured(_), None) => String::new(),
        }
    }
}

/// What agreement would say: that a knob exists, that the model predicts, or that it computes.
fn kind(row: &Compared) -> &'static str {
    match row.grade {
        Grade::Exact => "arithmetic",
        _ => role(row.role),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Calibrated => "calibrated",
        Role::Predicted => "predicted",
    }
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::Exact => "exact",
    }
}
