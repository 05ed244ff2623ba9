//! Facts and answers for a terminal of 120 columns.

use crate::history::{History, rfc3339};
use crate::paths::facts::{Answer, Fact, Functional, Known, Lack, Scale, Verdict};
use crate::report::chart::label;
use crate::run::{FactSheet, PATHS, Paths, Trial};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

const LEGEND: &str = "± is 1.96 standard deviations over resamples of the record. * beyond it: the \
                      generator changes the fact.\n? within it, but the record is too short for \
                      that to mean anything.";

pub(super) fn text(sheet: &FactSheet) -> String {
    let parts = [
        heading(sheet),
        facts(sheet).trim_fmt(),
        LEGEND.to_owned(),
        questions(sheet).trim_fmt(),
        reasons(sheet),
        generators(sheet),
    ];
    parts.join("\n\n")
}

fn heading(sheet: &FactSheet) -> String {
    let symbols: Vec<&str> = sheet.histories.iter().map(|history| &*history.symbol).collect();
    let History { time, interval, .. } = &sheet.histories[0];
    let ends = [time.first(), time.last()].map(|time| time.map_or(String::new(), |t| rfc3339(*t)));
    format!(
        "Stylised facts of {}: {} of {interval} from {} to {}\nResampled {PATHS} times in blocks \
         of {} in the mean, seed {}",
        symbols.join(", "),
        label::counted(time.len() as u64, "bar"),
        ends[0],
        ends[1],
        label::counted(sheet.block as u64, "bar"),
        sheet.seed
    )
}

/// An empty table whose first column is words, with one column a generator at its end.
fn table(sheet: &FactSheet, first: &[&str]) -> Table {
    let generators = sheet.trials.iter().map(|trial| trial.generator.key());
    let header: Vec<&str> = first.iter().copied().chain(generators).collect();
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(&header);
    for column in 1..header.len() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn facts(sheet: &FactSheet) -> Table {
    let mut table = table(sheet, &["fact", "record", "±"]);
    for fact in Fact::all() {
        let known = recorded(fact, sheet.record[fact as usize]);
        let cells = sheet.trials.iter().map(|trial| generated(sheet, trial, fact));
        table.add_row([fact.name().to_owned()].into_iter().chain(known).chain(cells));
    }
    table
}

fn recorded(fact: Fact, known: Result<Known, Lack>) -> [String; 2] {
    match known {
        Ok(Known { value, tolerance }) => [shown(fact, value), shown(fact, tolerance)],
        Err(lack) => [lack.to_string(), "–".to_owned()],
    }
}

fn generated(sheet: &FactSheet, trial: &Trial, fact: Fact) -> String {
    let mark = match sheet.verdict(trial, fact) {
        Verdict::Kept => " ",
        Verdict::Changed => "*",
        Verdict::TooWide => "?",
        Verdict::Lacking(_) => return "– ".to_owned(),
    };
    let measured = trial.fact(fact).and_then(Result::ok);
    measured.map_or("– ".to_owned(), |value| shown(fact, value) + mark)
}

fn shown(fact: Fact, value: f64) -> String {
    let text = match fact.scale() {
        Scale::Rate => format!("{:.4} %", value * 100.0),
        Scale::Share => format!("{:.1} %", value * 100.0),
        Scale::Correlation | Scale::Number => format!("{value:.2}"),
    };
    match text.strip_prefix('-') {
        Some(zero) if !zero.contains(|c: char| ('1'..='9').contains(&c)) => zero.to_owned(),
        _ => text,
    }
}

fn questions(sheet: &FactSheet) -> Table {
    let mut table = table(sheet, &["may be used for"]);
    for functional in Functional::ALL {
        let word = |trial| match sheet.answer(trial, functional) {
            Answer::Usable => "yes",
            Answer::WhatIf => "what if",
            Answer::NotUsable(_) => "no",
            Answer::Unknown(_) => "unknown",
        };
        let cells = sheet.trials.iter().map(word);
        table.add_row(std::iter::once(functional.name()).chain(cells));
    }
    table
}

/// For each generator the reasons of its noes and unknowns, each with what it is about.
fn reasons(sheet: &FactSheet) -> String {
    let mut lines =
        vec!["What if: given what was asked for, whose own chance is not in it.".into()];
    for trial in &sheet.trials {
        let mut grouped: Vec<(String, Vec<&str>)> = Vec::new();
        for functional in Functional::ALL {
            let reason = match sheet.answer(trial, functional) {
                Answer::NotUsable(reason) => format!("no, {reason}"),
                Answer::Unknown(reason) => format!("unknown, {reason}"),
                Answer::Usable | Answer::WhatIf => continue,
            };
            match grouped.iter_mut().find(|(other, _)| *other == reason) {
                Some((_, about)) => about.push(functional.name()),
                None => grouped.push((reason, vec![functional.name()])),
            }
        }
        let key = trial.generator.key();
        let line =
            |(reason, about): (String, Vec<&str>)| format!("{key}, {}: {reason}", about.join("; "));
        lines.extend(grouped.into_iter().map(line));
    }
    lines.join("\n")
}

fn generators(sheet: &FactSheet) -> String {
    let line = |trial: &Trial| {
        let paths = match &trial.paths {
            Paths::Made { count, asked, .. } if *count as u64 == u64::from(*asked) => {
                label::counted(u64::from(*asked), "path")
            }
            Paths::Made { count, asked, .. } => {
                format!("{count} of {asked} paths, the others leave the grid of their prices")
            }
            Paths::NotMade(why) => format!("not made, {why}"),
        };
        match trial.asked.is_empty() {
            true => format!("{}: {paths}", trial.generator.key()),
            false => format!("{}: {}; {paths}", trial.generator.key(), trial.asked),
        }
    };
    sheet.trials.iter().map(line).collect::<Vec<_>>().join("\n")
}
