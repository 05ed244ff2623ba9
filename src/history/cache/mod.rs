//! A folder of parsed files, so that a second run does not parse them again.
//!
//! What is kept is the [`Reading`] of one file: its columns of integers and where their cells
//! stand, after its own checks and before it is joined with others. Whatever is wrong with the
//! series together is therefore found anew each time, at the same line and column.
//!
//! A cache is never needed and never wrong: what cannot be read or written, or is not exactly what
//! was written, is done without. `docs/adr/0013-cache-of-parsed-files.md` says why it is as it is.

mod entry;
mod name;
mod trim;

use super::load::{Parsed, Wanted};
use super::raw::Reading;
use super::source;
use name::Name;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

/// A smaller file, some two hundred rows of text, is parsed as fast as its entry is found and read.
const USUAL_SMALLEST: u64 = 16 << 10;
/// What [`Cache::in_folder`] keeps at most: ten years of minutes of a dozen series.
const USUAL_LIMIT: u64 = 4 << 30;

/// Where parsed files are kept, and which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
    smallest: u64,
    limit: u64,
}

impl Cache {
    /// A cache in a folder, which is made when there is something to keep. Files of other names
    /// may lie there.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), smallest: USUAL_SMALLEST, limit: USUAL_LIMIT }
    }

    /// Keeps files of at least so many bytes, as they lie on disk.
    #[must_use]
    pub fn at_least(self, bytes: u64) -> Self {
        Self { smallest: bytes, ..self }
    }

    /// Keeps at most so many bytes in all. What was used least recently goes first.
    #[must_use]
    pub fn at_most(self, bytes: u64) -> Self {
        Self { limit: bytes, ..self }
    }

    /// The entries there are now.
    pub(super) fn open(&self) -> Opened<'_> {
        let found = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = found.filter_map(|entry| Name::parse(entry.file_name().to_str()?));
        Opened { cache: self, names: names.collect(), has_grown: AtomicBool::new(false) }
    }
}

/// A cache as one load sees it.
pub(super) struct Opened<'a> {
    cache: &'a Cache,
    names: BTreeSet<Name>,
    has_grown: AtomicBool,
}

impl Opened<'_> {
    /// What a file was parsed to before.
    pub fn find(&self, path: &str, wanted: &Wanted) -> Option<Parsed> {
        let bytes = self.worthwhile(path)?;
        let settings = name::settings(wanted);
        let candidates: Vec<&Name> = self.names_of(bytes, &settings).collect();
        // Usually there is one, which can be read while the file is being hashed.
        let likely = match candidates[..] {
            [] => return None,
            [one] => Some(one),
            _ => None,
        };
        let early = || likely.and_then(|name| self.read(name, path, wanted));
        let (digest, early) = rayon::join(|| source::digest(path), early);
        let sha256 = digest.ok()?;
        let name = candidates.into_iter().find(|name| name.sha256 == sha256)?;
        let read = match likely {
            Some(_) => early,
            None => self.read(name, path, wanted),
        };
        let (reading, format) = read?;
        Some(Parsed { reading, format, sha256, bytes })
    }

    fn names_of(&self, bytes: u64, settings: &str) -> impl Iterator<Item = &Name> {
        let first = Name::first(bytes, settings);
        self.names.range(first..).take_while(move |name| name.is_of(bytes, settings))
    }

    fn read(&self, name: &Name, path: &str, wanted: &Wanted) -> Option<(Reading, &'static str)> {
        let file = File::open(self.cache.folder.join(name.to_string())).ok()?;
        let found = entry::read(&file, name, &entry::Blank { path, kind: wanted.kind })?;
        // A folder that may only be read keeps its order of use.
        let _ = file.set_modified(SystemTime::now());
        Some(found)
    }

    /// Keeps what a file was parsed to, if it is worthwhile and there is room.
    pub fn keep(&self, mut parsed: Parsed, path: &str, wanted: &Wanted) -> Parsed {
        let fits = entry::size(&parsed.reading) <= self.cache.limit;
        if fits && self.worthwhile(path) == Some(parsed.bytes) {
            let settings = name::settings(wanted);
            if entry::write(&self.cache.folder, &mut parsed, &settings).is_some() {
                self.has_grown.store(true, Ordering::Relaxed);
            }
        }
        parsed
    }

    /// The size of a file that is large enough to be kept; a pipe has none.
    fn worthwhile(&self, path: &str) -> Option<u64> {
        let about = fs::metadata(path).ok()?;
        (about.is_file() && about.len() >= self.cache.smallest).then_some(about.len())
    }

    /// Ends the load: a cache that has grown is brought back to its limit.
    pub fn close(self) {
        if self.has_grown.into_inner() {
            trim::to_limit(&self.cache.folder, self.cache.limit);
        }
    }
}
