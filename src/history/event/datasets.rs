//! `MANIFEST.csv`: which dataset each source series was gathered from, and its SHA-256.

use super::about::Origin;
use super::shipped::hex;
use super::source::Name;
use crate::fault::{Error, Fault, Place, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The manifest beside a folder of source series, or nothing.
pub(super) struct Datasets {
    folder: PathBuf,
    stated: BTreeMap<String, Stated>,
}

struct Stated {
    dataset: String,
    sha256: String,
}

impl Datasets {
    pub fn beside(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().map_err(Error::io("read", folder))?;
        let manifest = folder.with_file_name("MANIFEST.csv");
        let stated = if manifest.exists() { read(&manifest)? } else { BTreeMap::new() };
        Ok(Self { folder, stated })
    }

    /// # Errors
    /// The bytes are not those that the manifest states.
    pub fn origin(&self, name: &Name, file: &str, bytes: &[u8]) -> Result<Origin> {
        let sha256 = hex(&Sha256::digest(bytes));
        let event = self.folder.file_name().unwrap_or_default().to_string_lossy();
        let stated = self.stated.get(&format!("{event}/{file}"));
        if let Some(other) = stated.filter(|stated| stated.sha256 != sha256) {
            let place = Place::file(self.folder.join(file));
            return Err(Fault::new(place, "SHA-256 is not the one that MANIFEST.csv states")
                .found(sha256)
                .accepted(&other.sha256)
                .into());
        }
        Ok(Origin {
            figures: name.figures,
            interval: name.interval.map(|interval| interval.to_string()),
            rows: 0,
            missing_hours: None,
            moved_opens: 0,
            dataset: stated.map_or(file, |stated| &stated.dataset).to_owned(),
            sha256,
        })
    }
}

fn read(manifest: &Path) -> Result<BTreeMap<String, Stated>> {
    let broken = |error: csv::Error| Fault::new(Place::file(manifest), error.to_string());
    let mut reader = csv::Reader::from_path(manifest).map_err(broken)?;
    let header = reader.headers().map_err(broken)?;
    let column = |name| header.iter().position(|column| column == name);
    let (Some(file), Some(source), Some(sha256)) =
        (column("file"), column("source"), column("sha256"))
    else {
        let place = Place::file(manifest).at(1, 1);
        return Err(Fault::new(place, "wrong columns").accepted("file, source, sha256").into());
    };
    let mut stated = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let of = |field: usize| record[field].to_owned();
        stated.insert(of(file), Stated { dataset: of(source), sha256: of(sha256) });
    }
    Ok(stated)
}
