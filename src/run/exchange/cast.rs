//! Who lives in a world.

use crate::engine::Law;
use crate::exchange::Scene;
use crate::fault::Result;
use crate::money::{Cash, Quantity, Round};
use crate::population::{Holding, Mode, Plan, Population, Trader, TraderKind};
use crate::scenario::Side;
use std::borrow::Cow;

#[derive(Default)]
pub struct Scratch;

pub struct Cast<'a> {
    scene: Scene<'a>,
}

impl<'a> Cast<'a> {
    pub fn of(scene: Scene<'a>) -> Result<Self> {
        Ok(Self { scene })
    }

    // WIP until `population` draws.
    pub fn population(&self, world: u32, _: &mut Scratch) -> Cow<'_, Population> {
        let study = self.scene.study;
        let mut population = Population::default();
        let symbols = self.scene.markets.len() as u32;
        let each = study.population.accounts / symbols / 2;
        for symbol in 0..symbols as usize {
            let market = &self.scene.markets[symbol];
            let law: Law = market.law;
            let entry = market.history.mark.open[self.scene.first];
            let oi = market.book.open_interest.atoms() as i128;
            let lots = Round::Floor.div(oi * law.scale.steps_per_unit(), entry.steps().into());
            let mut state = u64::from(world) * 7919 + 13 + symbol as u64;
            let mut sizes: Vec<i64> = (0..each)
                .map(|_| {
                    state =
                        state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    let u = ((state >> 40) as f64 + 1.0) / (1u64 << 24) as f64;
                    (1e6 / (u + 0.001)) as i64
                })
                .collect();
            let sum: i64 = sizes.iter().sum();
            for s in &mut sizes {
                *s = ((*s as i128) * lots / sum as i128).max(1) as i64;
            }
            for (i, lots) in sizes.iter().enumerate() {
                for side in [Side::Long, Side::Short] {
                    let quantity = Quantity::from_lots(*lots);
                    let leverage =
                        [2, 3, 5, 8, 10, 15, 20, 40][(i * 5 + usize::from(side == Side::Long)) % 8];
                    let margin =
                        Cash::from_atoms(law.notional(quantity, entry).atoms() / leverage + 1);
                    let at = population.holdings.len() as u32;
                    population.holdings.push(Holding {
                        symbol: symbol as u16,
                        side,
                        quantity,
                        entry,
                    });
                    population.traders.push(Trader {
                        kind: TraderKind::User,
                        mode: Mode::Isolated,
                        margin,
                        plan: Plan::default(),
                        holdings: at..at + 1,
                    });
                }
            }
        }
        Cow::Owned(population)
    }
}
