//! EXC-033: a world whose fund is never short tells how small it could have been.

use super::draw::Draw;
use super::laws::holds;
use super::stage::{Stage, Tape};
use deleverage::exchange::{Event, World};
use deleverage::money::{Cash, Rate};
use deleverage::venue::AdlStart;
use std::sync::atomic::{AtomicU32, Ordering};

/// More than the accounts of a random world hold together.
const ENDLESS: i64 = i64::MAX / 64;

impl Stage {
    /// Losses go to the queue for want of money and for no other reason.
    fn asks_its_fund_alone(&mut self, draw: &mut Draw) {
        let start = Rate::from_steps(Rate::ONE / 100 * draw.between(5, 90));
        let stop = Rate::from_steps(start.steps() / 2);
        let starts = [
            AdlStart::FundEmpty,
            AdlStart::PeakDrawdown { start },
            AdlStart::SymbolDrawdown { start, stop },
            AdlStart::Never,
        ];
        let adl_start = draw.pick(&starts);
        self.rules.iter_mut().for_each(|rules| rules.loss.adl_start = adl_start);
        let fund = &mut self.study.fund;
        if fund.tranches.is_empty() {
            *fund = super::stage::one_tranche(self.histories.len(), Cash::ZERO);
        }
        (fund.takeover, fund.notional_cap) = (true, None);
        for tranche in &mut fund.tranches {
            tranche.top_ups.clear();
            tranche.balance = Cash::from_atoms(draw.between(1, 1_000));
        }
    }

    /// The fund divided as before, and each part rounded up.
    fn with_fund(&self, atoms: i64) -> Self {
        let mut stage = self.clone();
        let tranches = &mut stage.study.fund.tranches;
        let all: i128 = tranches.iter().map(|tranche| i128::from(tranche.balance.atoms())).sum();
        for tranche in tranches {
            let part = i128::from(tranche.balance.atoms()) * i128::from(atoms);
            tranche.balance = Cash::from_atoms((part / all + i128::from(part % all > 0)) as i64);
        }
        stage
    }
}

/// The world less what its fund began with.
fn moved(world: &World) -> World {
    let start = world.fund_start;
    World {
        fund_start: Cash::ZERO,
        fund_low: world.fund_low - start,
        fund_end: world.fund_end - start,
        fund_low_mtm: world.fund_low_mtm - start,
        fund_end_mtm: world.fund_end_mtm - start,
        timeline: Vec::new(),
        need: Default::default(),
        ..world.clone()
    }
}

#[test]
fn a_fund_as_large_as_the_whole_need_leaves_the_world_of_an_endless_one() {
    let lacking = AtomicU32::new(0);
    holds(33, |mut stage, draw| {
        stage.asks_its_fund_alone(draw);
        let endless = stage.with_fund(ENDLESS).run();
        assert_eq!(endless.adl_events, 0);
        let need = endless.need;
        assert!(need.whole >= need.cash.max(need.rule), "{need:?}");
        lacking.fetch_add(u32::from(need.whole > Cash::ZERO), Ordering::Relaxed);
        let enough = stage.with_fund(need.whole.atoms().max(1)).run();
        assert_eq!(moved(&enough), moved(&endless));
    });
    let lacking = lacking.into_inner();
    assert!(lacking > 500, "of a fund with a need there are only {lacking}");
}

/// Everything but deposits.
fn acts(tape: &Tape) -> Vec<&Event> {
    let acts = tape.0.iter().map(|(_, event)| event);
    acts.filter(|event| !matches!(event, Event::Deposit { .. })).collect()
}

/// The need of the rules is not larger than it must be: with an atom less something is refused.
#[test]
fn an_atom_less_than_the_need_is_not_enough() {
    let (lacking, same) = (AtomicU32::new(0), AtomicU32::new(0));
    holds(34, |mut stage, draw| {
        stage.asks_its_fund_alone(draw);
        let (endless, tape) = stage.with_fund(ENDLESS).tape();
        let need = endless.need;
        let is_told = need.rule == need.whole && need.rule.atoms() > 1;
        if stage.study.fund.tranches.len() == 1 && is_told {
            let (_, less) = stage.with_fund(need.rule.atoms() - 1).tape();
            lacking.fetch_add(1, Ordering::Relaxed);
            same.fetch_add(u32::from(acts(&less) == acts(&tape)), Ordering::Relaxed);
        }
    });
    let (lacking, same) = (lacking.into_inner(), same.into_inner());
    assert!(lacking > 100, "only {lacking} worlds have such a need");
    assert!(same * 20 < lacking, "in {same} of {lacking} worlds nothing was refused");
}
