//! Time and marks: EXC-008, EXC-009, EXC-011, EXC-014, and what is looked at when a sub-step ends.

use super::Auditor;
use super::facts::{ATOM, Facts, Symbol};
use crate::reference::Exact;
use deleverage::exchange::{AccountId, Moment};
use deleverage::history::Bars;
use deleverage::money::Price;
use deleverage::scenario::exchange::{Driver, PathOrder};

/// Sub-steps of a leg in a bar whose range is wide.
const FINE: i64 = 4;

impl Auditor<'_> {
    pub(super) fn turn_to(&mut self, moment: Moment) {
        if self.now == Some(moment) {
            return;
        }
        if let Some(now) = self.now {
            self.end_substep();
            let forward = (now.bar, now.substep) < (moment.bar, moment.substep);
            if !forward || moment.time < now.time {
                self.object("EXC-008", format!("{now:?} is followed by {moment:?}"));
            }
            if now.bar != moment.bar {
                self.check_funding(now.bar);
            }
            self.sample_silence(now, moment);
        }
        self.now = Some(moment);
    }

    /// Sub-steps in which nothing is told are recorded as well: the balance that came before a loss
    /// is as old as the sub-step before it.
    fn sample_silence(&mut self, now: Moment, moment: Moment) {
        let path = Path { facts: &self.facts, world: self.world };
        let before = path.before(moment);
        if before > now.time {
            self.sample_fund_at(before);
        }
    }

    /// EXC-010: the state at the end of a sub-step.
    pub(super) fn end_substep(&mut self) {
        self.close_loss();
        self.close_step();
        self.close_reaction();
        self.settle_rest();
        self.nobody_flat_is_below_zero();
        self.sample_fund();
        if self.is_due() {
            self.sums_anew();
            self.nobody_is_forgotten();
        }
        self.marks_arrive();
        self.end_pass();
        self.queue = super::queue::Queue::default();
        self.sheet.marks_before.clone_from(&self.sheet.marks);
        self.touched.clear();
    }

    /// P9.
    fn nobody_flat_is_below_zero(&mut self) {
        let below = |id: &AccountId| {
            let account = self.sheet.account(*id);
            matches!(id, AccountId::Trader(_)) && account.is_flat() && account.cash < 0
        };
        let below: Vec<AccountId> = self.touched.iter().copied().filter(below).collect();
        for id in below {
            self.object("P9", format!("{id:?} is flat with {} atoms", self.sheet.account(id).cash));
        }
    }

    /// Whoever was never liquidated and has not been touched since meets the requirement.
    fn nobody_is_forgotten(&mut self) {
        if self.facts.study.driver != Driver::Replay {
            return;
        }
        let mut forgotten = Vec::new();
        for (id, account) in &self.sheet.accounts {
            let known = self.lives.keys().any(|(other, _)| other == id);
            if known || self.touched.contains(id) || !matches!(id, AccountId::Trader(_)) {
                continue;
            }
            let Some(lot) = account.held.iter().find(|lot| lot.lots != 0) else { continue };
            let Some(mark) = self.sheet.marks[usize::from(lot.symbol)] else { continue };
            let slack = Exact::new(account.breadth() as i128 + 1, 0) * ATOM;
            if self.surplus(*id, (lot.symbol, mark)).is_some_and(|surplus| surplus < -slack) {
                forgotten.push(*id);
            }
        }
        for id in forgotten {
            self.object("EXC-011", format!("{id:?} should have been liquidated"));
        }
    }

    /// Equity less requirement of all that an account holds, one symbol at a mark of its own.
    pub(super) fn surplus(&self, id: AccountId, at: (u16, Exact)) -> Option<Exact> {
        let equity = self.sheet.equity(&self.facts, id, Some(at))?;
        Some(equity - self.sheet.required(&self.facts, id, at)?)
    }

    /// The mark of a symbol is now another one; the first one told is the close before the start.
    pub(super) fn mark(&mut self, symbol: u16, mark: Price) {
        let at = usize::from(symbol);
        let mark = self.facts.symbol(symbol).price(mark);
        if self.sheet.marks[at].is_none() {
            let path = Path { facts: &self.facts, world: self.world };
            let start = path.start(symbol);
            if mark != start {
                self.object(
                    "EXC-014",
                    format!("symbol {symbol} begins at {mark:?}, not {start:?}"),
                );
            }
            self.sheet.marks_before[at] = Some(mark);
            self.sample_start();
        }
        self.sheet.marks[at] = Some(mark);
        self.weigh_left();
    }

    /// EXC-008, EXC-009, EXC-014: at the end of a sub-step the marks are the recorded ones.
    fn marks_arrive(&mut self) {
        let (Some(now), Driver::Replay) = (self.now, self.facts.study.driver) else { return };
        for at in 0..self.facts.symbols.len() {
            let path = Path { facts: &self.facts, world: self.world };
            let target = path.target(at as u16, now);
            let told = self.sheet.marks[at];
            if told != Some(target) {
                self.object("EXC-014", format!("symbol {at} at {told:?}, not at {target:?}"));
            }
            self.in_order(at as u16, target);
        }
    }

    /// EXC-008: what was due in a bar was told.
    pub(super) fn check_funding(&mut self, bar: usize) {
        for at in 0..self.accrued.len() {
            let told = std::mem::replace(&mut self.accrued[at], Exact::ZERO);
            let due = self.facts.symbols[at].settled_in(bar);
            if told != due {
                let what = format!("symbol {at} in bar {bar}: {told:?} told, {due:?} due");
                self.object("FND-001", what);
            }
        }
    }
}

/// The recorded marks at the sub-steps of a world.
struct Path<'a, 'b> {
    facts: &'a Facts<'b>,
    world: u32,
}

impl Path<'_, '_> {
    fn bars(&self, symbol: u16) -> &Bars {
        &self.facts.symbol(symbol).history.mark
    }

    /// The close before the first bar.
    fn start(&self, symbol: u16) -> Exact {
        self.facts.symbol(symbol).price(self.bars(symbol).close[self.facts.first - 1])
    }

    /// EXC-008, EXC-009.
    fn target(&self, symbol: u16, at: Moment) -> Exact {
        let bars = self.bars(symbol);
        let points = match self.is_low_first() {
            true => [bars.open[at.bar], bars.low[at.bar], bars.high[at.bar], bars.close[at.bar]],
            false => [bars.open[at.bar], bars.high[at.bar], bars.low[at.bar], bars.close[at.bar]],
        };
        let steps = points.map(Price::steps);
        let parts = self.parts(at.bar);
        let (leg, part) = match i64::from(at.substep) {
            0 => (0, parts),
            after => ((after - 1) / parts + 1, (after - 1) % parts + 1),
        };
        let to = steps[usize::try_from(leg).unwrap().min(3)];
        let from = steps[usize::try_from(leg).unwrap().saturating_sub(1).min(3)];
        let moved = i128::from(to - from) * i128::from(part);
        let moved = moved.div_euclid(i128::from(parts)) as i64;
        self.facts.symbol(symbol).price(Price::from_steps(from + moved))
    }

    /// When the sub-step before another one ended.
    fn before(&self, at: Moment) -> i64 {
        let history = self.facts.symbols[0].history;
        let length = history.interval.millis();
        match i64::from(at.substep) {
            0 => history.time[at.bar - 1] + length,
            after => history.time[at.bar] + length * (after - 1) / (3 * self.parts(at.bar)),
        }
    }

    fn is_low_first(&self) -> bool {
        match self.facts.study.path {
            PathOrder::LowFirst => true,
            PathOrder::HighFirst => false,
            PathOrder::Both => self.world.is_multiple_of(2),
        }
    }

    fn parts(&self, bar: usize) -> i64 {
        let wide = |bars: &Bars| {
            let range = bars.high[bar].steps() - bars.low[bar].steps();
            i128::from(range) * 100 > i128::from(bars.open[bar].steps())
        };
        let any = |one: &Symbol| wide(&one.history.mark) || wide(&one.history.trade);
        if self.facts.symbols.iter().any(any) { FINE } else { 1 }
    }
}
