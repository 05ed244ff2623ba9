//! A story as a picture.

use super::line::{Line, lines};
use super::{Story, sentence};
use crate::engine::Event;
use crate::fault::{Error, Result};
use crate::history::{History, MarkSource};
use crate::money::{Price, Quantity};
use crate::report::chart::story::{Entry, Input, Level, Trigger, render};
use crate::report::chart::{Caption, label};
use crate::report::pictures::bar_of;

/// Bars shown before the entry, and after the end.
const LEAD: usize = 12;

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
    Input {
        caption: caption(story),
        quote: story.rules.settlement.clone(),
        price_name: match history.mark_source {
            MarkSource::Recorded => "mark".to_owned(),
            MarkSource::TradeStandsIn => "last".to_owned(),
        },
        interval: history.interval.millis(),
        bars: (first..end).map(|bar| bar_of(history, bar)).collect(),
        entry: Entry {
            time: row.entered,
            price: history.scale.to_f64(row.position.entry),
            side: row.side,
        },
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

fn triggers(story: &Story) -> Vec<Trigger> {
    let starts: Vec<usize> = (0..story.events.len())
        .filter(|i| matches!(story.events[*i], Event::Trigger { .. }))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([story.events.len()]);
    starts.iter().zip(ends).filter_map(|(from, to)| step(story, &story.events[*from..to])).collect()
}

/// One trigger and what follows from it.
fn step(story: &Story, events: &[Event]) -> Option<Trigger> {
    let Some(Event::Trigger { bar, mark, .. }) = events.first() else { return None };
    let closed = |event: &Event| match *event {
        Event::Fill { quantity, .. } | Event::Takeover { quantity, .. } => quantity.lots(),
        _ => 0,
    };
    let closed = Quantity::from_lots(events.iter().map(closed).sum());
    let lives = events.iter().any(|event| matches!(event, Event::Reduced { .. }));
    let share = closed.lots() as f64 / story.row.position.quantity.lots() as f64;
    let label = match (lives, closed == story.row.position.quantity) {
        (_, true) => "closed whole".to_owned(),
        (true, _) => format!("closed {}", label::percent(share)),
        (false, _) => format!("closed the last {}", label::percent(share)),
    };
    let history = story.market.history;
    Some(Trigger { time: history.time[*bar], price: history.scale.to_f64(*mark), label })
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
            sentence::conclusion(story).replacen("It was", "it was", 1).replacen('A', "a", 1)
        ),
        subtitle: format!(
            "position {} · {} (rules of {}) · {} bars · {mark} · notional {}",
            story.number, story.rules.name, story.rules.valid_from, history.interval, row.notional
        ),
        footer: "Prices move inside a bar; when in the bar a level was reached is not known."
            .to_owned(),
    }
}
