//! The rows of a validation as a picture.

use super::{Compared, Found};
use crate::fault::Result;
use crate::report::chart::Caption;
use crate::report::chart::sizing::validation::{
    Band, Figure, Input, LINES, Origin, Step, Truth, Verdict,
};
use crate::report::drawn;
use crate::scenario::expect::{Grade, Role, Truth as Known, Verdict as Judged};
use crate::tally::figures::Measured;
use rust_decimal::prelude::ToPrimitive;

/// Name and PNG of what is not arithmetic; `None` where there is no such row, or more than a
/// picture holds.
///
/// # Errors
/// The page refuses.
pub fn picture(rows: &[Compared], name: &str) -> Result<Option<(String, Vec<u8>)>> {
    let shown: Vec<&Compared> = rows.iter().filter(|row| row.grade != Grade::Exact).collect();
    let steps = steps(&shown);
    if shown.is_empty() || steps.len() + shown.len() > LINES {
        return Ok(None);
    }
    let input = Input { caption: caption(rows, &shown), steps };
    drawn(name, &input).map(Some)
}

fn caption(rows: &[Compared], shown: &[&Compared]) -> Caption {
    let of = |role: Role| {
        let all: Vec<&&Compared> = shown.iter().filter(|row| row.role == role).collect();
        let inside = all.iter().filter(|row| row.verdict() == Some(Judged::Inside)).count();
        (inside, all.len())
    };
    let ((hit, predicted), (fitted, calibrated)) = (of(Role::Predicted), of(Role::Calibrated));
    let exact = rows.len() - shown.len();
    Caption {
        headline: format!(
            "{hit} of {predicted} predicted figures agree with what is known of the crashes, and \
             {fitted} of {calibrated} that knobs were set by."
        ),
        subtitle:
            "Figures of runs over what is known, each in its own unit; medians and 5 to 95 % \
                   of the worlds"
                .to_owned(),
        footer: format!(
            "{exact} figures of arithmetic are not shown. What each miss says of the model stands \
             on the page."
        ),
    }
}

fn steps(shown: &[&Compared]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for row in shown {
        let (name, title) = (format!("V{}", row.step), row.title.clone());
        let same = |step: &&mut Step| step.name == name && step.title == title;
        match steps.last_mut().filter(|step| same(step)) {
            Some(step) => step.figures.push(figure(row)),
            None => steps.push(Step { name, title, figures: vec![figure(row)] }),
        }
    }
    steps
}

fn figure(row: &Compared) -> Figure {
    let model = match &row.found {
        Found::Measured(measured) => band(measured),
        Found::NotRun(_) => None,
    };
    let verdict = match row.verdict().filter(|_| model.is_some()) {
        None => Verdict::NotRun,
        Some(Judged::Inside) => Verdict::Inside,
        Some(Judged::Higher) => Verdict::Higher,
        Some(Judged::Lower) => Verdict::Lower,
    };
    Figure {
        name: row.figure.clone(),
        unit: row.unit.clone(),
        truth: truth(row.truth),
        model,
        origin: match row.role {
            Role::Calibrated => Origin::Calibrated,
            Role::Predicted => Origin::Predicted,
        },
        verdict,
    }
}

fn band(measured: &Measured) -> Option<Band> {
    let [p5, median, p95] = [measured.low, measured.value, measured.high].map(|one| one.to_f64());
    Some(Band { p5: p5?, median: median?, p95: p95? })
}

fn truth(known: Known) -> Truth {
    let number = |value: rust_decimal::Decimal| value.to_f64().unwrap_or(f64::NAN);
    match known {
        Known::Between(low, high) if low == high => Truth::Exactly(number(low)),
        Known::Between(low, high) => Truth::Between(number(low), number(high)),
        Known::Above(low) => Truth::AtLeast(number(low)),
        Known::Below(high) => Truth::AtMost(number(high)),
    }
}
