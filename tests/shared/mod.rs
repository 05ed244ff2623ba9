//! Where real histories lie, outside the repository.

use std::path::{Path, PathBuf};

/// The folder of shared data: beside the repository, or where `DELEVERAGE_SHARED_DATA` says.
pub fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let named = std::env::var_os("DELEVERAGE_SHARED_DATA").map(PathBuf::from);
    let found = [Some(beside), named].into_iter().flatten().find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: no shared data");
    }
    found
}
