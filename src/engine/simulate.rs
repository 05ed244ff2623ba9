//! One position, from entry to end: trigger, order, what is left, and on.

use super::close_out::{Closed, Desk, Moment, Settlement};
use super::funding::FundingPerUnit;
use super::journal::{Event, Journal, Unread};
use super::margin::{Law, RATE, against, opposite};
use super::outcome::{Cause, Liquidation, Outcome};
use super::position::Position;
use super::procedure::{Extent, Progress, Stricken, demand};
use super::walk::{Cursor, Exposure, Found, Market, Outlook, Search, Trigger};
use crate::history::Interval;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::{FillBase, Side, Slippage};
use crate::venue::{CloseOut, Contract, VenueRules};

/// A step smaller than this part of the size at the first trigger is a hair. Rule `LIQ-013`.
pub const HAIRS: i128 = 4_096;

/// Where a position is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub market: &'a Market<'a>,
    pub rules: &'a VenueRules,
    pub slippage: &'a Slippage,
}

/// Runs one position through its exposure.
pub fn simulate(
    market: &Market,
    rules: &VenueRules,
    slippage: &Slippage,
    position: &Position,
    exposure: Exposure,
) -> Outcome {
    simulate_with(Scene { market, rules, slippage }, position, exposure, &mut Unread)
}

/// As [`simulate`], and tells a journal what happens.
pub fn simulate_with<J: Journal>(
    scene: Scene,
    position: &Position,
    exposure: Exposure,
    journal: &mut J,
) -> Outcome {
    simulate_ahead(scene, position, (exposure, Outlook::Unknown), journal)
}

/// As [`simulate_with`], with what is known of the exposure.
pub fn simulate_ahead<J: Journal>(
    scene: Scene,
    position: &Position,
    (exposure, outlook): (Exposure, Outlook),
    journal: &mut J,
) -> Outcome {
    lived(scene, position, (exposure, outlook), journal).outcome(position, exposure)
}

/// The liquidation of [`simulate_ahead`] alone, without what its position paid and went through
/// besides; `None`: it survives. The fill of several steps is that of the last one.
pub fn liquidation(
    scene: Scene,
    position: &Position,
    exposure: Exposure,
    outlook: Outlook,
) -> Option<Liquidation> {
    lived(scene, position, (exposure, outlook), &mut Unread).liquidation
}

fn lived<'a, J: Journal>(
    scene: Scene<'a>,
    position: &Position,
    (exposure, outlook): (Exposure, Outlook),
    journal: &'a mut J,
) -> Life<'a, J> {
    let search = Search::new(scene.market, exposure);
    let mut life = Life::new(scene, search, *position, journal);
    let mut found = life.search.begin(position, outlook);
    while let Some(now) = found {
        let next = life.step(now);
        found = next.and_then(|cursor| life.search.next(&life.position, cursor));
    }
    life
}

/// A position on its way.
struct Life<'a, J> {
    scene: Scene<'a>,
    search: Search<'a>,
    position: Position,
    journal: &'a mut J,
    /// Settlements that were told.
    told: usize,
    liquidation: Option<Liquidation>,
    /// Value of all that was closed, in fine units: the average fill is found from it.
    closed_value: i128,
    /// Funding of the parts that were closed.
    funding: Cash,
    /// Where nothing of the position was left.
    ended: Option<Cursor>,
}

impl<'a, J: Journal> Life<'a, J> {
    fn new(scene: Scene<'a>, search: Search<'a>, position: Position, journal: &'a mut J) -> Self {
        Self {
            scene,
            search,
            position,
            journal,
            told: search.base(),
            liquidation: None,
            closed_value: 0,
            funding: Cash::ZERO,
            ended: None,
        }
    }

    /// One step of the procedure. Where the search goes on; `None`: nothing is left.
    fn step(&mut self, found: Found<'a>) -> Option<Cursor> {
        let Found { trigger, law, paid, cursor } = found;
        let Scene { rules, slippage, .. } = self.scene;
        self.tell_funding(trigger.bar);
        self.note_trigger(&found);
        let base = match slippage.base {
            FillBase::Last => trigger.last,
            FillBase::Mark => trigger.mark,
        };
        let (desk, position) = (Desk { law, rules, slippage }, self.position);
        let moment = Moment { bar: trigger.bar, mark: trigger.mark, base, paid };
        let at = Stricken { position: &position, paid, mark: trigger.mark };
        let demand = demand(&law, rules, at, self.progress());
        let closed = desk.execute(&position, moment, demand, self.journal);
        if closed.quantity == Quantity::ZERO {
            return Some(self.goes_on(cursor, &closed));
        }
        self.book(&law, &closed, trigger);
        if closed.quantity < position.quantity {
            let (rest, fee) = desk.reduce(&position, paid, closed);
            self.reduced(&law, (rest, fee), moment);
            return Some(self.goes_on(cursor, &closed));
        }
        let end = match demand.extent {
            Extent::Backstop => desk.backstopped(&position, moment),
            _ => desk.end(&position, paid, closed.price),
        };
        self.ended = Some(cursor);
        self.close(end, trigger.bar);
        None
    }

    fn progress(&self) -> Progress {
        let first = self.liquidation.map_or(self.position.quantity, |before| {
            Quantity::from_lots(before.closed.lots() + self.position.quantity.lots())
        });
        Progress { first_size: first, steps: self.liquidation.map_or(0, |before| before.steps) }
    }

    /// Adds a step to the liquidation, and its part of the funding.
    fn book(&mut self, law: &Law, closed: &Closed, trigger: Trigger) {
        let first_bar = trigger.bar - self.search.first() + 1;
        let all = match self.liquidation {
            Some(before) => before,
            None => Liquidation::begun(trigger, self.cause(law, trigger), first_bar),
        };
        let all = self.liquidation.insert(all);
        all.steps += 1;
        all.closed = Quantity::from_lots(all.closed.lots() + closed.quantity.lots());
        all.settlement.slippage = all.settlement.slippage + closed.slippage;
        // Of one step; of several the average is found at the end.
        all.settlement.fill = closed.price;
        let part = Position { quantity: closed.quantity, ..self.position };
        let due = self.due(trigger.bar);
        self.funding = self.funding + law.funding(&part, due);
        let worse = opposite(against(part.side));
        self.closed_value += law.value_of(closed.quantity, closed.price, worse).0;
    }

    /// Whether the usual requirement would have done.
    fn cause(&self, law: &Law, trigger: Trigger) -> Cause {
        let usual = Law { tiers: self.scene.market.law.tiers, ..*law };
        let paid = self.margin_paid(trigger.bar);
        match usual.is_liquidatable(&self.position, paid, trigger.mark) {
            true => Cause::Price,
            false => Cause::RaisedMargin,
        }
    }

    fn reduced(&mut self, law: &Law, (rest, fee): (Position, Cash), moment: Moment) {
        self.position = rest;
        if let Some(all) = &mut self.liquidation {
            all.settlement.fee = all.settlement.fee + fee;
        }
        if J::LISTENS {
            let Moment { bar, paid, .. } = moment;
            self.note_amount(|amount| Event::Fee { bar, amount }, fee);
            self.journal.note(Event::Reduced {
                bar,
                quantity_left: rest.quantity,
                margin_left: rest.margin,
                liquidation_price: law.edge_from(&rest, paid, moment.mark),
                bankruptcy_price: law.bankruptcy_price(&rest, paid),
            });
        }
    }

    fn close(&mut self, end: Settlement, bar: usize) {
        let first = self.search.first();
        self.position = self.position.reduced(Quantity::ZERO, Cash::ZERO);
        if let Some(all) = &mut self.liquidation {
            let sums = &mut all.settlement;
            sums.fee = sums.fee + end.fee;
            (sums.kept, sums.returned, sums.deficit) = (end.kept, end.returned, end.deficit);
            all.last_bar = Some(bar - first + 1);
        }
        self.note_amount(|amount| Event::Fee { bar, amount }, end.fee);
        self.note_amount(|amount| Event::Kept { bar, amount }, end.kept);
        self.note_amount(|amount| Event::Returned { bar, amount }, end.returned);
        self.note_amount(|amount| Event::Deficit { bar, amount }, end.deficit);
    }

    /// The next look: after the cooldown; without one here, or where the path turns next if the
    /// order was not filled whole, because the book is not full again at the same moment, or if so
    /// little was closed that a life could have millions of such steps.
    fn goes_on(&self, here: Cursor, closed: &Closed) -> Cursor {
        let Cursor::At { point, .. } = here else { return here };
        let wait = cooldown(self.scene.rules.close_out)
            .map_or(0, |wait| in_bars(wait, self.scene.market.history.interval));
        let first_size = i128::from(self.progress().first_size.lots());
        let is_hair = i128::from(closed.quantity.lots()) * HAIRS < first_size;
        match wait {
            0 if closed.unfilled == Quantity::ZERO && !is_hair => here,
            0 => self.search.next_waypoint(here),
            bars => Cursor::Before { bar: point.bar + bars },
        }
    }

    /// Funding per unit since the entry, whatever pays it.
    fn due(&self, bar: usize) -> FundingPerUnit {
        let book = self.scene.market.funding;
        book.sum(self.search.settled(bar)).since(book.sum(self.search.base()))
    }

    fn margin_paid(&self, bar: usize) -> FundingPerUnit {
        self.scene.market.funding.from_margin(self.search.base(), self.search.settled(bar))
    }

    fn tell_funding(&mut self, bar: usize) {
        if !J::LISTENS {
            return;
        }
        let Market { funding, law, history, .. } = self.scene.market;
        for k in self.told..self.search.settled(bar) {
            let unit = funding.sum(k + 1).since(funding.sum(k));
            let Some(bar) = funding.bar_of(k) else { continue };
            let paid = law.funding(&self.position, unit);
            self.journal.note(Event::Funding { bar, paid, mark: history.mark.open[bar] });
        }
        self.told = self.search.settled(bar).max(self.told);
    }

    fn note_trigger(&mut self, found: &Found) {
        if !J::LISTENS {
            return;
        }
        let Found { trigger, law, paid, .. } = *found;
        self.journal.note(Event::Trigger {
            bar: trigger.bar,
            mark: trigger.mark,
            last: trigger.last,
            equity: law.cash_floor(law.equity(&self.position, paid, trigger.mark)),
            maintenance: law.cash_ceil(law.maintenance(&self.position, trigger.mark)),
            cause: self.cause(&law, trigger),
        });
    }

    fn note_amount(&mut self, event: impl FnOnce(Cash) -> Event, amount: Cash) {
        if amount > Cash::ZERO {
            self.journal.note(event(amount));
        }
    }

    fn outcome(mut self, opened: &Position, exposure: Exposure) -> Outcome {
        let (law, rules) = (self.scene.market.law, self.scene.rules);
        let law = Law { tiers: self.search.law_in(exposure.first).0.tiers, ..law };
        let last_bar = self.ended.map_or(self.search.end() - 1, Cursor::bar);
        if self.position.quantity > Quantity::ZERO {
            self.tell_funding(last_bar);
            self.funding = self.funding + law.funding(&self.position, self.due(last_bar));
        }
        if let Some(all) = self.liquidation.as_mut().filter(|all| all.steps > 1) {
            all.settlement.fill = average(&law, opened.side, all.closed, self.closed_value)
                .unwrap_or(all.settlement.fill);
        }
        let entry_fee = law.charge(opened.quantity, opened.entry, rules.fees.taker);
        let fee = self.liquidation.map_or(Cash::ZERO, |all| all.settlement.fee);
        Outcome {
            liquidation_price: law.liquidation_price(opened, FundingPerUnit::NONE),
            bankruptcy_price: law.bankruptcy_price(opened, FundingPerUnit::NONE),
            liquidation: self.liquidation,
            funding: self.funding,
            fees: entry_fee + fee,
            mae: excursion(
                opened,
                self.search.worst(opened.side, self.ended).unwrap_or(opened.entry),
            ),
        }
    }
}

/// How long a venue waits between two steps.
pub fn cooldown(close_out: CloseOut) -> Option<Interval> {
    match close_out {
        CloseOut::Full | CloseOut::IocThenTakeover | CloseOut::LowerTier => None,
        CloseOut::TwoTiers { cooldown }
        | CloseOut::ToFirstTier { cooldown }
        | CloseOut::Fraction { cooldown, .. }
        | CloseOut::Restore { cooldown, .. }
        | CloseOut::BlockCap { cooldown, .. } => Some(cooldown),
    }
}

/// A wait in whole bars, halves up.
fn in_bars(wait: Interval, bar: Interval) -> usize {
    ((2 * wait.millis() + bar.millis()) / (2 * bar.millis())) as usize
}

/// The average price of a size closed for a value, rounded against the position.
fn average(law: &Law, side: Side, closed: Quantity, value: i128) -> Option<Price> {
    let (lots, round) = (i128::from(closed.lots()), against(side));
    let steps = match law.contract {
        Contract::Linear if lots > 0 => round.div(value, lots * RATE),
        Contract::Inverse if value > 0 => {
            round.div(lots * law.scale.steps_per_unit() * RATE, value)
        }
        _ => return None,
    };
    i64::try_from(steps).ok().map(Price::from_steps)
}

/// Distance of the worst mark from the entry, rounded up; 0 if the mark never went against it.
fn excursion(position: &Position, worst: Price) -> Rate {
    let entry = i128::from(position.entry.steps());
    let adverse = match position.side {
        Side::Long => entry - i128::from(worst.steps()),
        Side::Short => i128::from(worst.steps()) - entry,
    };
    let steps = Round::Ceil.div(adverse.max(0) * i128::from(Rate::ONE), entry);
    Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
}
