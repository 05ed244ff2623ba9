//! From facts to the inputs of the charts.

use super::chart::{self, Bar, Entry, Prices, heatmap, owed, replay, survival};
use super::{Facts, sentences};
use crate::fault::{Error, Result};
use crate::history::{History, MarkSource};
use crate::scenario::Side;
use crate::tally::{Cell, Estimate, Replay};
use crate::venue::VenueRules;
use std::ops::Range;

/// Bars shown before the entry of the crash replay.
const LEAD: usize = 12;

/// All pictures of a run: file name and PNG.
pub fn draw(facts: &Facts) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let failed =
        |error: chart::ChartError| Error::io("draw", "a chart")(std::io::Error::other(error));
    let mut pictures = vec![
        ("frequency.png", heatmap::render(&frequency(facts)).map_err(failed)?),
        ("survival.png", survival::render(&survival(facts)).map_err(failed)?),
        ("owed.png", owed::render(&owed(facts)).map_err(failed)?),
    ];
    if let Some(closely) = facts.replay {
        pictures.push(("replay.png", replay::render(&crash(facts, closely)).map_err(failed)?));
    }
    Ok(pictures)
}

fn caption(facts: &Facts, headline: String, extra: &str) -> chart::Caption {
    let mark = match facts.history.mark_source {
        MarkSource::Recorded => "mark price recorded",
        MarkSource::TradeStandsIn => "trade price stands in for mark",
    };
    let subtitle = format!(
        "{} · {} (rules of {}) · {} bars · {mark} · seed {}{extra}",
        facts.history.symbol,
        facts.rules.name,
        facts.rules.valid_from,
        facts.history.interval,
        facts.study.seed
    );
    let mut notes = Vec::new();
    if facts.plan.left_out.iter().any(|out| *out != facts.plan.left_out[0]) {
        notes.push("Horizons rest on different entries: those with a full horizon.".to_owned());
    }
    if !facts.rules.assumptions().is_empty() {
        notes.push(
            "Some rules of the venue are observed or assumed; summary.txt names them.".to_owned(),
        );
    }
    let footer = notes.join(" ");
    chart::Caption { headline, subtitle, footer }
}

fn title(side: Side) -> String {
    match side {
        Side::Long => "Long".to_owned(),
        Side::Short => "Short".to_owned(),
    }
}

fn find<'a>(facts: &Facts<'a>, side: Side, leverage: f64, bars: usize) -> Option<&'a Cell> {
    facts
        .tally
        .cells()
        .iter()
        .find(|cell| cell.side == side && cell.leverage.to_f64() == leverage && cell.bars == bars)
}

fn leverages(facts: &Facts) -> Vec<f64> {
    let mut leverages: Vec<f64> =
        facts.study.leverages.iter().map(|leverage| leverage.to_f64()).collect();
    leverages.sort_by(f64::total_cmp);
    leverages
}

fn horizons(facts: &Facts) -> Vec<usize> {
    let mut bars = facts.plan.horizons.clone();
    bars.sort_unstable();
    bars
}

/// ` · n 46 to 88 per cell, worth 1 to 15 independent windows` over some cells.
fn size(facts: &Facts, shown: impl Fn(&Cell) -> bool) -> String {
    let cells = facts.tally.cells().iter().filter(|cell| shown(cell));
    let shares: Vec<Estimate> = cells.filter_map(Cell::share).collect();
    let range = |of: fn(&Estimate) -> f64| {
        let values = || shares.iter().map(of).map(f64::round);
        let low = values().min_by(f64::total_cmp)?;
        let high = values().max_by(f64::total_cmp)?;
        Some(if low == high { format!("{low}") } else { format!("{low} to {high}") })
    };
    match (range(|share| share.n as f64), range(|share| share.n_eff)) {
        (Some(n), Some(n_eff)) => {
            let plural = if n_eff == "1" { "" } else { "s" };
            format!(" · n {n} per cell, worth {n_eff} independent window{plural}")
        }
        _ => String::new(),
    }
}

/// The longest horizon with a position: what the pictures of one horizon show.
fn longest(facts: &Facts) -> usize {
    let opened = |cell: &&Cell| cell.share().is_some();
    facts.tally.cells().iter().filter(opened).map(|cell| cell.bars).max().unwrap_or_default()
}

/// Where a picture shows one horizon: which, and how much it rests on.
fn of_one_horizon(facts: &Facts, bars: usize) -> String {
    let held = chart::label::hours(facts.hours(bars));
    format!(" · held {held}{}", size(facts, |cell| cell.bars == bars))
}

fn frequency(facts: &Facts) -> heatmap::Input {
    let (leverages, horizons) = (leverages(facts), horizons(facts));
    let cell = |side: Side, leverage: f64, bars: usize| {
        let share = find(facts, side, leverage, bars)?.share()?;
        Some(heatmap::Cell { share: share.share, low: share.low, high: share.high })
    };
    let panel = |side: &Side| heatmap::Panel {
        title: title(*side),
        cells: leverages
            .iter()
            .map(|leverage| horizons.iter().map(|bars| cell(*side, *leverage, *bars)).collect())
            .collect(),
    };
    let extra = size(facts, |_| true);
    heatmap::Input {
        caption: caption(facts, sentences::frequency_headline(facts), &extra),
        horizons: horizons.iter().map(|bars| facts.hours(*bars)).collect(),
        panels: facts.study.sides.iter().map(panel).collect(),
        leverages,
    }
}

fn survival(facts: &Facts) -> survival::Input {
    let bars = longest(facts);
    let curve = |side: Side, leverage: f64| {
        let alive = find(facts, side, leverage, bars)?.survival()?;
        let steps = alive.iter().enumerate().map(|(bar, share)| (facts.hours(bar), *share));
        Some(survival::Curve { leverage, steps: steps.collect() })
    };
    let panel = |side: &Side| survival::Panel {
        title: title(*side),
        curves: leverages(facts).iter().filter_map(|leverage| curve(*side, *leverage)).collect(),
    };
    survival::Input {
        caption: caption(
            facts,
            sentences::survival_headline(facts, bars),
            &of_one_horizon(facts, bars),
        ),
        panels: facts.study.sides.iter().map(panel).collect(),
    }
}

fn owed(facts: &Facts) -> owed::Input {
    let bars = longest(facts);
    let row = |side: Side, leverage: f64| {
        let found = find(facts, side, leverage, bars).and_then(Cell::owed);
        owed::Row {
            leverage,
            positions: found.as_ref().map_or(0, |owed| owed.share.n),
            share: found.as_ref().map_or(0.0, |owed| owed.share.share),
            owed: found.and_then(|owed| owed.amounts).map(|amounts| owed::Owed {
                mean: amounts.mean_of_margin,
                p99: amounts.p99_of_margin,
                largest: amounts.largest_of_margin,
            }),
        }
    };
    let group = |side: &Side| owed::Group {
        title: title(*side),
        rows: leverages(facts).iter().map(|leverage| row(*side, *leverage)).collect(),
    };
    owed::Input {
        caption: caption(
            facts,
            sentences::owed_headline(facts, bars),
            &of_one_horizon(facts, bars),
        ),
        groups: facts.study.sides.iter().map(group).collect(),
    }
}

fn crash(facts: &Facts, closely: &Replay) -> replay::Input {
    let history = facts.history;
    let first = closely.entry.first.saturating_sub(LEAD);
    let end = (closely.entry.first + closely.bars).min(history.len());
    let price = |price| history.scale.to_f64(price);
    let mut levels: Vec<replay::Level> = closely
        .fates
        .iter()
        .map(|fate| replay::Level {
            leverage: fate.leverage.to_f64(),
            price: fate.outcome.liquidation_price.map(price),
            death: fate.outcome.liquidation.map(|end| history.time[end.trigger.bar]),
        })
        .collect();
    levels.sort_by(|one, other| one.leverage.total_cmp(&other.leverage));
    let entry =
        Entry { time: closely.entry.time, price: price(closely.entry.price), side: closely.side };
    replay::Input {
        caption: caption(facts, sentences::replay_headline(facts).unwrap_or_default(), ""),
        prices: prices(history, facts.rules, first..end, entry),
        levels,
    }
}

/// Some bars of a history, with what their prices are.
pub(super) fn prices(
    history: &History,
    rules: &VenueRules,
    bars: Range<usize>,
    entry: Entry,
) -> Prices {
    Prices {
        quote: rules.price_unit().to_owned(),
        name: match history.mark_source {
            MarkSource::Recorded => "mark".to_owned(),
            MarkSource::TradeStandsIn => "last".to_owned(),
        },
        interval: history.interval.millis(),
        bars: bars.map(|bar| bar_of(history, bar)).collect(),
        entry,
    }
}

pub(super) fn bar_of(history: &History, bar: usize) -> Bar {
    let price = |price| history.scale.to_f64(price);
    Bar {
        time: history.time[bar],
        low: price(history.mark.low[bar]),
        high: price(history.mark.high[bar]),
        close: price(history.mark.close[bar]),
        last: match history.mark_source {
            MarkSource::Recorded => {
                Some((price(history.trade.low[bar]), price(history.trade.high[bar])))
            }
            MarkSource::TradeStandsIn => None,
        },
    }
}
