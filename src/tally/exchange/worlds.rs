//! All worlds of a study.

use super::spread::Spread;
use crate::exchange::World;
use crate::money::Cash;
use crate::scenario::exchange::{PathOrder, Pick};
use crate::tally::{Estimate, interval};

/// Worlds in the order of their numbers; at least one.
#[derive(Debug, Clone)]
pub struct Worlds {
    list: Vec<World>,
}

/// Worlds of a study with `both` orders of the extremes, apart.
#[derive(Debug, Clone)]
pub struct Orders<T> {
    pub low_first: Spread<T>,
    pub high_first: Spread<T>,
}

impl Worlds {
    /// # Panics
    /// Without worlds.
    pub fn new(list: Vec<World>) -> Self {
        assert!(!list.is_empty(), "a study has at least one world");
        Self { list }
    }

    pub fn list(&self) -> &[World] {
        &self.list
    }

    pub fn count(&self) -> u64 {
        self.list.len() as u64
    }

    /// What the fund held before the first bar, the same in every world.
    pub fn fund_start(&self) -> Cash {
        self.list[0].fund_start
    }

    #[expect(clippy::expect_used, reason = "there is at least one world")]
    pub fn spread<T: Ord + Copy>(&self, of: impl Fn(&World) -> T) -> Spread<T> {
        Spread::of(self.list.iter().map(of)).expect("at least one world")
    }

    /// Over the worlds that have such a value; `None` where none has.
    pub fn among<T: Ord + Copy>(&self, of: impl Fn(&World) -> Option<T>) -> Option<Spread<T>> {
        Spread::of(self.list.iter().filter_map(of))
    }

    /// How many worlds are so; draws of different worlds are independent.
    #[expect(clippy::expect_used, reason = "there is at least one world")]
    pub fn share(&self, so: impl Fn(&World) -> bool) -> Estimate {
        let hits = self.list.iter().filter(|world| so(world)).count() as u64;
        interval::of_independent(hits, self.count()).expect("at least one world")
    }

    /// The world that is told in detail; ties go to the lower number. A number that no world has
    /// is the last one's. Rule `STA-011`.
    pub fn picked(&self, pick: Pick) -> &World {
        let place = match pick {
            Pick::World(number) => {
                let last = self.list.len() - 1;
                self.list.iter().position(|world| world.world == number).unwrap_or(last)
            }
            Pick::Median => self.by_drawdown()[(self.list.len() - 1) / 2],
            Pick::Worst => {
                let order = self.by_drawdown();
                let worst = self.list[order[order.len() - 1]].fund_drawdown_mtm;
                let is_worst = |place: &usize| self.list[*place].fund_drawdown_mtm == worst;
                order.into_iter().find(is_worst).unwrap_or_default()
            }
        };
        &self.list[place]
    }

    /// Places in rising order of the drawdown, marked to market.
    fn by_drawdown(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|place| (self.list[*place].fund_drawdown_mtm, *place));
        order
    }

    /// The two halves of a study with both orders; `None` where there is one order only.
    pub fn orders<T: Ord + Copy>(
        &self,
        path: PathOrder,
        of: impl Fn(&World) -> T,
    ) -> Option<Orders<T>> {
        let half = |first| {
            let of_order = |world: &&World| order_of(path, world.world) == first;
            Spread::of(self.list.iter().filter(of_order).map(&of))
        };
        let low_first = half(PathOrder::LowFirst)?;
        Some(Orders { low_first, high_first: half(PathOrder::HighFirst)? })
    }
}

/// The order of the extremes that a world uses. Rule `EXC-008`.
pub fn order_of(path: PathOrder, world: u32) -> PathOrder {
    match path {
        PathOrder::Both if world.is_multiple_of(2) => PathOrder::LowFirst,
        PathOrder::Both => PathOrder::HighFirst,
        one => one,
    }
}
