//! Laws that hold under every venue of the vocabulary, on the same random cases.

use super::case::Case;
use super::reference::{Exact, GRID};
use super::{engine, random_venues};
use deleverage::engine::{FundingPerUnit, Law, Outcome, Position};
use deleverage::money::{Cash, Price, Quantity};
use deleverage::scenario::Side;
use deleverage::venue::{CloseOut, Contract, FundingPays, Lookup};
use rayon::prelude::*;

const CASES: u64 = 1_500;

/// A law on so many cases of every contract, side and mode.
fn holds(law: impl Fn(&Case) + Sync) {
    for contract in [Contract::Linear, Contract::Inverse] {
        for combination in random_venues(contract) {
            (0..CASES).into_par_iter().for_each(|number| law(&combination.case(number)));
        }
    }
}

fn jumps(case: &Case) -> bool {
    matches!(case.rules.tiers.lookup, Lookup::WholeByNotional | Lookup::RiskSteps)
}

fn away(side: Side, at: Price, steps: i64) -> Price {
    Price::from_steps(at.steps().saturating_add(side.sign() as i64 * steps))
}

/// MRG-008, MRG-009, MRG-017, MRG-023: true at the liquidation price, false one step inside it,
/// and false everywhere where there is none.
#[test]
fn the_liquidation_price_is_the_exact_edge_of_every_requirement() {
    holds(|case| {
        let law = Law::of(&case.rules, case.history.scale);
        let position = engine::position(case);
        let fatal = |at: Price| law.is_liquidatable(&position, FundingPerUnit::NONE, at);
        let Some(at) = law.liquidation_price(&position, FundingPerUnit::NONE) else {
            for share in 1..40 {
                let mark = away(case.side, case.entry(), -(case.entry().steps() / 40 * share));
                assert!(!fatal(mark), "{mark:?} of {position:?}");
            }
            return;
        };
        if at.steps() == i64::MAX {
            return;
        }
        assert!(fatal(at), "{at:?} of {position:?}");
        let inside = away(case.side, at, 1);
        let is_the_start = jumps(case) && at == position.entry;
        assert!(is_the_start || inside.steps() == 0 || !fatal(inside), "{at:?} of {position:?}");
    });
}

/// CLO-009: margin + profit at the fill − funding = returned + kept + fee − deficit, down by less
/// than one rounding of each step and of each part's funding, and by the rounding of the average
/// fill.
#[test]
fn the_steps_of_a_linear_position_create_and_lose_nothing() {
    holds(|case| {
        let position = engine::position(case);
        let outcome = engine::outcome(case);
        let Some(end) = outcome.liquidation.filter(|end| end.last_bar.is_some()) else { return };
        if case.rules.contract == Contract::Inverse {
            return;
        }
        let exact = |steps: i64| Exact::new(steps.into(), GRID);
        let moved = exact(end.settlement.fill.steps()) - exact(position.entry.steps());
        let sign = Exact::new(position.side.sign(), 0);
        let profit = sign * exact(position.quantity.lots()) * moved;
        let funding = match case.rules.funding.pays {
            FundingPays::Margin => exact(outcome.funding.atoms()),
            FundingPays::Wallet => Exact::ZERO,
        };
        let left = end.settlement;
        let booked = left.returned + left.kept + left.fee - left.deficit;
        let lost = exact(position.margin.atoms()) + profit - funding - exact(booked.atoms());
        let atom = Exact::new(1, GRID);
        let steps = Exact::new(end.steps.into(), 0);
        let by_the_fill = if end.steps > 1 { exact(position.quantity.lots()) } else { Exact::ZERO };
        assert!(lost > -(steps + by_the_fill) * atom, "{lost:?} {outcome:?}");
        assert!(lost < (steps + Exact::ONE) * atom, "{lost:?} {outcome:?}");
    });
}

/// LIQ-001: steps only ever take away, and what they take is all exactly where nothing is left.
#[test]
fn what_is_closed_is_a_part_or_all() {
    holds(|case| {
        let (position, outcome) = (engine::position(case), engine::outcome(case));
        let Some(end) = outcome.liquidation else { return };
        assert!(end.closed > Quantity::ZERO && end.closed <= position.quantity);
        assert_eq!(end.closed == position.quantity, end.last_bar.is_some());
        assert!(end.last_bar.is_none_or(|last| last >= end.first_bar));
        assert!(end.steps > 0);
        let left = end.settlement;
        assert!(left.returned >= Cash::ZERO && left.kept >= Cash::ZERO && left.fee >= Cash::ZERO);
        assert!(left.returned + left.kept == Cash::ZERO || left.deficit == Cash::ZERO);
    });
}

/// TIM-007: what comes after the last step changes nothing.
#[test]
fn the_bars_after_the_last_step_change_nothing() {
    holds(|case| {
        let outcome = engine::outcome(case);
        let Some(last) = outcome.liquidation.and_then(|end| end.last_bar) else { return };
        let shorter = Case { bars: last, ..case.clone() };
        assert_eq!(engine::outcome(&shorter), outcome);
    });
}

/// Money grows with the size of everything: positions and limits, three times as large.
#[test]
fn three_times_the_size_is_three_times_the_money() {
    holds(|case| {
        let whole = matches!(case.rules.close_out, CloseOut::Full | CloseOut::IocThenTakeover);
        if case.rules.contract == Contract::Inverse || !whole || case.shared.is_some() {
            return;
        }
        let mut one = case.clone();
        one.slippage.model = deleverage::scenario::SlippageModel::None;
        one.rules.tiers.lookup = Lookup::Marginal;
        one.rules.tiers.steps.truncate(1);
        one.rules.tiers.slope = deleverage::money::Rate::ZERO;
        let position = engine::position(&one);
        let triple = Position {
            quantity: Quantity::from_lots(position.quantity.lots() * 3),
            margin: Cash::from_atoms(position.margin.atoms() * 3),
            ..position
        };
        let (small, large) = (engine::play(&one, &position), engine::play(&one, &triple));
        let trigger = |outcome: &Outcome| outcome.liquidation.map(|end| (end.trigger, end.steps));
        assert_eq!(trigger(&small), trigger(&large));
        let (Some(small), Some(large)) = (small.liquidation, large.liquidation) else { return };
        let near = |one: Cash, all: Cash| (one.atoms() * 3 - all.atoms()).abs() <= 6;
        // The bankruptcy price itself is rounded, and paid on every unit.
        if case.rules.order == deleverage::venue::OrderPrice::Market {
            assert!(near(small.settlement.returned, large.settlement.returned));
            assert!(near(small.settlement.deficit, large.settlement.deficit));
            assert!(near(small.settlement.kept, large.settlement.kept));
        }
    });
}

/// Where the mark stands still and nothing is due, nothing happens.
#[test]
fn a_still_market_liquidates_nobody() {
    holds(|case| {
        let mut still = case.clone();
        let entry = case.entry();
        let bars = std::iter::repeat_n([entry.steps(); 4], case.history.len());
        let bars = super::market::bars(&bars.collect::<Vec<_>>());
        (still.history.mark, still.history.trade) = (bars.clone().into(), bars.into());
        still.history.funding.clear();
        let position = engine::position(&still);
        let law = Law::of(&still.rules, still.history.scale);
        if !law.is_liquidatable(&position, FundingPerUnit::NONE, entry) {
            let outcome = engine::play(&still, &position);
            assert_eq!((outcome.liquidation, outcome.funding), (None, Cash::ZERO));
        }
    });
}

/// ACC-003, ACC-004: two legs are worth what their rest and the locked profit are worth, at every
/// mark, up to one rounding of each; equal legs leave nothing that could be liquidated.
#[test]
fn legs_are_worth_what_their_net_is() {
    holds(|case| {
        let law = Law::of(&case.rules, case.history.scale);
        let Some(hedge) = case.shared.as_ref().and_then(|shared| shared.hedge) else { return };
        let leg = |side, quantity, entry| Position { side, quantity, entry, margin: Cash::ZERO };
        let own = leg(case.side, engine::alone(case).quantity, case.entry());
        let other = leg(hedge.side, hedge.size, hedge.entry);
        let (long, short) = if case.side == Side::Long { (own, other) } else { (other, own) };
        let netted = law.net(&long, &short);
        let worth = |position: &Position, mark| {
            law.cash_floor(law.equity(position, FundingPerUnit::NONE, mark))
        };
        for mark in [case.entry(), hedge.entry, hedge.mark] {
            let apart = worth(&long, mark) + worth(&short, mark);
            let rest = netted.rest.map_or(Cash::ZERO, |rest| worth(&rest, mark));
            let gap = (netted.locked + rest - apart).atoms();
            assert!((-2..=2).contains(&gap), "{gap} {long:?} {short:?} {mark:?}");
        }
        let equal = Position { quantity: long.quantity, ..short };
        assert_eq!(law.net(&long, &equal).rest, None);
    });
}

/// ACC-002: the predicate of one position with the account's margin is the account's own, up to
/// one rounding for each other position. ACC-005: alone, its margin is the wallet.
#[test]
fn an_account_is_judged_as_a_whole() {
    holds(|case| {
        let Some(shared) = case.shared.as_ref().filter(|shared| shared.hedge.is_none()) else {
            return;
        };
        let law = Law::of(&case.rules, case.history.scale);
        let position = engine::position(case);
        if shared.others.is_empty() {
            assert_eq!(position.margin, shared.wallet);
        }
        let bare = |position: Position| Position { margin: Cash::ZERO, ..position };
        let mark = case.history.mark.low[case.first];
        let all = shared.others.iter().map(|other| (engine::bare(other), other.mark));
        let surplus = |(position, mark): (Position, Price)| {
            let equity = law.cash_floor(law.equity(&position, FundingPerUnit::NONE, mark));
            equity - law.cash_ceil(law.maintenance(&position, mark))
        };
        let own = surplus((bare(position), mark));
        let total = all.map(surplus).fold(shared.wallet + own, |sum, one| sum + one);
        let slack = 2 + 2 * shared.others.len() as i64;
        let fatal = law.is_liquidatable(&position, FundingPerUnit::NONE, mark);
        assert!(total.atoms().abs() <= slack || fatal == (total < Cash::ZERO), "{total} {fatal}");
    });
}
