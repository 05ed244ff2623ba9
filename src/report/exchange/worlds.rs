//! One row a world: `worlds.parquet` or `worlds.csv`.

use crate::exchange::World;
use crate::fault::Result;
use crate::history::rfc3339;
use crate::money::PriceScale;
use crate::report::columns::{self, Definition, Value, cash, price, text, whole};
use crate::report::recorded::Fields;
use crate::report::rows::{self, RowFile, Sink};
use crate::scenario::OutcomeFormat;
use crate::scenario::exchange::PathOrder;
use crate::tally::exchange::order_of;
use std::path::Path;

/// What the values of a world's row need beside it.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Of the first symbol.
    pub scale: PriceScale,
    pub path: PathOrder,
}

type Shown = Definition<World, Context>;

/// The columns, in order; none is ever renamed.
fn definitions() -> Vec<Shown> {
    [agreed(), further()].into_iter().flatten().collect()
}

/// Those that scripts of others rely on.
fn agreed() -> Vec<Shown> {
    vec![
        whole("world", |world, _| Value::Whole(Some(i64::from(world.world)))),
        // Beyond what a signed column holds.
        text("seed", |world, _| Value::Text(Some(world.seed.to_string()))),
        text("fund_start", |world, _| cash(Some(world.fund_start))),
        text("fund_low", |world, _| cash(Some(world.fund_low))),
        text("fund_end", |world, _| cash(Some(world.fund_end))),
        text("fund_drawdown", |world, _| cash(Some(world.fund_drawdown))),
        text("fund_drawdown_mtm", |world, _| cash(Some(world.fund_drawdown_mtm))),
        text("liquidated_notional", |world, _| cash(Some(world.liquidated_notional))),
        whole("liquidations", |world, _| Value::Whole(Some(i64::from(world.liquidations)))),
        text("taken_over", |world, _| cash(Some(world.taken_over))),
        text("adl_notional", |world, _| cash(Some(world.adl_notional))),
        whole("adl_events", |world, _| Value::Whole(Some(i64::from(world.adl_events)))),
        whole("adl_accounts", |world, _| Value::Whole(Some(i64::from(world.adl_accounts)))),
        text("first_adl_time", |world, _| Value::Text(world.first_adl.map(rfc3339))),
        text("socialised", |world, _| cash(Some(world.waterfall.socialised))),
        text("owed", |world, _| cash(Some(world.waterfall.owed))),
        text("bad_debt", |world, _| cash(Some(world.waterfall.bad_debt))),
        text("first_r_price", |world, context| price(world.first_r_price, context.scale)),
    ]
}

fn further() -> Vec<Shown> {
    vec![
        text("path", |world, context| {
            let word = match order_of(context.path, world.world) {
                PathOrder::HighFirst => "high-first",
                _ => "low-first",
            };
            Value::Text(Some(word.to_owned()))
        }),
        text("fund_low_mtm", |world, _| cash(Some(world.fund_low_mtm))),
        text("fund_end_mtm", |world, _| cash(Some(world.fund_end_mtm))),
        text("fund_drawdown_8h", |world, _| cash(Some(world.fund_drawdown_8h))),
        text("fund_income", |world, _| cash(Some(world.fund_income))),
        text("first_liquidation_time", |world, _| {
            Value::Text(world.first_liquidation.map(rfc3339))
        }),
        text("margin_lost", |world, _| cash(Some(world.waterfall.margin))),
        text("fund_paid", |world, _| cash(Some(world.waterfall.fund))),
        text("adl_gap", |world, _| cash(Some(world.waterfall.adl))),
        text("injected", |world, _| cash(Some(world.waterfall.injected))),
    ]
}

/// Names and texts of a world's columns, in order; an empty text for none.
pub fn row(world: &World, context: Context) -> Fields {
    columns::fields(&definitions(), world, context)
}

/// The sink of `worlds.*`, writing into a folder.
///
/// # Errors
/// The file cannot be created.
pub fn sink(
    format: OutcomeFormat,
    folder: &Path,
    context: Context,
) -> Result<Box<dyn Sink<World>>> {
    rows::sink(RowFile { folder, stem: "worlds", format }, definitions(), context)
}
