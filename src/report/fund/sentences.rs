//! The answers in sentences: `summary.txt`, and the headline above each picture.

use super::{Facts, LEVELS, Stop};
use crate::money::Cash;
use crate::report::chart::label;
use crate::report::exchange::{amount, bound};
use crate::report::sentences::section;
use crate::scenario::fund::Episodes;
use crate::tally::exchange::RUNGS;
use crate::tally::sizing::{Band, Intervals, Range, Risk, Wider, cost_level, coverage_ratio};

/// The whole of `summary.txt`.
pub fn summary(facts: &Facts) -> String {
    let sections = [
        vec![facts.study.title.clone(), scope(facts)],
        section("Is today's fund enough?", today(facts)),
        section("How large must it be?", how_large(facts)),
        section("What would it cost?", cost(facts)),
        section("Whose losses are they?", whose(facts)),
        section("Who pays at worst?", at_worst(facts)),
        section("What this rests on", rests_on(facts)),
    ];
    let told = sections.into_iter().filter(|lines| !lines.is_empty());
    told.map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn money(facts: &Facts, cash: Cash) -> String {
    amount(facts.rules(), cash)
}

fn scope(facts: &Facts) -> String {
    let symbols: Vec<&str> =
        facts.crashes[0].iter().map(|symbol| &*symbol.history.symbol).collect();
    let drawn = facts.ladder.len() as u64;
    format!(
        "{} of {} under the rules of {} as of {}, in {} of {}, seed {}.",
        label::counted(facts.trials.len() as u64, "scenario"),
        symbols.join(", "),
        facts.rules().name,
        facts.crashes[0][0].as_of,
        label::counted(facts.cells.len() as u64, "combination"),
        crashes(drawn),
        facts.study.seed
    ) + " "
        + &stop(facts)
}

fn crashes(count: u64) -> String {
    match count {
        1 => "1 crash".to_owned(),
        _ => format!("{} crashes", label::count(count)),
    }
}

fn stop(facts: &Facts) -> String {
    let level = facts.asked();
    let tight = label::percent(facts.study.size.tight.to_f64());
    match facts.stop {
        Stop::Tight => format!(
            "They were enough: what the draws leave open at {level} is within {tight} to either \
             side."
        ),
        Stop::Worlds => format!(
            "The largest number of scenarios was reached; what the draws leave open at {level} is \
             not within {tight} yet."
        ),
        Stop::Time => format!(
            "The time was over; what the draws leave open at {level} is not within {tight} yet."
        ),
    }
}

/// The headline of the loss exceedance curve.
pub fn headline(facts: &Facts) -> String {
    let told = facts.needs.rule.exceedance(facts.fund());
    let fund = money(facts, facts.fund());
    match told.hits {
        0 => format!(
            "Today's fund of {fund} is enough in all of {} scenarios; the chance that a crash \
             exhausts it is at most {}.",
            label::count(told.n as u64),
            bound(told.intervals.widest().high)
        ),
        _ => format!(
            "A crash exhausts today's fund of {fund} with a chance of {} (95 % interval {}).",
            chance(told.share),
            band(told.intervals.widest())
        ),
    }
}

fn today(facts: &Facts) -> Vec<String> {
    let rule = &facts.needs.rule;
    let told = rule.exceedance(facts.fund());
    let mut lines = vec![headline(facts)];
    if told.hits > 0 {
        lines.push(two_bands(&told.intervals));
    }
    let year = rule.yearly_chance(facts.fund(), *facts.frequency);
    let rate = rate(facts);
    lines.push(match year.hits {
        0 => format!(
            "With {rate} that is at most {} in a year.",
            bound(year.intervals.widest().high)
        ),
        _ => format!(
            "With {rate} that is {} in a year (95 % interval {}).",
            chance(year.share),
            band(year.intervals.widest())
        ),
    });
    let asked = rule.value_at_risk(facts.asked());
    if let Some(ratio) = coverage_ratio(facts.fund(), asked.value) {
        lines.push(format!("It is {ratio:.2} times what {} of crashes need.", facts.asked()));
    }
    if let (Some(target), Some(holds)) = (facts.target, facts.target_holds()) {
        let verdict = match holds {
            true => "holds, with all of its interval",
            false => "is breached, or the interval is too wide to tell",
        };
        lines.push(format!("The target {target} {verdict}."));
    }
    lines
}

/// `4 crashes a year (assumed)`.
fn rate(facts: &Facts) -> String {
    let rate = facts.frequency.rate();
    let ends = facts.frequency.interval();
    let number = format!("{rate:.2}");
    let number = number.trim_end_matches('0').trim_end_matches('.');
    match &facts.study.episodes {
        Episodes::Rate { is_assumed: true, .. } => format!("{number} crashes a year (assumed)"),
        Episodes::Rate { .. } => format!("{number} crashes a year"),
        _ => format!("{number} crashes a year (counted; {:.2} to {:.2})", ends.low, ends.high),
    }
}

fn two_bands(intervals: &Intervals<Band>) -> String {
    let draws = band(&intervals.draws);
    match (&intervals.crashes, intervals.wider) {
        (None, _) => format!(
            "The draws leave {draws} open; what another crash would leave open is not known."
        ),
        (Some(crashes), Wider::Crashes) => format!(
            "The draws leave {draws} open, the choice of crashes {}: the wider one, and only more \
             crashes would narrow it.",
            band(crashes)
        ),
        (Some(crashes), Wider::Draws) => format!(
            "The choice of crashes leaves {} open, the draws {draws}: the wider one, and more \
             scenarios would narrow it.",
            band(crashes)
        ),
    }
}

/// `0.12–0.4 %`.
fn band(band: &Band) -> String {
    format!("{} to {}", chance(band.low), chance(band.high))
}

/// Two digits: `0.034 %`, `3.4 %`.
pub fn chance(share: f64) -> String {
    let percent = share * 100.0;
    if percent == 0.0 || percent >= 10.0 {
        return label::percent(share);
    }
    let decimals = (1.0 - percent.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{percent:.decimals$} %")
}

/// The headline of the coverage curve.
pub fn coverage_headline(facts: &Facts) -> String {
    let risk = facts.needs.rule.value_at_risk(facts.asked());
    format!("To be enough in {} of crashes the fund needs {}.", risk.level, told(facts, &risk))
}

/// `1,234 USDT (95 % interval 1,000 to 2,000)`; where runs are missing, how many.
fn told(facts: &Facts, risk: &Risk) -> String {
    let value = money(facts, risk.value);
    let widest = risk.intervals.widest();
    match (widest.high, risk.runs_needed) {
        (Some(high), _) => format!(
            "{value} (95 % interval {} to {})",
            money(facts, widest.low),
            money(facts, high)
        ),
        (None, Some(runs)) => format!(
            "at least {} (the scenarios do not bound it from above: that takes {})",
            money(facts, widest.low),
            label::count(runs)
        ),
        (None, None) => format!("at least {}", money(facts, widest.low)),
    }
}

fn how_large(facts: &Facts) -> Vec<String> {
    let rule = &facts.needs.rule;
    let mut lines: Vec<String> = LEVELS
        .into_iter()
        .map(|level| {
            let (risk, beyond) = (rule.value_at_risk(level), rule.expected_shortfall(level));
            format!(
                "{} of crashes: {}; beyond, {} on average.",
                level,
                told(facts, &risk),
                money(facts, beyond.value)
            )
        })
        .collect();
    lines.push(why_so_wide(&rule.value_at_risk(facts.asked()), facts));
    let (crash, year) = (facts.study.size.crash.to_f64(), facts.study.size.year.to_f64());
    if let Some(risk) = rule.fund_for(crash) {
        lines.push(format!(
            "For a chance of {} in a crash: {}.",
            chance(crash),
            told(facts, &risk)
        ));
    }
    let yearly = rule.fund_for_year(year, *facts.frequency);
    lines.push(match yearly.level {
        None => format!("For a chance of {} in a year no fund is needed.", chance(year)),
        Some(level) => {
            let bears = format!("{:.2} %", level.share() * 100.0);
            let (intervals, runs_needed) = (yearly.intervals, yearly.runs_needed);
            let risk = Risk { level, value: yearly.value, intervals, runs_needed };
            format!(
                "For a chance of {} in a year, with {}, {bears} of crashes must be borne: {}.",
                chance(year),
                rate(facts),
                told(facts, &risk)
            )
        }
    });
    lines.push(measured(facts));
    lines
}

fn why_so_wide(risk: &Risk, facts: &Facts) -> String {
    let ends = |range: &Range| match range.high {
        Some(high) => format!("{} to {}", money(facts, range.low), money(facts, high)),
        None => format!("{} and more", money(facts, range.low)),
    };
    let draws = ends(&risk.intervals.draws);
    match &risk.intervals.crashes {
        None => format!(
            "At {} the draws leave {draws} open. One crash says nothing about another: how far \
             others would differ is not known.",
            risk.level
        ),
        Some(crashes) => {
            let wider = match risk.intervals.wider {
                Wider::Crashes => "the choice of crashes is the wider one",
                Wider::Draws => "the draws are the wider one",
            };
            format!(
                "At {} the draws leave {draws} open, the choice of crashes {}: {wider}.",
                risk.level,
                ends(crashes)
            )
        }
    }
}

/// By cash alone, and at the marks.
fn measured(facts: &Facts) -> String {
    let level = facts.asked();
    let at =
        |sizing: &crate::tally::sizing::Sizing| money(facts, sizing.value_at_risk(level).value);
    format!(
        "By its cash alone it would need {} at {level}, with its inventory at the marks {}, by the \
         venue's rule {}.",
        at(&facts.needs.cash),
        at(&facts.needs.marked),
        at(&facts.needs.rule)
    )
}

fn cost(facts: &Facts) -> Vec<String> {
    let cost = facts.study.cost;
    let (capital, shortfall) = (cost.capital.to_f64(), cost.shortfall.to_f64());
    let yearly = shortfall * facts.frequency.rate();
    let assumed = if cost.is_assumed { ", assumed" } else { "" };
    let prices = format!(
        "a unit in the fund costs {} a year and a unit that is missing {} times itself{assumed}",
        label::percent(capital),
        cost.shortfall.to_decimal().normalize()
    );
    vec![match cost_level(capital, yearly) {
        Some(level) => {
            let risk = facts.needs.rule.value_at_risk(level);
            format!("Where {prices}, the cheapest fund bears {level}: {}.", told(facts, &risk))
        }
        None => format!("Where {prices}, no fund is the cheapest."),
    }]
}

fn whose(facts: &Facts) -> Vec<String> {
    let covers = &facts.needs.covers;
    let [one, two, emir] = covers.most().map(|cash| money(facts, cash));
    let mut lines = vec![format!(
        "Losses that single accounts leave to the fund, at the mark of their liquidation: the \
         largest {one} (Cover-1), the two largest together {two} (Cover-2), the larger of the \
         first and of the second and third together {emir} (EMIR), each in its worst scenario."
    )];
    let level = facts.asked();
    let risk = facts.needs.rule.value_at_risk(level);
    if let Some(share) = covers.concentration(risk.value) {
        lines.push(format!(
            "In the scenarios beyond {level} the largest account makes {} of the need.",
            label::percent(share)
        ));
    }
    if let Some(without) = &facts.needs.without_largest {
        let other = without.value_at_risk(level);
        lines.push(format!(
            "With the largest account out of reach the need at {level} is {} instead of {}.",
            money(facts, other.value),
            money(facts, risk.value)
        ));
    }
    lines
}

/// The headline of the waterfall by crash.
pub fn ladder_headline(facts: &Facts) -> String {
    let last = |waterfall: &crate::exchange::Waterfall| {
        waterfall.adl + waterfall.socialised + waterfall.injected + waterfall.bad_debt
    };
    let beyond = facts.ladder.iter().filter(|(_, world)| last(&world.waterfall) > Cash::ZERO);
    format!(
        "In the worst scenario of {} of {} somebody beside the trader and today's fund pays.",
        label::count(beyond.count() as u64),
        crashes(facts.ladder.len() as u64)
    )
}

fn at_worst(facts: &Facts) -> Vec<String> {
    let mut lines = vec![ladder_headline(facts)];
    let worst = facts.ladder.iter().max_by_key(|(_, world)| {
        (world.waterfall.fund + world.waterfall.adl, std::cmp::Reverse(world.world))
    });
    if let Some((crash, world)) = worst {
        let paid = RUNGS.iter().filter(|rung| (rung.of)(&world.waterfall) > Cash::ZERO);
        let paid = paid
            .map(|rung| format!("{} {}", rung.title, money(facts, (rung.of)(&world.waterfall))));
        lines.push(format!(
            "The costliest, scenario {} on {}: {}.",
            world.world,
            facts.study.crashes[*crash].name,
            paid.collect::<Vec<_>>().join(", ")
        ));
    }
    lines
}

fn rests_on(facts: &Facts) -> Vec<String> {
    let mut lines = vec![
        "The need is what the fund would have had to begin with for nothing to be refused by its \
         rule; deleveraging can begin no earlier. Each scenario was run once, with a fund that \
         cannot be exhausted."
            .to_owned(),
        "How likely each crash is beside the others is the scenario's choice (assumed); so is how \
         many there are: a crash unlike all of them is in none of the intervals."
            .to_owned(),
        "Today's book, rules and fund are sent through the prices of old crashes; the recorded \
         falls contain the impact of liquidations of their own day."
            .to_owned(),
    ];
    let sample = facts.needs.rule.sample();
    let effective = sample.effective_size();
    if effective < sample.count() as f64 * 0.999 {
        lines.push(format!(
            "Scenarios were drawn unlike their weights: {} are worth {effective:.0} independent \
             ones, and the mean of their ratios is {:.3}.",
            label::count(sample.count() as u64),
            sample.mean_ratio()
        ));
    }
    if facts.study.space.shocks.iter().any(|level| level.at.steps() != crate::money::Rate::ONE) {
        lines.push(
            "Some paths are scaled beyond what was recorded: they say how much, not how often."
                .to_owned(),
        );
    }
    let assumptions = facts.rules().assumptions();
    lines.extend(assumptions.iter().map(|one| format!("Venue: {one}")));
    lines.into_iter().map(|line| format!("- {line}")).collect()
}

/// What stands below the headline of a picture.
pub fn subtitle(facts: &Facts) -> String {
    let sample = facts.needs.rule.sample();
    format!(
        "{} · {} · n {} · n_eff {} · seed {}",
        facts.rules().name,
        crashes(facts.ladder.len() as u64),
        label::count(sample.count() as u64),
        label::count(sample.effective_size().round() as u64),
        facts.study.seed
    )
}
