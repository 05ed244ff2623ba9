//! The command line: what was typed, turned into what it means.

mod cache;
pub mod data_check;
pub mod data_facts;
pub mod data_fetch;
pub mod data_list;
pub mod data_tabulate;
mod explain;
mod out;
mod population;
mod position;
mod reverse;
mod size;
mod study;
mod validate;
mod venues;

use crate::fault::Result;
use crate::scenario;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A stated limit was breached, or a file has defects.
const BREACHED: u8 = 1;

/// Replays real market crashes over leveraged perpetual-futures positions.
#[derive(Debug, Parser)]
#[command(
    name = "deleverage",
    version,
    about,
    max_term_width = 100,
    after_help = "Exit code: 0 fine, 1 a stated limit was breached or a file has defects, 2 failure"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Replay a crash that ships: of positions in DIR, of an exchange in DIR-exchange
    Demo(study::DemoArgs),
    /// Run a scenario file and write its report
    Run(study::RunArgs),
    /// Compare figures of scenarios with what is known of them from elsewhere
    Validate(validate::ValidateArgs),
    /// How large the insurance fund of an exchange must be; exit code 1 where a target is breached
    Size(size::SizeArgs),
    /// How far one thing must be turned until the fund is exhausted, or another limit is reached
    Reverse(reverse::ReverseArgs),
    /// Draw the accounts of a scenario of an exchange and describe them
    Population(population::PopulationArgs),
    /// Margin, liquidation and bankruptcy price of one position, with the formulas
    Position(position::PositionArgs),
    /// One position, world or account of a finished run, event by event, each with its rule
    Explain(explain::ExplainArgs),
    /// Price histories: what ships, what a file holds, what can be downloaded
    #[command(subcommand)]
    Data(Data),
    /// The rules of the venues: dated, sourced, side by side
    #[command(subcommand)]
    Venues(venues::Venues),
    /// Print the JSON Schema of scenario files
    Schema,
}

#[derive(Debug, Subcommand)]
enum Data {
    /// The crashes that ship with the program
    List,
    /// Check price files: rows, span, gaps, defects; exit code 1 where there are defects
    Check {
        /// CSV, zip, Parquet or feather files
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Download from the exchange's public archive, verified by its checksums
    Fetch(data_fetch::FetchArgs),
    /// What paths that are made of a scenario's histories share with them, and may be used for
    Facts(data_facts::FactsArgs),
    /// Make the hourly tables of an event from a folder of finer histories
    Tabulate(data_tabulate::TabulateArgs),
}

/// Does what was typed.
///
/// # Errors
/// Whatever stops the command; the caller prints it and exits with 2.
pub fn run(cli: &Cli) -> Result<ExitCode> {
    match &cli.command {
        Command::Demo(args) => study::demo(args)?,
        Command::Run(args) => study::run(args)?,
        Command::Validate(args) => {
            if validate::run(args)? {
                return Ok(ExitCode::from(BREACHED));
            }
        }
        Command::Reverse(args) => reverse::reverse(args)?,
        Command::Size(args) => return size::size(args),
        Command::Population(args) => population::population(args)?,
        Command::Position(args) => position::position(args)?,
        Command::Explain(args) => explain::explain(args)?,
        Command::Data(Data::List) => data_list::list()?,
        Command::Data(Data::Check { files }) => {
            if data_check::check(files)? > 0 {
                return Ok(ExitCode::from(BREACHED));
            }
        }
        Command::Data(Data::Facts(args)) => data_facts::facts(args)?,
        Command::Data(Data::Fetch(args)) => data_fetch::fetch(args)?,
        Command::Data(Data::Tabulate(args)) => data_tabulate::tabulate(args)?,
        Command::Venues(command) => venues::venues(command)?,
        Command::Schema => out::json(&scenario::schema())?,
    }
    Ok(ExitCode::SUCCESS)
}
