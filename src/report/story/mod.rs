//! One position's life told bar by bar, each event with the number of its rule in `docs/model`.

mod levels;
mod line;
mod opening;
mod picture;
mod rules;
mod sentence;
mod text;

pub use picture::picture;
pub use text::{table, text, trimmed};

use crate::engine::{Event, Market};
use crate::money::{Cash, Price, Quantity};
use crate::report::sentences::rounded;
use crate::scenario::{Entry, Study};
use crate::tally::Row;
use crate::venue::VenueRules;
use line::Line;
use serde_json::{Value, json};

/// A position, what it lived through and under which rules.
#[derive(Debug, Clone, Copy)]
pub struct Story<'a> {
    pub study: &'a Study,
    pub market: Market<'a>,
    pub rules: &'a VenueRules,
    pub entry: &'a Entry,
    /// Its row in the outcomes, from 0.
    pub number: u64,
    pub row: &'a Row,
    pub events: &'a [Event],
    /// Whether the run's own row says the same.
    pub confirmed: bool,
}

impl Story<'_> {
    /// Decimal text of a price.
    fn price(&self, price: Price) -> String {
        self.market.history.scale.to_decimal(price).to_string()
    }

    /// A price for people: eight digits.
    fn rough(&self, price: Price) -> String {
        let exact = self.market.history.scale.to_decimal(price);
        exact.round_sf(8).unwrap_or(exact).normalize().to_string()
    }

    /// A size with its unit.
    fn size(&self, quantity: Quantity) -> String {
        format!("{quantity} {}", self.rules.size_unit())
    }

    /// An amount for people, with the asset that it is in.
    fn amount(&self, amount: Cash) -> String {
        format!("{} {}", rounded(self.rules, amount), self.rules.settlement)
    }

    /// Bars of the horizon.
    fn bars(&self) -> std::ops::Range<usize> {
        self.entry.first..self.entry.first + self.row.horizon_bars
    }

    /// `in bar 5`, counted from 1 for the first exposed one (rule TIM-009).
    fn nth(&self, bar: usize) -> usize {
        bar - self.entry.first + 1
    }
}

/// The story for scripts: amounts and prices are decimal text, `null` is none.
pub fn to_json(story: &Story) -> Value {
    let row = story.row;
    let lines: Vec<Value> = line::lines(story).iter().map(|line| of_line(story, line)).collect();
    json!({
        "position": story.number,
        "entry_time": crate::history::rfc3339(row.entered),
        "symbol": story.market.history.symbol,
        "venue": story.rules.name,
        "rules_valid_from": story.rules.valid_from.to_string(),
        "settlement": story.rules.settlement,
        "side": row.side,
        "leverage": row.leverage.to_string(),
        "notional": row.notional.to_string(),
        "horizon_bars": row.horizon_bars,
        "confirmed": story.confirmed,
        "conclusion": sentence::conclusion(story),
        "events": lines,
    })
}

fn of_line(story: &Story, line: &Line) -> Value {
    let price = |price: Option<Price>| price.map(|price| story.price(price));
    let details = line.details.iter().map(|(name, text)| ((*name).to_owned(), json!(text)));
    json!({
        "time": crate::history::rfc3339(line.time),
        "bar": line.bar,
        "event": line.event,
        "details": Value::Object(details.collect()),
        "text": line.text,
        "liquidation_price": price(line.levels.liquidation),
        "bankruptcy_price": price(line.levels.bankruptcy),
        "rules": line.rules,
    })
}
