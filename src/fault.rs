//! What is wrong with an input, and where.
//!
//! Every reader in the crate (histories, venues, scenarios, command line) reports through
//! [`Fault`]: file, line, column, the offending text and what would have been accepted.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where in the input a fault lies. Lines and columns count from 1; `None` where a place has none
/// (a binary column, a missing key).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    pub file: String,
    pub line: Option<u64>,
    pub column: Option<u64>,
}

impl Place {
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self { file: path.as_ref().display().to_string(), line: None, column: None }
    }

    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        Ok(())
    }
}

/// One mistake in an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    /// What is wrong, in a few words.
    pub problem: String,
    /// The offending text, empty where something is missing altogether.
    pub found: String,
    /// What would have been accepted.
    pub accepted: String,
}

impl Fault {
    pub fn new(place: Place, problem: impl Into<String>) -> Self {
        Self { place, problem: problem.into(), found: String::new(), accepted: String::new() }
    }

    /// The same, said of one of several things.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        self.problem = format!("{what}: {}", self.problem);
        self
    }

    #[must_use]
    pub fn found(mut self, text: impl fmt::Display) -> Self {
        self.found = text.to_string();
        self
    }

    #[must_use]
    pub fn accepted(mut self, what: impl Into<String>) -> Self {
        self.accepted = what.into();
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.file.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.problem)?;
        if !self.found.is_empty() {
            write!(f, ": found `{}`", self.found)?;
        }
        if !self.accepted.is_empty() {
            write!(f, "; accepted: {}", self.accepted)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Input(Box<Fault>),
    #[error("cannot {action} {path}: {source}")]
    Io { action: &'static str, path: PathBuf, source: std::io::Error },
    /// Ctrl-C: nothing was written.
    #[error("interrupted: nothing was written")]
    Interrupted,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Input(Box::new(fault))
    }
}

impl Error {
    /// For `map_err`: names what was tried on which path.
    pub fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_prints_place_problem_text_and_remedy() {
        let fault = Fault::new(Place::file("a.csv").at(3, 7), "not a price")
            .found("abc")
            .accepted("a decimal number above 0");
        assert_eq!(
            fault.to_string(),
            "a.csv:3:7: not a price: found `abc`; accepted: a decimal number above 0"
        );
    }
}
