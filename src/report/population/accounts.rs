//! `accounts.csv`: the book of a population in the format that `population.file` reads.

use super::Portrait;
use crate::fault::{Error, Result};
use crate::population::{Holding, Mode, Trader, TraderKind};

/// One row a position. Market makers are left out: they are what longs and shorts do not have in
/// common, and stand there again when the book is read.
pub fn table(portrait: &Portrait) -> Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::io("write", "accounts.csv")(error.into());
    let names = ["account", "symbol", "side", "quantity", "entry_price", "margin", "mode"];
    csv.write_record(names).map_err(failed)?;
    let traders = portrait.population.traders.iter().enumerate();
    for (number, trader) in traders.filter(|(_, trader)| trader.kind == TraderKind::User) {
        let name = match portrait.names.and_then(|names| names.get(number)) {
            Some(name) => name.clone(),
            None => number.to_string(),
        };
        let range = trader.holdings.start as usize..trader.holdings.end as usize;
        for holding in &portrait.population.holdings[range] {
            csv.write_record(row(portrait, (&name, trader), holding)).map_err(failed)?;
        }
    }
    csv.into_inner().map_err(|error| Error::io("write", "accounts.csv")(error.into_error()))
}

fn row(portrait: &Portrait, (name, trader): (&str, &Trader), holding: &Holding) -> [String; 7] {
    let history = portrait.listings[usize::from(holding.symbol)].history;
    let mode = match trader.mode {
        Mode::Isolated => "isolated",
        Mode::Cross => "cross",
    };
    [
        name.to_owned(),
        history.symbol.clone(),
        holding.side.to_string(),
        holding.quantity.to_string(),
        history.scale.to_decimal(holding.entry).to_string(),
        trader.margin.to_string(),
        mode.to_owned(),
    ]
}
