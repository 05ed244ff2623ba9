//! The queue of an exchange against a plain scan of the same law: who is due, where, and in which
//! order. Rules EXC-011 and EXC-012.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../market/mod.rs"]
mod market;

mod case;
mod cross;
mod plain;

use case::{Case, Move};
use deleverage::engine::{FundingPerUnit, Law};
use deleverage::exchange::{Order, Queue, Slide, Tide, Watched};
use deleverage::money::{Cash, Price, Quantity, Rate};
use deleverage::venue::Lookup;
use market::shapes::POINT;
use plain::{Held, Scan, settlement};
use proptest::prelude::*;

const ALL: &[Lookup] = &[
    Lookup::Marginal,
    Lookup::WholeByNotional,
    Lookup::RiskSteps,
    Lookup::WholeByContracts,
    Lookup::LinearInSize,
];
const CONTINUOUS: &[Lookup] = &[Lookup::Marginal, Lookup::WholeByContracts, Lookup::LinearInSize];

/// A symbol that lives through its moves; every trigger is asked of both.
struct Life<'a> {
    law: Law<'a>,
    queue: &'a mut Queue,
    held: Vec<Held>,
    orders: Vec<(u32, Order)>,
    funding: FundingPerUnit,
    mark: i64,
    /// Marks stay below.
    highest: i64,
    fired: usize,
}

impl<'a> Life<'a> {
    fn new(case: &'a Case, queue: &'a mut Queue) -> Self {
        let funding = FundingPerUnit::NONE;
        let fresh = |position| Held { position, funded: funding, armed: false, flat: false };
        let held: Vec<Held> = case.positions().into_iter().map(fresh).collect();
        queue.clear();
        let (law, orders, mark, highest) = (case.law(), Vec::new(), case.mark, 4 * case.mark);
        let mut life = Life { law, queue, held, orders, funding, mark, highest, fired: 0 };
        for account in 0..life.held.len() {
            life.arm(account);
        }
        life
    }

    fn watched(&self, account: usize) -> Watched {
        let held = self.held[account];
        Watched { position: held.position, due: self.funding.since(held.funded) }
    }

    fn arm(&mut self, account: usize) {
        let watched = self.watched(account);
        self.held[account].armed = true;
        self.queue.watch(Tide { law: &self.law, funding: self.funding }, account as u32, &watched);
    }

    fn forget(&mut self, account: usize) {
        self.held[account].flat = true;
        self.orders.retain(|(owner, _)| *owner as usize != account);
        self.queue.forget(account as u32);
    }

    /// Settles, changes size and margin by so many per cent, and is armed again.
    fn trade(&mut self, account: usize, size: i64, margin: i64) {
        let Watched { position, due } = self.watched(account);
        let left = position.margin - self.law.funding(&position, due);
        let quantity = Quantity::from_lots((position.quantity.lots() / 100 * size).max(1));
        let least = -self.law.notional(quantity, position.entry).atoms() / 8;
        let margin = Cash::from_atoms((left.atoms() / 100 * margin).max(least));
        let held = &mut self.held[account];
        (held.position, held.funded) = (position.reduced(quantity, margin), self.funding);
        self.arm(account);
    }

    fn live(&mut self, next: Move) -> Result<(), TestCaseError> {
        let known = |account: u32| account as usize % self.held.len();
        match next {
            Move::Slide(points) => return self.slide(self.moved(points)),
            Move::Jump(points) => {
                self.mark = self.moved(points);
                return self.slide(self.mark);
            }
            Move::Fund(rate) => {
                let rate = Rate::from_steps(rate * POINT / 100);
                let paid = settlement(&self.law, rate, Price::from_steps(self.mark));
                self.funding = self.funding.plus(paid);
            }
            Move::Trade(account, size, margin) => {
                let account = known(account);
                if !self.held[account].flat {
                    self.trade(account, size, margin);
                }
            }
            Move::Forget(account) => self.forget(known(account)),
            Move::Await(account, kind, way, points) => {
                let price = Price::from_steps(self.moved(points));
                let (account, order) = (known(account) as u32, Order { kind, way, price });
                self.orders.push((account, order));
                self.queue.await_price(account, order);
            }
            Move::Resume => {
                let resting = |held: &Held| !held.armed && !held.flat;
                let all: Vec<usize> =
                    (0..self.held.len()).filter(|at| resting(&self.held[*at])).collect();
                all.into_iter().for_each(|account| self.arm(account));
            }
        }
        Ok(())
    }

    fn moved(&self, points: i64) -> i64 {
        (self.mark + self.mark * points / 10_000).clamp(1, self.highest)
    }

    fn slide(&mut self, to: i64) -> Result<(), TestCaseError> {
        loop {
            let slide = Slide { from: Price::from_steps(self.mark), to: Price::from_steps(to) };
            let (law, funding) = (self.law, self.funding);
            let (held, orders, far) = (&self.held, &self.orders, 16 * self.highest);
            let expected = Scan { far, law: &law, funding, held, orders }.next(slide);
            let look = |account: u32| {
                let held = held[account as usize];
                let due = funding.since(held.funded);
                (!held.flat).then_some(Watched { position: held.position, due })
            };
            let due = self.queue.next(Tide { law: &law, funding }, slide, look);
            let told = expected.map(|(due, _)| due);
            prop_assert_eq!(due, told, "{:?} with {:?}", slide, self.held);
            let Some((due, order)) = expected else { break };
            self.mark = due.mark.steps();
            match order {
                Some(place) => drop(self.orders.remove(place)),
                None => self.liquidate(due.account as usize),
            }
            self.fired += 1;
        }
        self.mark = to;
        Ok(())
    }

    /// One account in three is closed, one in part, one is left alone for a while.
    fn liquidate(&mut self, account: usize) {
        self.held[account].armed = false;
        match (account + self.fired) % 3 {
            0 => self.forget(account),
            1 => self.trade(account, 60, 110),
            _ => {}
        }
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

/// Plays a case, and says how often something fired.
fn play(case: &Case, queue: &mut Queue) -> Result<usize, TestCaseError> {
    let mut life = Life::new(case, queue);
    for next in &case.moves {
        life.live(*next)?;
    }
    Ok(life.fired)
}

proptest! {
    #![proptest_config(cases(5_000))]

    /// EXC-011, EXC-012: on a coarse grid every mark is looked at, under all lookups.
    #[test]
    fn the_queue_is_the_plain_scan(case in case::cases(ALL, 100_i64..600, 8)) {
        play(&case, &mut Queue::default())?;
    }

    /// EXC-012: on a fine grid, where rounding does not hide anything.
    #[test]
    fn the_queue_is_the_plain_scan_on_a_fine_grid(
        case in case::cases(CONTINUOUS, 1_000_000_000_i64..8_000_000_000, 11),
    ) {
        play(&case, &mut Queue::default())?;
    }
}
