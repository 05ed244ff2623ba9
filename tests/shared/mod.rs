//! Where real histories and printed figures lie, outside the repository.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::io::Write;
use std::path::{Path, PathBuf};

/// The shared folder: beside the repository, or where `DELEVERAGE_SHARED` says.
pub fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let named = std::env::var_os("DELEVERAGE_SHARED").map(PathBuf::from);
    let found = [named, Some(beside)].into_iter().flatten().find(|path| path.is_dir());
    if found.is_none() {
        // Past the test harness, which would keep a passing test's words to itself.
        let _ = writeln!(std::io::stderr(), "skipped: no shared data");
    }
    found
}

/// Its price histories.
pub fn data() -> Option<PathBuf> {
    folder().map(|folder| folder.join("data"))
}
