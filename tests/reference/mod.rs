//! A plain, slow engine, written from `docs/model` and in decimals.
//!
//! It tests the predicate at every waypoint of every bar, finds the trigger price by bisection of
//! the predicate, and charges each slice of a position its own tier's rate. It knows no
//! liquidation formula, no deduction, no running sum and no skipping. Every product is checked to
//! be exact; every division names its rounding.

mod exact;
mod fill;

use deleverage::scenario::{BarPath, FillBase, Side, SlippageModel};
use exact::{ceil_div, floor_div, times};
use rust_decimal::Decimal;

pub use exact::{CASH, PRICE};

/// Open, high, low, close.
pub type Ohlc = [Decimal; 4];

#[derive(Debug, Clone)]
pub struct Bar {
    /// Open of the bar, UTC milliseconds.
    pub time: i64,
    pub mark: Ohlc,
    pub trade: Ohlc,
}

/// The market and its venue.
#[derive(Debug, Clone)]
pub struct World {
    /// Milliseconds per bar.
    pub interval: i64,
    pub bars: Vec<Bar>,
    /// Time and rate of each settlement.
    pub funding: Vec<(i64, Decimal)>,
    /// Floor and maintenance rate of each tier, rising.
    pub tiers: Vec<(Decimal, Decimal)>,
    /// Equity that equals the maintenance margin is still enough.
    pub equal_is_enough: bool,
    pub path: BarPath,
    pub taker_fee: Decimal,
    pub liquidation_fee: Decimal,
    pub slippage: SlippageModel,
    pub base: FillBase,
}

#[derive(Debug, Clone)]
pub struct Ask {
    pub side: Side,
    pub notional: Decimal,
    pub leverage: Decimal,
    /// First exposed bar; the entry is at its trade open.
    pub first: usize,
    pub bars: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Death {
    pub bar: usize,
    pub mark: Decimal,
    pub last: Decimal,
    pub fill: Decimal,
    pub slippage: Decimal,
    pub fee: Decimal,
    pub returned: Decimal,
    pub deficit: Decimal,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    pub quantity: Decimal,
    pub margin: Decimal,
    pub liquidation_price: Option<Decimal>,
    pub bankruptcy_price: Option<Decimal>,
    pub death: Option<Death>,
    pub funding: Decimal,
    pub fees: Decimal,
    pub mae: Decimal,
}

/// A position while it lives.
struct Account {
    side: Side,
    quantity: Decimal,
    entry: Decimal,
    margin: Decimal,
    /// Funding paid by a long per unit since the entry.
    paid: Decimal,
    worst: Option<Decimal>,
}

impl Account {
    /// MRG-001, MRG-002.
    fn open(world: &World, ask: &Ask) -> Self {
        let entry = world.bars[ask.first].trade[0];
        Self {
            side: ask.side,
            quantity: floor_div(ask.notional, entry, CASH),
            entry,
            margin: ceil_div(ask.notional, ask.leverage, CASH),
            paid: Decimal::ZERO,
            worst: None,
        }
    }

    fn sign(&self) -> Decimal {
        if self.side == Side::Long { Decimal::ONE } else { Decimal::NEGATIVE_ONE }
    }

    /// MRG-003.
    fn equity(&self, mark: Decimal) -> Decimal {
        let moved = mark - self.entry - self.paid;
        self.margin + self.sign() * times(self.quantity, moved)
    }

    /// MRG-007, on the whole position and its slices.
    fn is_liquidatable(&self, world: &World, mark: Decimal) -> bool {
        let (equity, due) = (self.equity(mark), world.maintenance(times(self.quantity, mark)));
        if world.equal_is_enough { equity < due } else { equity <= due }
    }

    /// The first price on the grid, on the way from a mark that spares to one that kills, that
    /// kills.
    fn first_fatal(&self, world: &World, spares: Decimal, kills: Decimal) -> Decimal {
        let step = Decimal::new(1, PRICE);
        let (mut alive, mut dead) = (spares, kills);
        while (alive - dead).abs() > step {
            let middle = floor_div(alive + dead, Decimal::TWO, PRICE);
            if self.is_liquidatable(world, middle) { dead = middle } else { alive = middle }
        }
        dead
    }

    /// MRG-008, MRG-009: searched between the smallest price and four times the entry.
    fn liquidation_price(&self, world: &World) -> Option<Decimal> {
        let ends = (Decimal::new(1, PRICE), times(self.entry, Decimal::from(4)));
        let (far, near) = if self.side == Side::Long { ends } else { (ends.1, ends.0) };
        match (self.is_liquidatable(world, far), self.is_liquidatable(world, near)) {
            (false, _) => None,
            (true, true) => Some(near),
            (true, false) => Some(self.first_fatal(world, near, far)),
        }
    }

    /// MRG-010.
    fn bankruptcy_price(&self) -> Option<Decimal> {
        let lost = self.margin - self.sign() * times(self.quantity, self.entry + self.paid);
        let price = match self.side {
            Side::Long => ceil_div(-lost, self.quantity, PRICE),
            Side::Short => floor_div(lost, self.quantity, PRICE),
        };
        Some(price).filter(|price| *price > Decimal::ZERO)
    }

    fn sees(&mut self, mark: Decimal) {
        let worst = self.worst.unwrap_or(mark);
        self.worst = Some(if self.side == Side::Long { worst.min(mark) } else { worst.max(mark) });
    }

    /// TIM-008.
    fn excursion(&self) -> Decimal {
        let worst = self.worst.unwrap_or(self.entry);
        let adverse = self.sign() * (self.entry - worst);
        ceil_div(adverse.max(Decimal::ZERO), self.entry, 12)
    }
}

impl World {
    /// MRG-005: every slice of the notional pays the rate of its own tier.
    fn maintenance(&self, notional: Decimal) -> Decimal {
        let mut due = Decimal::ZERO;
        for (at, (floor, rate)) in self.tiers.iter().enumerate() {
            let ceiling = self.tiers.get(at + 1).map_or(notional, |next| next.0.min(notional));
            due += times((ceiling - *floor).max(Decimal::ZERO), *rate);
        }
        due
    }

    /// FND-001 to FND-003: what a long pays per unit in one bar.
    fn due_in(&self, bar: usize, is_entry: bool) -> Decimal {
        let (open, length) = (self.bars[bar].time, self.interval);
        let counts = |(time, _): &&(i64, Decimal)| {
            let at_open = time - open <= 15_000.min(length / 2);
            (open..open + length).contains(time) && !(is_entry && at_open)
        };
        let rates = self.funding.iter().filter(counts).map(|(_, rate)| *rate);
        rates.map(|rate| times(rate, self.bars[bar].mark[0])).sum()
    }

    /// TIM-002.
    fn waypoints(&self, [open, high, low, close]: Ohlc) -> Ohlc {
        match self.path {
            BarPath::OpenLowHighClose | BarPath::WorstForLongs => [open, low, high, close],
            BarPath::OpenHighLowClose | BarPath::WorstForShorts => [open, high, low, close],
        }
    }

    /// The bar loop.
    pub fn run(&self, ask: &Ask) -> Ending {
        let mut account = Account::open(self, ask);
        let at_entry = (account.liquidation_price(self), account.bankruptcy_price());
        let mut death = None;
        for bar in ask.first..ask.first + ask.bars {
            account.paid += self.due_in(bar, bar == ask.first);
            if let Some((mark, last)) = self.live_through(&mut account, bar) {
                death = Some(self.close_out(&account, bar, mark, last));
                break;
            }
        }
        let entry_fee = times(times(account.quantity, account.entry), self.taker_fee);
        let fee = death.as_ref().map_or(Decimal::ZERO, |death| death.fee);
        let paid = account.sign() * times(account.quantity, account.paid);
        Ending {
            quantity: account.quantity,
            margin: account.margin,
            liquidation_price: at_entry.0,
            bankruptcy_price: at_entry.1,
            death,
            funding: ceil_div(paid, Decimal::ONE, CASH),
            fees: ceil_div(entry_fee, Decimal::ONE, CASH) + fee,
            mae: account.excursion(),
        }
    }

    /// TIM-003 to TIM-005: the mark that fires and the last price at that point.
    fn live_through(&self, account: &mut Account, bar: usize) -> Option<(Decimal, Decimal)> {
        let marks = self.waypoints(self.bars[bar].mark);
        let trades = self.waypoints(self.bars[bar].trade);
        for at in 0..4 {
            if !account.is_liquidatable(self, marks[at]) {
                account.sees(marks[at]);
                continue;
            }
            let fired = match at {
                0 => (marks[0], trades[0]),
                _ => {
                    let mark = account.first_fatal(self, marks[at - 1], marks[at]);
                    let done = (mark - marks[at - 1]).abs();
                    let moved = times(trades[at] - trades[at - 1], done);
                    let span = (marks[at] - marks[at - 1]).abs();
                    let round = if account.side == Side::Long { floor_div } else { ceil_div };
                    (mark, trades[at - 1] + round(moved, span, PRICE))
                }
            };
            account.sees(fired.0);
            return Some(fired);
        }
        None
    }
}
