//! What waits to be liquidated when a world begins.

use super::bucket::{Census, in_quote};
use crate::engine::{FundingPerUnit, Position};
use crate::exchange::Density;
use crate::money::Price;

/// Notional of one symbol by the distance of its liquidation price from the mark at the start, at
/// that mark. A position of an account with several ones counts as if the whole wallet stood behind
/// it alone. Rule `EXC-031`.
pub fn resting(census: Census, symbol: u16, start: Price) -> Density {
    let law = census.law(symbol);
    let traders = census.population.traders.iter();
    let held = traders.flat_map(|trader| {
        let holdings = &census.population.holdings;
        let own = &holdings[trader.holdings.start as usize..trader.holdings.end as usize];
        own.iter().map(move |held| (trader.margin, held))
    });
    let levels = held.filter(|(_, held)| held.symbol == symbol).filter_map(|(margin, held)| {
        let (side, quantity, entry) = (held.side, held.quantity, held.entry);
        let position = Position { side, quantity, entry, margin };
        let level = law.liquidation_price(&position, FundingPerUnit::NONE)?;
        Some((side, level, in_quote(law, quantity, start)))
    });
    Density::of(start, levels)
}
