//! The first and the last line of a story.

use super::Story;
use super::line::Told;
use crate::money::{Price, Quantity};
use crate::scenario::Side;

/// What was bought or sold, on which margin.
pub fn told(story: &Story) -> Told {
    let position = &story.row.position;
    let fee = story.market.law.charge(position.quantity, position.entry, story.rules.fees.taker);
    let verb = match position.side {
        Side::Long => "bought",
        Side::Short => "sold",
    };
    Told {
        event: "open",
        text: format!(
            "{verb} {} at {} on a margin of {}; entry fee {}",
            story.size(position.quantity),
            story.rough(position.entry),
            story.amount(position.margin),
            story.amount(fee)
        ),
        details: vec![
            ("quantity", Some(position.quantity.to_string())),
            ("price", Some(story.price(position.entry))),
            ("margin", Some(position.margin.to_string())),
            ("fee", Some(fee.to_string())),
        ],
    }
}

/// What was still open when the horizon ended.
pub fn end(story: &Story) -> Told {
    let (worst, left) = (worst(story), left(story));
    Told {
        event: "end",
        text: format!(
            "{} still open; the worst mark in the horizon was {}",
            story.size(left),
            story.rough(worst)
        ),
        details: vec![
            ("quantity", Some(left.to_string())),
            ("worst_mark", Some(story.price(worst))),
        ],
    }
}

fn left(story: &Story) -> Quantity {
    let closed = story.row.outcome.liquidation.map_or(Quantity::ZERO, |end| end.closed);
    Quantity::from_lots(story.row.position.quantity.lots() - closed.lots())
}

fn worst(story: &Story) -> Price {
    let mark = &story.market.history.mark;
    let worst = match story.row.side {
        Side::Long => mark.low[story.bars()].iter().min(),
        Side::Short => mark.high[story.bars()].iter().max(),
    };
    worst.copied().unwrap_or(story.row.position.entry)
}
