//! The page of a validation: words by hand above a mark, tables of the runs below it.

use super::figure::{range, shown};
use super::picture::picture;
use super::{Compared, Found, csv, grade, kind, verdicts};
use crate::fault::{Error, Fault, Place, Result};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Everything below this line is what the runs say.
pub const MARK: &str = "<!-- From here on made of runs; just validate -->\n";
const TITLE: &str = "# Validation\n\n";

/// Whether a page may be written there; touches nothing.
///
/// # Errors
/// The page is there and has no mark.
pub fn check(page: &Path) -> Result<()> {
    words(page).map(drop)
}

/// Writes all that is made of the rows: the page, and a table for scripts beside it under the same
/// name. Words that somebody wrote above the mark stay. Each file is written beside its place and
/// renamed into it. So is a picture of what is not arithmetic.
///
/// # Errors
/// The page is there and has no mark; the folder cannot be written to.
pub fn write(rows: &[Compared], page: &Path) -> Result<()> {
    let words = words(page)?;
    let text = format!("{words}{MARK}\n{}", below(rows));
    put(page, text.as_bytes())?;
    put(&page.with_extension("csv"), &csv(rows)?)?;
    match picture(rows, "validation.png")? {
        Some((_, png)) => put(&page.with_extension("png"), &png),
        None => Ok(()),
    }
}

/// What stands above the mark.
fn words(page: &Path) -> Result<String> {
    let text = match std::fs::read_to_string(page) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(TITLE.to_owned()),
        read => read.map_err(Error::io("read", page))?,
    };
    match text.split_once(MARK) {
        Some((words, _)) => Ok(words.to_owned()),
        None => Err(Fault::new(Place::file(page), "not a page of a validation, and left alone")
            .accepted(format!("a page with the line {}, or none yet", MARK.trim_end()))
            .into()),
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let parent = parent.unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".deleverage-");
    #[cfg(unix)]
    {
        // For others to read; the process's umask still applies.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(parent).map_err(Error::io("create a file in", parent))?;
    file.write_all(bytes).map_err(Error::io("write", path))?;
    file.persist(path).map_err(|error| Error::io("rename a file to", path)(error.error))?;
    Ok(())
}

fn below(rows: &[Compared]) -> String {
    let mut text = format!("{}\n\n", verdicts(rows));
    text += "| step | scenario | figure | | truth | agrees | run | low … high | |\n";
    text += "|---|---|---|---|---|---|---|---|---|\n";
    rows.iter().for_each(|row| figure(&mut text, row));
    text += "\n## Where the truths and the bands come from\n\n";
    text += "| step | scenario | figure | grade | source | band |\n|---|---|---|---|---|---|\n";
    rows.iter().for_each(|row| source(&mut text, row));
    text
}

fn figure(text: &mut String, row: &Compared) {
    let (low, high) = row.truth.ends();
    let (from, to) = row.truth.agrees(row.band);
    let truth = format!("{} {}", range(low, high), row.unit);
    let (value, span) = match &row.found {
        Found::Measured(measured) => {
            (shown(measured.value), range(Some(measured.low), Some(measured.high)))
        }
        Found::NotRun(_) => (String::new(), String::new()),
    };
    let cells = [
        &format!("V{}", row.step),
        &row.scenario,
        &row.figure,
        kind(row),
        truth.trim_end(),
        &range(from, to),
        &value,
        &span,
        &row.told(),
    ];
    line(text, &cells);
}

fn source(text: &mut String, row: &Compared) {
    let step = format!("V{}", row.step);
    line(text, &[&step, &row.scenario, &row.figure, grade(row.grade), &row.source, &row.band_from]);
}

/// A bar inside a cell would end it.
fn line(text: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    // Writing to a text cannot fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_its_own_is_written_over() {
        let home = tempfile::tempdir().unwrap();
        let page = home.path().join("deep").join("page.md");
        write(&[], &page).unwrap();
        let first = std::fs::read_to_string(&page).unwrap();
        assert!(first.starts_with(TITLE));
        std::fs::write(&page, format!("Words.\n\n{MARK}old")).unwrap();
        write(&[], &page).unwrap();
        let second = std::fs::read_to_string(&page).unwrap();
        assert!(second.starts_with("Words.\n") && !second.contains("old"));
        std::fs::write(&page, "years of work").unwrap();
        assert!(write(&[], &page).is_err());
        assert_eq!(std::fs::read_to_string(&page).unwrap(), "years of work");
        assert_eq!(std::fs::read_dir(page.parent().unwrap()).unwrap().count(), 2);
    }
}
