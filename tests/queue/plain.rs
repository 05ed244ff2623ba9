//! The plain scan: everybody, at every mark.

use deleverage::engine::{FundingPerUnit, Law, Position};
use deleverage::exchange::{Due, Kind, Order, Slide, Way};
use deleverage::money::{Price, Rate};
use deleverage::scenario::Side;
use deleverage::venue::Contract;

/// What the scan and the queue share: the accounts themselves.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub position: Position,
    /// The symbol's funding when the account was last settled.
    pub funded: FundingPerUnit,
    pub armed: bool,
    pub flat: bool,
}

/// Marks up to here are looked at one by one, from here on by halves.
const ONE_BY_ONE: i64 = 3_000;

pub struct Scan<'a> {
    /// No edge lies beyond.
    pub far: i64,
    pub law: &'a Law<'a>,
    pub funding: FundingPerUnit,
    pub held: &'a [Held],
    pub orders: &'a [(u32, Order)],
}

fn price(steps: i64) -> Price {
    Price::from_steps(steps)
}

/// One settlement of either contract.
pub fn settlement(law: &Law, rate: Rate, mark: Price) -> FundingPerUnit {
    match law.contract {
        Contract::Linear => FundingPerUnit::settlement(rate, mark),
        Contract::Inverse => FundingPerUnit::inverse_settlement(rate, mark, law.scale),
    }
}

impl Scan<'_> {
    /// What fires first while the mark goes its way, and the place of the order that it was.
    pub fn next(&self, slide: Slide) -> Option<(Due, Option<usize>)> {
        let mark = slide.from;
        self.liquidated_at(mark)
            .map(|account| (Due { account, kind: Kind::Liquidation, mark }, None))
            .or_else(|| self.ordered_at(mark))
            .or_else(|| self.on_the_way(slide))
    }

    fn armed(&self) -> impl Iterator<Item = (u32, &Held)> {
        (0..).zip(self.held).filter(|(_, held)| held.armed && !held.flat)
    }

    fn fatal(&self, held: &Held, mark: Price) -> bool {
        self.law.is_liquidatable(&held.position, self.funding.since(held.funded), mark)
    }

    fn liquidated_at(&self, mark: Price) -> Option<u32> {
        let first = |side: Side| {
            let due = self.armed().filter(|(_, held)| held.position.side == side);
            let due = due.filter(|(_, held)| self.fatal(held, mark));
            let ranked = due.map(|(account, held)| (self.edge(held), account)).min();
            ranked.map(|(_, account)| account)
        };
        first(Side::Long).into_iter().chain(first(Side::Short)).min()
    }

    fn ordered_at(&self, mark: Price) -> Option<(Due, Option<usize>)> {
        let first = |way: Way| {
            let due = self.orders.iter().enumerate();
            let due = due.filter(|(_, (_, order))| order.way == way && reached(order, mark));
            due.min_by_key(|(_, (account, order))| {
                (order.price.steps() * sign(way), order.kind, *account)
            })
        };
        let firsts = first(Way::Falls).into_iter().chain(first(Way::Rises));
        let (place, &(account, order)) =
            firsts.min_by_key(|(_, (account, order))| (order.kind, *account))?;
        Some((Due { account, kind: order.kind, mark }, Some(place)))
    }

    fn on_the_way(&self, slide: Slide) -> Option<(Due, Option<usize>)> {
        let way = if slide.to < slide.from { Way::Falls } else { Way::Rises };
        let liquidated = self.armed().filter_map(|(account, held)| {
            let mark = self.first_fatal(held, slide)?;
            Some((Due { account, kind: Kind::Liquidation, mark }, None))
        });
        let within = |order: &Order| order.way == way && reached(order, slide.to);
        let ordered = self.orders.iter().enumerate().filter(|(_, (_, order))| within(order));
        let ordered = ordered.map(|(place, (account, order))| {
            (Due { account: *account, kind: order.kind, mark: order.price }, Some(place))
        });
        liquidated.chain(ordered).min_by_key(|(due, _)| {
            (due.mark.steps().abs_diff(slide.from.steps()), due.kind, due.account)
        })
    }

    /// The first mark of a slide that liquidates, its start left out.
    fn first_fatal(&self, held: &Held, slide: Slide) -> Option<Price> {
        let (from, to) = (slide.from.steps(), slide.to.steps());
        let ahead = (to - from).signum();
        if (to - from).abs() <= ONE_BY_ONE {
            let mut marks = (1..=(to - from).abs()).map(|step| price(from + ahead * step));
            return marks.find(|mark| self.fatal(held, *mark));
        }
        self.fatal(held, slide.to).then(|| price(self.halve(held, from, to)))
    }

    /// The mark next to `safe` that is fatal as `fatal` is, if there is one change between them.
    fn halve(&self, held: &Held, mut safe: i64, mut fatal: i64) -> i64 {
        while (fatal - safe).abs() > 1 {
            let middle = safe + (fatal - safe) / 2;
            match self.fatal(held, price(middle)) {
                true => fatal = middle,
                false => safe = middle,
            }
        }
        fatal
    }

    /// The furthest mark in favour that liquidates, nearest first.
    fn edge(&self, held: &Held) -> i64 {
        let fatal = |mark: i64| self.fatal(held, price(mark));
        match held.position.side {
            Side::Long if fatal(self.far) => -self.far,
            Side::Long if fatal(ONE_BY_ONE) => -self.halve(held, self.far, ONE_BY_ONE),
            Side::Long => -(1..ONE_BY_ONE).rev().find(|mark| fatal(*mark)).unwrap(),
            Side::Short => match (1..ONE_BY_ONE).find(|mark| fatal(*mark)) {
                Some(mark) => mark,
                None => self.halve(held, ONE_BY_ONE - 1, self.far),
            },
        }
    }
}

fn reached(order: &Order, mark: Price) -> bool {
    match order.way {
        Way::Falls => mark <= order.price,
        Way::Rises => mark >= order.price,
    }
}

/// What is passed first comes first.
fn sign(way: Way) -> i64 {
    match way {
        Way::Falls => -1,
        Way::Rises => 1,
    }
}
