//! The exchange beside the engine of single positions: in a market that nobody moves, everybody
//! has the fate that the engine foretells.

use super::draw::Draw;
use super::laws::position;
use super::random::Size;
use super::stage::{Stage, Tape, endless_book, one_tranche};
use deleverage::engine::{Conditions, Exposure, Law, Market, Outcome, simulate};
use deleverage::exchange::{AccountId, Event, Reason};
use deleverage::money::{Cash, Price};
use deleverage::passage::Passage;
use deleverage::population::{Holding, Plan, Trader};
use deleverage::scenario::exchange::{Driver, PathOrder};
use deleverage::scenario::{BarPath, FillBase, Slippage, SlippageModel};
use deleverage::venue::{AdlStart, CloseOut, LastRung, NegativeBalance, OrderPrice, Residual};
use rayon::prelude::*;

const CASES: u64 = 1_000;

/// What happened to one position.
#[derive(Debug, Clone, PartialEq)]
struct Fate {
    /// Bar and mark of the trigger.
    trigger: Option<(usize, Price)>,
    fee: Cash,
    kept: Cash,
    returned: Cash,
    deficit: Cash,
}

impl Stage {
    /// Whole close-outs at the market, in a market that nobody moves.
    fn is_a_price_taker(&mut self, draw: &mut Draw) {
        let symbols = self.histories.len();
        self.study.driver = Driver::Replay;
        self.study.path = draw.pick(&[PathOrder::LowFirst, PathOrder::HighFirst]);
        self.study.books = vec![endless_book(); symbols];
        self.study.fund = one_tranche(symbols, Cash::from_atoms(i64::MAX / 1_000));
        for trader in &mut self.population.traders {
            trader.plan = Plan::default();
        }
        for history in &mut self.histories {
            // Accounts of the exchange are older than its first bar (EXC-008, FND-003).
            let start = history.time[self.first] + history.interval.millis();
            history.funding.retain(|settlement| settlement.time >= start);
            history.trade = history.mark.clone();
        }
        for rules in &mut self.rules {
            rules.close_out = CloseOut::IocThenTakeover;
            rules.order = OrderPrice::Market;
            if let Residual::Backstop { .. } = rules.residual {
                rules.residual = Residual::Returned;
            }
            rules.loss.adl_start = AdlStart::FundEmpty;
            rules.loss.last_rung = LastRung::BadDebt;
            rules.loss.negative_balance = NegativeBalance::Protected;
        }
    }

    fn foretold(&self, trader: &Trader, held: &Holding) -> Outcome {
        let place = usize::from(held.symbol);
        let (history, rules) = (&self.histories[place], &self.rules[place]);
        let Conditions { funding, .. } = Conditions::under(rules, history);
        let path = match self.study.path {
            PathOrder::HighFirst => BarPath::OpenHighLowClose,
            _ => BarPath::OpenLowHighClose,
        };
        let (law, passage) = (Law::of(rules, history.scale), Passage::Scan(&history.mark));
        let market = Market { history, funding: &funding, law, raised: None, path, passage };
        let slippage = Slippage { model: SlippageModel::None, base: FillBase::Last };
        let exposure = Exposure { first: self.first, bars: history.len() - self.first };
        simulate(&market, rules, &slippage, &position(trader, held), exposure)
    }
}

fn expected(outcome: &Outcome) -> Fate {
    let Some(end) = outcome.liquidation else { return Fate::alive() };
    let left = end.settlement;
    Fate {
        trigger: Some((end.trigger.bar, end.trigger.mark)),
        fee: left.fee,
        kept: left.kept,
        returned: left.returned,
        deficit: left.deficit,
    }
}

impl Fate {
    const fn alive() -> Self {
        let zero = Cash::ZERO;
        Self { trigger: None, fee: zero, kept: zero, returned: zero, deficit: zero }
    }

    fn told(tape: &Tape, account: AccountId) -> Self {
        let (mut fate, mut cash) = (Self::alive(), Cash::ZERO);
        for (moment, event) in &tape.0 {
            match *event {
                Event::Trigger { account: own, mark, .. } if own == account => {
                    fate.trigger = fate.trigger.or(Some((moment.bar, mark)));
                }
                Event::Post { from, amount, reason, .. } if from == account => {
                    cash = cash - amount;
                    match reason {
                        Reason::LiquidationFee => fate.fee = fate.fee + amount,
                        Reason::Residual => fate.kept = fate.kept + amount,
                        _ => {}
                    }
                }
                Event::Post { to, amount, .. } if to == account => cash = cash + amount,
                Event::Deposit { to, amount } if to == account => cash = cash + amount,
                Event::Deficit { account: own, amount } if own == account => {
                    fate.deficit = fate.deficit + amount;
                }
                Event::Trade { buyer, seller, value, .. } => {
                    // Only linear contracts are compared in money.
                    if buyer == account {
                        cash = cash - value;
                    } else if seller == account {
                        cash = cash + value;
                    }
                }
                _ => {}
            }
        }
        fate.returned = if fate.trigger.is_some() { cash } else { Cash::ZERO };
        fate
    }
}

fn near(one: Cash, other: Cash, atoms: i64) -> bool {
    (one.atoms() - other.atoms()).abs() <= atoms
}

/// EXC-011, EXC-012, EXC-018, EXC-019: when, where, and with what left. A position costs the
/// exchange one rounding to the atom more, the one of its opening (EXC-003), so a mark may differ
/// by what an atom is in its price.
#[test]
fn everybody_has_the_fate_that_the_engine_foretells() {
    (0..CASES).into_par_iter().for_each(|number| {
        let mut draw = Draw::of(26, number);
        let mut stage = Stage::draw(&mut draw, Size { accounts: 30 });
        stage.is_a_price_taker(&mut draw);
        let inverse = stage.rules[0].contract == deleverage::venue::Contract::Inverse;
        let (_, tape) = stage.tape();
        for (account, trader) in stage.population.traders.iter().enumerate() {
            let [place] = trader.holdings.clone().collect::<Vec<_>>()[..] else { continue };
            let held = &stage.population.holdings[place as usize];
            let foretold = expected(&stage.foretold(trader, held));
            let told = Fate::told(&tape, AccountId::Trader(account as u32));
            let bar = |fate: &Fate| fate.trigger.map(|(bar, _)| bar);
            assert_eq!(bar(&foretold), bar(&told), "world {number}, {account}");
            let (Some((_, one)), Some((_, other))) = (foretold.trigger, told.trigger) else {
                continue;
            };
            let lots = held.quantity.lots().max(1);
            let price = i128::from(one.steps());
            let atom = match inverse {
                false => 100_000_000 / lots,
                true => (price * price / i128::from(lots) / 100_000_000) as i64,
            };
            let gap = (one.steps() - other.steps()).abs();
            assert!(gap <= 2 + 3 * atom, "world {number}, {account}: {one:?} and {other:?}");
            if inverse || gap > 0 {
                continue;
            }
            let what = format!("world {number}, {account}: {foretold:?} and {told:?}");
            let to_fund = |fate: &Fate| fate.fee + fate.kept;
            assert!(near(to_fund(&foretold), to_fund(&told), 3), "{what}");
            assert!(near(foretold.returned, told.returned, 3), "{what}");
            assert!(near(foretold.deficit, told.deficit, 3), "{what}");
        }
    });
}
