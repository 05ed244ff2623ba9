//! `deleverage venues check FILE`: for people who write their own rules.

use super::show;
use crate::cli::out;
use crate::fault::Result;
use crate::venue::{VenueRules, check_file};
use std::path::Path;

/// Prints what the file holds and which of it was neither read in code nor in documentation.
///
/// # Errors
/// The first fault of the file.
pub(super) fn check(file: &Path) -> Result<()> {
    let rules = check_file(file)?;
    let Some(first) = rules.first() else {
        return out::line(format!("{}: no symbols", file.display()));
    };
    out::line(format!(
        "{}: rules of {} from {}, {} symbols: nothing is wrong",
        file.display(),
        first.name,
        first.valid_from,
        rules.len()
    ))?;
    out::line(show::brackets(&rules))?;
    warnings(&rules).iter().try_for_each(|warning| out::line(format!("warning: {warning}")))
}

/// The assumptions of all symbols, each once.
fn warnings(rules: &[VenueRules]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in rules.iter().flat_map(VenueRules::assumptions) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}
