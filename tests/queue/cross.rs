//! Accounts with positions in several symbols: nobody is looked at too late, and hardly anybody
//! for nothing. Rule EXC-013.

use crate::case::{self, Case};
use crate::market::shapes::POINT;
use crate::plain::settlement;
use deleverage::engine::{FundingPerUnit, Holding, Position};
use deleverage::exchange::{CrossWatch, Standing};
use deleverage::money::{Cash, Price, Rate};
use deleverage::scenario::Side;
use deleverage::venue::Edge;
use proptest::prelude::*;

/// An account: its wallet, and a position in each symbol.
struct Account {
    wallet: Cash,
    positions: Vec<Position>,
    gone: bool,
}

struct World<'a> {
    symbols: &'a [Case],
    marks: Vec<i64>,
    /// Paid per unit so far.
    paid: Vec<FundingPerUnit>,
    accounts: Vec<Account>,
}

impl World<'_> {
    fn new(symbols: &[Case]) -> World<'_> {
        let positions: Vec<Vec<Position>> = symbols.iter().map(Case::positions).collect();
        let fewest = positions.iter().map(Vec::len).min().unwrap_or(0);
        let account = |number: usize| {
            let positions: Vec<Position> = positions.iter().map(|of| of[number]).collect();
            let margins = positions.iter().map(|position| position.margin);
            let wallet = margins.fold(Cash::ZERO, |sum, margin| sum + margin);
            let bare = |position: &Position| Position { margin: Cash::ZERO, ..*position };
            Account { wallet, positions: positions.iter().map(bare).collect(), gone: false }
        };
        World {
            symbols,
            marks: symbols.iter().map(|symbol| symbol.mark).collect(),
            paid: vec![FundingPerUnit::NONE; symbols.len()],
            accounts: (0..fewest).map(account).collect(),
        }
    }

    fn marks(&self) -> impl Iterator<Item = Price> {
        self.marks.iter().map(|mark| Price::from_steps(*mark))
    }

    fn held(&self, account: usize) -> impl Iterator<Item = Holding<'_>> {
        let positions = self.symbols.iter().zip(&self.accounts[account].positions);
        positions.zip(self.marks()).map(|((symbol, position), mark)| Holding {
            law: symbol.law(),
            position: *position,
            mark,
        })
    }

    fn equity(&self, account: usize) -> Cash {
        let profits = self
            .held(account)
            .zip(&self.paid)
            .map(|(held, paid)| held.profit() - held.law.funding(&held.position, *paid));
        profits.fold(self.accounts[account].wallet, |sum, profit| sum + profit)
    }

    fn is_due(&self, account: usize) -> bool {
        let needs = self.held(account).map(|held| held.maintenance());
        let (equity, need) = (self.equity(account), needs.fold(Cash::ZERO, |sum, of| sum + of));
        match self.symbols[0].edge {
            Edge::AtOrBelow => equity <= need,
            Edge::Below => equity < need,
        }
    }

    fn arm(&self, account: usize, watch: &mut CrossWatch) {
        match self.is_due(account) {
            true => watch.call(account as u32),
            false => {
                let slack = Standing::of(self.equity(account), self.held(account)).slack();
                let sides = self.accounts[account].positions.iter().map(|position| position.side);
                watch.arm(account as u32, slack, (0..).zip(sides));
            }
        }
    }

    /// Each mark moves by so many points of a hundredth of a basis point, and funding is paid.
    fn step(&mut self, moves: (i64, i64), rate: i64, watch: &mut CrossWatch) {
        for (place, by) in [moves.0, moves.1].into_iter().enumerate() {
            let mark = &mut self.marks[place];
            *mark = (*mark
                + i64::try_from(i128::from(*mark) * i128::from(by) / 1_000_000).unwrap())
            .clamp(1, 4 * self.symbols[place].mark);
        }
        watch.see(self.marks());
        if rate != 0 {
            let rate = Rate::from_steps(rate * POINT / 100);
            let (law, mark) = (self.symbols[0].law(), Price::from_steps(self.marks[0]));
            let per_unit = settlement(&law, rate, mark);
            self.paid[0] = self.paid[0].plus(per_unit);
            watch.settled(law.share(per_unit, mark));
        }
    }

    /// Looks at whoever comes up; everybody else must be safe. Says how many it looked at.
    fn look(&mut self, watch: &mut CrossWatch) -> Result<usize, TestCaseError> {
        let mut looked = Vec::new();
        while let Some(account) = watch.pop() {
            prop_assert!(looked.last().is_none_or(|last| *last < account), "by number");
            looked.push(account);
            let account = account as usize;
            self.accounts[account].gone = self.is_due(account);
            if !self.accounts[account].gone {
                self.arm(account, watch);
            }
        }
        for account in 0..self.accounts.len() {
            let late = !self.accounts[account].gone && self.is_due(account);
            prop_assert!(!late, "account {account} was looked at too late");
        }
        Ok(looked.len())
    }
}

fn start<'a>(symbols: &'a [Case], watch: &mut CrossWatch) -> World<'a> {
    let world = World::new(symbols);
    watch.clear();
    watch.see(world.marks());
    for account in 0..world.accounts.len() {
        world.arm(account, watch);
    }
    world
}

fn steps() -> impl Strategy<Value = Vec<((i64, i64), i64)>> {
    let calm = || -2_000_i64..2_000;
    let wild = || prop_oneof![2 => -30_000_i64..30_000, 1 => -300_000_i64..300_000];
    let by = || prop_oneof![2 => calm(), 1 => wild()];
    let rate = prop_oneof![5 => Just(0), 1 => -300_i64..300, 1 => -20_000_i64..20_000];
    prop::collection::vec(((by(), by()), rate), 1..40)
}

proptest! {
    #![proptest_config(crate::cases(3_000))]

    #[test]
    fn nobody_is_looked_at_too_late(
        one in case::cases(crate::ALL, 1_000_000_000_i64..8_000_000_000, 11),
        other in case::cases(crate::ALL, 1_000_000_000_i64..8_000_000_000, 11),
        steps in steps(),
    ) {
        let symbols = [Case { contract: other.contract, ..one }, other];
        let mut watch = CrossWatch::default();
        let mut world = start(&symbols, &mut watch);
        world.look(&mut watch)?;
        for (moves, rate) in steps {
            world.step(moves, rate, &mut watch);
            world.look(&mut watch)?;
        }
    }

    /// A mark that loses less than half of the slack, of a slack of at most 1/2, asks for nobody;
    /// one that loses all of it does.
    #[test]
    fn small_moves_ask_for_nobody(
        share in 1_000_000_i64..Rate::ONE / 2,
        side in prop_oneof![Just(Side::Long), Just(Side::Short)],
        account in 0_u32..9,
    ) {
        let start = 1_000_000_000_000_i64;
        let away = |by: i64| match side {
            Side::Long => Price::from_steps(start - by),
            Side::Short => Price::from_steps(start + by),
        };
        let mut watch = CrossWatch::default();
        watch.see([away(0)]);
        watch.arm(account, Rate::from_steps(share), [(0, side)]);
        prop_assert_eq!(watch.pop(), None);
        watch.see([away(share / 2)]);
        prop_assert_eq!(watch.pop(), None);
        watch.see([away(-share / 2)]);
        prop_assert_eq!(watch.pop(), None);
        watch.settled(Rate::from_steps(share / 13));
        prop_assert_eq!(watch.pop(), None);
        watch.see([away(share)]);
        prop_assert_eq!(watch.pop(), Some(account));
        prop_assert_eq!(watch.pop(), None);
    }

    #[test]
    fn a_settlement_is_a_share_of_the_value(
        case in case::cases(crate::ALL, 1_000_000_000_i64..8_000_000_000, 11),
        rate in -20_000_i64..20_000,
    ) {
        let (law, mark) = (case.law(), Price::from_steps(case.mark));
        let rate = Rate::from_steps(rate * POINT / 100);
        let share = law.share(settlement(&law, rate, mark), mark);
        prop_assert!((0..=1).contains(&(share.steps() - rate.steps().abs())), "{:?}", share);
    }
}

/// Who moved the mark back before the list was asked is looked at all the same, and once.
#[test]
fn a_bound_that_was_left_counts() {
    let mut watch = CrossWatch::default();
    watch.see([100_000, 500_000].map(Price::from_steps));
    watch.arm(2, Rate::parse("10%").unwrap(), [(0, Side::Long), (1, Side::Short)]);
    watch.see([80_000, 600_000].map(Price::from_steps));
    watch.see([100_000, 500_000].map(Price::from_steps));
    assert_eq!([watch.pop(), watch.pop()], [Some(2), None]);
}

/// An arming voids the one before it, and who is called comes up without a move.
#[test]
fn the_last_arming_counts() {
    let mut watch = CrossWatch::default();
    watch.see([Price::from_steps(1_000)]);
    let held = [(0, Side::Long)];
    watch.arm(7, Rate::ZERO, held);
    watch.arm(7, Rate::from_steps(Rate::ONE), held);
    watch.arm(3, Rate::ZERO, held);
    watch.call(5);
    watch.arm(4, Rate::ZERO, held);
    watch.forget(4);
    assert_eq!([watch.pop(), watch.pop()], [Some(5), None]);
    watch.see([Price::from_steps(999)]);
    assert_eq!([watch.pop(), watch.pop()], [Some(3), None]);
    watch.see([Price::from_steps(600)]);
    assert_eq!([watch.pop(), watch.pop()], [Some(7), None]);
}
