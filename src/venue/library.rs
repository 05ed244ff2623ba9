//! Which venue files there are: a timeline of dated files per venue, built in or in a folder.

use crate::fault::{Error, Fault, Place, Result};
use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data/venues");

/// A dated file of a venue, not yet read.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// As messages name it.
    pub label: String,
    /// The venue whose folder it lies in.
    pub venue: String,
    /// The day that it is named after.
    pub valid_from: Date,
    holder: Holder,
}

#[derive(Debug, Clone)]
enum Holder {
    BuiltIn(&'static [u8]),
    Disk(PathBuf),
}

impl Entry {
    /// The text of the file.
    pub fn text(&self) -> Result<String> {
        let bytes = match &self.holder {
            Holder::BuiltIn(bytes) => bytes.to_vec(),
            Holder::Disk(path) => std::fs::read(path).map_err(Error::io("read", path))?,
        };
        text_of(bytes, &self.label)
    }
}

/// The text of a file named by its path.
pub(super) fn read_text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    text_of(bytes, &path.display().to_string())
}

fn text_of(bytes: Vec<u8>, label: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let problem = format!("not text: byte {offset} is not UTF-8");
        Fault::new(Place::file(label), problem).accepted("a TOML file in UTF-8").into()
    })
}

/// The file whose rules hold on a day: the latest that begins on it or before.
///
/// # Errors
/// If there is no such venue, or the day is before its first file.
pub(super) fn pick(name: &str, day: Date, folder: Option<&Path>) -> Result<Entry> {
    let mut timeline = timeline(name, folder)?;
    let Some(first) = timeline.keys().next().copied() else {
        let known: Vec<String> = names(folder)?.into_iter().collect();
        let fault = Fault::new(Place::default(), "no such venue").found(name);
        return Err(fault.accepted(known.join(", ")).into());
    };
    let latest = timeline.range(..=day).next_back().map(|(&date, _)| date);
    latest.and_then(|date| timeline.remove(&date)).ok_or_else(|| {
        let problem = format!("no rules of {name} are known before {first}");
        let remedy = format!("{first} or later: `as_of = \"{first}\"`, or `--date {first}`");
        Fault::new(Place::default(), problem).found(day).accepted(remedy).into()
    })
}

/// Names of all venues, those of the folder included.
pub(super) fn names(folder: Option<&Path>) -> Result<BTreeSet<String>> {
    let built_in = BUILT_IN.dirs().filter_map(|dir| dir.path().file_name());
    let mut all: BTreeSet<String> =
        built_in.map(|name| name.to_string_lossy().into_owned()).collect();
    for path in folder.map(list).transpose()?.unwrap_or_default() {
        if let Some(name) = path.file_name().filter(|_| path.is_dir()) {
            all.insert(name.to_string_lossy().into_owned());
        }
    }
    Ok(all)
}

/// All files of a venue by their first day; empty if there is no such venue. A venue of the folder
/// replaces the built-in one of the same name altogether.
pub(super) fn timeline(name: &str, folder: Option<&Path>) -> Result<BTreeMap<Date, Entry>> {
    let own = match folder {
        Some(folder) => list(folder)?.into_iter().find(|path| path.ends_with(name)),
        None => None,
    };
    let entries = match own.filter(|own| own.is_dir()) {
        Some(own) => on_disk(name, &own)?,
        None => built_in(name)?,
    };
    Ok(entries.into_iter().map(|entry| (entry.valid_from, entry)).collect())
}

fn built_in(name: &str) -> Result<Vec<Entry>> {
    let files = BUILT_IN.get_dir(name).map(Dir::files).into_iter().flatten();
    let entries = files.filter(|file| is_toml(file.path())).map(|file| {
        Ok(Entry {
            label: format!("data/venues/{}", file.path().display()),
            venue: name.to_string(),
            valid_from: day_of(file.path())?,
            holder: Holder::BuiltIn(file.contents()),
        })
    });
    entries.collect()
}

fn on_disk(name: &str, own: &Path) -> Result<Vec<Entry>> {
    let entries = list(own)?.into_iter().filter(|path| is_toml(path)).map(|path| {
        Ok(Entry {
            label: path.display().to_string(),
            venue: name.to_string(),
            valid_from: day_of(&path)?,
            holder: Holder::Disk(path),
        })
    });
    entries.collect()
}

/// Anything else in a venue's folder is a note for people.
fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// The day that a file is named after.
fn day_of(path: &Path) -> Result<Date> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.parse().map_err(|_| {
        let fault = Fault::new(Place::file(path), "a venue file is named after its first day");
        fault.found(&stem).accepted("a name such as 2024-08-01.toml").into()
    })
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("list", folder))?;
    let paths = entries.map(|entry| Ok(entry.map_err(Error::io("list", folder))?.path()));
    let mut paths = paths.collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
