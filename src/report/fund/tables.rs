//! `levels.csv`, `exceedance.csv`, `crashes.csv` and `waterfall.csv`. Amounts in the settlement
//! asset; empty where nothing is known.

use super::{Facts, LEVELS, curve};
use crate::exchange::World;
use crate::fault::Result;
use crate::money::Cash;
use crate::report::tables::{fraction, table};
use crate::tally::exchange::RUNGS;
use crate::tally::sizing::{Intervals, Range, Risk, Sizing, Wider};

/// Value at risk and expected shortfall at each level, by each way to measure the need.
pub fn levels(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "need",
        "level",
        "value_at_risk",
        "low",
        "high",
        "crashes_low",
        "crashes_high",
        "wider",
        "runs_needed",
        "expected_shortfall",
        "shortfall_low",
        "shortfall_high",
        "shortfall_crashes_low",
        "shortfall_crashes_high",
    ];
    let row = |(name, sizing): (&str, &Sizing)| {
        let name = name.to_owned();
        LEVELS.map(|level| {
            let (risk, shortfall) = (sizing.value_at_risk(level), sizing.expected_shortfall(level));
            let head = vec![name.clone(), level.to_string(), risk.value.to_string()];
            let wider = vec![wider(&risk.intervals).to_owned(), runs(&risk)];
            let beyond = vec![shortfall.value.to_string()];
            [head, ends(&risk.intervals), wider, beyond, ends(&shortfall.intervals)].concat()
        })
    };
    table(&names, facts.measures().into_iter().flat_map(row))
}

fn runs(risk: &Risk) -> String {
    risk.runs_needed.map_or(String::new(), |runs| runs.to_string())
}

pub fn wider<I>(intervals: &Intervals<I>) -> &'static str {
    match intervals.wider {
        Wider::Draws => "draws",
        Wider::Crashes => "crashes",
    }
}

fn ends(intervals: &Intervals<Range>) -> Vec<String> {
    let text = |end: Option<Cash>| end.map_or(String::new(), |end| end.to_string());
    let (draws, crashes) = (intervals.draws, intervals.crashes);
    vec![
        draws.low.to_string(),
        text(draws.high),
        text(crashes.map(|ends| ends.low)),
        text(crashes.and_then(|ends| ends.high)),
    ]
}

/// How often the need is above a fund. Where it never was, the share is empty: the high end is what
/// is known.
pub fn exceedance(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "need",
        "fund",
        "n",
        "hits",
        "share",
        "low",
        "high",
        "crashes_low",
        "crashes_high",
        "n_eff",
        "wider",
    ];
    let funds = curve::funds(facts);
    let row = |(name, sizing): (&str, &Sizing)| {
        let name = name.to_owned();
        let told = sizing.curve(&funds);
        told.into_iter().map(move |one| {
            let (draws, crashes) = (one.intervals.draws, one.intervals.crashes);
            let text = |share: Option<f64>| share.map_or(String::new(), fraction);
            vec![
                name.clone(),
                one.fund.to_string(),
                one.n.to_string(),
                one.hits.to_string(),
                text((one.hits > 0).then_some(one.share)),
                fraction(draws.low),
                fraction(draws.high),
                text(crashes.map(|band| band.low)),
                text(crashes.map(|band| band.high)),
                fraction(one.n_eff),
                wider(&one.intervals).to_owned(),
            ]
        })
    };
    table(&names, facts.measures().into_iter().flat_map(row))
}

/// What each crash needs, over its scenarios.
pub fn crashes(facts: &Facts) -> Result<Vec<u8>> {
    let names = ["crash", "scenarios", "median", "p95", "most", "above_todays_fund"];
    let row = |(number, crash): (usize, &crate::scenario::fund::Crash)| {
        let needs = sorted_needs(facts, number);
        let at = |percent: usize| match needs.len() {
            0 => String::new(),
            n => needs[(n * percent).div_ceil(100).max(1) - 1].to_string(),
        };
        let above = needs.iter().filter(|need| **need > facts.fund()).count();
        let name = crash.name.clone();
        vec![name, needs.len().to_string(), at(50), at(95), at(100), above.to_string()]
    };
    table(&names, facts.study.crashes.iter().enumerate().map(row))
}

/// Of the scenarios of one crash, ascending.
pub fn sorted_needs(facts: &Facts, crash: usize) -> Vec<Cash> {
    let spread = crate::scenario::fund::Spread::over(facts.cells);
    let own = |scenario: u32| facts.cells[spread.cell(scenario)].crash == crash;
    let trials = facts.trials.iter().filter(|trial| own(trial.scenario));
    let mut needs: Vec<Cash> = trials.map(|trial| trial.need.rule.gain()).collect();
    needs.sort_unstable();
    needs
}

/// Who pays in the worst scenario of each crash with today's fund.
pub fn waterfall(facts: &Facts) -> Result<Vec<u8>> {
    let names = ["crash", "scenario"].into_iter().chain(RUNGS.iter().map(|rung| rung.name));
    let names: Vec<&str> = names.collect();
    let row = |(crash, world): &(usize, World)| {
        let head = [facts.study.crashes[*crash].name.clone(), world.world.to_string()];
        let paid = RUNGS.iter().map(|rung| (rung.of)(&world.waterfall).to_string());
        head.into_iter().chain(paid).collect::<Vec<_>>()
    };
    table(&names, facts.ladder.iter().map(row))
}
