//! `deleverage data check FILES…`: what files hold and what is wrong with them.

use super::out;
use crate::fault::Result;
use crate::history::{Extreme, Survey, rfc3339, survey};
use comfy_table::{CellAlignment, Table, presets::NOTHING};

/// Defects printed for one file; the table has the count of all.
const PRINTED: usize = 20;
const HEADER: [&str; 12] = [
    "file", "format", "kind", "rows", "first", "last", "interval", "gaps", "missing", "defects",
    "lowest", "highest",
];
/// Columns of figures, aligned to the right.
const FIGURES: [usize; 4] = [3, 7, 8, 9];

/// Prints one line for each file, then its defects; returns how many there are.
///
/// # Errors
/// A file that cannot be read from disk.
pub fn check(files: &[String]) -> Result<usize> {
    let surveys = files.iter().map(|file| survey(file)).collect::<Result<Vec<Survey>>>()?;
    out::line(table(&surveys))?;
    surveys.iter().try_for_each(list_defects)?;
    Ok(surveys.iter().map(|survey| survey.defect_count as usize).sum())
}

fn table(surveys: &[Survey]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(HEADER);
    for survey in surveys {
        table.add_row(row(survey));
    }
    for column in FIGURES {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(survey: &Survey) -> [String; 12] {
    let figure = |count: u64| survey.interval.map_or_else(none, |_| count.to_string());
    [
        survey.file.clone(),
        survey.format.map_or_else(none, str::to_owned),
        survey.kind.map_or_else(none, |kind| kind.to_string()),
        survey.rows.to_string(),
        survey.first.map_or_else(none, rfc3339),
        survey.last.map_or_else(none, rfc3339),
        survey.interval.map_or_else(none, |interval| interval.to_string()),
        figure(survey.gaps),
        figure(survey.missing),
        survey.defect_count.to_string(),
        survey.lowest.map_or_else(none, extreme),
        survey.highest.map_or_else(none, extreme),
    ]
}

fn none() -> String {
    "–".to_owned()
}

fn extreme(extreme: Extreme) -> String {
    format!("{} at {}", extreme.value, rfc3339(extreme.time))
}

fn list_defects(survey: &Survey) -> Result<()> {
    for fault in survey.defects.iter().take(PRINTED) {
        out::line(fault)?;
    }
    let printed = survey.defects.len().min(PRINTED) as u64;
    if survey.defect_count > printed {
        out::line(format!("{}: {} more defects", survey.file, survey.defect_count - printed))?;
    }
    Ok(())
}
