//! One world in detail.

use crate::engine::Law;
use crate::exchange::{AccountId, Event, Scene, World};
use crate::money::Cash;
use crate::population::Population;
use crate::tally::exchange::{
    Bucket, Census, Concentration, Deleveraging, Forced, Record, buckets, concentration,
    deleveragings, liquidations,
};
use std::collections::BTreeSet;

/// A world, who lived in it, and all that happened.
#[derive(Debug, Clone)]
pub struct Told {
    pub world: World,
    pub population: Population,
    pub record: Record,
    /// One a trader.
    pub buckets: Vec<Bucket>,
    pub liquidations: Vec<Forced>,
    pub deleveragings: Vec<Deleveraging>,
}

impl Told {
    pub fn new(scene: Scene, population: Population, lived: (World, Record)) -> Self {
        let laws: Vec<Law> = scene.markets.iter().map(|market| market.law).collect();
        let census = Census { population: &population, laws: &laws };
        let (world, record) = lived;
        let (buckets, events) = (buckets(census), &record.events);
        let (liquidations, deleveragings) =
            (liquidations(census, events), deleveragings(census, events));
        Self { world, population, record, buckets, liquidations, deleveragings }
    }

    /// `None`: not a trader.
    pub fn bucket(&self, account: AccountId) -> Option<Bucket> {
        match account {
            AccountId::Trader(number) => self.buckets.get(number as usize).copied(),
            _ => None,
        }
    }

    pub fn concentration(&self) -> Concentration {
        concentration(&self.deleveragings)
    }

    /// How many accounts ended below zero, and by how much together.
    pub fn deficits(&self) -> (u64, Cash) {
        let mut accounts = BTreeSet::new();
        let mut sum = Cash::ZERO;
        for noted in &self.record.events {
            if let Event::Deficit { account, amount } = noted.event {
                accounts.insert(account);
                sum = sum + amount;
            }
        }
        (accounts.len() as u64, sum)
    }
}
