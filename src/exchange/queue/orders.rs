//! Prices that somebody waits for: stops, take-profits, alerts.

use super::keys::{Depth, Roster};
use super::{Kind, Order, Slide, Way};
use crate::money::Price;
use crate::scenario::Side;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    depth: Depth,
    kind: Kind,
    account: u32,
    stamp: u32,
}

/// Those that wait for the mark to come from one side.
#[derive(Debug)]
pub struct Orders {
    way: Way,
    waiting: BinaryHeap<Reverse<Waiting>>,
}

impl Orders {
    pub fn new(way: Way) -> Self {
        Self { way, waiting: BinaryHeap::new() }
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    pub fn insert(&mut self, account: u32, stamp: u32, order: Order) {
        let depth = self.depth(order.price);
        self.waiting.push(Reverse(Waiting { depth, kind: order.kind, account, stamp }));
    }

    pub fn is_calm(&self, slide: Slide) -> bool {
        let deepest = self.depth(slide.from).max(self.depth(slide.to));
        self.waiting.peek().is_none_or(|Reverse(first)| first.depth > deepest)
    }

    /// What the mark has reached where it stands.
    pub fn due_at(&mut self, roster: &Roster, mark: Price) -> Option<(Kind, u32)> {
        let depth = self.depth(mark);
        let first = self.first(roster).filter(|first| first.depth <= depth)?;
        Some((first.kind, first.account))
    }

    /// What it comes to first as it slides, and where.
    pub fn due_on_way(&mut self, roster: &Roster, slide: Slide) -> Option<(Price, Kind, u32)> {
        let depth = self.depth(slide.to);
        let first = self.first(roster).filter(|first| first.depth <= depth)?;
        Some((first.depth.mark(self.way.adverse()), first.kind, first.account))
    }

    /// Removes the first.
    pub fn pop(&mut self) {
        self.waiting.pop();
    }

    fn depth(&self, mark: Price) -> Depth {
        Depth::of(self.way.adverse(), mark)
    }

    fn first(&mut self, roster: &Roster) -> Option<Waiting> {
        while let Some(Reverse(first)) = self.waiting.peek() {
            if roster.still_ordered(first.account, first.stamp) {
                return Some(*first);
            }
            self.waiting.pop();
        }
        None
    }
}

impl Way {
    /// The side that this way goes against.
    fn adverse(self) -> Side {
        match self {
            Self::Falls => Side::Long,
            Self::Rises => Side::Short,
        }
    }
}
