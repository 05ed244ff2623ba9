//! The answers in sentences: `summary.txt`, and the headline above each picture.

use super::{Bar, Facts, Search};
use crate::money::Cash;
use crate::report::chart::label;
use crate::report::exchange::amount;
use crate::report::sentences::section;
use crate::report::units;
use crate::scenario::fund::Metric;

/// The whole of `summary.txt`.
pub fn summary(facts: &Facts) -> String {
    let turned = facts.searches.iter().map(knob).collect();
    let sections = [
        vec![facts.study.title.clone(), scope(facts)],
        section("How far until the limit?", turned),
        section("Shock and depth together", vec![frontier_headline(facts)]),
        section("What moves the figure?", vec![tornado_headline(facts)]),
        section("What this rests on", rests_on(facts)),
    ];
    sections.map(|lines| lines.join("\n")).join("\n\n") + "\n"
}

fn scope(facts: &Facts) -> String {
    format!(
        "The crash {} with one thing turned at a time, {} each, seed {}, until {}.",
        facts.crash_name(),
        label::counted(u64::from(facts.study.reverse.seeds), "population"),
        facts.study.seed,
        limit(facts)
    )
}

/// `the fund of 1.2 bn USDT is exhausted`.
pub fn limit(facts: &Facts) -> String {
    let money = amount(facts.rules(), facts.limit());
    let reverse = facts.study.reverse.limit;
    match (reverse.metric, reverse.amount) {
        (Metric::Need, None) => format!("the fund of {money} is exhausted"),
        (Metric::Need, Some(_)) => format!("more than {money} is needed"),
        (Metric::Drawdown, _) => format!("the fund's cash falls by more than {money}"),
        (Metric::DrawdownMarked, _) => format!("the fund falls at the marks by more than {money}"),
        (Metric::Liquidated, _) => {
            format!("more than {} is liquidated", label::exact_price(units(facts.limit())))
        }
    }
}

fn setting(knob: &str, value: f64) -> String {
    let number = |value: f64| {
        let digits = format!("{value:.3}");
        digits.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match knob {
        "largest" => label::percent(value),
        "speed" => format!("{} bars in one", number(value)),
        _ => format!("×{}", number(value)),
    }
}

fn title(knob: &str) -> &'static str {
    match knob {
        "shock" => "Scale of the shock",
        "depth" => "Depth of the books",
        "open-interest" => "Open interest",
        "largest" => "Largest account, of its side",
        _ => "Speed of the fall",
    }
}

fn knob(search: &Search) -> String {
    let (name, seeds) = (title(search.knob), search.seeds.len() as u64);
    let tell = |value: Option<f64>| match value {
        Some(value) => setting(search.knob, value),
        None => "not reached".to_owned(),
    };
    let mildest = search.seeds.iter().filter(|seed| seed.is_at_the_mildest).count() as u64;
    let range = format!(
        "{} to {}",
        setting(search.knob, search.mildest),
        setting(search.knob, search.severest)
    );
    if search.reached() == 0 {
        return format!("{name}: not reached in any of {} from {range}.", populations(seeds));
    }
    if mildest == seeds {
        return format!(
            "{name}: reached in all of {} at the mildest setting already, {}.",
            populations(seeds),
            setting(search.knob, search.mildest)
        );
    }
    let quartiles = search.quartiles();
    if quartiles[1].is_none() {
        let first = search.seeds.iter().filter_map(|seed| seed.first);
        let falls = search.severest < search.mildest;
        let mildest = first.reduce(|a, b| if falls { a.max(b) } else { a.min(b) });
        return format!(
            "{name}: reached in {} of {} from {range}, at {} at the earliest.",
            search.reached(),
            populations(seeds),
            tell(mildest)
        );
    }
    let [low, median, high] = quartiles.map(tell);
    let again = search.seeds.iter().filter(|seed| !seed.further.is_empty()).count() as u64;
    let again = match again {
        0 => String::new(),
        _ => format!(" In {} it is left and reached again further on.", populations(again)),
    };
    format!("{name}: {median} (half of the populations between {low} and {high}).{again}")
}

fn populations(count: u64) -> String {
    label::counted(count, "population")
}

/// The headline of the frontier.
pub fn frontier_headline(facts: &Facts) -> String {
    let frontier = facts.frontier;
    let near = |depth: &usize| (frontier.depths[*depth].ln()).abs();
    let depth = (0..frontier.depths.len()).min_by(|a, b| near(a).total_cmp(&near(b)));
    let at = depth.map(|depth| (frontier.depths[depth], frontier.line(depth)[1]));
    match at {
        Some((depth, Some(shock))) => format!(
            "{} half of the populations reach the limit from {} times the \
             fall of {} on: {}.",
            at_depth(depth),
            times(shock),
            facts.crash_name(),
            limit(facts)
        ),
        _ => format!(
            "At today's depth no shock of the grid reaches the limit in half of the populations: \
             {}.",
            limit(facts)
        ),
    }
}

fn at_depth(depth: f64) -> String {
    match depth {
        1.0 => "At today's depth".to_owned(),
        _ => format!("At {} times today's depth", times(depth)),
    }
}

fn times(value: f64) -> String {
    let digits = format!("{value:.2}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The headline of the tornado.
pub fn tornado_headline(facts: &Facts) -> String {
    let width = |bar: &Bar| {
        let (low, high) = (bar.low.median?, bar.high.median?);
        Some((high.atoms() - low.atoms()).abs())
    };
    let widest = |is_model: bool| {
        let bars = facts.tornado.bars.iter().filter(|bar| bar.is_model == is_model);
        bars.filter_map(|bar| Some((width(bar)?, bar))).max_by_key(|(width, _)| *width)
    };
    let tell = |(_, bar): (i64, &Bar)| {
        let end = |cash: Option<Cash>| {
            cash.map_or("unknown".to_owned(), |cash| amount(facts.rules(), cash))
        };
        format!(
            "{} ({}: {}, {}: {})",
            bar.name,
            bar.low.setting,
            end(bar.low.median),
            bar.high.setting,
            end(bar.high.median)
        )
    };
    match (widest(false), widest(true)) {
        (Some(world), Some(model)) => format!(
            "Of the world the {} moves it most; of the model's choices the {}.",
            tell(world),
            tell(model)
        ),
        _ => "No knob has two results to compare.".to_owned(),
    }
}

fn rests_on(facts: &Facts) -> Vec<String> {
    let lines = [
        "Each knob goes over a grid in equal ratios; between the last setting that does not reach \
         the limit and the first that does it is halved until they are 1 % apart. Populations are \
         the same wherever the knobs stand.",
        "Where a setting is beyond what exact arithmetic has room for, or a path leaves the grid \
         of prices, there is no world and no verdict.",
        "The depth of the books on the days of the crashes is not known: on the frontier they lie \
         at the scenario's own.",
    ];
    let venue = facts.rules().assumptions().into_iter().map(|one| format!("Venue: {one}"));
    let lines = lines.into_iter().map(str::to_owned).chain(venue);
    lines.map(|line| format!("- {line}")).collect()
}
