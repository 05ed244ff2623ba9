//! Where a report goes: written beside its place, renamed into it.

use crate::fault::{Error, Fault, Place, Result};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What to do when the report's folder exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Refuse,
    /// An earlier report is replaced; any other folder is left alone.
    Replace,
}

/// A temporary folder on the same disk as the report's place. Dropped unplaced, it disappears.
#[derive(Debug)]
pub struct Shelf {
    temporary: TempDir,
    out: PathBuf,
}

/// What marks a folder as one of our reports.
const MARK: &str = "manifest.json";

impl Shelf {
    /// Whether a report may go there; touches nothing.
    ///
    /// # Errors
    /// The place is taken.
    pub fn check(out: &Path, existing: Existing) -> Result<()> {
        if out.exists() { may_replace(out, existing) } else { Ok(()) }
    }

    /// # Errors
    /// The place is taken, or the disk cannot be written to.
    pub fn open(out: &Path, existing: Existing) -> Result<Self> {
        Self::check(out, existing)?;
        let parent = match out.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        let temporary = folder_in(parent).map_err(Error::io("create a folder in", parent))?;
        Ok(Self { temporary, out: out.to_owned() })
    }

    pub fn folder(&self) -> &Path {
        self.temporary.path()
    }

    /// Renames the folder into place; an earlier report goes only after that.
    ///
    /// # Errors
    /// The rename fails: the earlier report is then still there.
    pub fn place(self) -> Result<PathBuf> {
        let earlier = self.out.exists().then(|| self.folder().with_extension("earlier"));
        if let Some(earlier) = &earlier {
            std::fs::rename(&self.out, earlier).map_err(Error::io("move", &self.out))?;
        }
        let renamed = std::fs::rename(self.folder(), &self.out);
        if let Some(earlier) = &earlier {
            match &renamed {
                Ok(()) => std::fs::remove_dir_all(earlier).map_err(Error::io("remove", earlier))?,
                Err(_) => std::fs::rename(earlier, &self.out)
                    .map_err(Error::io("move back", &self.out))?,
            }
        }
        renamed.map_err(Error::io("rename the report to", &self.out))?;
        let _ = self.temporary.keep(); // it is in its place now: nothing to clean up
        Ok(self.out)
    }
}

fn folder_in(parent: &Path) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".deleverage-");
    #[cfg(unix)]
    {
        // A report is for others to read; the process's umask still applies.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}

fn may_replace(out: &Path, existing: Existing) -> Result<()> {
    let place = Place::file(out);
    match existing {
        Existing::Refuse => Err(Fault::new(place, "this place is taken")
            .accepted(
                "a folder that does not exist yet (--out DIR), or --force to replace a report",
            )
            .into()),
        Existing::Replace if !out.join(MARK).is_file() => {
            Err(Fault::new(place, "this is not a report, and is left alone")
                .accepted(format!("a folder with a {MARK} in it, or one that does not exist"))
                .into())
        }
        Existing::Replace => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("deep").join("run");
        let shelf = Shelf::open(&out, Existing::Refuse).unwrap();
        std::fs::write(shelf.folder().join(MARK), "{}").unwrap();
        assert!(!out.exists());
        shelf.place().unwrap();
        assert!(out.join(MARK).is_file());
        let left: Vec<_> = std::fs::read_dir(out.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "only the report is left: {left:?}");
    }

    #[test]
    fn a_dropped_shelf_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        drop(Shelf::open(&home.path().join("run"), Existing::Refuse).unwrap());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn only_a_report_is_replaced_and_only_when_told() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("run");
        std::fs::create_dir(&out).unwrap();
        std::fs::write(out.join("thesis.txt"), "years of work").unwrap();
        assert!(Shelf::open(&out, Existing::Refuse).is_err());
        assert!(Shelf::open(&out, Existing::Replace).is_err());
        std::fs::write(out.join(MARK), "{}").unwrap();
        assert!(Shelf::open(&out, Existing::Refuse).is_err());
        let shelf = Shelf::open(&out, Existing::Replace).unwrap();
        shelf.place().unwrap();
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
