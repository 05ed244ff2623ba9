//! The `deleverage` command: parse, run, print the error, exit.

use clap::Parser;
use deleverage::cli::{self, Cli};
use std::process::ExitCode;

/// Bad input, a full disk, Ctrl-C: nothing was written.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    cli::run(&Cli::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(FAILED)
    })
}
