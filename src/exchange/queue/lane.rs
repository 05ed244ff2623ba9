//! The accounts of one side of one symbol.
//!
//! Far from the mark an account waits by its edge at the anchor of the funding band ([`Drift`]),
//! which never moves. When the mark may have come to it, it is looked at: the law says where its
//! edge is now, and by that it waits *near* the mark until funding changes. Where the requirement
//! jumps, a mark beyond the edge may be safe: whoever stands there is *astray* and is looked at
//! again when the mark has come to the first price on either side that is not.

use super::keys::{Depth, Entry, Roster};
use super::{Slide, Tide, Watched};
use crate::engine::Drift;
use crate::money::Price;
use crate::scenario::Side;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What part of a lane is sorted at first.
const FIRST_PART: usize = 16;

/// What a lane looks at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub tide: Tide<'a>,
    pub drift: &'a Drift,
    pub look: &'a dyn Fn(u32) -> Option<Watched>,
}

impl View<'_> {
    fn is_due(&self, account: u32, mark: Price) -> bool {
        let watched = (self.look)(account);
        watched.is_some_and(|it| self.tide.law.is_liquidatable(&it.position, it.due, mark))
    }

    /// Where an account's edge is now; `None`: it holds nothing.
    fn edge(&self, entry: Entry) -> Option<Entry> {
        let Watched { position, due } = (self.look)(entry.account)?;
        let edge = self.tide.law.own_edge(&position, due);
        let depth = edge.map_or(Depth::NEVER, |edge| Depth::of(position.side, edge));
        Some(Entry { depth, ..entry })
    }

    /// Between which marks an account that is safe at this one stays so.
    fn haven(&self, account: u32, mark: Price) -> Haven {
        let Some(Watched { position, due }) = (self.look)(account) else {
            return Haven::EVERYWHERE;
        };
        let against = self.tide.law.edge_from(&position, due, mark);
        let behind = self.tide.law.edge_behind(&position, due, mark);
        let (below, above) = match position.side {
            Side::Long => (against, behind),
            Side::Short => (behind, against),
        };
        let Haven { below: lowest, above: highest } = Haven::EVERYWHERE;
        Haven { below: below.unwrap_or(lowest), above: above.unwrap_or(highest) }
    }
}

/// Safe marks: all between these two, which are not.
#[derive(Debug, Clone, Copy)]
struct Haven {
    below: Price,
    above: Price,
}

impl Haven {
    const EVERYWHERE: Self =
        Self { below: Price::from_steps(0), above: Price::from_steps(i64::MAX) };

    fn holds(self, mark: Price) -> bool {
        self.below < mark && mark < self.above
    }

    fn with(self, other: Self) -> Self {
        Self { below: self.below.max(other.below), above: self.above.min(other.above) }
    }
}

/// Beyond its own edge, and safe when it was last looked at.
#[derive(Debug)]
struct Astray {
    entry: Entry,
    haven: Haven,
}

#[derive(Debug)]
pub struct Lane {
    side: Side,
    /// By the edge at the anchor: the first `sorted` of them in order, and before all others;
    /// `passed` have been looked at.
    far: Vec<Entry>,
    sorted: usize,
    passed: usize,
    /// The same, of accounts that were armed after the others had been sorted.
    late: BinaryHeap<Reverse<Entry>>,
    /// By the edge as it is now.
    near: BinaryHeap<Reverse<Entry>>,
    astray: Vec<Astray>,
    /// Nobody near or far is due at marks that lie less deep.
    horizon: Depth,
    /// Nobody astray is due at these.
    haven: Haven,
}

impl Lane {
    pub fn new(side: Side) -> Self {
        Self {
            side,
            far: Vec::new(),
            sorted: 0,
            passed: 0,
            late: BinaryHeap::new(),
            near: BinaryHeap::new(),
            astray: Vec::new(),
            horizon: Depth::NEVER,
            haven: Haven::EVERYWHERE,
        }
    }

    pub fn clear(&mut self) {
        self.far.clear();
        (self.sorted, self.passed) = (0, 0);
        self.late.clear();
        self.near.clear();
        self.astray.clear();
        (self.horizon, self.haven) = (Depth::NEVER, Haven::EVERYWHERE);
    }

    /// One of many, before [`Lane::begin`].
    pub fn load(&mut self, entry: Entry) {
        self.far.push(entry);
    }

    /// All have been loaded.
    pub fn begin(&mut self) {
        self.horizon = Depth::ALWAYS;
    }

    /// One more.
    pub fn insert(&mut self, entry: Entry) {
        self.late.push(Reverse(entry));
        self.horizon = Depth::ALWAYS;
    }

    /// Whether nothing can be due on the way.
    pub fn is_calm(&self, slide: Slide) -> bool {
        self.deepest(slide) < self.horizon
            && self.haven.holds(slide.from)
            && self.haven.holds(slide.to)
    }

    /// Funding has changed: where is everybody now who is near the mark?
    pub fn refresh(&mut self, view: View, roster: &Roster) {
        let mut near = std::mem::take(&mut self.near).into_vec();
        near.extend(self.astray.drain(..).map(|astray| Reverse(astray.entry)));
        near.retain(|Reverse(entry)| roster.counts(entry));
        near.retain_mut(|Reverse(entry)| match view.edge(*entry) {
            Some(now) => {
                *entry = now;
                true
            }
            None => false,
        });
        self.near = near.into();
        self.horizon = Depth::ALWAYS;
    }

    /// Looks at everybody whom the mark may come to on the way.
    pub fn approach(&mut self, view: View, roster: &Roster, slide: Slide) {
        let deepest = self.deepest(slide);
        while let Some(entry) = self.waiting(roster) {
            if self.reach(view, entry.depth) > deepest {
                break;
            }
            self.take(entry);
            self.near.extend(view.edge(entry).map(Reverse));
        }
    }

    /// Sets the marks between which nothing can be due.
    pub fn settle(&mut self, view: View, roster: &Roster) {
        let far = self.waiting(roster).map(|entry| self.reach(view, entry.depth));
        let near = self.nearest(roster).map(|entry| entry.depth);
        self.horizon = far.into_iter().chain(near).min().unwrap_or(Depth::NEVER);
        let havens = self.astray.iter().map(|astray| astray.haven);
        self.haven = havens.fold(Haven::EVERYWHERE, Haven::with);
    }

    /// Who is liquidatable at a mark: the one whose own edge was reached first.
    pub fn due_at(&mut self, view: View, roster: &Roster, mark: Price) -> Option<u32> {
        let depth = Depth::of(self.side, mark);
        let mut first = self.due_astray(view, roster, mark);
        while let Some(entry) = self.nearest(roster).filter(|entry| entry.depth <= depth) {
            if view.is_due(entry.account, mark) {
                first = Some(first.map_or(entry, |astray| astray.min(entry)));
                break;
            }
            self.near.pop();
            let haven = view.haven(entry.account, mark);
            self.astray.push(Astray { entry, haven });
        }
        first.map(|entry| entry.account)
    }

    /// The first of those who are astray; whoever else the mark has come to is safe again.
    fn due_astray(&mut self, view: View, roster: &Roster, mark: Price) -> Option<Entry> {
        self.astray.retain(|astray| roster.counts(&astray.entry));
        let mut first = None;
        for Astray { entry, haven } in &mut self.astray {
            if haven.holds(mark) {
                continue;
            }
            match view.is_due(entry.account, mark) {
                true => first = Some(first.map_or(*entry, |other: Entry| other.min(*entry))),
                false => *haven = view.haven(entry.account, mark),
            }
        }
        first
    }

    /// Who becomes liquidatable first as the mark slides, and where; nobody is at its start.
    pub fn due_on_way(&mut self, roster: &Roster, slide: Slide) -> Option<(Price, u32)> {
        let side = self.side;
        let near = self.nearest(roster).filter(|entry| entry.depth <= Depth::of(side, slide.to));
        let near = near.map(|entry| (entry.depth.mark(side), entry.account));
        let astray = self.astray.iter().map(|Astray { entry, haven }| {
            let reached = if slide.to < slide.from { haven.below } else { haven.above };
            (reached, entry.account)
        });
        let astray = astray.filter(|(mark, _)| slide.passes(*mark));
        astray.chain(near).min_by_key(|(mark, account)| (slide.distance(*mark), *account))
    }

    fn deepest(&self, slide: Slide) -> Depth {
        Depth::of(self.side, slide.from).max(Depth::of(self.side, slide.to))
    }

    fn reach(&self, view: View, depth: Depth) -> Depth {
        let edge = depth.mark(self.side);
        Depth::of(self.side, view.drift.reach(self.side, edge, view.tide.funding))
    }

    /// The next one that has not been looked at.
    fn waiting(&mut self, roster: &Roster) -> Option<Entry> {
        let first = self.first_far(roster);
        while self.late.peek().is_some_and(|Reverse(entry)| !roster.counts(entry)) {
            self.late.pop();
        }
        let late = self.late.peek().map(|Reverse(entry)| *entry);
        first.into_iter().chain(late).min()
    }

    fn first_far(&mut self, roster: &Roster) -> Option<Entry> {
        loop {
            let rest = &self.far[self.passed..self.sorted];
            self.passed += rest.iter().take_while(|entry| !roster.counts(entry)).count();
            if self.passed < self.sorted || self.sorted == self.far.len() {
                return self.far[..self.sorted].get(self.passed).copied();
            }
            self.sort_more();
        }
    }

    /// Sorts as many again: most worlds never come to those who are furthest.
    fn sort_more(&mut self) {
        let rest = &mut self.far[self.sorted..];
        let count = self.sorted.max(rest.len() / FIRST_PART).max(1).min(rest.len());
        if count < rest.len() {
            rest.select_nth_unstable(count);
        }
        rest[..count].sort_unstable();
        self.sorted += count;
    }

    /// Removes the one that [`Lane::waiting`] named.
    fn take(&mut self, entry: Entry) {
        match self.far[..self.sorted].get(self.passed) == Some(&entry) {
            true => self.passed += 1,
            false => drop(self.late.pop()),
        }
    }

    fn nearest(&mut self, roster: &Roster) -> Option<Entry> {
        while self.near.peek().is_some_and(|Reverse(entry)| !roster.counts(entry)) {
            self.near.pop();
        }
        self.near.peek().map(|Reverse(entry)| *entry)
    }
}
