//! The bytes of a file, out of their archive and with their hash.

use super::text::without_mark;
use crate::fault::{Error, Fault, Place, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::read::ZipFile;

/// A member that unpacks to more than this is refused: no history is that large.
const LARGEST_MEMBER: u64 = 4 << 30;

/// A file's content as it lies on disk.
pub(super) struct Source {
    /// As the user named it.
    pub file: String,
    pub raw: Vec<u8>,
}

impl Source {
    pub fn open(file: &str) -> Result<Self> {
        let raw = std::fs::read(Path::new(file)).map_err(Error::io("read", file))?;
        Ok(Self { file: file.to_owned(), raw })
    }

    pub fn sha256(&self) -> String {
        in_hex(&Sha256::digest(&self.raw))
    }

    /// The table itself: the one member of a `.zip`, or the file as it is.
    pub fn table(&self) -> Result<std::borrow::Cow<'_, [u8]>> {
        if self.raw.starts_with(b"PK") {
            return unpack(&self.file, &self.raw).map(Into::into);
        }
        match is_empty(&self.raw) {
            true => Err(Fault::new(Place::file(&self.file), "empty file")
                .accepted("a table with at least one row")
                .into()),
            false => Ok(self.raw.as_slice().into()),
        }
    }
}

/// Bytes of a file that are looked at together: they stay in the processor's own cache.
const BLOCK: usize = 256 << 10;

/// The SHA-256 of a file, in hex, without holding it in memory.
pub(super) fn digest(file: &str) -> io::Result<String> {
    let mut digest = Sha256::new();
    in_blocks(&File::open(file)?, |block| digest.update(block))?;
    Ok(in_hex(&digest.finalize()))
}

/// Hands a file on from its beginning to its end.
pub(super) fn in_blocks(mut file: &File, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(count) => take(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn in_hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// No bytes, or nothing but a byte order mark and white space.
fn is_empty(bytes: &[u8]) -> bool {
    without_mark(bytes).iter().all(u8::is_ascii_whitespace)
}

fn unpack(file: &str, raw: &[u8]) -> Result<Vec<u8>> {
    let damaged = |error: &dyn std::fmt::Display| {
        Fault::new(Place::file(file), "truncated or corrupt zip")
            .found(error)
            .accepted("the archive as downloaded; fetch it again")
    };
    let mut archive = ZipArchive::new(Cursor::new(raw)).map_err(|error| damaged(&error))?;
    let member = only_table(file, &mut archive)?;
    let mut entry = archive.by_index(member).map_err(|error| damaged(&error))?;
    refuse_large(file, &entry)?;
    let mut table = Vec::new();
    let limit = LARGEST_MEMBER;
    entry.by_ref().take(limit).read_to_end(&mut table).map_err(|error| damaged(&error))?;
    if is_empty(&table) {
        return Err(Fault::new(Place::file(file), "empty file in the zip")
            .found(entry.name().unwrap_or_default())
            .accepted("a table with at least one row")
            .into());
    }
    Ok(table)
}

/// The index of the one file in the archive, folders aside.
fn only_table(file: &str, archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<usize> {
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map_or_else(|_| "?".to_owned(), |name| name.into_owned()))
        .collect();
    let is_table = |name: &&String| !name.ends_with('/');
    let tables: Vec<&str> = names.iter().filter(is_table).map(String::as_str).collect();
    match names.iter().position(|name| is_table(&name)) {
        Some(index) if tables.len() == 1 => Ok(index),
        _ => Err(Fault::new(Place::file(file), format!("zip with {} files", tables.len()))
            .found(tables[..tables.len().min(5)].join(", "))
            .accepted("a zip with one table, as the archive offers it")
            .into()),
    }
}

fn refuse_large<R: Read>(file: &str, entry: &ZipFile<'_, R>) -> Result<()> {
    if entry.size() <= LARGEST_MEMBER {
        return Ok(());
    }
    Err(Fault::new(Place::file(file), "zip member is too large")
        .found(format!("{} bytes", entry.size()))
        .accepted(format!("at most {LARGEST_MEMBER} bytes"))
        .into())
}
