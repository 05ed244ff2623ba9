//! The files of the repository, as paths from its root.

use std::fs;
use std::path::Path;

/// Made by machines or by runs, and ignored by git.
const MADE: [&str; 6] =
    [".git", "target", "reports", "fuzz/target", "fuzz/corpus", "fuzz/artifacts"];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the repository, in the order of the alphabet.
pub fn files(below: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(below), &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = relative(&path);
        if MADE.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(name);
        }
    }
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

pub fn rust(below: &str) -> Vec<String> {
    files(below).into_iter().filter(|file| file.ends_with(".rs")).collect()
}

/// Rust files of the package: what ships, what tests it, what times it.
pub fn all_rust() -> Vec<String> {
    ["src", "tests", "benches"].iter().flat_map(|folder| rust(folder)).collect()
}

/// `None` for a file that is not text.
pub fn text(file: &str) -> Option<String> {
    fs::read_to_string(root().join(file)).ok()
}

/// The text of a file that must be there.
pub fn read(file: &str) -> String {
    text(file).unwrap_or_else(|| panic!("{file} is missing, or not UTF-8 text"))
}
