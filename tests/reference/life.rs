//! Time: bar by bar, waypoint by waypoint, look by look.

use super::exact::{Exact, GRID};
use super::funding::due_in;
use super::holding::Holding;
use super::procedure::{Before, cooldown};
use super::step::{Look, Step, Stepped, average_of};
use super::terms::Terms;
use super::volatility::in_force;
use super::{Ask, Death, Ending, World, price};
use deleverage::engine::Cause;
use deleverage::history::Bars;
use deleverage::scenario::{FillBase, FirstLeg};
use deleverage::venue::{FundingPays, VolatilityScope};

/// Where the mark stands, and the last price with it.
type Point = (Exact, Exact);

/// LIQ-013: a step smaller than this part of the size at the first trigger is a hair.
const HAIRS: Exact = Exact::new(4096, 0);

/// A bar and the number of a waypoint in it: 0 is the open, 3 the close.
type Place = (usize, usize);

/// The waypoint after one.
const fn after((bar, waypoint): Place) -> Place {
    if waypoint == 3 { (bar + 1, 0) } else { (bar, waypoint + 1) }
}

/// A position while it lives.
pub struct Life<'a> {
    world: &'a World<'a>,
    ask: &'a Ask,
    terms: Terms,
    quarters: i64,
    /// What is left of the position.
    holding: Option<Holding>,
    /// As it was entered.
    entered: Holding,
    /// Funding per unit so far, whoever pays it, and the amount on what was closed.
    due: Exact,
    funding: Exact,
    worst: Option<Exact>,
    /// Nothing is looked at before this waypoint of this bar.
    looks_from: Place,
    steps: Vec<Step>,
    first_step: Option<(usize, Point, Cause)>,
    last_bar: Option<usize>,
}

impl<'a> Life<'a> {
    pub fn begin(world: &'a World<'a>, ask: &'a Ask) -> Self {
        let rules = world.rules;
        let entered = Holding::open(rules.contract, ask.side, ask.size, ask.entry, ask.margin);
        let mut life = Self {
            world,
            ask,
            terms: Terms::of(rules, 4),
            quarters: 4,
            holding: Some(entered),
            entered,
            due: Exact::ZERO,
            funding: Exact::ZERO,
            worst: None,
            looks_from: (ask.first, 0),
            steps: Vec::new(),
            first_step: None,
            last_bar: None,
        };
        life.follow_volatility(ask.first);
        life
    }

    /// VOL-004.
    fn follow_volatility(&mut self, bar: usize) {
        let Some(rule) = &self.world.rules.volatility else { return };
        if bar > self.ask.first && rule.applies == VolatilityScope::NewPositions {
            return;
        }
        let quarters = in_force(self.world, rule, bar);
        if quarters != self.quarters {
            self.quarters = quarters;
            self.terms = Terms::of(self.world.rules, quarters);
        }
    }

    /// The bar loop.
    pub fn lived(mut self) -> Ending {
        let liquidation_price = self.entered.liquidation_price(&self.terms);
        for bar in self.ask.first..self.ask.first + self.ask.bars {
            self.settle_funding(bar);
            self.follow_volatility(bar);
            self.live_through(bar);
            if self.holding.is_none() {
                break;
            }
        }
        self.ending(liquidation_price)
    }

    /// FND-004, FND-008, TIM-006.
    fn settle_funding(&mut self, bar: usize) {
        self.due = self.due + due_in(self.world, bar, bar == self.ask.first);
        if self.world.rules.funding.pays == FundingPays::Margin
            && let Some(holding) = &mut self.holding
        {
            holding.paid = self.due;
        }
    }

    /// TIM-002 to TIM-004, MRG-023.
    fn live_through(&mut self, bar: usize) {
        let history = self.world.history;
        let marks = self.waypoints(&history.mark, bar);
        let trades = self.waypoints(&history.trade, bar);
        // From a waypoint to the next; where the mark does not move to it, to the one after it.
        let beyond = |waypoint: usize| match waypoint < 3 && marks[waypoint + 1] == marks[waypoint]
        {
            true => after(after((bar, waypoint))),
            false => after((bar, waypoint)),
        };
        self.look_at((bar, 0), beyond(0), (marks[0], trades[0]));
        for leg in 1..4 {
            let ends = [(marks[leg - 1], trades[leg - 1]), (marks[leg], trades[leg])];
            let is_watched = (bar, leg - 1) >= self.looks_from;
            self.slide((bar, leg), ends, is_watched);
            if self.looks_from == (bar, leg) {
                self.look_at((bar, leg), beyond(leg), ends[1]);
            }
        }
    }

    fn waypoints(&self, bars: &Bars, bar: usize) -> [Exact; 4] {
        let (low, high) = (bars.low[bar], bars.high[bar]);
        let (first, second) = match self.world.path.first_leg() {
            FirstLeg::Down => (low, high),
            FirstLeg::Up => (high, low),
        };
        [bars.open[bar], first, second, bars.close[bar]].map(price)
    }

    /// One look at a waypoint, and again as long as a part is left and nothing has to wait.
    fn look_at(&mut self, place: Place, next: Place, point: Point) {
        while let Some(holding) = self.holding {
            self.sees(point.0);
            if place < self.looks_from || !self.terms.is_liquidatable(&holding, point.0) {
                return;
            }
            self.act(place.0, next, holding, point);
        }
    }

    /// One leg of the mark's path, which ends at a waypoint.
    fn slide(&mut self, end: Place, [from, to]: [Point; 2], mut is_watched: bool) {
        let mut at = from.0;
        while let Some(holding) = self.holding {
            let is_adverse = holding.sign() * (to.0 - from.0) <= Exact::ZERO;
            let fatal = match is_adverse && is_watched {
                true => holding.first_fatal(&self.terms, at, to.0),
                false => None,
            };
            let Some(mark) = fatal else {
                self.sees(to.0);
                return;
            };
            at = mark;
            self.sees(mark);
            let next = if mark == to.0 { after(end) } else { end };
            self.act(end.0, next, holding, (mark, last_at(&holding, [from, to], mark)));
            is_watched = self.looks_from < next;
        }
    }

    /// LIQ-001, LIQ-002, LIQ-011, LIQ-013.
    fn act(&mut self, bar: usize, next: Place, holding: Holding, point: Point) {
        let base = if self.world.slippage.base == FillBase::Last { point.1 } else { point.0 };
        let look = Look {
            rules: self.world.rules,
            slippage: self.world.slippage,
            terms: &self.terms,
            mark: point.0,
            base,
            before: Before { steps: self.steps.len() as u32, first_size: self.entered.size },
        };
        let interval = self.world.history.interval.millis();
        let waits = cooldown(&self.world.rules.close_out, interval);
        let cooled = if waits > 0 { (bar + waits, 0) } else { (bar, 0) };
        let Some(Stepped { step, rest, is_short }) = look.act(&holding) else {
            self.looks_from = next.max(cooled);
            return;
        };
        let is_hair = step.size * HAIRS < self.entered.size;
        self.looks_from = if is_short || is_hair { next.max(cooled) } else { cooled };
        self.funding = self.funding + self.paid_on(step.size);
        if self.first_step.is_none() {
            self.first_step = Some((bar, point, self.cause(&holding, point.0)));
        }
        self.steps.push(step);
        self.last_bar = rest.is_none().then_some(bar);
        self.holding = rest;
    }

    /// VOL-006.
    fn cause(&self, holding: &Holding, mark: Exact) -> Cause {
        let usual = Terms::of(self.world.rules, 4);
        match self.quarters > 4 && !usual.is_liquidatable(holding, mark) {
            true => Cause::RaisedMargin,
            false => Cause::Price,
        }
    }

    /// FND-006.
    fn paid_on(&self, size: Exact) -> Exact {
        (self.entered.sign() * size * self.due).ceil(GRID)
    }

    fn sees(&mut self, mark: Exact) {
        let worst = self.worst.unwrap_or(mark);
        let is_worse = self.entered.sign() * (mark - worst) < Exact::ZERO;
        self.worst = Some(if is_worse { mark } else { worst });
    }

    fn ending(self, liquidation_price: Option<Exact>) -> Ending {
        let entered = self.entered;
        let rest = self.holding.map_or(Exact::ZERO, |rest| rest.size);
        let funding = self.funding + self.paid_on(rest);
        let taker = Exact::new(self.world.rules.fees.taker.steps().into(), super::RATE);
        let value = taker * self.terms.value(entered.size, entered.entry);
        let entry_fee = value.over_up(self.terms.unit(entered.entry), GRID);
        let fees = self.steps.iter().fold(entry_fee, |sum, step| sum + step.fee);
        Ending {
            liquidation_price,
            bankruptcy_price: entered.bankruptcy_price(),
            funding,
            fees,
            mae: entered.excursion(self.worst.unwrap_or(entered.entry)),
            death: self.death(),
        }
    }

    fn death(&self) -> Option<Death> {
        let (bar, (mark, last), cause) = self.first_step?;
        let sum = |part: fn(&Step) -> Exact| {
            self.steps.iter().fold(Exact::ZERO, |sum, step| sum + part(step))
        };
        let total = Step {
            size: sum(|step| step.size),
            fill: average_of(&self.entered, &self.steps),
            slippage: sum(|step| step.slippage),
            fee: sum(|step| step.fee),
            kept: sum(|step| step.kept),
            returned: sum(|step| step.returned),
            deficit: sum(|step| step.deficit),
        };
        let steps = self.steps.len() as u32;
        Some(Death { bar, mark, last, cause, last_bar: self.last_bar, steps, total })
    }
}

/// TIM-005.
fn last_at(holding: &Holding, [from, to]: [Point; 2], mark: Exact) -> Exact {
    let (done, span) = ((mark - from.0).abs(), (to.0 - from.0).abs());
    if span.is_zero() {
        return from.1;
    }
    from.1 + holding.against((to.1 - from.1) * done, span)
}
