//! Laws of what follows a loss: queue, shares, start, disposal.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::engine::{Leg, Requirement, Terms};
use deleverage::money::{Cash, Quantity, Rate};
use deleverage::scenario::Side::{self, Long, Short};
use deleverage::venue::Contract::{self, Inverse, Linear};
use deleverage::venue::{AdlRank, AdlStart, Tiers};
use deleverage::waterfall::{
    Adl, Candidate, Deleveraging, Disposal, Pool, Standing, SymbolProfit, clawback, credit,
    deleverage, fifths, in_order, per_unit, pro_rata, score, surplus,
};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

fn atoms(atoms: i64) -> Cash {
    Cash::from_atoms(atoms)
}

fn lots(lots: i64) -> Quantity {
    Quantity::from_lots(lots)
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

/// Small numbers, so that ties, empty positions and accounts at zero are common.
fn candidate(account: u64) -> impl Strategy<Value = Candidate> {
    let score = prop::option::weighted(0.9, -2..4_i64);
    (select(vec![Long, Short]), 0..30_i64, score, -1..6_i64).prop_map(
        move |(side, size, score, equity)| Candidate {
            account,
            side,
            quantity: lots(size),
            score: score.map(Decimal::from),
            equity: atoms(equity),
        },
    )
}

/// In no order of their ids.
fn book() -> impl Strategy<Value = Vec<Candidate>> {
    let book = (0..25_u64).prop_flat_map(|n| (0..n).map(candidate).collect::<Vec<_>>());
    book.prop_shuffle()
}

fn is_eligible(candidate: &Candidate, losing: Side) -> bool {
    candidate.side != losing
        && candidate.score.is_some()
        && candidate.quantity > Quantity::ZERO
        && candidate.equity >= Cash::ZERO
}

/// Whether the first of two stands before the second.
fn stands_before(one: &Candidate, other: &Candidate) -> bool {
    one.score > other.score || (one.score == other.score && one.account < other.account)
}

fn closed_of(done: &Deleveraging, candidate: &Candidate) -> i64 {
    let own = done.closed.iter().filter(|closed| closed.account == candidate.account);
    own.map(|closed| closed.quantity.lots()).sum()
}

proptest! {
    #![proptest_config(cases(2000))]

    /// P4, P10 of the model: opposite side, never flipped, solvent, one partial, nobody skipped.
    #[test]
    fn the_queue_takes_from_the_top_and_no_more_than_was_asked(
        book in book(), losing in select(vec![Long, Short]), asked in 0..400_i64,
    ) {
        let done = deleverage(losing, lots(asked), &book);
        let closed: i64 = done.closed.iter().map(|closed| closed.quantity.lots()).sum();
        prop_assert_eq!(closed + done.left.lots(), asked);
        prop_assert!(done.closed.iter().all(|closed| closed.quantity > Quantity::ZERO));
        let mut partial = 0;
        for candidate in &book {
            let taken = closed_of(&done, candidate);
            prop_assert!(taken == 0 || is_eligible(candidate, losing));
            prop_assert!(taken <= candidate.quantity.lots(), "flipped");
            partial += usize::from(taken > 0 && taken < candidate.quantity.lots());
            for other in book.iter().filter(|other| is_eligible(other, losing)) {
                let ahead = stands_before(other, candidate);
                let whole = closed_of(&done, other) == other.quantity.lots();
                prop_assert!(taken == 0 || !ahead || whole, "passed over somebody ahead");
            }
        }
        prop_assert!(partial <= 1);
        let eligible = book.iter().filter(|candidate| is_eligible(candidate, losing));
        let there: i64 = eligible.map(|candidate| candidate.quantity.lots()).sum();
        prop_assert_eq!(done.left.lots(), (asked - there).max(0), "left although somebody is");
    }

    /// P16 of the model, and one queue taken in two goes.
    #[test]
    fn the_order_of_the_book_changes_nothing_and_more_asked_takes_the_same_first(
        book in book(), asked in 0..200_i64, more in 0..200_i64,
    ) {
        let mut turned = book.clone();
        turned.reverse();
        let done = deleverage(Long, lots(asked), &book);
        prop_assert_eq!(&done, &deleverage(Long, lots(asked), &turned));
        let longer = deleverage(Long, lots(asked + more), &book);
        let accounts = |done: &Deleveraging| {
            done.closed.iter().map(|closed| closed.account).collect::<Vec<_>>()
        };
        prop_assert!(accounts(&longer).starts_with(&accounts(&done)));
    }

    #[test]
    fn fifths_rise_along_the_queue_to_five(book in book(), side in select(vec![Long, Short])) {
        let along: Vec<u8> = fifths(side, &book).into_iter().map(|(_, fifth)| fifth).collect();
        prop_assert!(along.is_sorted());
        prop_assert!(along.iter().all(|fifth| (1..=5).contains(fifth)));
        prop_assert!(along.last().is_none_or(|last| *last == 5));
    }

    #[test]
    fn shares_add_up_and_are_nobody_s_whole_fortune(
        budget in 0..5_000_000_000_i64,
        profits in prop::collection::vec(-50_000_000..900_000_000_i64, 0..20),
    ) {
        let profits: Vec<Cash> = profits.into_iter().map(atoms).collect();
        let all: i128 = profits.iter().map(|profit| i128::from(profit.gain().atoms())).sum();
        let shares = pro_rata(atoms(budget), &profits).unwrap();
        for shares in [shares, in_order(atoms(budget), &profits)] {
            let taken: i64 = shares.taken.iter().map(|share| share.atoms()).sum();
            prop_assert_eq!(taken + shares.left.atoms(), budget);
            prop_assert_eq!(i128::from(shares.left.atoms()), (i128::from(budget) - all).max(0));
            for (share, profit) in shares.taken.iter().zip(&profits) {
                prop_assert!((Cash::ZERO..=profit.gain()).contains(share));
            }
        }
    }

    /// One haircut for all: no share is an atom or more away from it.
    #[test]
    fn pro_rata_is_one_haircut(
        budget in 0..1_000_000_i64, profits in prop::collection::vec(0..1_000_000_i64, 1..20),
    ) {
        let all: i64 = profits.iter().sum();
        let given: Vec<Cash> = profits.iter().copied().map(atoms).collect();
        let shares = pro_rata(atoms(budget), &given).unwrap();
        let budget = i128::from(budget.min(all));
        for (share, profit) in shares.taken.iter().zip(profits) {
            let off = i128::from(share.atoms()) * i128::from(all) - budget * i128::from(profit);
            prop_assert!(off.abs() < i128::from(all.max(1)));
        }
    }

    #[test]
    fn a_loss_per_unit_is_covered_and_not_by_an_atom_more_than_needed(
        loss in 0..1_000_000_000_000_i64, longs in 1..10_000_000_000_i64,
        shorts in 0..1_000_000_i64,
    ) {
        let each = i128::from(per_unit(atoms(loss), lots(longs), lots(shorts)).unwrap().atoms());
        let held = i128::from(longs + shorts);
        let unit = 100_000_000;
        prop_assert!(each * held >= i128::from(loss) * unit);
        prop_assert!((each - 1) * held < i128::from(loss) * unit || loss == 0);
    }

    #[test]
    fn an_inventory_is_worked_off(
        held in 1..5_000_000_i64, share in 1..100_i64, all_up_to in 0..500_i64,
        book in 100..50_000_i64,
    ) {
        let share = Rate::from_steps(share * Rate::ONE / 100);
        let disposal = Disposal { share, all_up_to: lots(all_up_to), of_book: rate("1%") };
        let mut left = held;
        for _ in 0..held {
            let order = disposal.order(lots(left), lots(book)).lots();
            prop_assert!((1..=left).contains(&order) && order <= book / 100);
            left -= order;
            if left == 0 {
                return Ok(());
            }
        }
        prop_assert!(false, "{left} are left");
    }

    /// A stop below the start holds on to what was started, and starts nothing.
    #[test]
    fn what_starts_deleveraging_also_keeps_it_going(
        now in -100..100_i64, risen in 0..100_i64, peak in 0..200_i64, balance in -5..200_i64,
    ) {
        let symbol = SymbolProfit { now: atoms(now), peak: atoms(now + risen) };
        let pool = Pool { balance: atoms(balance), peak: atoms(peak), symbol, due: Cash::ZERO };
        let start = AdlStart::SymbolDrawdown { start: rate("30%"), stop: rate("25%") };
        let [idle, running] = [Adl::Idle, Adl::Running].map(|before| before.next(start, &pool));
        prop_assert!(idle == Adl::Idle || running == Adl::Running);
        let borne = risen - pool.beyond(rate("30%")).atoms();
        prop_assert!(borne * 10 < peak * 3 + 10, "the pool bears {borne} of a peak of {peak}");
        prop_assert!(borne == risen || idle == Adl::Running);
    }

    /// On the same position, who stands on less margin is closed earlier, gain or loss.
    #[test]
    fn leverage_moves_forward_in_every_ranking(
        side in select(vec![Long, Short]), contract in select(vec![Linear, Inverse]),
        entry in 10_000..90_000_i64, mark in 10_000..90_000_i64,
        margin in 1_000..90_000_i64, less in 1..1_000_i64,
    ) {
        let leg = leg(side, contract, Decimal::from(entry));
        let mark = Decimal::from(mark);
        for rank in RANKED {
            let of = |margin: i64| score(rank, &standing(leg, mark, margin));
            let (Some(safe), Some(bold)) = (of(margin), of(margin - less)) else { continue };
            prop_assert!(bold >= safe - tiny(), "{rank:?}: {bold} behind {safe}");
        }
    }

    /// A gain stands before every loss on the same margin.
    #[test]
    fn winners_stand_before_losers(
        side in select(vec![Long, Short]), contract in select(vec![Linear, Inverse]),
        entry in 10_000..90_000_i64, by in 1..9_000_i64, margin in 1_000..90_000_i64,
    ) {
        let leg = leg(side, contract, Decimal::from(entry));
        for rank in RANKED {
            let of = |mark: i64| score(rank, &standing(leg, Decimal::from(mark), margin));
            let (up, down) = (of(entry + by), of(entry - by));
            let (winner, loser) = if side == Long { (up, down) } else { (down, up) };
            prop_assert!(winner > Some(Decimal::ZERO));
            if rank != AdlRank::GainExposure {
                prop_assert!(loser <= Some(Decimal::ZERO));
            }
        }
    }

    /// What a fill leaves against the bankruptcy price is the equity at that fill.
    #[test]
    fn the_surplus_of_the_fund_is_the_equity_at_the_fill(
        side in select(vec![Long, Short]), contract in select(vec![Linear, Inverse]),
        margin in 1..8_000_i64, fill in 10_000..90_000_i64,
    ) {
        let leg = leg(side, contract, Decimal::from(50_000));
        let margin = backing(leg, margin);
        let tiers = Tiers::flat(rate("1%"), rate("2%"), Cash::ZERO);
        let terms = Terms { leg, margin, requirement: Requirement::by_value(&tiers), fee: None };
        let bankruptcy = terms.quote().unwrap().bankruptcy_price.unwrap();
        let fill = Decimal::from(fill);
        let left = surplus(leg, bankruptcy, fill).unwrap();
        prop_assert!((left - terms.equity(fill).unwrap()).abs() < Decimal::new(1, 9));
    }
}

const RANKED: [AdlRank; 4] = [
    AdlRank::ProfitLeverage,
    AdlRank::ProfitMarginRatio,
    AdlRank::ReturnMarginRatio,
    AdlRank::GainExposure,
];

/// One unit, or as many dollars as one unit costs at the entry.
fn leg(side: Side, contract: Contract, entry: Decimal) -> Leg {
    let quantity = match contract {
        Linear => Decimal::ONE,
        Inverse => entry,
    };
    Leg { side, contract, entry, quantity }
}

/// A margin of so many dollars, in the settlement asset.
fn backing(leg: Leg, margin: i64) -> Decimal {
    match leg.contract {
        Linear => Decimal::from(margin),
        Inverse => Decimal::from(margin) / leg.entry,
    }
}

fn standing(leg: Leg, mark: Decimal, margin: i64) -> Standing {
    let margin = backing(leg, margin);
    let (profit, value) = (leg.profit(mark).unwrap(), leg.value(mark).unwrap());
    Standing {
        profit,
        entry_value: leg.entry_value().unwrap(),
        value,
        margin,
        wallet: margin,
        equity: margin + profit,
        maintenance: value / Decimal::ONE_HUNDRED,
    }
}

/// Quotients end after 28 digits.
fn tiny() -> Decimal {
    Decimal::new(1, 20)
}

/// Chitra et al., the worked book: prices at which the accounts of the example are empty, and at
/// which they are liquidated at a maintenance rate of 10 %.
#[test]
fn the_book_of_the_paper() {
    let tiers = Tiers::flat(rate("10%"), rate("20%"), Cash::ZERO);
    let third = Decimal::ONE / Decimal::from(3);
    let book = [
        (Long, 1, Decimal::TWO, None, None),
        (Long, 1, third * Decimal::TWO, Some("0.3333"), Some("0.3704")),
        (Short, 4, third * Decimal::from(8), Some("1.6667"), Some("1.5152")),
        (Long, 1, Decimal::TWO / Decimal::from(19), Some("0.8947"), Some("0.9942")),
        (Short, 1, Decimal::TEN / Decimal::from(99), Some("1.1010"), Some("1.0009")),
    ];
    for (side, size, margin, bankruptcy, liquidation) in book {
        let (contract, entry, quantity) = (Linear, Decimal::ONE, Decimal::from(size));
        let leg = Leg { side, contract, entry, quantity };
        let terms = Terms { leg, margin, requirement: Requirement::by_value(&tiers), fee: None };
        let quote = terms.quote().unwrap();
        let shown = |price: Option<Decimal>| price.map(|price| format!("{:.4}", price.round_dp(4)));
        assert_eq!(shown(quote.bankruptcy_price).as_deref(), bankruptcy);
        assert_eq!(shown(quote.liquidation_price).as_deref(), liquidation);
    }
}

#[test]
fn a_clawback_never_gives_and_a_loss_of_the_fund_is_not_capped() {
    let profits = [atoms(500), atoms(-200)];
    let covered = clawback(atoms(100), atoms(300), &profits).unwrap();
    assert_eq!(covered.taken, [Cash::ZERO, Cash::ZERO]);
    let empty = clawback(atoms(100), atoms(-50), &profits).unwrap();
    assert_eq!(empty.taken, [atoms(100), Cash::ZERO], "a fund below zero is empty, not a debt");
    let loss = credit(Decimal::from(-49), Decimal::from(-4_949), rate("0.5%"));
    assert_eq!(loss, Some(Decimal::from(-49)));
}

#[test]
fn profits_beyond_what_cash_holds_are_refused() {
    assert_eq!(pro_rata(atoms(1), &[atoms(i64::MAX), atoms(1)]), None);
    let whole = pro_rata(atoms(i64::MAX), &[atoms(i64::MAX)]).unwrap();
    assert_eq!(whole.taken, [atoms(i64::MAX)]);
}
