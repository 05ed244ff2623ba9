//! A story as a picture.

use super::line::{Line, lines};
use super::{Story, sentence};
use crate::engine::Event;
use crate::fault::{Error, Result};
use crate::history::{History, MarkSource};
use crate::money::Price;
use crate::report::chart::story::{Input, Level, Trigger, render};
use crate::report::chart::{Caption, Entry, label};
use crate::report::pictures::prices;

/// Bars shown before the entry, and at least after the end.
const LEAD: usize = 6;

/// A PNG.
///
/// # Errors
/// The picture cannot be drawn.
pub fn picture(story: &Story) -> Result<Vec<u8>> {
    let failed = |error| Error::io("draw", "a chart")(std::io::Error::other(error));
    render(&input(story)).map_err(failed)
}

fn input(story: &Story) -> Input {
    let history = story.market.history;
    let lines = lines(story);
    let (first, end) = shown(story);
    let level = |of: fn(&Line) -> Option<Price>| levels(history, &lines, of);
    let row = story.row;
    let price = history.scale.to_f64(row.position.entry);
    let entry = Entry { time: row.entered, price, side: row.side };
    Input {
        caption: caption(story),
        prices: prices(history, story.rules, first..end, entry),
        liquidation: level(|line| line.levels.liquidation),
        bankruptcy: level(|line| line.levels.bankruptcy),
        triggers: triggers(story),
        end: end_of_life(story),
    }
}

/// Some bars before the entry to some after the end, within the history's segment.
fn shown(story: &Story) -> (usize, usize) {
    let last = story.row.outcome.liquidation.and_then(|end| end.last_bar);
    let lived = last.unwrap_or(story.row.horizon_bars);
    let end = story.entry.first + lived + LEAD.max(lived / 4);
    (story.entry.first.saturating_sub(LEAD), end.min(story.market.history.len()))
}

/// The middle of the bar of the last step, or the end of the horizon.
fn end_of_life(story: &Story) -> i64 {
    let (time, bar) = (&story.market.history.time, story.market.history.interval.millis());
    let last = story.row.outcome.liquidation.and_then(|end| end.last_bar);
    match last {
        Some(bars) => time[story.entry.first + bars - 1] + bar / 2,
        None => time[story.bars().end - 1] + bar,
    }
}

/// From the entry on, at each move.
fn levels(history: &History, lines: &[Line], of: fn(&Line) -> Option<Price>) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for line in lines {
        let price = of(line).map(|price| history.scale.to_f64(price));
        if levels.last().is_none_or(|last| last.price != price) {
            let middle = if line.event == "reduced" { history.interval.millis() / 2 } else { 0 };
            levels.push(Level { time: line.time + middle, price });
        }
    }
    levels
}

/// One for each bar with a trigger: steps that follow at once stand in one place.
fn triggers(story: &Story) -> Vec<Trigger> {
    let by_bar = story.events.chunk_by(|one, next| one.bar() == next.bar());
    by_bar.filter_map(|events| in_bar(story, events)).collect()
}

/// What was closed in a bar; `None` where nothing fired.
fn in_bar(story: &Story, events: &[Event]) -> Option<Trigger> {
    let (bar, mark) = events.iter().find_map(|event| match *event {
        Event::Trigger { bar, mark, .. } => Some((bar, mark)),
        _ => None,
    })?;
    let history = story.market.history;
    let (time, price) = (history.time[bar], history.scale.to_f64(mark));
    Some(Trigger { time, price, label: what_was_closed(story, events) })
}

fn what_was_closed(story: &Story, events: &[Event]) -> String {
    let closed = |event: &Event| match *event {
        Event::Fill { quantity, .. } | Event::Takeover { quantity, .. } => quantity.lots(),
        _ => 0,
    };
    let (lots, size) = (events.iter().map(closed).sum(), story.row.position.quantity.lots());
    let share = label::percent(lots as f64 / size as f64);
    let ends = story.row.outcome.liquidation.and_then(|end| end.last_bar);
    let ends = ends.is_some_and(|last| events.iter().any(|e| story.nth(e.bar()) == last));
    let what = match (lots, ends) {
        (0, _) => return "nothing was filled".to_owned(),
        (all, _) if all == size => "closed whole".to_owned(),
        (_, true) => format!("closed the last {share}"),
        (_, false) => format!("closed {share}"),
    };
    match steps(events) {
        1 => what,
        many => format!("{what} in {many} steps"),
    }
}

/// Steps that closed something: each part that lives on, and the end.
fn steps(events: &[Event]) -> usize {
    let triggers = events.split(|event| matches!(event, Event::Trigger { .. })).skip(1);
    let fills = |event: &Event| matches!(event, Event::Fill { .. } | Event::Takeover { .. });
    triggers.filter(|step| step.iter().any(fills)).count()
}

fn caption(story: &Story) -> Caption {
    let history = story.market.history;
    let mark = match history.mark_source {
        MarkSource::Recorded => "mark price recorded",
        MarkSource::TradeStandsIn => "trade price stands in for mark",
    };
    let row = story.row;
    Caption {
        headline: format!(
            "A {} {} of {} opened at {} UTC: {}",
            label::leverage(row.leverage.to_f64()),
            row.side,
            history.symbol,
            label::dated_moment(row.entered),
            sentence::rough_conclusion(story).replacen("It was", "it was", 1).replacen('A', "a", 1)
        ),
        subtitle: format!(
            "position {} · {} (rules of {}) · {} bars · {mark} · notional {} {}",
            story.number,
            story.rules.name,
            story.rules.valid_from,
            history.interval,
            row.notional,
            story.rules.price_unit()
        ),
        footer: "Prices move inside a bar; when in the bar a level was reached is not known."
            .to_owned(),
    }
}
