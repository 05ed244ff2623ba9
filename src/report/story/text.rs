//! A story for the terminal.

use super::line::{Line, lines};
use super::{Story, sentence};
use crate::history::rfc3339;
use crate::money::Price;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};

const HEAD: [&str; 7] = ["time (UTC)", "bar", "event", "", "liquidation", "bankruptcy", "rules"];
/// Where rules stand, and how wide: two of them beside each other.
const RULES: (usize, u16) = (6, 17);
/// Columns of the terminal that it is made for.
const WIDTH: u16 = 120;

/// A table of what happened between two sentences.
pub fn text(story: &Story) -> String {
    let lines = lines(story);
    let mut rows = table();
    rows.set_header(HEAD);
    for number in ["bar", "liquidation", "bankruptcy"] {
        let column = HEAD.iter().position(|name| *name == number);
        if let Some(column) = column.and_then(|column| rows.column_mut(column)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if let Some(column) = rows.column_mut(RULES.0) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(RULES.1)));
    }
    let mut before = None;
    for line in &lines {
        rows.add_row(row(story, line, before));
        before = Some(line);
    }
    let confirmed = match story.confirmed {
        true => "The report's own row says the same.",
        false => "The run wrote no rows to compare this with.",
    };
    let mut end = table();
    end.add_row([format!("{} {confirmed}", sentence::rough_conclusion(story))]);
    let heading = sentence::heading(story);
    format!("{heading}\n\n{}\n\n{}", trimmed(&rows), trimmed(&end))
}

pub fn table() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table
}

/// Without the space before the first column, and that behind the last.
pub fn trimmed(table: &Table) -> String {
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// Time and bar are told once for all that happens in a bar, prices when they have moved.
fn row(story: &Story, line: &Line, before: Option<&Line>) -> [String; 7] {
    let new_bar = before.is_none_or(|before| before.bar != line.bar);
    let once = |text: String| if new_bar { text } else { String::new() };
    let moved = before.is_none_or(|before| before.levels != line.levels);
    let level = |price: Option<Price>| match price {
        _ if !moved => String::new(),
        Some(price) => story.rough(price),
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
