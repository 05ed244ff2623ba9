//! The answers in sentences: `summary.txt`, and the headline above each picture.

mod caveats;
mod frequency;
mod owed;
mod replay;
mod safe;

pub use frequency::{headline as frequency_headline, survival_headline};
pub use owed::{headline as owed_headline, rounded};
pub use replay::headline as replay_headline;

use super::Facts;
use super::chart::label;
use crate::history::rfc3339;
use crate::tally::Cell;

/// The whole of `summary.txt`.
pub fn summary(facts: &Facts) -> String {
    let safe = safe::section(facts);
    let safe = safe.map(|lines| section("How much leverage would have been safe?", lines));
    let sections = [
        vec![facts.study.title.clone(), scope(facts)],
        section("How often would I have been liquidated?", frequency::section(facts)),
        section("What would have saved me?", frequency::safest(facts)),
        safe.unwrap_or_default(),
        section("Is my margin gone?", vec![owed::margin(facts)]),
        section("Will I owe money?", owed::section(facts)),
        section("What this rests on", caveats::list(facts)),
    ];
    let told = sections.into_iter().filter(|lines| !lines.is_empty());
    told.map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n") + "\n"
}

pub fn section(title: &str, lines: Vec<String>) -> Vec<String> {
    let indented = lines.into_iter().map(|line| format!("  {line}"));
    std::iter::once(title.to_owned()).chain(indented).collect()
}

fn scope(facts: &Facts) -> String {
    let history = facts.history;
    let last = history.time.last().map(|open| open + history.interval.millis());
    format!(
        "{} under the rules of {} as of {}: {} of {} from {} to {}, {}.",
        history.symbol,
        facts.rules.name,
        facts.as_of,
        label::counted(history.len() as u64, "bar"),
        history.interval,
        history.time.first().copied().map_or_else(String::new, rfc3339),
        last.map_or_else(String::new, rfc3339),
        label::counted(facts.positions, "position"),
    )
}

/// `10x long held 24 h`.
fn name(facts: &Facts, cell: &Cell) -> String {
    let held = label::hours(facts.hours(cell.bars));
    format!("{} held {held}", short_name(cell))
}

/// `10x long`.
fn short_name(cell: &Cell) -> String {
    format!("{} {}", label::leverage(cell.leverage.to_f64()), cell.side)
}
