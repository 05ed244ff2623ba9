//! Random worlds: books of a few to a few hundred accounts under random venues.

use super::draw::Draw;
use super::prices::{self, Climate, POINT};
use super::stage::{Stage, study};
use super::vocabulary::{self, Around};
use deleverage::engine::Law;
use deleverage::history::{Bars, Funding, History, Interval};
use deleverage::money::{Cash, Price, Quantity, Rate};
use deleverage::population::{
    Holding, Mode, Plan, Population, Reaction, ReactionKind, Trader, TraderKind,
};
use deleverage::scenario::exchange::{
    Driver, FundChoice, FundMeasure, LiquidityChoice, PathOrder, Settlement, SymbolBook, TopUp,
    Tranche,
};
use deleverage::scenario::{DepthCurve, Side};
use deleverage::venue::{
    AdlPrice, AdlRank, AdlStart, Contract, FundScope, FundingPays, LastRung, LossRules,
    NegativeBalance, VenueRules,
};
use std::sync::Arc;

const ONE: i128 = 100_000_000;

/// How large a book a draw makes.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub accounts: i64,
}

impl Stage {
    /// Everything at random.
    pub fn draw(draw: &mut Draw, size: Size) -> Self {
        let climate = Climate::draw(draw);
        let history = prices::history(draw, &climate);
        let symbols = draw.pick(&[1, 1, 1, 2, 3]);
        let mut histories = vec![history];
        for at in 1..symbols {
            histories.push(beside(draw, &histories[0], at));
        }
        let contract = draw.pick(&[Contract::Linear, Contract::Linear, Contract::Inverse]);
        let first = draw.between(1, histories[0].len() as i64 / 2) as usize;
        let entry = histories[0].mark.close[first - 1];
        let notional = draw.magnitude(100, 1_000_000) * ONE as i64;
        let rules = rules(draw, contract, notional, entry);
        let mut stage = Self {
            study: study(symbols),
            rules: vec![rules; symbols],
            population: Population::default(),
            first,
            world: draw.between(0, 4) as u32,
            histories,
        };
        stage.population = stage.people(draw, size, (notional, climate.wild));
        while !stage.holds() {
            stage.shrink_sizes();
        }
        stage.bounds_the_slope();
        stage.choose(draw);
        stage
    }

    /// Value of all longs of a symbol at the start in quote units.
    pub fn open_interest(&self, symbol: u16) -> i128 {
        self.held(symbol, Side::Long)
    }

    /// Value of all positions of one side.
    pub fn held(&self, symbol: u16, side: Side) -> i128 {
        let mark = self.start(symbol);
        let held = self.population.holdings.iter();
        let own = held.filter(|held| held.symbol == symbol && held.side == side);
        let lots: i128 = own.map(|held| i128::from(held.quantity.lots())).sum();
        match self.rules[0].contract {
            Contract::Linear => lots * i128::from(mark.steps()) / ONE,
            Contract::Inverse => lots,
        }
    }

    fn start(&self, symbol: u16) -> Price {
        self.histories[usize::from(symbol)].mark.close[self.first - 1]
    }

    /// In the settlement asset.
    fn in_asset(&self, quoted: i128) -> i128 {
        match self.rules[0].contract {
            Contract::Linear => quoted,
            Contract::Inverse => quoted * ONE / i128::from(self.start(0).steps()),
        }
    }

    fn people(&self, draw: &mut Draw, size: Size, (notional, wild): (i64, i64)) -> Population {
        let mut people = Population::default();
        let bulls = draw.between(1, 10);
        for _ in 0..draw.magnitude(2, size.accounts) {
            let mode = draw.pick(&[Mode::Isolated, Mode::Isolated, Mode::Cross]);
            let symbols = self.histories.len() as i64;
            let breadth = if mode == Mode::Cross { draw.between(1, symbols + 1) } else { 1 };
            let from = draw.between(0, symbols);
            let start = people.holdings.len() as u32;
            let side = if draw.between(0, 10) < bulls { Side::Long } else { Side::Short };
            for at in 0..breadth {
                let symbol = ((from + at) % symbols) as u16;
                let side = if at > 0 && draw.one_in(2) { opposite(side) } else { side };
                let holding = self.holding(draw, (symbol, side), notional);
                people.holdings.push(holding);
            }
            let held = start..people.holdings.len() as u32;
            let leverage = leverage(draw, wild);
            let margin = self.margin(&people.holdings[start as usize..], leverage);
            let plan = self.plan(draw, &people.holdings[start as usize]);
            let kind = TraderKind::User;
            people.traders.push(Trader { kind, mode, margin, plan, holdings: held });
        }
        self.balance(draw, &mut people, wild);
        people
    }

    fn holding(&self, draw: &mut Draw, (symbol, side): (u16, Side), notional: i64) -> Holding {
        let mark = i128::from(self.start(symbol).steps());
        let quoted = i128::from(draw.magnitude(notional / 50, notional * 8));
        let lots = match self.rules[0].contract {
            Contract::Linear => quoted * ONE / mark,
            Contract::Inverse => quoted,
        };
        let away = if draw.one_in(3) { draw.between(-300, 300) } else { 0 };
        let entry = Price::from_steps((mark + mark * i128::from(away) / 10_000).max(1) as i64);
        Holding { symbol, side, quantity: Quantity::from_lots(lots.max(1) as i64), entry }
    }

    /// What positions are worth at entry over a leverage, rounded up.
    fn margin(&self, held: &[Holding], leverage: i64) -> Cash {
        let value = |holding: &Holding| {
            let lots = i128::from(holding.quantity.lots());
            let entry = i128::from(holding.entry.steps());
            match self.rules[0].contract {
                Contract::Linear => lots * entry / ONE,
                Contract::Inverse => lots * ONE / entry,
            }
        };
        let value: i128 = held.iter().map(value).sum();
        Cash::from_atoms((value * 100 / i128::from(leverage) + 1) as i64)
    }

    fn plan(&self, draw: &mut Draw, held: &Holding) -> Plan {
        let sign = held.side.sign() as i64;
        let away = |draw: &mut Draw, sign: i64| {
            let points = sign * draw.between(1, 400);
            Price::from_steps(held.entry.steps() + held.entry.steps() / 10_000 * points)
        };
        let share = |draw: &mut Draw| Rate::from_steps(draw.between(1, 10_000) * POINT);
        let kind = match draw.between(0, 2) {
            0 => ReactionKind::TopUp(share(draw)),
            _ => ReactionKind::Cut(share(draw)),
        };
        let delay = draw.magnitude(1, 3_600_000);
        Plan {
            stop: draw.one_in(8).then(|| away(draw, -sign)),
            take_profit: draw.one_in(8).then(|| away(draw, sign)),
            reaction: draw.one_in(6).then_some(Reaction { kind, delay }),
        }
    }

    /// Makers take what one side of a symbol has more than the other; rarely the book does.
    fn balance(&self, draw: &mut Draw, people: &mut Population, wild: i64) {
        for symbol in 0..self.histories.len() as u16 {
            let held = people.holdings.iter().filter(|held| held.symbol == symbol);
            let sum: i64 = held.map(|held| held.side.sign() as i64 * held.quantity.lots()).sum();
            if sum == 0 || draw.one_in(10) {
                continue;
            }
            let side = if sum > 0 { Side::Short } else { Side::Long };
            let quantity = Quantity::from_lots(sum.abs());
            let start = people.holdings.len() as u32;
            people.holdings.push(Holding { symbol, side, quantity, entry: self.start(symbol) });
            let leverage = if draw.one_in(3) { leverage(draw, wild) } else { 100 };
            let margin = self.margin(&people.holdings[start as usize..], leverage);
            let (kind, mode, plan) = (TraderKind::Maker, Mode::Cross, Plan::default());
            let holdings = start..start + 1;
            people.traders.push(Trader { kind, mode, margin, plan, holdings });
        }
    }

    /// MRG-012, at twice the range of prices, and for everybody together.
    fn holds(&self) -> bool {
        let mut all = 0_i128;
        let each = self.population.holdings.iter().all(|held| {
            let history = &self.histories[usize::from(held.symbol)];
            let law = Law::of(&self.rules[0], history.scale);
            let low = history.mark.low.iter().chain(&history.trade.low).min().unwrap();
            let high = history.mark.high.iter().chain(&history.trade.high).max().unwrap();
            let (low, high) = (low.steps() / 2, high.steps().saturating_mul(2));
            let (low, high) = (Price::from_steps(low.max(1)), Price::from_steps(high));
            let position = deleverage::engine::Position {
                side: held.side,
                quantity: held.quantity,
                entry: held.entry,
                margin: self.margin(std::slice::from_ref(held), 100),
            };
            all += i128::from(position.margin.atoms());
            let funding = deleverage::engine::FundingBook::under(&self.rules[0], history);
            law.holds(&position, low, high) && law.bears(&position, funding.widest(), high)
        });
        each && all < i128::from(i64::MAX / 64)
    }

    fn shrink_sizes(&mut self) {
        for held in &mut self.population.holdings {
            held.quantity = Quantity::from_lots((held.quantity.lots() / 10).max(1));
        }
        for trader in &mut self.population.traders {
            trader.margin = Cash::from_atoms((trader.margin.atoms() / 10).max(1));
        }
    }

    /// The largest position pays a rate of at most three tenths (MRG-021).
    fn bounds_the_slope(&mut self) {
        let sizes = self.population.holdings.iter().map(|held| i128::from(held.quantity.lots()));
        let largest = sizes.max().unwrap_or(1);
        for rules in &mut self.rules {
            let most = i128::from(Rate::ONE) * 3 / 10 * ONE / largest;
            let slope = i128::from(rules.tiers.slope.steps()).min(most);
            rules.tiers.slope = Rate::from_steps(slope as i64);
        }
    }

    /// Liquidity, fund, driver.
    fn choose(&mut self, draw: &mut Draw) {
        for symbol in 0..self.histories.len() as u16 {
            let liquidity = liquidity(draw, self.open_interest(symbol));
            let open_interest = Cash::from_atoms(self.open_interest(symbol) as i64);
            self.study.books[usize::from(symbol)] = SymbolBook { open_interest, liquidity };
        }
        let all = (0..self.histories.len() as u16).map(|symbol| self.open_interest(symbol)).sum();
        self.study.fund = self.fund(draw, all);
        self.study.driver = match draw.between(0, 5) {
            0 | 1 => Driver::Replay,
            2 => Driver::Counterfactual {
                recorded: Cash::from_atoms((all / 100) as i64 * draw.between(0, 20)),
            },
            _ => Driver::ReplayLocal { weight: points(draw, 0, 4_000) },
        };
        let orders = [PathOrder::LowFirst, PathOrder::HighFirst, PathOrder::Both];
        self.study.path = draw.pick(&orders);
        self.study.settlement = match draw.one_in(2) {
            true => Settlement::AtEnd,
            false => Settlement::Every(Interval::parse(draw.pick(&["5m", "1h", "8h"])).unwrap()),
        };
    }

    fn fund(&self, draw: &mut Draw, all: i128) -> FundChoice {
        let symbols = self.histories.len();
        let per_symbol = draw.one_in(3);
        let groups: Vec<Vec<usize>> = match draw.between(0, 8) {
            0 => Vec::new(),
            _ if per_symbol => (0..symbols).map(|symbol| vec![symbol]).collect(),
            _ => vec![(0..symbols).collect()],
        };
        let asset = (self.in_asset(all) as i64).max(1_000_000);
        let part = |draw: &mut Draw| Cash::from_atoms(draw.magnitude(asset / 1_000_000, asset / 4));
        let tranche = |symbols: Vec<usize>| Tranche {
            name: format!("{symbols:?}"),
            balance: if draw.one_in(5) { Cash::ZERO } else { part(draw) },
            top_ups: self.top_ups(draw, asset),
            symbols,
        };
        let tranches = groups.into_iter().map(tranche).collect();
        FundChoice {
            tranches,
            takeover: !draw.one_in(4),
            measure: draw.pick(&[FundMeasure::Cash, FundMeasure::MarkedToMarket]),
            notional_cap: draw.one_in(3).then(|| part(draw)),
            participation: points(draw, 0, 5_000),
        }
    }

    fn top_ups(&self, draw: &mut Draw, asset: i64) -> Vec<TopUp> {
        if !draw.one_in(4) {
            return Vec::new();
        }
        let amount = Cash::from_atoms(draw.magnitude(asset / 10_000, asset / 10));
        let time = self.histories[0].time[draw.between(0, self.histories[0].len() as i64) as usize];
        vec![match draw.one_in(2) {
            true => TopUp::At { time, amount },
            false => TopUp::Below { limit: amount, amount, times: 3 },
        }]
    }
}

pub fn opposite(side: Side) -> Side {
    if side == Side::Long { Side::Short } else { Side::Long }
}

fn points(draw: &mut Draw, low: i64, high: i64) -> Rate {
    Rate::from_steps(draw.between(low, high) * POINT)
}

/// In hundredths, such that the moves of the history matter.
fn leverage(draw: &mut Draw, wild: i64) -> i64 {
    let about = (1_000_000 / (wild * 4)).clamp(200, 12_500);
    draw.magnitude(about / 4, about * 4).clamp(100, 12_500)
}

fn rules(draw: &mut Draw, contract: Contract, notional: i64, entry: Price) -> VenueRules {
    let over = i128::from(notional) * ONE / i128::from(entry.steps());
    let around = match contract {
        Contract::Linear => Around { value: notional, size: over as i64 },
        Contract::Inverse => Around { value: over as i64, size: notional },
    };
    let mut rules = vocabulary::rules(draw, contract, around);
    rules.volatility = None;
    rules.funding.pays = FundingPays::Margin;
    rules.loss = loss(draw);
    rules
}

fn loss(draw: &mut Draw) -> LossRules {
    use AdlRank::{
        GainExposure, ProRata, ProfitLeverage, ProfitMarginRatio, ReturnMarginRatio, Unranked,
    };
    let start = points(draw, 500, 9_000);
    let stop = Rate::from_steps(start.steps() / 2);
    let ranks =
        [ProfitLeverage, ProfitMarginRatio, ReturnMarginRatio, GainExposure, Unranked, ProRata];
    let rungs =
        [LastRung::ProfitClawback, LastRung::PerUnit, LastRung::Injection, LastRung::BadDebt];
    let protected = [NegativeBalance::Protected; 4];
    LossRules {
        negative_balance: draw.pick(&[&protected[..], &[NegativeBalance::Owed]].concat()),
        fund: FundScope::Global,
        adl_start: match draw.between(0, 6) {
            0 => AdlStart::PeakDrawdown { start },
            1 => AdlStart::SymbolDrawdown { start, stop },
            2 => AdlStart::NegativeEquity,
            3 => AdlStart::Never,
            _ => AdlStart::FundEmpty,
        },
        adl_rank: draw.pick(&ranks),
        adl_price: draw.pick(&[AdlPrice::Bankruptcy, AdlPrice::Mark, AdlPrice::PreviousMark]),
        last_rung: draw.pick(&rungs),
    }
}

fn liquidity(draw: &mut Draw, all: i128) -> LiquidityChoice {
    let unit = (all / 10_000).max(1) as i64;
    LiquidityChoice {
        curve: DepthCurve {
            depth: Cash::from_atoms(draw.magnitude(unit, unit * 100_000)),
            beta: points(draw, 2_000, 10_001),
            multiplier: Rate::from_steps(draw.pick(&[10_000, 2_500, 500, 100]) * POINT),
            reach: points(draw, 20, 3_000),
        },
        volatility: points(draw, 0, 20_000),
        displacement: points(draw, 0, 5_000),
        permanent: points(draw, 0, 3_000),
        half_life: Interval::parse(draw.pick(&["10s", "1m", "10m"])).unwrap(),
        participation: points(draw, 100, 10_001),
    }
}

/// Another symbol on the same bars, whose price moves with the first one's, or against it.
fn beside(draw: &mut Draw, first: &History, number: usize) -> History {
    let tied = draw.pick(&[-50, 30, 70, 100, 160]);
    let level = draw.magnitude(1_000_000, 1_000_000_000_000);
    let anchor = i128::from(first.mark.open[0].steps());
    let moved = |price: &Price| {
        let by = (i128::from(price.steps()) - anchor) * i128::from(level) * tied / (100 * anchor);
        Price::from_steps((i128::from(level) + by).max(i128::from(level) / 50) as i64)
    };
    let bars = |bars: &Bars| {
        let column = |column: &[Price]| column.iter().map(moved).collect::<Vec<_>>();
        let (low, high) = match tied < 0 {
            true => (column(&bars.high), column(&bars.low)),
            false => (column(&bars.low), column(&bars.high)),
        };
        Bars { open: column(&bars.open), high, low, close: column(&bars.close) }
    };
    let funding = |one: &Funding| Funding {
        rate: Rate::from_steps(one.rate.steps() / 100 * draw.between(-100, 200)),
        ..*one
    };
    let settlements = first.funding.iter().map(funding).collect();
    History {
        symbol: format!("TEST{number}"),
        trade: Arc::new(bars(&first.trade)),
        mark: Arc::new(bars(&first.mark)),
        funding: settlements,
        ..first.clone()
    }
}
