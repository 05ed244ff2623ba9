//! A story in one sentence.

use super::Story;
use crate::engine::Liquidation;
use crate::history::rfc3339;
use crate::money::Cash;
use crate::report::chart::label;
use crate::report::sentences::rounded;
use crate::venue::NegativeBalance;

/// `Position 17: 10x long of 10000 USDT in ETHUSDT, …`, and the rules on a line of their own.
pub fn heading(story: &Story) -> String {
    let row = story.row;
    format!(
        "Position {}: {} {} of {} {} in {}, opened {}, for at most {} bars of {}\n\
         under the rules of {} from {}.",
        story.number,
        label::leverage(row.leverage.to_f64()),
        row.side,
        row.notional,
        story.rules.price_unit(),
        story.market.history.symbol,
        rfc3339(row.entered),
        row.horizon_bars,
        story.market.history.interval,
        story.rules.name,
        story.rules.valid_from
    )
}

/// How it ended, to the last digit.
pub fn conclusion(story: &Story) -> String {
    told(story, Cash::to_string)
}

/// How it ended, in amounts for people.
pub fn rough_conclusion(story: &Story) -> String {
    told(story, |amount| rounded(story.rules, *amount))
}

fn told(story: &Story, write: impl Fn(&Cash) -> String) -> String {
    let Some(end) = story.row.outcome.liquidation else {
        let held = after(story, story.row.horizon_bars);
        return format!("It was never liquidated and still open after {held}.");
    };
    let steps = if end.steps == 1 { "1 step".to_owned() } else { format!("{} steps", end.steps) };
    match end.last_bar {
        Some(bar) => format!(
            "It was liquidated whole within {} of its opening, in {steps}; {}.",
            after(story, bar),
            left(story, &end, write)
        ),
        None => format!(
            "A part of it was closed by force within {} of its opening, in {steps}; the rest was \
             still open after {}.",
            after(story, end.first_bar),
            after(story, story.row.horizon_bars)
        ),
    }
}

/// Length of a number of bars.
fn after(story: &Story, bars: usize) -> String {
    label::hours(bars as f64 * story.market.history.interval.millis() as f64 / 3.6e6)
}

fn left(story: &Story, end: &Liquidation, write: impl Fn(&Cash) -> String) -> String {
    let asset = &story.rules.settlement;
    let settled = &end.settlement;
    if settled.deficit > Cash::ZERO {
        let bearer = match story.rules.loss.negative_balance {
            NegativeBalance::Protected => "and the trader owes nothing",
            NegativeBalance::Owed => "which the trader owes",
        };
        return format!("it ended {} {asset} below zero, {bearer}", write(&settled.deficit));
    }
    match settled.returned > Cash::ZERO {
        true => format!("{} {asset} of its margin came back", write(&settled.returned)),
        false => "nothing of its margin came back".to_owned(),
    }
}
