//! A story for the terminal.

use super::line::{Line, lines};
use super::{Story, sentence};
use crate::history::rfc3339;
use crate::money::Price;

const HEAD: [&str; 7] = ["time (UTC)", "bar", "event", "", "liquidation", "bankruptcy", "rules"];

/// A table of what happened between two sentences.
pub fn text(story: &Story) -> String {
    let lines = lines(story);
    let mut rows = vec![HEAD.map(str::to_owned)];
    let mut before = None;
    for line in &lines {
        rows.push(row(story, line, before));
        before = Some(line);
    }
    let table = aligned(&rows).join("\n");
    let confirmed = match story.confirmed {
        true => "The report's own row says the same.",
        false => "The run wrote no rows to compare this with.",
    };
    let heading = sentence::heading(story);
    format!("{heading}.\n\n{table}\n\n{} {confirmed}", sentence::conclusion(story))
}

/// Time and bar are told once for all that happens in a bar, prices when they have moved.
fn row(story: &Story, line: &Line, before: Option<&Line>) -> [String; 7] {
    let new_bar = before.is_none_or(|before| before.bar != line.bar);
    let once = |text: String| if new_bar { text } else { String::new() };
    let moved = before.is_none_or(|before| before.levels != line.levels);
    let level = |price: Option<Price>| match price {
        _ if !moved => String::new(),
        Some(price) => story.price(price),
        None => "none".to_owned(),
    };
    let stamp = rfc3339(line.time).replace('T', " ");
    let second = stamp.trim_end_matches('Z');
    [
        once(second.strip_suffix(":00").unwrap_or(second).to_owned()),
        once(line.bar.to_string()),
        line.event.to_owned(),
        line.text.clone(),
        level(line.levels.liquidation),
        level(line.levels.bankruptcy),
        line.rules.join(" "),
    ]
}

fn aligned(rows: &[[String; 7]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..7).map(|column| width(column).unwrap_or_default()).collect();
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (text, width))| match column {
            1 | 4 | 5 => format!("{text:>width$}"),
            _ => format!("{text:<width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
