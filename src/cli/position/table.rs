//! A resolved position for a terminal of 100 columns.

use super::Case;
use super::formulas::{self, Line};
use super::sentences::sentences;
use super::values::{contract, text as figure};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

const COLUMNS: u16 = 100;
/// What is left of them beside name and a figure without a unit.
const FORMULA: usize = 58;

pub(super) fn text(case: &Case<'_>) -> String {
    let mut rows = table();
    for Line { name, figure, formula } in formulas::lines(case) {
        rows.add_row([name.to_owned(), figure, broken(formula)]);
    }
    let mut told = table();
    for sentence in sentences(case) {
        told.add_row([sentence]);
    }
    format!("{}\n{}\n\n{}", heading(case), rows.trim_fmt(), told.trim_fmt())
}

/// A long formula has its numbers on a line of their own, a long quotient each of its parts.
fn broken(formula: String) -> String {
    if formula.chars().count() <= FORMULA {
        return formula;
    }
    let Some((symbols, numbers)) = formula.split_once(" = ") else { return formula };
    let parts = match numbers.chars().count() + 2 > FORMULA {
        true => numbers.replacen(") / (", ")\n/ (", 1),
        false => numbers.to_owned(),
    };
    format!("{symbols}\n= {parts}")
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(COLUMNS);
    table
}

fn heading(case: &Case<'_>) -> String {
    let Case { args, resolved, .. } = case;
    let of = match (&resolved.rules, args.maintenance) {
        (Some(rules), None) => {
            format!("{} on {}, rules of {}", rules.symbol, rules.name, rules.valid_from)
        }
        (Some(rules), Some(rate)) => {
            format!("{} on {}, maintenance replaced by {rate}", rules.symbol, rules.name)
        }
        (None, _) => "explicit rules".to_owned(),
    };
    let (mode, contract) = (args.mode.name(), contract(resolved.leg.contract));
    format!("{} {}x, {mode}, {contract}: {of}", args.side, figure(resolved.leverage))
}
