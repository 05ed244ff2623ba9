//! What waits to be liquidated when a world begins.

use super::bucket::{Census, in_quote};
use crate::engine::{FundingPerUnit, Position};
use crate::exchange::Density;
use crate::money::Price;
use crate::population::Holding;
use crate::scenario::Side;

/// Notional of one symbol by the distance of its liquidation price from the mark at the start, at
/// that mark. A position of an account with several ones counts as if the whole wallet stood behind
/// it alone. Rule `EXC-031`.
pub fn resting(census: Census, symbol: u16, start: Price) -> Density {
    of_those(census, (symbol, start), |_| true)
}

/// The same of one side; on the other one nothing rests.
pub fn resting_on(side: Side, census: Census, symbol: u16, start: Price) -> Density {
    of_those(census, (symbol, start), |held| held.side == side)
}

fn of_those(
    census: Census,
    (symbol, start): (u16, Price),
    counts: impl Fn(&Holding) -> bool,
) -> Density {
    let law = census.law(symbol);
    let traders = census.population.traders.iter();
    let held = traders.flat_map(|trader| {
        let holdings = &census.population.holdings;
        let own = &holdings[trader.holdings.start as usize..trader.holdings.end as usize];
        own.iter().map(move |held| (trader.margin, held))
    });
    let counted = held.filter(|(_, held)| held.symbol == symbol && counts(held));
    let levels = counted.filter_map(|(margin, held)| {
        let (side, quantity, entry) = (held.side, held.quantity, held.entry);
        let position = Position { side, quantity, entry, margin };
        let level = law.liquidation_price(&position, FundingPerUnit::NONE)?;
        Some((side, level, in_quote(law, quantity, start)))
    });
    Density::of(start, levels)
}
