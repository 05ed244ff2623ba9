//! `deleverage data tabulate`: source series → a table of hourly figures.

use super::out;
use crate::fault::Result;
use crate::history::event::{self, Tables, Words};
use crate::history::rfc3339;
use std::path::PathBuf;

/// Brings the series of one crash to hours and writes them as a table with their sources.
#[derive(Debug, clap::Args)]
pub struct TabulateArgs {
    /// Folder of series such as `binance-um-BTCUSDT-trade-1m.csv`.
    pub source: PathBuf,
    /// Name of the event, and of the folder that is written.
    #[arg(long, value_name = "NAME")]
    pub event: String,
    /// Folder that receives the event's folder.
    #[arg(long, value_name = "DIR", default_value = "data/events")]
    pub out: PathBuf,
    /// What the crash is called; both texts default to those of the table that is replaced.
    #[arg(long, requires = "sentence")]
    pub title: Option<String>,
    /// What happened, in one sentence.
    #[arg(long, requires = "title")]
    pub sentence: Option<String>,
}

/// # Errors
/// Whatever [`event::tabulate`] refuses, and a table that cannot be written.
pub fn tabulate(args: &TabulateArgs) -> Result<()> {
    let words = match (&args.title, &args.sentence) {
        (Some(title), Some(sentence)) => Words { title: title.clone(), sentence: sentence.clone() },
        _ => Words::of(&args.out, &args.event)?,
    };
    let tables = event::tabulate(&args.source, &args.event, &words)?;
    let folder = tables.write(&args.out)?;
    report(&tables);
    out::line(folder.display())?;
    Ok(())
}

fn report(tables: &Tables) {
    let about = &tables.about;
    eprintln!("{} … {}", rfc3339(about.first), rfc3339(about.last));
    for instrument in &about.instruments {
        for origin in &instrument.origins {
            let missing = origin.missing_hours.filter(|&hours| hours > 0);
            let gaps = missing.map(|hours| format!(", {hours} hours missing")).unwrap_or_default();
            eprintln!("{instrument} {}: {} rows{gaps}", origin.figures.name(), origin.rows);
        }
    }
    for reason in &about.left_out {
        eprintln!("left out: {reason}");
    }
}
