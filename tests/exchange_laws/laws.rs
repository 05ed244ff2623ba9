//! What must be the same in two worlds that differ in one thing.

use super::auditor::Objection;
use super::draw::Draw;
use super::random::Size;
use super::stage::{Stage, endless_book, one_tranche};
use deleverage::engine::{FundingPerUnit, Law, Position};
use deleverage::exchange::{Event, Moment, Reason, World};
use deleverage::history::{Bars, History, Segment};
use deleverage::money::{Cash, Price, Quantity, Rate};
use deleverage::population::{Holding, Mode, Plan, Trader};
use deleverage::scenario::Side;
use deleverage::scenario::exchange::{Driver, FundMeasure};
use deleverage::venue::{
    AdlRank, AdlStart, CloseOut, Fees, FundingCap, LastRung, Lookup, NegativeBalance, OrderPrice,
};
use rayon::prelude::*;
use std::sync::Arc;

const CASES: u64 = 2_000;

/// A law on so many random worlds, each with its number.
pub fn holds(name: u64, law: impl Fn(Stage, &mut Draw) + Sync) {
    let wrong: Vec<String> = (0..CASES)
        .into_par_iter()
        .filter_map(|number| {
            let mut draw = Draw::of(name, number);
            let stage = Stage::draw(&mut draw, Size { accounts: 40 });
            let law = std::panic::AssertUnwindSafe(|| law(stage, &mut draw));
            let panic = std::panic::catch_unwind(law).err()?;
            Some(format!("world {number}: {}", Objection::of_panic(&*panic)))
        })
        .collect();
    let some = wrong.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "in {} of {CASES} worlds:\n{some}", wrong.len());
}

fn changed(bars: &Bars, price: impl Fn(usize, Price) -> Price) -> Arc<Bars> {
    let column = |column: &[Price]| {
        column.iter().enumerate().map(|(bar, one)| price(bar, *one)).collect::<Vec<_>>()
    };
    Arc::new(Bars {
        open: column(&bars.open),
        high: column(&bars.high),
        low: column(&bars.low),
        close: column(&bars.close),
    })
}

impl Stage {
    /// All prices stand where the world begins.
    fn stands_still(&mut self) {
        for history in &mut self.histories {
            let at = history.mark.close[self.first - 1];
            history.mark = changed(&history.mark, |_, _| at);
            history.trade = history.mark.clone();
            history.funding.clear();
        }
    }

    /// The mark is the last price, slides only, and nothing is settled.
    fn slides(&mut self) {
        for history in &mut self.histories {
            let mut bars = (*history.mark).clone();
            for bar in 1..bars.len() {
                let open = bars.close[bar - 1];
                bars.open[bar] = open;
                bars.high[bar] = bars.high[bar].max(open);
                bars.low[bar] = bars.low[bar].min(open);
            }
            history.mark = Arc::new(bars);
            history.trade = history.mark.clone();
            history.funding.clear();
        }
    }

    fn acts_on_nothing(&mut self) {
        for trader in &mut self.population.traders {
            trader.plan = Plan::default();
        }
    }

    /// Only those accounts stay that have one position and meet the requirement at the start.
    fn keeps_the_sound(&mut self) {
        let (traders, holdings) = (
            std::mem::take(&mut self.population.traders),
            std::mem::take(&mut self.population.holdings),
        );
        for trader in traders {
            let held = &holdings[trader.holdings.start as usize..trader.holdings.end as usize];
            let [held] = held else { continue };
            let history = &self.histories[usize::from(held.symbol)];
            let law = Law::of(&self.rules[0], history.scale);
            let start = history.mark.close[self.first - 1];
            let mut bare = position(&trader, held);
            // The opening may cost an atom (EXC-003).
            bare.margin = bare.margin - Cash::from_atoms(2);
            if !law.is_liquidatable(&bare, FundingPerUnit::NONE, start) {
                let start = self.population.holdings.len() as u32;
                self.population.holdings.push(*held);
                self.population.traders.push(Trader { holdings: start..start + 1, ..trader });
            }
        }
    }

    /// Only accounts stay of which an atom is a small part.
    fn keeps_the_large(&mut self) {
        let holdings = &self.population.holdings;
        self.population.traders.retain(|trader| {
            let range = trader.holdings.start as usize..trader.holdings.end as usize;
            let large = holdings[range].iter().all(|held| held.quantity.lots() >= 10_000_000);
            large && trader.margin.atoms() >= 100_000_000
        });
        self.numbers_its_holdings();
    }

    /// No two accounts are liquidated at the same mark.
    fn has_no_ties(&mut self, draw: &mut Draw) {
        let mut seen = std::collections::BTreeSet::new();
        let (rules, histories) = (&self.rules[0], &self.histories);
        let holdings = &self.population.holdings;
        self.population.traders.retain_mut(|trader| {
            let more = trader.margin.atoms() / 1_000_000 * draw.between(0, 10_000);
            trader.margin = trader.margin + Cash::from_atoms(more);
            let held = &holdings[trader.holdings.start as usize];
            let law = Law::of(rules, histories[usize::from(held.symbol)].scale);
            let edge = law.liquidation_price(&position(trader, held), FundingPerUnit::NONE);
            edge.is_none() || seen.insert((held.symbol, edge))
        });
        self.numbers_its_holdings();
    }

    fn is_free(&mut self) {
        for rules in &mut self.rules {
            rules.fees = Fees { taker: Rate::ZERO, liquidation: Rate::ZERO };
        }
    }

    /// One tier, whose rate does not depend on the size.
    fn asks_everybody_the_same(&mut self) {
        for rules in &mut self.rules {
            rules.tiers.lookup = Lookup::Marginal;
            rules.tiers.steps.truncate(1);
            rules.tiers.slope = Rate::ZERO;
            rules.funding.cap = FundingCap::None;
        }
    }

    fn closes_at_once(&mut self) {
        for rules in &mut self.rules {
            rules.close_out = CloseOut::IocThenTakeover;
        }
    }

    /// A book without an end and a fund without an end.
    fn swallows_everything(&mut self) {
        let symbols = self.histories.len();
        self.study.books = vec![endless_book(); symbols];
        self.study.fund = one_tranche(symbols, Cash::from_atoms(i64::MAX / 1_000));
        for rules in &mut self.rules {
            rules.loss.adl_start = AdlStart::FundEmpty;
            rules.loss.negative_balance = NegativeBalance::Protected;
        }
    }
}

pub fn position(trader: &Trader, held: &Holding) -> Position {
    let Holding { side, quantity, entry, .. } = *held;
    Position { side, quantity, entry, margin: trader.margin }
}

/// P14: where no price moves and nothing is due, nothing happens.
#[test]
fn a_still_market_liquidates_nobody() {
    holds(14, |mut stage, _| {
        stage.stands_still();
        stage.acts_on_nothing();
        stage.is_free();
        stage.keeps_the_sound();
        let (world, tape) = stage.tape();
        let opens = |event: &Event| {
            matches!(
                event,
                Event::Deposit { .. }
                    | Event::Mark { .. }
                    | Event::Rule { .. }
                    | Event::Trade { reason: Reason::Opening, .. }
                    | Event::Post { reason: Reason::Injection, .. }
            )
        };
        let acts = tape.0.iter().find(|(_, event)| !opens(event));
        assert_eq!((acts, world.liquidations, world.adl_events), (None, 0, 0));
    });
}

/// P15: a world knows nothing of the worlds before it.
#[test]
fn a_world_is_the_same_on_new_and_on_used_memory() {
    holds(15, |stage, _| {
        let (world, tape) = stage.tape();
        let mut anew = super::stage::Tape::default();
        assert_eq!(stage.told_anew(&mut anew), world);
        assert_eq!(anew.0, tape.0);
        assert_eq!(stage.run(), world);
    });
}

/// P16: who has which number decides nothing but ties. Here there are none: prices slide, and all
/// are ranked by scores that differ.
#[test]
fn other_numbers_change_nothing_but_numbers() {
    holds(16, |mut stage, draw| {
        stage.slides();
        stage.acts_on_nothing();
        stage.closes_at_once();
        stage.keeps_the_sound();
        stage.has_no_ties(draw);
        stage.study.driver = Driver::Replay;
        for rules in &mut stage.rules {
            let ranks = [AdlRank::ProfitLeverage, AdlRank::GainExposure];
            rules.loss.adl_rank = draw.pick(&ranks);
            rules.loss.last_rung = LastRung::BadDebt;
        }
        let mut other = stage.clone();
        let traders = &mut other.population.traders;
        for at in (1..traders.len()).rev() {
            traders.swap(at, draw.between(0, at as i64 + 1) as usize);
        }
        other.numbers_its_holdings();
        assert_eq!(other.run(), stage.run());
    });
}

impl Stage {
    /// Holdings in the order of their traders, as every population has them.
    fn numbers_its_holdings(&mut self) {
        let old = std::mem::take(&mut self.population.holdings);
        for trader in &mut self.population.traders {
            let start = self.population.holdings.len() as u32;
            let held = &old[trader.holdings.start as usize..trader.holdings.end as usize];
            self.population.holdings.extend_from_slice(held);
            trader.holdings = start..self.population.holdings.len() as u32;
        }
    }

    /// Bars from one on are gone.
    fn cut(&mut self, end: usize) {
        for history in &mut self.histories {
            let cut = |bars: &Bars| {
                let column = |column: &[Price]| column[..end].to_vec();
                Arc::new(Bars {
                    open: column(&bars.open),
                    high: column(&bars.high),
                    low: column(&bars.low),
                    close: column(&bars.close),
                })
            };
            let until = history.time[end - 1] + history.interval.millis();
            *history = History {
                time: history.time[..end].to_vec(),
                trade: cut(&history.trade),
                mark: cut(&history.mark),
                segments: vec![Segment { first: 0, end }],
                funding: history.funding.iter().filter(|one| one.time < until).copied().collect(),
                ..history.clone()
            };
        }
    }
}

/// P18: what comes after a bar changes nothing that happened up to it. What history is said to have
/// liquidated is spread over the whole of it (EXC-016), so a counterfactual world looks ahead.
#[test]
fn the_future_changes_nothing() {
    holds(18, |mut stage, draw| {
        if let Driver::Counterfactual { .. } = stage.study.driver {
            stage.study.driver = Driver::Replay;
        }
        let end = draw.between(stage.first as i64 + 1, stage.histories[0].len() as i64 + 1);
        let mut shorter = stage.clone();
        shorter.cut(end as usize);
        let before = |told: &&(Moment, Event)| told.0.bar < end as usize - 1;
        let (whole, part) = (stage.tape().1, shorter.tape().1);
        let whole: Vec<_> = whole.0.iter().take_while(before).collect();
        let part: Vec<_> = part.0.iter().take_while(before).collect();
        assert_eq!(whole, part);
    });
}

/// Figures that are money, and how often something happened.
fn figures(world: &World) -> ([Cash; 9], [u32; 3]) {
    let money = [
        world.fund_low,
        world.fund_end,
        world.fund_drawdown,
        world.fund_income,
        world.liquidated_notional,
        world.taken_over,
        world.adl_notional,
        world.waterfall.margin,
        world.waterfall.bad_debt,
    ];
    (money, [world.liquidations, world.adl_events, world.adl_accounts])
}

impl Stage {
    /// Value of all positions of all symbols at the start in quote units, longs and shorts: of what
    /// one side has the book may have the other.
    fn gross(&self) -> i128 {
        let both = |symbol| self.held(symbol, Side::Long) + self.held(symbol, Side::Short);
        (0..self.histories.len() as u16).map(both).sum()
    }

    /// Everything that is a size or an amount, so many times.
    fn scaled(&self, times: i64) -> Self {
        let mut large = self.clone();
        let cash = |cash: Cash| Cash::from_atoms(cash.atoms() * times);
        for held in &mut large.population.holdings {
            held.quantity = Quantity::from_lots(held.quantity.lots() * times);
        }
        for trader in &mut large.population.traders {
            trader.margin = cash(trader.margin);
        }
        for tranche in &mut large.study.fund.tranches {
            tranche.balance = cash(tranche.balance);
            tranche.top_ups.clear();
        }
        large.study.fund.notional_cap = large.study.fund.notional_cap.map(cash);
        for book in &mut large.study.books {
            book.liquidity.curve.depth = cash(book.liquidity.curve.depth);
        }
        large
    }
}

/// P17: three times the size is three times the money, up to the grids of prices and of cash.
#[test]
fn three_times_the_size_is_three_times_the_money() {
    holds(17, |mut stage, draw| {
        stage.asks_everybody_the_same();
        stage.closes_at_once();
        stage.acts_on_nothing();
        stage.slides();
        stage.keeps_the_large();
        stage.keeps_the_sound();
        stage.has_no_ties(draw);
        stage.study.driver = Driver::Replay;
        for rules in &mut stage.rules {
            let ranks = [AdlRank::ProfitLeverage, AdlRank::GainExposure, AdlRank::Unranked];
            rules.loss.adl_rank = draw.pick(&ranks);
            // A fillable limit stands at the trigger itself, where an atom decides what is filled.
            let orders = [OrderPrice::Market, OrderPrice::BankruptcyLimit, OrderPrice::Transfer];
            rules.order = draw.pick(&orders);
        }
        let (small, large) = (stage.scaled(1).run(), stage.scaled(3).run());
        let ((small, often), (large, as_often)) = (figures(&small), figures(&large));
        assert_eq!(often, as_often);
        let slack = 1_000 + stage.gross() / 2_000_000;
        for (figure, (one, all)) in small.into_iter().zip(large).enumerate() {
            let gap = (i128::from(one.atoms()) * 3 - i128::from(all.atoms())).abs();
            assert!(gap <= slack, "{figure}: {small:?} and {large:?}");
        }
    });
}

/// P19: two halves of an isolated position are the position, where a book is deep and nobody is
/// deleveraged.
#[test]
fn a_split_account_loses_what_the_whole_one_did() {
    holds(19, |mut stage, _| {
        stage.asks_everybody_the_same();
        stage.closes_at_once();
        stage.acts_on_nothing();
        stage.keeps_the_sound();
        stage.swallows_everything();
        stage.study.driver = Driver::Replay;
        let mut stage = stage.scaled(2);
        stage.swallows_everything();
        let mut split = stage.clone();
        split.population.traders.clear();
        split.population.holdings.clear();
        for trader in &stage.population.traders {
            let held = stage.population.holdings[trader.holdings.start as usize];
            let half = held.quantity.lots() / 2;
            let part = trader.margin.atoms() / 2;
            let halves =
                [(half, part), (held.quantity.lots() - half, trader.margin.atoms() - part)];
            for (lots, margin) in halves.into_iter().filter(|(lots, _)| *lots > 0) {
                let start = split.population.holdings.len() as u32;
                let quantity = Quantity::from_lots(lots);
                split.population.holdings.push(Holding { quantity, ..held });
                let margin = Cash::from_atoms(margin);
                let (mode, holdings) = (Mode::Isolated, start..start + 1);
                split.population.traders.push(Trader { mode, margin, holdings, ..trader.clone() });
            }
        }
        let (one, two) = (stage.run(), split.run());
        let slack = 1_000 + stage.gross() / 20_000_000;
        assert!(two.liquidations >= one.liquidations);
        assert_eq!((one.adl_events, two.adl_events), (0, 0));
        for (one, two) in figures(&one).0.into_iter().zip(figures(&two).0) {
            let gap = (one.atoms() - two.atoms()).abs();
            assert!(i128::from(gap) <= slack, "{one} and {two}");
        }
    });
}

/// EXC-032 (P20, as far as it is one): a fund that was never short of anything is as good when it
/// is larger. Venues whose orders never cost the fund, funds that hold what they take over.
#[test]
fn a_fund_that_sufficed_suffices_when_it_is_larger() {
    holds(20, |mut stage, draw| {
        stage.study.driver = Driver::Replay;
        stage.study.fund.participation = Rate::ZERO;
        stage.study.fund.notional_cap = None;
        stage.study.fund.takeover = true;
        stage.study.fund.tranches.iter_mut().for_each(|tranche| tranche.top_ups.clear());
        stage.study.fund.measure = draw.pick(&[FundMeasure::Cash, FundMeasure::MarkedToMarket]);
        for rules in &mut stage.rules {
            rules.order = draw.pick(&[OrderPrice::BankruptcyLimit, OrderPrice::Transfer]);
            rules.loss.adl_start = AdlStart::FundEmpty;
            rules.loss.negative_balance = NegativeBalance::Protected;
        }
        let (one, tape) = stage.tape();
        let short = |event: &Event| {
            matches!(
                event,
                Event::Deleveraged { .. }
                    | Event::LastRung { .. }
                    | Event::Rule { runs: true, .. }
                    | Event::Trade { reason: Reason::Remainder, .. }
            )
        };
        if stage.study.fund.tranches.is_empty() || tape.0.iter().any(|(_, event)| short(event)) {
            return;
        }
        let mut larger = stage.clone();
        for tranche in &mut larger.study.fund.tranches {
            let more = tranche.balance.atoms() * draw.between(1, 10) + draw.between(1, 1_000_000);
            tranche.balance = tranche.balance + Cash::from_atoms(more);
        }
        let two = larger.run();
        let gained = |world: &World| world.fund_end - world.fund_start;
        assert_eq!((gained(&one), one.waterfall), (gained(&two), two.waterfall));
        assert_eq!(figures(&one).1, figures(&two).1);
    });
}
