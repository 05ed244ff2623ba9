//! The main figures as JSON, for scripts.

use super::tables::wider;
use super::{Facts, LEVELS};
use crate::report::tables::fraction;
use crate::tally::sizing::{Intervals, Range, Risk};
use serde_json::{Value, json};
use std::path::Path;

/// Amounts are decimal text in the settlement asset; `null` where nothing is known.
pub fn figures(facts: &Facts, folder: &Path) -> Value {
    let rule = &facts.needs.rule;
    let today = rule.exceedance(facts.fund());
    let year = rule.yearly_chance(facts.fund(), *facts.frequency);
    let size = facts.study.size;
    let yearly = rule.fund_for_year(size.year.to_f64(), *facts.frequency);
    json!({
        "report": folder.display().to_string(),
        "scenarios": facts.trials.len(),
        "n_eff": fraction(rule.sample().effective_size()),
        "fund": facts.fund().to_string(),
        "adl_per_crash": {
            "hits": today.hits,
            "share": (today.hits > 0).then(|| fraction(today.share)),
            "low": fraction(today.intervals.widest().low),
            "high": fraction(today.intervals.widest().high),
            "wider": wider(&today.intervals),
        },
        "adl_per_year": {
            "rate": fraction(facts.frequency.rate()),
            "share": (year.hits > 0).then(|| fraction(year.share)),
            "low": fraction(year.intervals.widest().low),
            "high": fraction(year.intervals.widest().high),
        },
        "levels": LEVELS.map(|level| {
            let mut told = risk(&rule.value_at_risk(level));
            told["expected_shortfall"] = rule.expected_shortfall(level).value.to_string().into();
            told
        }),
        "fund_for_crash": rule.fund_for(size.crash.to_f64()).map(|one| risk(&one)),
        "fund_for_year": {
            "level": yearly.level.map(|level| level.to_string()),
            "value": yearly.value.to_string(),
            "low": yearly.intervals.widest().low.to_string(),
            "high": yearly.intervals.widest().high.map(|high| high.to_string()),
        },
        "cover_1": facts.needs.covers.most()[0].to_string(),
        "cover_2": facts.needs.covers.most()[1].to_string(),
        "emir": facts.needs.covers.most()[2].to_string(),
        "target": facts.target.map(|target| target.to_string()),
        "target_holds": facts.target_holds(),
    })
}

fn risk(risk: &Risk) -> Value {
    let ends = |range: &Range| {
        let high = range.high.map(|high| high.to_string());
        json!({ "low": range.low.to_string(), "high": high })
    };
    let Intervals { draws, crashes, .. } = risk.intervals;
    json!({
        "level": risk.level.to_string(),
        "value_at_risk": risk.value.to_string(),
        "draws": ends(&draws),
        "crashes": crashes.map(|crashes| ends(&crashes)),
        "wider": wider(&risk.intervals),
        "runs_needed": risk.runs_needed,
    })
}
