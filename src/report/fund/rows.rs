//! One row a scenario: `scenarios.parquet` or `scenarios.csv`.

use super::Facts;
use crate::exchange::Need;
use crate::fault::Result;
use crate::report::columns::{Definition, Value, cash, text, whole};
use crate::report::rows::{self, RowFile, Sink};
use crate::scenario::OutcomeFormat;
use crate::scenario::fund::{Cell, Spread};
use crate::tally::Trial;
use std::path::Path;

/// A scenario and where it lives.
#[derive(Debug, Clone)]
pub struct Placed {
    trial: Trial,
    cell: Cell,
    crash: String,
}

/// Scenarios with their cells.
pub fn placed(facts: &Facts, spread: &Spread, trials: &[Trial]) -> Vec<Placed> {
    let place = |trial: &Trial| {
        let cell = facts.cells[spread.cell(trial.scenario)];
        let crash = facts.study.crashes[cell.crash].name.clone();
        Placed { trial: trial.clone(), cell, crash }
    };
    trials.iter().map(place).collect()
}

type Shown = Definition<Placed, ()>;

/// The columns, in order; none is ever renamed. Amounts in the settlement asset.
fn definitions() -> Vec<Shown> {
    vec![
        whole("scenario", |one, ()| Value::Whole(Some(i64::from(one.trial.scenario)))),
        text("crash", |one, ()| Value::Text(Some(one.crash.clone()))),
        whole("offset_ms", |one, ()| Value::Whole(Some(one.cell.offset))),
        text("path", |one, ()| Value::Text(Some(one.cell.order.word().to_owned()))),
        text("depth", |one, ()| {
            Value::Text(one.cell.depth.map(|rate| rate.to_decimal().to_string()))
        }),
        text("shock", |one, ()| Value::Text(Some(one.cell.shock.to_decimal().to_string()))),
        text("weight", |one, ()| Value::Text(Some(format!("{:.9}", one.cell.weight)))),
        text("need_rule", |one, ()| cash(Some(one.trial.need.rule))),
        text("need_cash", |one, ()| cash(Some(one.trial.need.cash))),
        text("need_mtm", |one, ()| cash(Some(one.trial.need.marked))),
        text("need_whole", |one, ()| cash(Some(one.trial.need.whole))),
        text("need_without_largest", |one, ()| {
            cash(one.trial.without_largest.map(|need: Need| need.rule))
        }),
        text("fund_drawdown", |one, ()| cash(Some(one.trial.drawdown))),
        text("fund_drawdown_mtm", |one, ()| cash(Some(one.trial.drawdown_mtm))),
        text("fund_drawdown_8h", |one, ()| cash(Some(one.trial.drawdown_8h))),
        text("largest_loss", |one, ()| cash(Some(one.trial.charged[0]))),
        text("second_loss", |one, ()| cash(Some(one.trial.charged[1]))),
        text("third_loss", |one, ()| cash(Some(one.trial.charged[2]))),
        text("liquidated_notional", |one, ()| cash(Some(one.trial.liquidated_notional))),
        whole("liquidations", |one, ()| Value::Whole(Some(i64::from(one.trial.liquidations)))),
    ]
}

/// The sink of `scenarios.*`, writing into a folder.
///
/// # Errors
/// The file cannot be created.
pub fn sink(format: OutcomeFormat, folder: &Path) -> Result<Box<dyn Sink<Placed>>> {
    rows::sink(RowFile { folder, stem: "scenarios", format }, definitions(), ())
}
