//! Files, folders and globs as a list of files.

use super::raw::Kind;
use super::registry::told_by_name;
use crate::fault::{Error, Fault, Place, Result};
use std::path::Path;

/// Ends of the names that a folder is searched for; checksums and notes may lie beside them.
const TABLES: [&str; 7] = ["csv", "zip", "parquet", "pq", "feather", "arrow", "ipc"];

/// All files that `paths` name, those of a folder or glob in the order of their names.
pub(super) fn expand(paths: &[String]) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for path in paths {
        files.extend(one(path)?);
    }
    Ok(files)
}

fn one(path: &str) -> Result<Vec<String>> {
    let files = if Path::new(path).is_dir() {
        folder(path)?
    } else if path.contains(['*', '?', '[']) && !Path::new(path).exists() {
        matches(path)?
    } else {
        return Ok(vec![path.to_owned()]);
    };
    if files.is_empty() {
        let accepted = format!("a folder or glob with files that end in {}", TABLES.join(", "));
        return Err(Fault::new(Place::file(path), "no file to read").accepted(accepted).into());
    }
    one_kind(path, &files)?;
    Ok(files)
}

fn folder(path: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(Error::io("list", path))? {
        let file = entry.map_err(Error::io("list", path))?.path();
        if file.is_file() && is_table(&file) {
            files.push(file.display().to_string());
        }
    }
    files.sort();
    Ok(files)
}

fn matches(pattern: &str) -> Result<Vec<String>> {
    let bad = |error: glob::PatternError| {
        let problem = format!("not a glob: {}", error.msg);
        Fault::new(Place::default(), problem).found(pattern).accepted("*, ? and [a-z] in a path")
    };
    let mut files = Vec::new();
    for entry in glob::glob(pattern).map_err(bad)? {
        let file = entry.map_err(|error| {
            let path = error.path().to_owned();
            Error::Io { action: "list", path, source: error.into() }
        })?;
        if file.is_file() && is_table(&file) {
            files.push(file.display().to_string());
        }
    }
    files.sort();
    Ok(files)
}

fn is_table(file: &Path) -> bool {
    let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
    TABLES.iter().any(|table| table.eq_ignore_ascii_case(end))
}

/// A folder whose names speak of several kinds is not one series.
fn one_kind(path: &str, files: &[String]) -> Result<()> {
    let kind = |file: &String| told_by_name(file).unwrap_or(Kind::Trade);
    let other = files.iter().find(|file| kind(file) != kind(&files[0]));
    let Some(other) = other else { return Ok(()) };
    let name = |file: &String| format!("{file} ({})", kind(file));
    Err(Fault::new(Place::file(path), "folder or glob that mixes kinds")
        .found(format!("{}, {}", name(&files[0]), name(other)))
        .accepted("files of one kind; name them one by one or by a narrower glob")
        .into())
}
