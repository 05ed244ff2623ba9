//! Who is reached by the mark, and in which order: one queue a symbol. Rules `EXC-011`, `EXC-012`.
//!
//! A step of the mark that reaches nobody costs four comparisons; whoever is reached costs the
//! logarithm of a heap. The law itself says where everybody's edge is; the queue only knows a mark
//! before which it need not ask.

mod cross;
mod keys;
mod lane;
mod orders;

use crate::engine::{Drift, FundingPerUnit, Law, Position};
use crate::money::Price;
use crate::scenario::Side;
pub use cross::{CrossWatch, Standing};
pub(super) use cross::{cautious_mark, times};
use keys::{Depth, Entry, Roster};
use lane::{Lane, View};
use orders::Orders;

/// What is due, in the order of precedence at one mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Liquidation,
    Stop,
    TakeProfit,
    Alert,
}

/// From where a price is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// At marks at or below it.
    Falls,
    /// At marks at or above it.
    Rises,
}

/// A price that an account waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub kind: Kind,
    pub way: Way,
    pub price: Price,
}

/// What fires, and at which mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub account: u32,
    pub kind: Kind,
    pub mark: Price,
}

/// A position that the margin law answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    pub position: Position,
    /// Funding that it owes per unit since it was last settled.
    pub due: FundingPerUnit,
}

/// The symbol's law, the same for all of a world, and its funding per unit so far.
#[derive(Debug, Clone, Copy)]
pub struct Tide<'a> {
    pub law: &'a Law<'a>,
    pub funding: FundingPerUnit,
}

/// The mark stands at `from` and goes to `to`, over all prices between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slide {
    pub from: Price,
    pub to: Price,
}

impl Slide {
    /// Steps from the start.
    fn distance(self, mark: Price) -> u64 {
        self.from.steps().abs_diff(mark.steps())
    }

    /// Whether a mark lies on the way, the start left out.
    fn passes(self, mark: Price) -> bool {
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        (low..=high).contains(&mark) && mark != self.from
    }
}

/// The triggers of one symbol; kept by a thread from world to world.
///
/// An account is armed by [`Queue::watch`] and comes up once. Whoever changes its position or
/// cash arms it again.
#[derive(Debug)]
pub struct Queue {
    roster: Roster,
    longs: Lane,
    shorts: Lane,
    falls: Orders,
    rises: Orders,
    /// Around the funding at which the first account was armed.
    drift: Option<Drift>,
    /// Funding at which the lanes were last looked at; `None`: they are still being loaded.
    looked: Option<FundingPerUnit>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            roster: Roster::default(),
            longs: Lane::new(Side::Long),
            shorts: Lane::new(Side::Short),
            falls: Orders::new(Way::Falls),
            rises: Orders::new(Way::Rises),
            drift: None,
            looked: None,
        }
    }
}

impl Queue {
    /// Empties the queue, and keeps its memory.
    pub fn clear(&mut self) {
        self.roster.clear();
        self.empty_lanes();
        self.falls.clear();
        self.rises.clear();
        (self.drift, self.looked) = (None, None);
    }

    /// Arms the liquidation of an account; an earlier arming of it is void. All armings before the
    /// first [`Queue::next`] are sorted together.
    pub fn watch(&mut self, tide: Tide, account: u32, watched: &Watched) {
        let stamp = self.roster.arm(account);
        let around = || Drift::around(tide.law, tide.funding, watched.position.entry);
        let drift = *self.drift.get_or_insert_with(around);
        self.enter(tide, &drift, (account, stamp), watched);
    }

    /// Lets an account wait for a price; may be done several times.
    pub fn await_price(&mut self, account: u32, order: Order) {
        let stamp = self.roster.orders(account);
        match order.way {
            Way::Falls => self.falls.insert(account, stamp, order),
            Way::Rises => self.rises.insert(account, stamp, order),
        }
    }

    /// Nothing of this account is due any more.
    pub fn forget(&mut self, account: u32) {
        self.roster.forget(account);
    }

    /// What fires first while the mark goes from `slide.from`, where it stands, to `slide.to`; it
    /// is taken out of the queue. `None`: the mark arrives.
    ///
    /// What has already been reached where the mark stands fires there: liquidations in the order
    /// of their own edges, between a long and a short by account; then orders, the price that was
    /// passed first before others of its way, between the ways by kind and account. After that
    /// comes what the mark reaches on its way, at the mark that reaches it, ties by kind and
    /// account.
    ///
    /// `look` tells the position of an account and the funding that it owes now.
    pub fn next(
        &mut self,
        tide: Tide,
        slide: Slide,
        look: impl Fn(u32) -> Option<Watched>,
    ) -> Option<Due> {
        if self.is_calm(tide, slide) {
            return None;
        }
        let drift = self.adjust(tide, slide.from, &look);
        let view = View { tide, drift: &drift, look: &look };
        let due = self.find(view, slide);
        self.longs.settle(view, &self.roster);
        self.shorts.settle(view, &self.roster);
        due
    }

    fn is_calm(&self, tide: Tide, slide: Slide) -> bool {
        self.looked == Some(tide.funding)
            && self.longs.is_calm(slide)
            && self.shorts.is_calm(slide)
            && self.falls.is_calm(slide)
            && self.rises.is_calm(slide)
    }

    /// Brings the lanes up to the funding so far.
    fn adjust(&mut self, tide: Tide, mark: Price, look: &dyn Fn(u32) -> Option<Watched>) -> Drift {
        let around = || Drift::around(tide.law, tide.funding, mark);
        let mut drift = *self.drift.get_or_insert_with(around);
        if !drift.covers(tide.funding) {
            drift = around();
            self.reload(tide, drift, look);
        }
        if self.looked.is_none() {
            self.longs.begin();
            self.shorts.begin();
        } else if self.looked != Some(tide.funding) {
            let view = View { tide, drift: &drift, look };
            self.longs.refresh(view, &self.roster);
            self.shorts.refresh(view, &self.roster);
        }
        self.looked = Some(tide.funding);
        drift
    }

    /// Funding has left its band: everybody anew.
    fn reload(&mut self, tide: Tide, drift: Drift, look: &dyn Fn(u32) -> Option<Watched>) {
        self.empty_lanes();
        (self.drift, self.looked) = (Some(drift), None);
        let roster = std::mem::take(&mut self.roster);
        for (account, stamp) in roster.armed() {
            if let Some(watched) = look(account) {
                self.enter(tide, &drift, (account, stamp), &watched);
            }
        }
        self.roster = roster;
    }

    fn enter(
        &mut self,
        tide: Tide,
        drift: &Drift,
        (account, stamp): (u32, u32),
        watched: &Watched,
    ) {
        let side = watched.position.side;
        let due = watched.due.plus(drift.anchor(side).since(tide.funding));
        let (lane, beyond_all) = match side {
            Side::Long => (&mut self.longs, Price::from_steps(0)),
            Side::Short => (&mut self.shorts, Price::from_steps(i64::MAX)),
        };
        let edge = tide.law.own_edge(&watched.position, due).unwrap_or(beyond_all);
        let entry = Entry { depth: Depth::of(side, edge), account, stamp };
        match self.looked {
            None => lane.load(entry),
            Some(_) => lane.insert(entry),
        }
    }

    fn empty_lanes(&mut self) {
        self.longs.clear();
        self.shorts.clear();
    }

    fn find(&mut self, view: View, slide: Slide) -> Option<Due> {
        self.longs.approach(view, &self.roster, slide);
        self.shorts.approach(view, &self.roster, slide);
        let at = slide.from;
        let liquidated = [&mut self.longs, &mut self.shorts]
            .into_iter()
            .filter_map(|lane| lane.due_at(view, &self.roster, at))
            .min();
        let first = match liquidated {
            Some(account) => Some(Due { account, kind: Kind::Liquidation, mark: at }),
            None => self.ordered_at(at).or_else(|| self.on_way(slide)),
        };
        if let Some(Due { account, kind: Kind::Liquidation, .. }) = first {
            self.roster.disarm(account);
        }
        first
    }

    fn ordered_at(&mut self, mark: Price) -> Option<Due> {
        let mut ways = [&mut self.falls, &mut self.rises];
        let due = ways.each_mut().map(|orders| orders.due_at(&self.roster, mark));
        let (kind, account) = due.into_iter().flatten().min()?;
        let place = due.iter().position(|due| *due == Some((kind, account)))?;
        ways[place].pop();
        Some(Due { account, kind, mark })
    }

    fn on_way(&mut self, slide: Slide) -> Option<Due> {
        let orders = match slide.to < slide.from {
            true => &mut self.falls,
            false => &mut self.rises,
        };
        let ordered = orders.due_on_way(&self.roster, slide);
        let ordered = ordered.map(|(mark, kind, account)| Due { account, kind, mark });
        let reached = [&mut self.longs, &mut self.shorts]
            .into_iter()
            .filter_map(|lane| lane.due_on_way(&self.roster, slide))
            .map(|(mark, account)| Due { account, kind: Kind::Liquidation, mark });
        let nearness = |due: &Due| (slide.distance(due.mark), due.kind, due.account);
        let first = reached.chain(ordered).min_by_key(nearness)?;
        if ordered == Some(first) {
            orders.pop();
        }
        Some(first)
    }
}
