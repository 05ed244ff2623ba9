//! One row per position, streamed: `outcomes.parquet` or `outcomes.csv`.

use super::columns::{self, Definition, Value, cash, flag, price, text, whole};
use super::recorded::Fields;
use super::rows::{self, RowFile, Sink};
use crate::engine::{Cause, Liquidation};
use crate::fault::Result;
use crate::history::rfc3339;
use crate::money::{PriceScale, Quantity, Rate, Round};
use crate::scenario::OutcomeFormat;
use crate::tally::Row;
use std::path::Path;

/// A column of positions.
type Shown = Definition<Row, PriceScale>;

/// The columns, in order. Amounts and prices are decimal text, so that no digit is lost.
fn definitions() -> Vec<Shown> {
    [position_and_end(), liquidation_steps()].into_iter().flatten().collect()
}

fn position_and_end() -> Vec<Shown> {
    vec![
        text("entry_time", |row, _| Value::Text(Some(rfc3339(row.entered)))),
        text("side", |row, _| Value::Text(Some(row.side.to_string()))),
        text("leverage", |row, _| Value::Text(Some(row.leverage.to_string()))),
        text("notional", |row, _| cash(Some(row.notional))),
        whole("horizon_bars", |row, _| Value::Whole(Some(row.horizon_bars as i64))),
        text("entry_price", |row, scale| price(Some(row.position.entry), scale)),
        text("liquidation_price", |row, scale| price(row.outcome.liquidation_price, scale)),
        text("bankruptcy_price", |row, scale| price(row.outcome.bankruptcy_price, scale)),
        flag("liquidated", |row, _| Value::Flag(row.outcome.liquidation.is_some())),
        whole("bars_to_liquidation", |row, _| {
            let last = row.outcome.liquidation.and_then(|end| end.last_bar);
            Value::Whole(last.map(|bar| bar as i64))
        }),
        text("fill_price", |row, scale| {
            price(row.outcome.liquidation.map(|end| end.settlement.fill), scale)
        }),
        text("margin_returned", |row, _| {
            let closed = row.outcome.liquidation.filter(Liquidation::is_full);
            cash(closed.map(|end| end.settlement.returned))
        }),
        text("funding", |row, _| cash(Some(row.outcome.funding))),
        text("fees", |row, _| cash(Some(row.outcome.fees))),
        text("slippage", |row, _| cash(row.outcome.liquidation.map(|end| end.settlement.slippage))),
        text("deficit", |row, _| cash(row.outcome.liquidation.map(|end| end.settlement.deficit))),
        text("mae", |row, _| Value::Text(Some(row.outcome.mae.to_string()))),
    ]
}

/// How forced closing went, step by step.
fn liquidation_steps() -> Vec<Shown> {
    vec![
        whole("liquidation_steps", |row, _| {
            Value::Whole(Some(row.outcome.liquidation.map_or(0, |end| i64::from(end.steps))))
        }),
        text("closed_share", |row, _| {
            let closed = row.outcome.liquidation.map(|end| end.closed);
            Value::Text(closed.map(|closed| share(closed, row.position.quantity).to_string()))
        }),
        whole("first_liquidation_bar", |row, _| {
            Value::Whole(row.outcome.liquidation.map(|end| end.first_bar as i64))
        }),
        flag("fully_liquidated", |row, _| {
            Value::Flag(row.outcome.liquidation.is_some_and(|end| end.is_full()))
        }),
        text("kept", |row, _| cash(row.outcome.liquidation.map(|end| end.settlement.kept))),
        flag("raised_margin", |row, _| {
            let cause = row.outcome.liquidation.map(|end| end.cause);
            Value::Flag(cause == Some(Cause::RaisedMargin))
        }),
    ]
}

/// Rounded down, so that only a whole position is 1.
fn share(part: Quantity, of: Quantity) -> Rate {
    let scaled = i128::from(part.lots()) * i128::from(Rate::ONE);
    let steps = Round::Floor.div(scaled, i128::from(of.lots()));
    Rate::from_steps(i64::try_from(steps).unwrap_or(Rate::ONE))
}

/// Names and texts of a row's columns, in order; an empty text for none.
pub fn fields(row: &Row, scale: PriceScale) -> Fields {
    columns::fields(&definitions(), row, scale)
}

/// The sink of `outcomes.*`, writing into a folder.
///
/// # Errors
/// The file cannot be created.
pub fn sink(format: OutcomeFormat, folder: &Path, scale: PriceScale) -> Result<Box<dyn Sink<Row>>> {
    rows::sink(RowFile { folder, stem: "outcomes", format }, definitions(), scale)
}
