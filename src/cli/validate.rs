//! `deleverage validate`.

use super::cache::Caching;
use super::out;
use super::study::{CANCEL, Watch};
use crate::fault::{Fault, Place, Result};
use crate::report::validation::{self, Compared, Found, shown};
use crate::run::{Terms, validate};
use crate::scenario::{self, Scenario};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use std::path::PathBuf;

/// Columns of a wide terminal; the table is also read in pipes, which have no width.
const WIDTH: u16 = 132;

/// What was typed after `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// Scenario files with `[[expect]]`; `scenarios/README.md` explains the keys
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Page to renew, and a CSV of the same name beside it; words above its mark stay
    #[arg(long, value_name = "FILE.md")]
    out: Option<PathBuf>,
    /// At most so many worlds of each exchange; default: as many as its scenario says
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    worlds: Option<u32>,
    /// Threads; default: one per core. The results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Exit with 1 where a prediction misses, or a figure was not run
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    caching: Caching,
    /// Print the rows as JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs each scenario and compares its figures; whether a stated limit was breached.
///
/// # Errors
/// Scenarios or inputs that do not read, a page that cannot be written, Ctrl-C.
pub fn run(args: &ValidateArgs) -> Result<bool> {
    let read = |path: &PathBuf| expecting(path);
    let scenarios: Vec<Scenario> = args.scenarios.iter().map(read).collect::<Result<_>>()?;
    if let Some(page) = &args.out {
        validation::check(page)?;
    }
    // Refused only when a handler is set already; Ctrl-C then ends the process as before.
    let _ = ctrlc::set_handler(|| CANCEL.request());
    let terms = Terms {
        worlds: args.worlds,
        threads: args.threads.map(usize::from),
        cache: args.caching.cache(),
    };
    let mut rows = Vec::new();
    for scenario in &scenarios {
        rows.extend(validate(scenario, &terms, (&Watch::new(unit(scenario)), &CANCEL))?);
    }
    rows.sort_by_key(|row| row.step);
    if let Some(page) = &args.out {
        validation::write(&rows, page)?;
    }
    match args.json {
        true => out::json(&validation::json(&rows))?,
        false => out::line(format!("{}\n{}", table(&rows), validation::verdicts(&rows)))?,
    }
    Ok(args.strict && rows.iter().any(|row| row.is_miss() || row.verdict().is_none()))
}

/// A scenario that expects nothing was named by mistake.
fn expecting(path: &PathBuf) -> Result<Scenario> {
    let scenario = scenario::read(path, &[])?;
    let count = match &scenario {
        Scenario::Leverage(study) => study.expect.len(),
        Scenario::Exchange(study) => study.expect.len(),
        Scenario::Fund(_) => return Err(scenario.is_not("leverage, exchange").into()),
    };
    match count {
        0 => Err(Fault::new(Place::file(path), "nothing is expected of it")
            .accepted("a scenario with [[expect]]")
            .into()),
        _ => Ok(scenario),
    }
}

fn unit(scenario: &Scenario) -> &'static str {
    match scenario {
        Scenario::Leverage(_) => "position",
        Scenario::Exchange(_) | Scenario::Fund(_) => "world",
    }
}

fn table(rows: &[Compared]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(["step", "scenario", "figure", "truth", "run", "low … high", ""]);
    for row in rows {
        table.add_row(cells(row));
    }
    table
}

fn cells(row: &Compared) -> [String; 7] {
    let (low, high) = row.truth.ends();
    let (value, span) = match &row.found {
        Found::Measured(measured) => {
            (shown(measured.value), validation::range(Some(measured.low), Some(measured.high)))
        }
        Found::NotRun(_) => (String::new(), String::new()),
    };
    [
        format!("V{}", row.step),
        row.scenario.clone(),
        row.figure.clone(),
        format!("{} {}", validation::range(low, high), row.unit),
        value,
        span,
        row.told(),
    ]
}
