//! Results go to stdout.

use crate::fault::{Error, Result};
use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};

/// Prints a result and a line end. A reader that has gone away (`| head`) is not a failure.
///
/// # Errors
/// stdout cannot be written to.
pub fn line(text: impl Display) -> Result<()> {
    match writeln!(stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::io("write to", "stdout")(error))
        }
        _ => Ok(()),
    }
}

/// Prints a value as indented JSON.
///
/// # Errors
/// stdout cannot be written to.
pub fn json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::io("write to", "stdout")(error.into()))?;
    line(text)
}
