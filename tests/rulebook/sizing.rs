//! Rows of fund sizing: years and their rates.

use super::Case;
use super::case::or_none;
use deleverage::tally::sizing::{Frequency, conditional_level};

/// `None`: not a result of these rules.
pub fn result(case: &Case, name: &str) -> Option<String> {
    let number = |column: &str| -> f64 { case.text(column).parse().unwrap() };
    let interval = || {
        let episodes = case.text("episodes").parse().unwrap();
        Frequency::Observed { episodes, years: number("years") }.interval()
    };
    Some(match name {
        "conditional level" => {
            or_none(conditional_level(number("chance"), number("rate")).map(|level| level.share()))
        }
        "rate from" => interval().low.to_string(),
        "rate to" => interval().high.to_string(),
        _ => return None,
    })
}
