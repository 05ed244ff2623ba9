//! Studies of an exchange, with a history made by hand.

use crate::market::{self, NO_FEES, cash, leverage, rate, tiers};
use deleverage::engine::Law;
use deleverage::history::{History, Interval};
use deleverage::money::{Price, Rate};
use deleverage::population::{
    Ground, Holding, Listing, Population, Scratch, Trader, TraderKind, draw,
};
use deleverage::scenario::exchange::{Hazard, LeverageTable, PopulationChoice, Preset};
use deleverage::scenario::{ExchangeStudy, Side, from_text};
use deleverage::venue::{Contract, Edge, Tier, VenueRules};
use std::path::Path;

const TEXT: &str = "study = \"exchange\"\n[history]\nevent = \"2021-05-19\"\n\
    symbol = \"BTCUSDT\"\n[venue]\nname = \"binance-usdm\"\n\
    [population]\nopen_interest = 1000000000\n[liquidity]\ndepth = 100000000\n\
    [fund]\nbalance = 1000000\n";

/// A study, the histories and the rules that it is drawn on.
pub struct Case {
    pub study: ExchangeStudy,
    pub histories: Vec<History>,
    pub rules: Vec<VenueRules>,
    pub open_interest: Vec<&'static str>,
    pub first: usize,
}

impl Case {
    /// So many symbols, each with three days of minutes before a start.
    pub fn new(symbols: usize) -> Self {
        Self {
            study: study(),
            histories: (0..symbols).map(walk).collect(),
            rules: (0..symbols).map(|_| rules()).collect(),
            open_interest: vec!["1000000000"; symbols],
            first: BARS - 100,
        }
    }

    /// With other choices.
    pub fn with(mut self, change: impl FnOnce(&mut PopulationChoice)) -> Self {
        change(&mut self.study.population);
        self
    }

    pub fn inverse(mut self) -> Self {
        self.rules.iter_mut().for_each(|rules| rules.contract = Contract::Inverse);
        self
    }

    pub fn listings(&self) -> Vec<Listing<'_>> {
        let listed = self.histories.iter().zip(&self.rules).zip(&self.open_interest);
        let listing = |((history, rules), open_interest): ((_, _), &&str)| -> Listing<'_> {
            let history: &History = history;
            let law = Law::of(rules, history.scale);
            Listing { history, rules, law, open_interest: cash(open_interest) }
        };
        listed.map(listing).collect()
    }

    pub fn ground(&self) -> Ground<'_> {
        Ground::new(&self.study, &self.listings(), self.first).unwrap()
    }

    pub fn world(&self, world: u32) -> Population {
        draw(&self.ground(), world, &mut Scratch::default())
    }

    pub fn start(&self, symbol: usize) -> Price {
        self.histories[symbol].mark.close[self.first - 1]
    }
}

const BARS: usize = 4_420;

/// A price that swings and falls, with a volume that swings too; the mark is a little above.
fn walk(symbol: usize) -> History {
    let middle = |bar: usize| {
        let (t, scale) = (bar as f64, [30_000.0, 2_000.0, 0.5][symbol % 3]);
        scale * (1.0 + 0.05 * (t / 400.0).sin() + 0.02 * (t / 37.0).cos() - t / 40_000.0)
    };
    let steps = |value: f64| (value * 1e8) as i64;
    let row = |lift: f64| {
        move |bar: usize| {
            let (open, close) = (middle(bar) * lift, middle(bar + 1) * lift);
            let (low, high) = (open.min(close) * 0.999, open.max(close) * 1.001);
            [steps(open), steps(high), steps(low), steps(close)]
        }
    };
    let trade: Vec<_> = (0..BARS).map(row(1.0)).collect();
    let mark: Vec<_> = (0..BARS).map(row(1.0002)).collect();
    let mut history = market::history(market::minutes(BARS), &trade, &mark, Vec::new());
    history.symbol = format!("TEST{symbol}");
    history.volume = Some((0..BARS as i64).map(|bar| 1_000 + 10 * (bar % 97)).collect());
    history
}

/// 100× at most, and less for large positions.
fn rules() -> VenueRules {
    let mut tiers = tiers(&[
        (cash("0"), rate("0.5%")),
        (cash("1000000"), rate("1%")),
        (cash("20000000"), rate("2.5%")),
    ]);
    let initial = |tier: &mut Tier| {
        tier.initial = Rate::from_steps(2 * tier.maintenance.steps());
    };
    tiers.steps.iter_mut().for_each(initial);
    market::rules(tiers, Edge::AtOrBelow, NO_FEES)
}

pub fn nothing() -> Hazard {
    Hazard { share: rate("0"), amount: rate("0"), delay: None }
}

pub fn choice() -> PopulationChoice {
    PopulationChoice {
        accounts: 20_000,
        file: None,
        longs: rate("0.5"),
        sigma: rate("2.7"),
        alpha: rate("0.87"),
        largest: rate("0.1"),
        leverage: LeverageTable::of(Preset::Hyperliquid2025).unwrap(),
        correlation: rate("-0.3"),
        entry_half_life: Interval::parse("2d").unwrap(),
        cross: rate("0.3"),
        makers: 10,
        makers_share: rate("0.1"),
        makers_side: Side::Short,
        makers_leverage: leverage("3"),
        stops: nothing(),
        take_profits: nothing(),
        top_ups: nothing(),
        cuts: nothing(),
    }
}

fn study() -> ExchangeStudy {
    let scenario = from_text(TEXT, "exchange.toml", Path::new("."), &[]);
    let study = scenario.unwrap().exchange().unwrap();
    ExchangeStudy { population: choice(), seed: 7, ..study }
}

pub fn bitmex() -> LeverageTable {
    LeverageTable::of(Preset::Bitmex2019).unwrap()
}

pub fn hyperliquid() -> LeverageTable {
    LeverageTable::of(Preset::Hyperliquid2025).unwrap()
}

pub fn users(population: &Population) -> impl Iterator<Item = &Trader> {
    population.traders.iter().filter(|trader| trader.kind == TraderKind::User)
}

/// Every position of a user, with its trader.
pub fn user_holdings(population: &Population) -> impl Iterator<Item = (&Trader, &Holding)> {
    users(population).flat_map(|trader| {
        let range = trader.holdings.start as usize..trader.holdings.end as usize;
        population.holdings[range].iter().map(move |held| (trader, held))
    })
}

/// Lots of everybody on one side of a symbol.
pub fn lots_of(population: &Population, symbol: usize, side: Side) -> i64 {
    let held = population.holdings.iter();
    let here = held.filter(|held| usize::from(held.symbol) == symbol && held.side == side);
    here.map(|held| held.quantity.lots()).sum()
}
