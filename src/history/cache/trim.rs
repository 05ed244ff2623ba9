//! Keeps a cache within its limit.

use super::entry::PART;
use super::name::Name;
use std::fs::{self, DirEntry, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// An unfinished entry older than this was left by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes the entries that were used least recently until the others fit. Two processes that do
/// so at once remove the same entries; one that reads an entry meanwhile reads it to its end, or
/// parses the file.
pub fn to_limit(folder: &Path, limit: u64) {
    let mut entries = Vec::new();
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(about) = file.metadata() else { continue };
        let name = file.file_name();
        let name = name.to_str().unwrap_or_default();
        if Name::parse(name).is_some() {
            entries.push(Entry::of(&file, &about));
        } else if name.ends_with(PART) && is_abandoned(&about) {
            remove(&file.path());
        }
    }
    entries.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
    let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
    for entry in entries {
        if total <= limit {
            return;
        }
        remove(&entry.path);
        total -= entry.bytes;
    }
}

struct Entry {
    used: SystemTime,
    path: PathBuf,
    bytes: u64,
}

impl Entry {
    fn of(file: &DirEntry, about: &Metadata) -> Self {
        let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Self { used, path: file.path(), bytes: about.len() }
    }
}

fn is_abandoned(about: &Metadata) -> bool {
    let age = about.modified().ok().and_then(|time| time.elapsed().ok());
    age.is_some_and(|age| age > ABANDONED)
}

/// Another process may have been faster, or the folder may only be read.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
