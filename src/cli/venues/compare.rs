//! `deleverage venues compare`: the ten choices, one row a venue.

use super::{day, leading, ruled};
use crate::cli::out;
use crate::fault::{Error, Result};
use crate::venue::{Choice, Confidence, VenueRules, rules_on, venues};
use clap::Args;
use jiff::civil::Date;
use std::ops::Range;

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Venues; all of them where none is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The day whose rules apply; default: the newest rules of each
    #[arg(long, value_parser = day)]
    date: Option<Date>,
    /// One row a venue, for machines
    #[arg(long)]
    csv: bool,
}

/// Choices about the liquidation itself, and about what follows from it.
const BLOCKS: [Range<usize>; 2] = [0..5, 5..10];
const LEGEND: &str = "* observed or assumed, not from code or documentation: \
                      `deleverage venues show NAME` says what is known";

pub(super) fn compare(args: &CompareArgs) -> Result<()> {
    let rules = leaders(args)?;
    if args.csv {
        return out::line(csv(&rules)?.trim_end());
    }
    for block in BLOCKS {
        out::line(format!("{}\n", side_by_side(&rules, block)))?;
    }
    out::line(LEGEND)
}

fn leaders(args: &CompareArgs) -> Result<Vec<VenueRules>> {
    let names = match args.names.as_slice() {
        [] => venues(None)?.into_iter().map(|venue| venue.name).collect(),
        named => named.to_vec(),
    };
    let mut leaders = Vec::new();
    for name in names {
        leaders.extend(leading(&rules_on(&name, args.date, None)?).cloned());
    }
    Ok(leaders)
}

fn side_by_side(rules: &[VenueRules], block: Range<usize>) -> comfy_table::Table {
    let choices: Vec<[Choice; 10]> = rules.iter().map(VenueRules::choices).collect();
    let names = choices.first().into_iter().flat_map(|of| &of[block.clone()]);
    let header: Vec<&str> = ["venue"].into_iter().chain(names.map(|of| of.name)).collect();
    let mut rows = ruled(&header);
    for (rules, choices) in rules.iter().zip(&choices) {
        let name = format!("{}\n{}", rules.name, rules.valid_from);
        rows.add_row([name].into_iter().chain(choices[block.clone()].iter().map(cell)));
    }
    rows
}

/// Each clause on a line of its own; that it is equity which is compared goes without saying.
fn cell(choice: &Choice) -> String {
    let guessed = choice.confidence.is_none_or(|confidence| confidence > Confidence::Docs);
    let clauses = choice.text.replace("equity ", "").replace(", ", "\n");
    format!("{clauses}{}", if guessed { "*" } else { "" })
}

fn csv(rules: &[VenueRules]) -> Result<String> {
    let failed = |error: csv::Error| Error::io("write", "the table")(error.into());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (number, rules) in rules.iter().enumerate() {
        let choices = rules.choices();
        if number == 0 {
            let names = choices.iter().map(|choice| choice.name.replace(' ', "_").to_lowercase());
            writer.write_record(columns().into_iter().chain(names)).map_err(failed)?;
        }
        let own = [rules.name.clone(), rules.valid_from.to_string(), rules.symbol.clone()];
        let texts = choices.into_iter().map(|choice| choice.text);
        writer.write_record(own.into_iter().chain(texts)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn columns() -> [String; 3] {
    ["venue", "valid_from", "symbol"].map(str::to_owned)
}
