//! The pictures of a study of a fund's size.

use super::{Facts, LEVELS, curve, sentences};
use crate::exchange::{Waterfall, World};
use crate::fault::Result;
use crate::money::Cash;
use crate::report::chart::Caption;
use crate::report::chart::sizing::{Point, Spacing, coverage, exceedance, ladder};
use crate::report::{drawn, units};
use crate::tally::exchange::RUNGS;
use crate::tally::sizing::{Band, Exceedance, Risk, Sizing};

const DRAWS: &str = "95 % of the draws";
const CRASHES: &str = "95 % of crashes drawn again";

/// Names and PNG bytes.
pub fn draw(facts: &Facts) -> Result<Vec<(String, Vec<u8>)>> {
    Ok(vec![
        drawn("exceedance.png", &of_exceedance(facts))?,
        drawn("coverage.png", &of_coverage(facts))?,
        drawn("waterfall.png", &of_ladder(facts))?,
    ])
}

fn caption(facts: &Facts, headline: String, footer: &str) -> Caption {
    Caption { headline, subtitle: sentences::subtitle(facts), footer: footer.to_owned() }
}

fn points(told: &[Exceedance]) -> Vec<Point> {
    let point = |one: &Exceedance| Point {
        fund: units(one.fund),
        share: if one.hits == 0 { 0.0 } else { one.share },
        low: one.intervals.draws.low,
        high: one.intervals.draws.high,
    };
    told.iter().map(point).collect()
}

fn of_exceedance(facts: &Facts) -> exceedance::Input {
    let told = facts.needs.rule.curve(&curve::funds(facts));
    let wide = |one: &Exceedance| {
        let Band { low, high } = one.intervals.crashes.unwrap_or(one.intervals.draws);
        (low, high)
    };
    let has_crashes = told.iter().any(|one| one.intervals.crashes.is_some());
    let footer = "Each crash as likely as its weight (assumed). The need is what the fund would \
                  have had to begin with for its rule never to send losses to winners.";
    exceedance::Input {
        caption: caption(facts, sentences::headline(facts), footer),
        asset: facts.rules().settlement.clone(),
        curve: points(&told),
        interval: DRAWS.to_owned(),
        wide: has_crashes.then(|| exceedance::Wide {
            name: CRASHES.to_owned(),
            ends: told.iter().map(wide).collect(),
        }),
        today: Some(units(facts.fund())),
        levels: LEVELS.map(|level| of_level(&facts.needs.rule.value_at_risk(level))).to_vec(),
    }
}

fn of_level(risk: &Risk) -> exceedance::Level {
    let draws = risk.intervals.draws;
    let value = match risk.runs_needed {
        Some(needed) => exceedance::Quantile::TooFew { needed },
        None => exceedance::Quantile::Known {
            fund: units(risk.value),
            low: units(draws.low),
            high: draws.high.map(units),
        },
    };
    exceedance::Level { level: risk.level.share(), value }
}

fn of_coverage(facts: &Facts) -> coverage::Input {
    let funds = curve::funds(facts);
    let name = |measure: &str| match measure {
        "rule" => "by the venue's rule",
        "cash" => "by cash alone",
        "mtm" => "inventory at the marks",
        _ => "without the largest account",
    };
    let curve = |(measure, sizing): (&str, &Sizing)| coverage::Curve {
        name: name(measure).to_owned(),
        points: points(&sizing.curve(&funds)).into_iter().map(Point::rest).collect(),
    };
    let rule = &facts.needs.rule;
    let target = |risk: Risk| coverage::Target {
        share: risk.level.share(),
        fund: risk.runs_needed.is_none().then(|| units(risk.value)),
    };
    // By the marks and by the rule are hardly ever told apart.
    let measures = facts.measures().into_iter().filter(|(measure, _)| *measure != "mtm");
    coverage::Input {
        caption: caption(
            facts,
            sentences::coverage_headline(facts),
            "Curves are of the same scenarios; the band is of the draws alone.",
        ),
        asset: facts.rules().settlement.clone(),
        spacing: Spacing::Log,
        curves: measures.map(curve).collect(),
        interval: DRAWS.to_owned(),
        today: Some(units(facts.fund())),
        targets: LEVELS[..3].iter().map(|level| target(rule.value_at_risk(*level))).collect(),
    }
}

fn of_ladder(facts: &Facts) -> ladder::Input {
    let paid = |waterfall: &Waterfall| ladder::Paid {
        margin: units(waterfall.margin),
        fund: units(waterfall.fund),
        adl: units(waterfall.adl),
        socialised: units(waterfall.socialised),
        owed: units(waterfall.owed),
        injected: units(waterfall.injected),
        bad_debt: units(waterfall.bad_debt),
    };
    let total = |world: &World| {
        RUNGS.iter().fold(Cash::ZERO, |sum, rung| sum + (rung.of)(&world.waterfall))
    };
    let mut costliest: Vec<&(usize, World)> = facts.ladder.iter().collect();
    costliest.sort_by_key(|(crash, world)| (std::cmp::Reverse(total(world)), *crash));
    costliest.truncate(ladder::CRASHES);
    let crash = |(crash, world): &&(usize, World)| ladder::Crash {
        name: facts.study.crashes[*crash].name.clone(),
        paid: Some(paid(&world.waterfall)),
    };
    ladder::Input {
        caption: caption(
            facts,
            sentences::ladder_headline(facts),
            "The scenario of each crash that needs most, lived through with today's fund.",
        ),
        asset: facts.rules().settlement.clone(),
        count: ladder::Count::Amounts,
        crashes: costliest.iter().map(crash).collect(),
    }
}
