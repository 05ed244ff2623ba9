//! What is kept of a world when its journal has been read.

use crate::engine::Law;
use crate::exchange::{AccountId, Event, Scene, World};
use crate::money::{Cash, Price, PriceScale};
use crate::population::Population;
use crate::scenario::Side;
use crate::tally::exchange::{
    Accounts, Census, Deleveraging, Noted, Record, concentration, deleveragings,
};
use crate::venue::Contract;
use rust_decimal::Decimal;

const FIVE_MINUTES: i64 = 5 * 60_000;
const BASIS_POINTS: i64 = 10_000;

/// A world, and what only its events tell.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Without its timeline.
    pub world: World,
    /// The fund's cash at the end of each bar.
    pub fund_cash: Vec<Cash>,
    /// Inventory of the fund below its cost at the end of a bar, at its worst.
    pub unrealised: Option<Cash>,
    /// UTC milliseconds: when the first bar that the world lives through opens, and how long its
    /// bars are.
    pub clock: (i64, i64),
    /// Share of the deleveraged within five minutes of the first; `None` where nobody is.
    pub within_five_minutes: Option<Decimal>,
    /// What winners gave up, in basis points of the value deleveraged.
    pub gap: Option<Decimal>,
    /// Share that the ten largest counterparties gave.
    pub top10_share: Option<Decimal>,
    /// Whether some other symbol was deleveraged before the first one of the scenario; `None`
    /// where that was not deleveraged at all.
    pub alts_first: Option<bool>,
    /// What the last rung took of all winners' profit; `None` where it took nothing.
    pub of_profit: Option<Decimal>,
    pub deficits_unpaid: Cash,
}

impl Seen {
    pub fn of(scene: Scene, population: &Population, (world, record): (World, &Record)) -> Self {
        let laws: Vec<Law> = scene.markets.iter().map(|market| market.law).collect();
        let events = deleveragings(Census { population, laws: &laws }, &record.events);
        let history = scene.markets[0].history;
        let bars = world.timeline.iter();
        Self {
            fund_cash: bars.clone().map(|bar| bar.fund_cash).collect(),
            unrealised: bars.map(|bar| bar.fund_cash - bar.fund_mtm).max(),
            world: World { timeline: Vec::new(), ..world },
            clock: (history.time[scene.first], history.interval.millis()),
            within_five_minutes: within_five_minutes(&events),
            gap: gap(&events),
            top10_share: concentration(&events).ten_largest.and_then(|s| s.try_into().ok()),
            alts_first: alts_first(&events),
            of_profit: Winners::new(scene, population).share_taken(&record.events),
            deficits_unpaid: deficits_unpaid(&record.events),
        }
    }
}

fn within_five_minutes(events: &[Deleveraging]) -> Option<Decimal> {
    let limit = events.first()?.moment.time + FIVE_MINUTES;
    let soon = events.iter().filter(|event| event.moment.time <= limit);
    notional(soon).checked_div(notional(events.iter()))
}

fn notional<'a>(events: impl Iterator<Item = &'a Deleveraging>) -> Decimal {
    events.map(|event| event.notional.to_decimal()).sum()
}

/// By price rather than by money, which is the same for linear contracts and has a meaning for
/// inverse ones, whose gap is in coin.
fn gap(events: &[Deleveraging]) -> Option<Decimal> {
    let given = |event: &Deleveraging| {
        let (mark, price) = (event.mark.steps(), event.price.steps());
        let against = match event.side {
            Side::Long => mark - price,
            Side::Short => price - mark,
        };
        let rate = Decimal::from(against.max(0)).checked_div(Decimal::from(mark))?;
        rate.checked_mul(event.notional.to_decimal())
    };
    let sum: Decimal = events.iter().map(given).sum::<Option<Decimal>>()?;
    sum.checked_mul(BASIS_POINTS.into())?.checked_div(notional(events.iter()))
}

fn alts_first(events: &[Deleveraging]) -> Option<bool> {
    let first = |is_it: fn(&&Deleveraging) -> bool| events.iter().find(is_it);
    let leader = first(|event| event.symbol == 0)?.moment.time;
    Some(first(|event| event.symbol != 0).is_some_and(|event| event.moment.time < leader))
}

/// Deficits of traders less what was paid to them for those.
fn deficits_unpaid(events: &[Noted]) -> Cash {
    use crate::exchange::Reason::Deficit;
    let due = |noted: &Noted| match noted.event {
        Event::Deficit { account: AccountId::Trader(_), amount } => amount,
        Event::Post { to: AccountId::Trader(_), amount, reason: Deficit, .. } => -amount,
        _ => Cash::ZERO,
    };
    events.iter().map(due).fold(Cash::ZERO, |sum, amount| sum + amount)
}

/// What each trader has won since the start, without the funding of its open position.
struct Winners<'a> {
    population: &'a Population,
    accounts: Accounts,
    contracts: Vec<Contract>,
    /// The last mark of each symbol.
    marks: Vec<Price>,
    scales: Vec<PriceScale>,
}

impl<'a> Winners<'a> {
    fn new(scene: Scene, population: &'a Population) -> Self {
        let markets = scene.markets.iter();
        let contracts: Vec<Contract> = markets.clone().map(|m| m.law.contract).collect();
        Self {
            population,
            accounts: Accounts::new(contracts.clone()),
            contracts,
            marks: markets.clone().map(|m| m.history.mark.close[scene.first - 1]).collect(),
            scales: markets.map(|m| m.history.scale).collect(),
        }
    }

    /// Up to the first settlement that takes anything back.
    fn share_taken(mut self, events: &[Noted]) -> Option<Decimal> {
        use crate::exchange::Reason::Clawback;
        let taking = |event: &Event| match event {
            Event::Post { from: AccountId::Trader(_), amount, reason: Clawback, .. } => *amount,
            _ => Cash::ZERO,
        };
        let first = events.iter().position(|noted| taking(&noted.event) > Cash::ZERO)?;
        let mut before = Vec::new();
        for Noted { event, .. } in &events[..first] {
            if before.is_empty() && matches!(event, Event::Mark { .. }) {
                before = self.worth();
            }
            if let Event::Mark { symbol, mark } = *event {
                self.marks[usize::from(symbol)] = mark;
            }
            self.accounts.follow(event);
        }
        let profits = self.worth().into_iter().zip(before).map(|(now, then)| (now - then).max(0.0));
        let profit = Decimal::try_from(profits.sum::<f64>()).ok()?;
        let end = events[first].moment;
        let window = events[first..].iter().take_while(|noted| noted.moment == end);
        let taken: Decimal = window.map(|noted| taking(&noted.event).to_decimal()).sum();
        taken.checked_div(profit)
    }

    /// Equity of each trader at the last marks, not below zero.
    fn worth(&self) -> Vec<f64> {
        let traders = self.population.traders.iter().enumerate();
        let of = |(number, trader): (usize, &crate::population::Trader)| {
            let account = AccountId::Trader(number as u32);
            let held = trader.holdings.start as usize..trader.holdings.end as usize;
            let held = self.population.holdings[held].iter();
            let value: f64 = held.map(|held| self.value(account, held.symbol)).sum();
            (self.accounts.cash(account).atoms() as f64 / UNIT + value).max(0.0)
        };
        traders.map(of).collect()
    }

    fn value(&self, account: AccountId, symbol: u16) -> f64 {
        let number = usize::from(symbol);
        let size = self.accounts.lots(account, symbol) as f64 / UNIT;
        let mark = self.scales[number].to_f64(self.marks[number]);
        match self.contracts[number] {
            Contract::Linear => size * mark,
            Contract::Inverse => -size / mark,
        }
    }
}

/// Atoms of one unit of money, and lots of one unit of size.
const UNIT: f64 = 1e8;
