//! Where parsed price files are kept: what was typed, and what the environment says.

use crate::history::Cache;
use clap::Args;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names the folder of the cache, or is `off`.
const VARIABLE: &str = "DELEVERAGE_CACHE";
const OFF: &str = "off";
/// What the cache is called in the user's folder of caches.
const NAME: &str = "deleverage";

/// Whether price files that were parsed before are parsed again.
#[derive(Debug, Args)]
pub struct Caching {
    /// Parse all price files anew and keep none of them parsed. Otherwise they are kept in
    /// DELEVERAGE_CACHE, a folder or `off`; default: deleverage in the user's folder of caches
    #[arg(long)]
    no_cache: bool,
}

impl Caching {
    /// `None`: files are parsed anew.
    pub fn cache(&self) -> Option<Cache> {
        match self.no_cache {
            true => None,
            false => folder(&|name| env::var_os(name)).map(Cache::in_folder),
        }
    }
}

/// The folder that the environment asks for; an empty variable counts as none.
fn folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    match set(VARIABLE) {
        Some(value) if value == OFF => None,
        Some(value) => Some(value.into()),
        None => usual(&|name| set(name).map(PathBuf::from)).map(|caches| caches.join(NAME)),
    }
}

/// The user's folder of caches. The XDG Base Directory Specification 0.8 says that a relative path
/// is to be ignored.
fn usual(path: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
    let below_home = |folder: &Path| absolute("HOME").map(|home| home.join(folder));
    if cfg!(windows) {
        return absolute("LOCALAPPDATA");
    }
    absolute("XDG_CACHE_HOME").or_else(|| {
        let caches = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        below_home(Path::new(caches))
    })
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    fn folder_with(variables: &[(&str, &str)]) -> Option<PathBuf> {
        folder(&|name| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_environment_names_the_folder() {
        let home = ("HOME", "/h");
        assert_eq!(folder_with(&[home]), Some("/h/.cache/deleverage".into()));
        let caches = ("XDG_CACHE_HOME", "/c");
        assert_eq!(folder_with(&[home, caches]), Some("/c/deleverage".into()));
        let own = (VARIABLE, "own");
        assert_eq!(folder_with(&[home, caches, own]), Some("own".into()));
        assert_eq!(folder_with(&[home, caches, (VARIABLE, "off")]), None);
        let relative = ("XDG_CACHE_HOME", "c");
        assert_eq!(folder_with(&[home, relative]), Some("/h/.cache/deleverage".into()));
        assert_eq!(folder_with(&[home, (VARIABLE, "")]), Some("/h/.cache/deleverage".into()));
        assert_eq!(folder_with(&[]), None);
    }
}
