//! Facts and answers as JSON. Figures are decimal text; what has none is null.

use crate::history::{History, rfc3339};
use crate::paths::facts::{Answer, Fact, Functional, Verdict};
use crate::run::{FactSheet, PATHS, Paths, Trial};
use serde_json::{Map, Value, json};

pub(super) fn json(sheet: &FactSheet) -> Value {
    let symbols: Vec<&str> = sheet.histories.iter().map(|history| &*history.symbol).collect();
    let History { time, interval, .. } = &sheet.histories[0];
    json!({
        "program": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "symbols": symbols,
        "bars": time.len(),
        "interval": interval.to_string(),
        "first": time.first().map(|time| rfc3339(*time)),
        "last": time.last().map(|time| rfc3339(*time)),
        "seed": sheet.seed,
        "resamples": { "count": PATHS, "block": sheet.block },
        "generators": by_generator(sheet, tried),
        "facts": Fact::all().map(|fact| of_fact(sheet, fact)).collect::<Vec<_>>(),
        "functionals": Functional::ALL.map(|functional| json!({
            "functional": functional.key(),
            "name": functional.name(),
            "generators": by_generator(sheet, |trial| answered(&sheet.answer(trial, functional))),
        })),
    })
}

fn by_generator(sheet: &FactSheet, value: impl Fn(&Trial) -> Value) -> Value {
    let pair = |trial: &Trial| (trial.generator.key().to_owned(), value(trial));
    Value::Object(sheet.trials.iter().map(pair).collect::<Map<_, _>>())
}

fn tried(trial: &Trial) -> Value {
    let (made, why) = match &trial.paths {
        Paths::Made { count, .. } => (*count, None),
        Paths::NotMade(why) => (0, Some(why)),
    };
    json!({ "asked": trial.asked, "paths": made, "not_made": why })
}

fn of_fact(sheet: &FactSheet, fact: Fact) -> Value {
    let known = sheet.record[fact as usize];
    json!({
        "fact": fact.key(),
        "name": fact.name(),
        "record": known.ok().map(|known| decimal(known.value)),
        "tolerance": known.ok().map(|known| decimal(known.tolerance)),
        "lacks": known.err().map(|lack| lack.to_string()),
        "generators": by_generator(sheet, |trial| {
            let (word, lacks) = match sheet.verdict(trial, fact) {
                Verdict::Kept => ("kept", None),
                Verdict::Changed => ("changed", None),
                Verdict::TooWide => ("unknown", None),
                Verdict::Lacking(lack) => ("unknown", Some(lack.to_string())),
            };
            let value = trial.fact(fact).and_then(Result::ok).map(decimal);
            json!({ "value": value, "verdict": word, "lacks": lacks })
        }),
    })
}

fn answered(answer: &Answer) -> Value {
    let (word, reason) = match answer {
        Answer::Usable => ("usable", None),
        Answer::WhatIf => ("what if", None),
        Answer::NotUsable(reason) => ("not usable", Some(reason)),
        Answer::Unknown(reason) => ("unknown", Some(reason)),
    };
    json!({ "answer": word, "reason": reason })
}

fn decimal(value: f64) -> String {
    format!("{value:.8}")
}
