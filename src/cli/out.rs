//! Results go to stdout.

use crate::fault::{Error, Result};
use std::fmt::Display;
use std::io::{BufWriter, ErrorKind, Write, stdout};

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

/// Prints values one a line. A reader that has gone away ends it.
///
/// # Errors
/// stdout cannot be written to.
pub fn lines(values: impl Iterator<Item = impl Display>) -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for value in values {
        match writeln!(out, "{value}") {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(Error::io("write to", "stdout"))?,
        }
    }
    match out.flush() {
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
