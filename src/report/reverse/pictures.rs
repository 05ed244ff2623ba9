//! The pictures of a reverse stress.

use super::{Bar, End, Facts, sentences};
use crate::fault::Result;
use crate::report::chart::Caption;
use crate::report::chart::sizing::{Measure, frontier, tornado};
use crate::report::{drawn, units};
use crate::scenario::fund::Metric;

/// Names and PNG bytes. Without a figure where nothing is turned there is no tornado.
pub fn draw(facts: &Facts) -> Result<Vec<(String, Vec<u8>)>> {
    let mut pictures = vec![drawn("frontier.png", &of_frontier(facts))?];
    if let Some(tornado) = of_tornado(facts) {
        pictures.push(drawn("tornado.png", &tornado)?);
    }
    Ok(pictures)
}

fn caption(facts: &Facts, headline: String, footer: &str) -> Caption {
    let subtitle = format!(
        "{} · {} · {} populations · seed {}",
        facts.rules().name,
        facts.crash_name(),
        facts.study.reverse.seeds,
        facts.study.seed
    );
    Caption { headline, subtitle, footer: footer.to_owned() }
}

fn of_frontier(facts: &Facts) -> frontier::Input {
    let grid = facts.frontier;
    let (depths, shocks) = (0..grid.depths.len(), grid.shocks.len());
    let line = depths.clone().map(|depth| {
        let [p25, median, p75] = grid.line(depth);
        frontier::Crossing { depth: grid.depths[depth], p25, median, p75 }
    });
    let crash = |lying: &super::Lying| frontier::Crash {
        name: lying.name.clone(),
        shock: lying.shock,
        depth: 1.0,
    };
    frontier::Input {
        caption: caption(
            facts,
            sentences::frontier_headline(facts),
            "Crashes lie at the fall of the first symbol beside that of the crash that is turned; \
             their depth is not known and is the scenario's.",
        ),
        limit: sentences::limit(facts),
        shock: format!("1 = the fall of {}", facts.crash_name()),
        depth: "1 = the scenario's".to_owned(),
        shocks: grid.shocks.clone(),
        depths: grid.depths.clone(),
        cells: depths
            .map(|depth| (0..shocks).map(|shock| grid.share(depth, shock)).collect())
            .collect(),
        line: line.collect(),
        crashes: grid.crashes.iter().take(frontier::CRASHES).map(crash).collect(),
    }
}

fn of_tornado(facts: &Facts) -> Option<tornado::Input> {
    let end =
        |end: &End| tornado::End { setting: end.setting.to_owned(), result: end.median.map(units) };
    let knob = |bar: &Bar| tornado::Knob {
        name: bar.name.to_owned(),
        kind: if bar.is_model { tornado::Kind::Model } else { tornado::Kind::World },
        low: end(&bar.low),
        high: end(&bar.high),
    };
    let asset = &facts.rules().settlement;
    let (result, unit) = match facts.study.reverse.limit.metric {
        Metric::Need => ("What the fund needs, median of the populations", asset.clone()),
        Metric::Drawdown => ("Fall of the fund's cash, median of the populations", asset.clone()),
        Metric::DrawdownMarked => {
            ("Fall of the fund at the marks, median of the populations", asset.clone())
        }
        Metric::Liquidated => {
            ("Liquidated, median of the populations", facts.rules().price_unit().to_owned())
        }
    };
    Some(tornado::Input {
        caption: caption(
            facts,
            sentences::tornado_headline(facts),
            "One knob at a time, on the same populations.",
        ),
        result: result.to_owned(),
        measure: Measure::Amount(unit),
        base: units(facts.tornado.base?),
        knobs: facts.tornado.bars.iter().map(knob).collect(),
    })
}
