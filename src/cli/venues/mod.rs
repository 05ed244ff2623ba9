//! `deleverage venues`: the rules that ship, side by side, and those of a file of one's own.

mod check;
mod compare;
mod list;
mod show;

use crate::fault::Result;
use crate::venue::{Confidence, VenueRules};
use clap::Subcommand;
use comfy_table::{ContentArrangement, Table, TableStyle, presets};
use jiff::civil::Date;

/// Columns that every table fits.
const WIDTH: u16 = 120;

#[derive(Debug, Subcommand)]
pub enum Venues {
    /// The venues that ship, their dates and symbols
    List {
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// The rules of a venue, with their sources; what is not from code or documentation is marked
    Show(show::ShowArgs),
    /// The ten choices that venues make, side by side
    Compare(compare::CompareArgs),
    /// Check a venue file of your own
    Check {
        /// A file as those in `data/venues`; `docs/venues.md` explains its keys
        #[arg(value_name = "FILE")]
        file: std::path::PathBuf,
    },
}

/// Does what was typed.
///
/// # Errors
/// An unknown venue or symbol, a day before a venue's first, a file that is refused.
pub fn venues(command: &Venues) -> Result<()> {
    match command {
        Venues::List { json: true } => list::json(),
        Venues::List { json: false } => list::list(),
        Venues::Show(args) => show::show(args),
        Venues::Compare(args) => compare::compare(args),
        Venues::Check { file } => check::check(file),
    }
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a date such as 2025-10-10 is accepted".to_owned())
}

/// A table whose cells have several lines: rules between the rows.
fn ruled(header: &[&str]) -> Table {
    table(presets::UTF8_HORIZONTAL_ONLY, header)
}

/// A table of one line a row.
fn plain(header: &[&str]) -> Table {
    table(presets::NOTHING, header)
}

fn table(style: TableStyle, header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(style)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(header.iter().copied());
    table
}

/// The symbol that stands for a venue: bitcoin where there is one.
fn leading(all: &[VenueRules]) -> Option<&VenueRules> {
    let bitcoin = |rules: &&VenueRules| rules.instrument.starts_with("BTC");
    let named = |rules: &&VenueRules| rules.instrument.starts_with("XBT");
    all.iter().rfind(bitcoin).or_else(|| all.iter().find(named)).or(all.first())
}

/// `observed *`: the star marks what was read neither in code nor in documentation.
fn known(confidence: Option<Confidence>) -> String {
    match confidence {
        Some(confidence) if confidence > Confidence::Docs => format!("{} *", confidence.word()),
        Some(confidence) => confidence.word().to_owned(),
        None => "–".to_owned(),
    }
}
