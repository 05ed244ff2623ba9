//! One world from its first bar to its last. Rules `EXC-008` to `EXC-011`.

use super::floor::{Floor, Life, Prices, Scratch};
use super::fund::Purse;
use super::journal::{Event, Journal, Moment};
use super::ledger::{AccountId, Reason, Teller, Transfer};
use super::liquidity::Liquidity;
use super::outcome::{Sample, World};
use super::path::{Path, Point, Substep, first_leg, last_at};
use super::queue::{Due, Queue, Slide, Tide, Watched};
use super::record::Record;
use super::scene::{Market, Scene};
use crate::money::{Cash, Price, Quantity};
use crate::population::Population;
use crate::scenario::Side;
use crate::scenario::exchange::{Driver, Settlement, Tranche};

/// Runs one world.
pub fn simulate(
    scene: Scene,
    population: &Population,
    world: u32,
    scratch: &mut Scratch,
    journal: &mut impl Journal,
) -> World {
    let now =
        Moment { bar: scene.first, substep: 0, time: scene.markets[0].history.time[scene.first] };
    let to = Teller { journal, now };
    let mut floor = Floor::begun(scene, population, scratch, to);
    let path = Path::of(scene.markets, scene.first, first_leg(scene.study.path, world));
    let path = path.in_steps(scene.study.substeps);
    for bar in path.bars() {
        floor.bar(&path, bar);
    }
    floor.end(world)
}

impl<'w, J: Journal> Floor<'w, J> {
    /// Opens the books: everybody deposits, takes a position and is watched.
    fn begun(
        scene: Scene<'w>,
        population: &'w Population,
        state: &'w mut Scratch,
        mut to: Teller<'w, J>,
    ) -> Self {
        state.prepare(scene, population);
        state.ledger.open(scene, population, &mut to);
        let before = scene.first - 1;
        let opens = |market: &Market| {
            let recorded = market.history.mark.close[before];
            let last = market.history.trade.close[before];
            Prices { recorded, last, mark: recorded, before: recorded }
        };
        let time = to.now.time;
        let purse = |tranche: &Tranche| Purse::new(scene.markets.len(), (time, tranche));
        let mut floor = Self {
            scene,
            population,
            state,
            to,
            prices: scene.markets.iter().map(opens).collect(),
            purses: scene.study.fund.tranches.iter().map(purse).collect(),
            record: Record::default(),
            allowance: 0.0,
        };
        for symbol in floor.symbols() {
            let mark = floor.mark(symbol);
            floor.to.tell(Event::Mark { symbol, mark });
        }
        floor.record = Record::begun(floor.now().time, floor.fund());
        for trader in 0..population.traders.len() as u32 {
            floor.rearm_all(trader);
            floor.prepare(trader);
        }
        floor.open_window();
        floor
    }

    fn bar(&mut self, path: &Path<'w>, bar: usize) {
        self.allow(bar);
        let open = self.scene.markets[0].history.time[bar];
        self.to.now = Moment { bar, substep: 0, time: open };
        self.accrue_funding(bar);
        let mut steps = path.substeps(bar).peekable();
        while let Some(step) = steps.next() {
            self.substep(path, &step);
            self.see_fund();
            if steps.peek().is_none() {
                self.end_window(bar);
            }
        }
        assert!(self.state.ledger.balances(), "money was created or lost in bar {bar}");
        assert!(self.state.ledger.still_adds_up(), "the books do not add up after bar {bar}");
        let sample = self.sample();
        self.record.timeline.push(sample);
    }

    /// Rule `EXC-010`.
    fn substep(&mut self, path: &Path, step: &Substep) {
        self.to.now = step.moment;
        for symbol in self.symbols() {
            let place = usize::from(symbol);
            let choice = &self.scene.markets[place].book.liquidity;
            self.state.books[place].pass(choice, step.millis, path.turbulence(step, place));
            self.prices[place].before = self.prices[place].mark;
        }
        self.unpark();
        for symbol in self.symbols() {
            let target = path.target(step, usize::from(symbol));
            if step.is_jump() {
                self.stand_at(symbol, target, self.local(symbol, target.mark));
            }
            self.slide(symbol, target);
        }
        self.look_at_scattered();
        self.carry_out();
        self.work_out();
        self.watch_fund();
    }

    /// The price of a symbol goes to its target, and whoever is reached on the way fires.
    fn slide(&mut self, symbol: u16, target: Point) {
        let place = usize::from(symbol);
        let (law, start) = (self.law(symbol), self.prices[place]);
        let from_point = Point { mark: start.recorded, last: start.last };
        let arrives = loop {
            let to = self.local(symbol, target.mark);
            let from = self.mark(symbol);
            let funding = self.state.ledger.funding(symbol);
            let ledger = &self.state.ledger;
            let look = |trader: u32| {
                let (position, due) = ledger.position(AccountId::Trader(trader), symbol)?;
                Some(Watched { position, due })
            };
            let due =
                self.state.queues[place].next(Tide { law, funding }, Slide { from, to }, look);
            let Some(Due { account, kind, mark }) = due else { break to };
            if mark != from {
                let side = self.side_of(AccountId::Trader(account), symbol);
                self.arrive(symbol, (mark, side), (from_point, target));
            }
            self.react(account, symbol, kind);
            self.refresh(symbol);
        };
        self.stand_at(symbol, target, arrives);
    }

    fn stand_at(&mut self, symbol: u16, point: Point, mark: Price) {
        let prices = &mut self.prices[usize::from(symbol)];
        (prices.recorded, prices.last) = (point.mark, point.last);
        self.show(symbol, mark);
    }

    /// The price stands where somebody fires, on the way from one point of the path to the next.
    fn arrive(&mut self, symbol: u16, (mark, side): (Price, Side), (from, to): (Point, Point)) {
        let recorded = self.recorded_at(symbol, mark);
        let prices = &mut self.prices[usize::from(symbol)];
        prices.recorded = recorded.clamp(from.mark.min(to.mark), from.mark.max(to.mark));
        prices.last = last_at(side, from, to, recorded);
        prices.mark = mark;
        self.to.tell(Event::Mark { symbol, mark });
    }

    /// The mark follows what was displaced.
    pub fn refresh(&mut self, symbol: u16) {
        let mark = self.local(symbol, self.prices[usize::from(symbol)].recorded);
        self.show(symbol, mark);
    }

    fn show(&mut self, symbol: u16, mark: Price) {
        let prices = &mut self.prices[usize::from(symbol)];
        if prices.mark != mark {
            prices.mark = mark;
            self.to.tell(Event::Mark { symbol, mark });
        }
    }

    /// Settlements due in a bar come before its open.
    fn accrue_funding(&mut self, bar: usize) {
        for symbol in self.symbols() {
            let book = self.market(symbol).funding;
            for k in book.through(bar - 1)..book.through(bar) {
                let per_unit = book.sum(k + 1).since(book.sum(k));
                self.note_settlement(symbol, per_unit);
                self.state.ledger.accrue(symbol, per_unit);
                self.to.tell(Event::Funding { symbol, per_unit });
                self.settle_fund(symbol);
            }
        }
    }

    /// What the fund owes is not its cash.
    fn settle_fund(&mut self, symbol: u16) {
        for tranche in 0..self.purses.len() {
            let account = AccountId::Tranche(tranche as u8);
            self.state.ledger.settle(self.law(symbol), account, symbol, &mut self.to);
            self.make_whole(tranche);
        }
    }

    /// What history liquidated itself in a bar is added to what is left of it.
    fn allow(&mut self, bar: usize) {
        let Driver::Counterfactual { recorded } = self.scene.study.driver else { return };
        let range = |bar: usize| -> f64 {
            let of = |market: &Market| {
                let mark = &market.history.mark;
                (mark.high[bar].steps() - mark.low[bar].steps()) as f64
                    / mark.open[bar].steps() as f64
            };
            self.scene.markets.iter().map(of).sum()
        };
        let bars = self.scene.first..self.scene.markets[0].history.len();
        let all: f64 = bars.map(range).sum();
        if all > 0.0 {
            self.allowance += recorded.atoms() as f64 / 1e8 * range(bar) / all;
        }
    }

    fn end_window(&mut self, bar: usize) {
        let Settlement::Every(window) = self.scene.study.settlement else { return };
        let history = self.scene.markets[0].history;
        let since = |bar: usize| history.time[bar] - history.time[self.scene.first];
        let length = window.millis();
        let end = since(bar) + history.interval.millis();
        if end / length > since(bar) / length {
            self.settle_window();
            self.see_fund();
        }
    }

    fn see_fund(&mut self) {
        let (time, fund) = (self.now().time, self.fund());
        self.record.see(time, fund);
        self.watch_needs();
    }

    fn sample(&self) -> Sample {
        let fund = self.fund();
        let open = |symbol| {
            self.notional(symbol, Quantity::from_lots(self.state.ledger.open_lots(symbol)))
        };
        Sample {
            fund_cash: fund.cash,
            fund_mtm: fund.mtm,
            liquidated: self.record.liquidated,
            adl: self.record.adl,
            open_interest: self.symbols().fold(Cash::ZERO, |sum, symbol| sum + open(symbol)),
        }
    }

    /// Settles everybody's funding and the last window, and counts.
    fn end(mut self, world: u32) -> World {
        self.settle_funding();
        for tranche in 0..self.purses.len() {
            self.make_whole(tranche);
        }
        self.close_window();
        self.sweep_rounding();
        assert!(self.state.ledger.adds_up(), "the books do not add up at the end");
        self.see_fund();
        let fund = self.fund();
        let mut waterfall = self.record.waterfall;
        waterfall.margin = self.margins_lost();
        // What is not explained by income, deficits and money added was lost on the inventory.
        let expected =
            self.record.start + self.record.income + self.record.added - self.record.waterfall.fund;
        waterfall.fund = waterfall.fund + (fund.mtm - expected).loss();
        let (need, charged) = (self.need(), self.largest_charges());
        let record = self.record;
        World {
            world,
            seed: self.scene.study.seed,
            fund_start: record.start,
            fund_low: record.low,
            fund_end: fund.cash,
            fund_low_mtm: record.low_mtm,
            fund_end_mtm: fund.mtm,
            fund_drawdown: record.drawdown,
            fund_drawdown_mtm: record.drawdown_mtm,
            fund_drawdown_8h: record.drawdown_8h,
            fund_income: record.income,
            liquidated_notional: record.liquidated,
            liquidations: record.liquidations,
            taken_over: record.taken_over,
            adl_notional: record.adl,
            adl_events: record.adl_events,
            adl_accounts: record.adl_accounts,
            first_liquidation: record.first_liquidation,
            first_adl: record.first_adl,
            waterfall,
            need,
            charged,
            first_r_price: None,
            timeline: record.timeline,
        }
    }

    /// The three largest, the largest first.
    fn largest_charges(&self) -> [Cash; 3] {
        let mut largest = [Cash::ZERO; 3];
        for charge in &self.state.charged {
            let place = largest.iter().position(|one| charge > one);
            if let Some(place) = place {
                largest[place..].rotate_right(1);
                largest[place] = *charge;
            }
        }
        largest
    }

    fn settle_funding(&mut self) {
        let traders = (0..self.population.traders.len() as u32).map(AccountId::Trader);
        let tranches = (0..self.purses.len()).map(|tranche| AccountId::Tranche(tranche as u8));
        let everybody = traders.chain([AccountId::Book]).chain(tranches);
        for account in everybody {
            for symbol in self.symbols() {
                self.state.ledger.settle(self.law(symbol), account, symbol, &mut self.to);
            }
        }
    }

    fn sweep_rounding(&mut self) {
        let amount = self.state.ledger.cash(AccountId::Clearing);
        let (from, to) = (AccountId::Clearing, AccountId::Fees);
        let transfer = Transfer { from, to, amount, reason: Reason::Rounding };
        self.state.ledger.post(transfer, &mut self.to);
    }

    /// What liquidated traders lost of their own.
    fn margins_lost(&self) -> Cash {
        let mut sum = Cash::ZERO;
        for (number, trader) in self.population.traders.iter().enumerate() {
            let mut lives = trader.holdings.clone().map(|place| self.state.lives[place as usize]);
            if lives.any(|life| life.first > 0) {
                let brought = trader.margin + self.state.topped_up[number];
                let left = self.equity(AccountId::Trader(number as u32)).gain();
                sum = sum + (brought - left).gain();
            }
        }
        sum
    }
}

impl Scratch {
    fn prepare(&mut self, scene: Scene, population: &Population) {
        let (symbols, traders) = (scene.markets.len(), population.traders.len());
        self.queues.resize_with(symbols, Queue::default);
        self.queues.iter_mut().for_each(Queue::clear);
        self.books.clear();
        self.books
            .extend(scene.markets.iter().map(|market| Liquidity::start(&market.book.liquidity)));
        self.cross.clear();
        self.lives.clear();
        self.lives.resize(population.holdings.len(), Life::default());
        self.ranks.clear(symbols);
        self.parked.clear();
        self.reactions.clear();
        self.window.clear();
        self.deleveraged.clear();
        self.deleveraged.resize(traders, false);
        self.topped_up.clear();
        self.topped_up.resize(traders, Cash::ZERO);
        self.charged.clear();
        self.charged.resize(traders, Cash::ZERO);
    }
}
