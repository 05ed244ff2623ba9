//! Market makers. Rule `POP-006`.

use super::book::{Holding, Mode, Plan, Population, Trader, TraderKind};
use crate::engine::Law;
use crate::money::{Cash, Leverage, Price, Quantity};
use crate::scenario::Side;

/// What market makers hold of one symbol.
#[derive(Debug, Clone, Copy)]
pub struct Stand<'a> {
    pub law: Law<'a>,
    pub symbol: u16,
    pub side: Side,
    pub lots: i64,
    /// The start's mark.
    pub entry: Price,
}

impl Stand<'_> {
    /// Equal parts, one lot more for the first ones.
    fn part(&self, maker: u32, makers: u32) -> Option<Holding> {
        let (part, rest) = (self.lots / i64::from(makers), self.lots % i64::from(makers));
        let lots = part + i64::from(i64::from(maker) < rest);
        let (symbol, side, entry) = (self.symbol, self.side, self.entry);
        let quantity = Quantity::from_lots(lots);
        (lots > 0).then_some(Holding { symbol, side, quantity, entry })
    }
}

/// Adds market makers to a population, each with its part of every stand in one wallet.
pub fn add(population: &mut Population, stands: &[Stand], makers: u32, leverage: Leverage) {
    for maker in 0..makers {
        let first = population.holdings.len() as u32;
        let mut margin = Cash::ZERO;
        for stand in stands {
            let Some(held) = stand.part(maker, makers) else { continue };
            margin = margin + stand.law.initial_margin(held.quantity, held.entry, leverage);
            population.holdings.push(held);
        }
        let holdings = first..population.holdings.len() as u32;
        if !holdings.is_empty() {
            let (kind, mode, plan) = (TraderKind::Maker, Mode::Cross, Plan::default());
            population.traders.push(Trader { kind, mode, margin, plan, holdings });
        }
    }
}
