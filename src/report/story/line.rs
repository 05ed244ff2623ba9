//! Events as lines: what happened, with which amounts, under which rules.

use super::levels::{Levels, Standing};
use super::{Story, opening, rules};
use crate::engine::{Cause, Event};
use crate::money::{Cash, Price, Quantity};
use crate::report::sentences::rounded;
use crate::venue::{Edge, FundScope, FundingPays, NegativeBalance, Residual};

/// One line of a story.
pub struct Line {
    /// Open of the bar, UTC milliseconds.
    pub time: i64,
    /// From 1 for the first exposed bar.
    pub bar: usize,
    pub event: &'static str,
    pub text: String,
    /// Names and decimal text.
    pub details: Vec<(&'static str, Option<String>)>,
    /// After the event.
    pub levels: Levels,
    pub rules: Vec<&'static str>,
}

/// What an event says.
pub struct Told {
    pub event: &'static str,
    pub text: String,
    pub details: Vec<(&'static str, Option<String>)>,
}

/// The whole life: the opening, every event, and the end where there was one without a
/// liquidation.
pub fn lines(story: &Story) -> Vec<Line> {
    let mut standing = Standing::at_entry(story);
    let line = |bar: usize, told: Told, levels: Levels, rules: Vec<&'static str>| Line {
        time: story.market.history.time[bar],
        bar: story.nth(bar),
        event: told.event,
        text: told.text,
        details: told.details,
        levels,
        rules,
    };
    let first = story.entry.first;
    let mut lines = vec![line(first, opening::told(story), standing.levels, rules::opening(story))];
    for event in story.events {
        let levels = standing.after(event);
        lines.push(line(event.bar(), tell(story, event), levels, rules::of(story, event)));
    }
    if story.row.outcome.liquidation.is_none_or(|end| !end.is_full()) {
        let last = story.bars().end - 1;
        lines.push(line(last, opening::end(story), standing.levels, vec!["TIM-001"]));
    }
    lines
}

fn tell(story: &Story, event: &Event) -> Told {
    match *event {
        Event::Funding { paid, mark, .. } => funding(story, paid, mark),
        Event::Trigger { mark, last, equity, maintenance, cause, .. } => {
            trigger(story, (mark, last), (equity, maintenance), cause)
        }
        Event::Order { quantity, limit, .. } => order(story, quantity, limit),
        Event::Fill { quantity, price, slippage, .. } => fill(story, quantity, price, slippage),
        Event::Takeover { quantity, price, .. } => takeover(story, quantity, price),
        Event::Fee { amount, .. } => {
            of_cash(story, "fee", amount, "liquidation fee to the insurance fund")
        }
        Event::Kept { amount, .. } => of_cash(story, "kept", amount, keeper(story)),
        Event::Returned { amount, .. } => of_cash(story, "returned", amount, "to the trader"),
        Event::Deficit { amount, .. } => of_cash(story, "deficit", amount, bearer(story)),
        Event::Reduced { quantity_left, margin_left, .. } => {
            reduced(story, quantity_left, margin_left)
        }
    }
}

fn of_cash(story: &Story, event: &'static str, amount: Cash, whose: &str) -> Told {
    Told {
        event,
        text: format!("{} {whose}", story.amount(amount)),
        details: vec![("amount", Some(amount.to_string()))],
    }
}

fn funding(story: &Story, paid: Cash, mark: Price) -> Told {
    let (verb, amount) = if paid < Cash::ZERO { ("received", paid.loss()) } else { ("paid", paid) };
    let beside = match story.rules.funding.pays {
        FundingPays::Margin => "",
        FundingPays::Wallet => ", beside the margin",
    };
    let at = story.rough(mark);
    Told {
        event: "funding",
        text: format!("{verb} {} at mark {at}{beside}", story.amount(amount)),
        details: vec![("paid", Some(paid.to_string())), ("mark", Some(story.price(mark)))],
    }
}

fn trigger(
    story: &Story,
    (mark, last): (Price, Price),
    (equity, maintenance): (Cash, Cash),
    cause: Cause,
) -> Told {
    let relation = match story.rules.edge {
        Edge::AtOrBelow => "<=",
        Edge::Below => "<",
    };
    let (raised, cause) = match cause {
        Cause::Price => ("", "price"),
        Cause::RaisedMargin => (", only because it was raised", "raised margin"),
    };
    Told {
        event: "trigger",
        text: format!(
            "mark {}, last {}: equity {} {relation} maintenance {}{raised}",
            story.rough(mark),
            story.rough(last),
            rounded(story.rules, equity),
            story.amount(maintenance)
        ),
        details: vec![
            ("mark", Some(story.price(mark))),
            ("last", Some(story.price(last))),
            ("equity", Some(equity.to_string())),
            ("maintenance", Some(maintenance.to_string())),
            ("cause", Some(cause.to_owned())),
        ],
    }
}

fn order(story: &Story, quantity: Quantity, limit: Option<Price>) -> Told {
    let bound = limit.map(|limit| format!(", no worse than {}", story.rough(limit)));
    let limit = limit.map(|limit| story.price(limit));
    Told {
        event: "order",
        text: format!("close {}{}", story.size(quantity), bound.unwrap_or_default()),
        details: vec![("quantity", Some(quantity.to_string())), ("limit", limit)],
    }
}

fn fill(story: &Story, quantity: Quantity, price: Price, slippage: Cash) -> Told {
    let cost = match slippage {
        Cash::ZERO => String::new(),
        some => format!(", slippage {}", story.amount(some)),
    };
    Told {
        event: "fill",
        text: format!("{} at {}{cost}", story.size(quantity), story.rough(price)),
        details: vec![
            ("quantity", Some(quantity.to_string())),
            ("price", Some(story.price(price))),
            ("slippage", Some(slippage.to_string())),
        ],
    }
}

fn takeover(story: &Story, quantity: Quantity, price: Price) -> Told {
    let (size, at) = (story.size(quantity), story.rough(price));
    Told {
        event: "takeover",
        text: format!("{size} at {at} by {}", taker(story)),
        details: vec![
            ("quantity", Some(quantity.to_string())),
            ("price", Some(story.price(price))),
        ],
    }
}

fn reduced(story: &Story, quantity: Quantity, margin: Cash) -> Told {
    Told {
        event: "reduced",
        text: format!("{} left with a margin of {}", story.size(quantity), story.amount(margin)),
        details: vec![
            ("quantity_left", Some(quantity.to_string())),
            ("margin_left", Some(margin.to_string())),
        ],
    }
}

fn taker(story: &Story) -> &'static str {
    match story.rules.residual {
        Residual::Backstop { .. } => "the backstop vault",
        _ => "the insurance fund",
    }
}

fn keeper(story: &Story) -> &'static str {
    match story.rules.residual {
        Residual::Backstop { .. } => "by the backstop vault",
        _ => "by the insurance fund",
    }
}

/// The rung that a deficit falls on.
fn bearer(story: &Story) -> &'static str {
    let loss = &story.rules.loss;
    match (loss.negative_balance, loss.fund) {
        (NegativeBalance::Owed, _) => "owed by the trader",
        (NegativeBalance::Protected, FundScope::Vault) => "borne by the vault",
        (NegativeBalance::Protected, FundScope::None) => "borne by the other traders",
        (NegativeBalance::Protected, _) => "borne by the insurance fund",
    }
}
