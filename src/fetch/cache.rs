//! Verified files by their content.
//!
//! ```text
//! <root>/sha256/<first two digits>/<sha256>/<name>   content
//! <root>/index/<archive>/<path in the archive>       its SHA-256
//! <root>/part/<archive>/<path in the archive>.part   downloads that are not finished
//! ```

use super::checksum;
use crate::fault::{Error, Result};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

/// A file of one archive: the archive's name, and the path inside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address<'a> {
    pub archive: &'a str,
    pub path: &'a str,
}

impl Address<'_> {
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

impl Cache {
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where an unfinished download is kept.
    pub(super) fn part(&self, of: Address) -> PathBuf {
        self.root.join("part").join(of.archive).join(format!("{}.part", of.path))
    }

    /// The file, if it is here and still what it was.
    pub(super) fn find(&self, of: Address) -> Result<Option<PathBuf>> {
        let index = self.index(of);
        if !index.exists() {
            return Ok(None);
        }
        let hash = fs::read_to_string(&index).map_err(Error::io("read", &index))?;
        self.content(hash.trim(), of)
    }

    /// The file of this hash, if it is here; one that no longer has it is removed.
    pub(super) fn content(&self, hash: &str, of: Address) -> Result<Option<PathBuf>> {
        let file = self.place(hash, of);
        if !checksum::is_hash(hash) || !file.exists() {
            return Ok(None);
        }
        if checksum::of_file(&file).map_err(Error::io("read", &file))? == hash {
            return Ok(Some(file));
        }
        fs::remove_file(&file).map_err(Error::io("remove", &file))?;
        Ok(None)
    }

    /// Takes in a part whose hash has been verified.
    pub(super) fn admit(&self, hash: &str, of: Address) -> Result<PathBuf> {
        let (part, file) = (self.part(of), self.place(hash, of));
        create_parent(&file)?;
        fs::rename(&part, &file).map_err(Error::io("write", &file))?;
        self.enter(hash, of)?;
        Ok(file)
    }

    /// Writes the index entry of a file that is here.
    pub(super) fn enter(&self, hash: &str, of: Address) -> Result<()> {
        let index = self.index(of);
        let folder = create_parent(&index)?;
        let failed = || Error::io("write", &index);
        let mut entry = tempfile::NamedTempFile::new_in(folder).map_err(failed())?;
        writeln!(entry, "{hash}").map_err(failed())?;
        entry.persist(&index).map_err(|error| failed()(error.error))?;
        Ok(())
    }

    fn index(&self, of: Address) -> PathBuf {
        self.root.join("index").join(of.archive).join(of.path)
    }

    fn place(&self, hash: &str, of: Address) -> PathBuf {
        let shelf = hash.get(..2).unwrap_or_default();
        self.root.join("sha256").join(shelf).join(hash).join(of.name())
    }
}

/// Makes the folder that will hold `file`, and names it.
pub(super) fn create_parent(file: &Path) -> Result<&Path> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    Ok(folder)
}
