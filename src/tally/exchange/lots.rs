//! What is still open, bar by bar.

use super::record::Noted;
use crate::exchange::{AccountId, Event};
use crate::population::Population;

/// Signed lots of every position of a population, followed through a journal.
#[derive(Debug, Clone)]
pub struct OpenLots<'a> {
    population: &'a Population,
    lots: Vec<i64>,
}

impl<'a> OpenLots<'a> {
    /// Before anybody has opened anything.
    pub fn new(population: &'a Population) -> Self {
        Self { population, lots: vec![0; population.holdings.len()] }
    }

    pub fn follow(&mut self, noted: &Noted) {
        let Event::Trade { symbol, buyer, seller, quantity, .. } = noted.event else { return };
        for (account, lots) in [(buyer, quantity.lots()), (seller, -quantity.lots())] {
            let AccountId::Trader(number) = account else { continue };
            let Some(trader) = self.population.traders.get(number as usize) else { continue };
            let range = trader.holdings.start as usize..trader.holdings.end as usize;
            let held = &self.population.holdings;
            if let Some(place) = range.into_iter().find(|place| held[*place].symbol == symbol) {
                self.lots[place] += lots;
            }
        }
    }

    /// One a holding of the population.
    pub fn lots(&self) -> &[i64] {
        &self.lots
    }
}
