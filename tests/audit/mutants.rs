//! One event of a journal changed, as a defect of an engine would.

use super::draw::Draw;
use super::stage::Tape;
use deleverage::engine::FundingPerUnit;
use deleverage::exchange::{AccountId, Event, LastPayer, Reason, World};
use deleverage::money::{Cash, Price, Quantity};

/// What is wrong with a mutant.
pub struct Mutation {
    pub name: &'static str,
    /// The event in its place; `None`: this one is not of the kind.
    pub change: fn(Event) -> Option<Vec<Event>>,
}

fn more(cash: Cash) -> Cash {
    cash + Cash::from_atoms(1)
}

fn away(price: Price) -> Price {
    Price::from_steps(price.steps() + 1 + price.steps() / 1_000)
}

fn a_value_is_off(event: Event) -> Option<Vec<Event>> {
    let Event::Trade { symbol, buyer, seller, quantity, price, value, reason } = event else {
        return None;
    };
    let value = more(value);
    Some(vec![Event::Trade { symbol, buyer, seller, quantity, price, value, reason }])
}

fn sides_are_swapped(event: Event) -> Option<Vec<Event>> {
    let Event::Trade { symbol, buyer, seller, quantity, price, value, reason } = event else {
        return None;
    };
    let (buyer, seller) = (seller, buyer);
    let traded = Event::Trade { symbol, buyer, seller, quantity, price, value, reason };
    (reason != Reason::Opening).then(|| vec![traded])
}

fn a_lot_too_much_is_closed(event: Event) -> Option<Vec<Event>> {
    let Event::Trade { symbol, buyer, seller, quantity, price, value, reason } = event else {
        return None;
    };
    let quantity = Quantity::from_lots(quantity.lots() + 1);
    let traded = Event::Trade { symbol, buyer, seller, quantity, price, value, reason };
    let closes = matches!(reason, Reason::Takeover | Reason::Remainder | Reason::Deleveraging);
    closes.then(|| vec![traded])
}

fn a_forced_trade_is_missing(event: Event) -> Option<Vec<Event>> {
    let Event::Trade { reason, .. } = event else { return None };
    let forced = matches!(
        reason,
        Reason::Liquidation | Reason::Takeover | Reason::Remainder | Reason::Deleveraging
    );
    forced.then(Vec::new)
}

fn a_forced_trade_comes_twice(event: Event) -> Option<Vec<Event>> {
    a_forced_trade_is_missing(event).map(|_| vec![event, event])
}

fn money_is_off(event: Event) -> Option<Vec<Event>> {
    let Event::Post { from, to, amount, reason } = event else { return None };
    let paid = Event::Post { from, to, amount: more(amount), reason };
    // What of a residual is left with a trader is the trader's loss of a step (CLO-014).
    Some(vec![paid])
}

fn a_payment_is_missing(event: Event) -> Option<Vec<Event>> {
    let Event::Post { reason, .. } = event else { return None };
    let needed = matches!(reason, Reason::Funding | Reason::Deficit | Reason::Residual);
    needed.then(Vec::new)
}

fn the_wrong_one_is_paid(event: Event) -> Option<Vec<Event>> {
    let Event::Post { from, to, amount, reason } = event else { return None };
    let other = AccountId::Trader(u32::MAX);
    (to != other).then(|| vec![Event::Post { from, to: other, amount, reason }])
}

fn the_last_rung_pays_first(event: Event) -> Option<Vec<Event>> {
    let Event::Post { from: AccountId::Tranche(_), to, amount, reason: Reason::Deficit } = event
    else {
        return None;
    };
    let (from, reason) = (AccountId::Exchange, Reason::Deficit);
    let asked = Event::LastRung { payer: LastPayer::Exchange, amount };
    Some(vec![asked, Event::Post { from, to, amount, reason }])
}

fn another_rung_pays(event: Event) -> Option<Vec<Event>> {
    let Event::LastRung { payer, amount } = event else { return None };
    let payer = match payer {
        LastPayer::BadDebt => LastPayer::Owed,
        _ => LastPayer::BadDebt,
    };
    Some(vec![Event::LastRung { payer, amount }])
}

fn a_deficit_is_off(event: Event) -> Option<Vec<Event>> {
    let Event::Deficit { account, amount } = event else { return None };
    Some(vec![Event::Deficit { account, amount: more(amount) }])
}

fn funding_is_off(event: Event) -> Option<Vec<Event>> {
    let Event::Funding { symbol, per_unit } = event else { return None };
    Some(vec![Event::Funding { symbol, per_unit: per_unit.plus(per_unit) }])
        .filter(|_| per_unit != FundingPerUnit::NONE)
}

fn the_queue_closes_elsewhere(event: Event) -> Option<Vec<Event>> {
    let Event::Deleveraged { bankrupt, account, symbol, quantity, price, mark, rank } = event
    else {
        return None;
    };
    let price = away(price);
    Some(vec![Event::Deleveraged { bankrupt, account, symbol, quantity, price, mark, rank }])
}

fn a_winner_is_not_told(event: Event) -> Option<Vec<Event>> {
    matches!(event, Event::Deleveraged { .. }).then(Vec::new)
}

fn a_trigger_is_told_elsewhere(event: Event) -> Option<Vec<Event>> {
    let Event::Trigger { account, symbol, mark, extent, rule } = event else { return None };
    Some(vec![Event::Trigger { account, symbol, mark: away(mark), extent, rule }])
}

fn a_trigger_is_missing(event: Event) -> Option<Vec<Event>> {
    matches!(event, Event::Trigger { .. }).then(Vec::new)
}

fn an_order_is_filled_otherwise(event: Event) -> Option<Vec<Event>> {
    let Event::Order { account, symbol, asked, limit, filled, price } = event else { return None };
    let price = away(price);
    let order = Event::Order { account, symbol, asked, limit, filled, price };
    (filled > Quantity::ZERO).then(|| vec![order])
}

fn money_comes_from_nowhere(event: Event) -> Option<Vec<Event>> {
    let Event::Deposit { amount, .. } = event else { return None };
    Some(vec![event, Event::Deposit { to: AccountId::Fees, amount }])
}

pub const MUTATIONS: [Mutation; 18] = [
    Mutation { name: "a value is off", change: a_value_is_off },
    Mutation { name: "sides are swapped", change: sides_are_swapped },
    Mutation { name: "a lot too much is closed", change: a_lot_too_much_is_closed },
    Mutation { name: "a forced trade is missing", change: a_forced_trade_is_missing },
    Mutation { name: "a forced trade comes twice", change: a_forced_trade_comes_twice },
    Mutation { name: "money is off", change: money_is_off },
    Mutation { name: "a payment is missing", change: a_payment_is_missing },
    Mutation { name: "the wrong one is paid", change: the_wrong_one_is_paid },
    Mutation { name: "the last rung pays first", change: the_last_rung_pays_first },
    Mutation { name: "another rung pays", change: another_rung_pays },
    Mutation { name: "a deficit is off", change: a_deficit_is_off },
    Mutation { name: "funding is off", change: funding_is_off },
    Mutation { name: "the queue closes elsewhere", change: the_queue_closes_elsewhere },
    Mutation { name: "a winner is not told", change: a_winner_is_not_told },
    Mutation { name: "a trigger is told elsewhere", change: a_trigger_is_told_elsewhere },
    Mutation { name: "a trigger is missing", change: a_trigger_is_missing },
    Mutation { name: "an order is filled otherwise", change: an_order_is_filled_otherwise },
    Mutation { name: "money comes from nowhere", change: money_comes_from_nowhere },
];

impl Mutation {
    /// The tape with one of the events of the kind changed; `None`: it has none.
    pub fn of(&self, tape: &Tape, draw: &mut Draw) -> Option<Tape> {
        let places: Vec<usize> =
            (0..tape.0.len()).filter(|place| (self.change)(tape.0[*place].1).is_some()).collect();
        if places.is_empty() {
            return None;
        }
        let place = places[draw.between(0, places.len() as i64) as usize];
        let (moment, event) = tape.0[place];
        let changed = (self.change)(event)?.into_iter().map(|event| (moment, event));
        let mut events = tape.0.clone();
        events.splice(place..=place, changed);
        Some(Tape(events))
    }
}

/// The engine's own account of a world, one figure of it wrong.
pub const FIGURES: [fn(&mut World); 16] = [
    |world| world.fund_start = more(world.fund_start),
    |world| world.fund_low = off(world.fund_low),
    |world| world.fund_end = off(world.fund_end),
    |world| world.fund_low_mtm = off(world.fund_low_mtm),
    |world| world.fund_end_mtm = off(world.fund_end_mtm),
    |world| world.fund_drawdown = off(world.fund_drawdown),
    |world| world.fund_drawdown_mtm = off(world.fund_drawdown_mtm),
    |world| world.fund_income = more(world.fund_income),
    |world| world.liquidated_notional = off(world.liquidated_notional),
    |world| world.liquidations += 1,
    |world| world.taken_over = off(world.taken_over),
    |world| world.adl_notional = off(world.adl_notional),
    |world| world.adl_events += 1,
    |world| world.adl_accounts += 1,
    |world| world.waterfall.bad_debt = more(world.waterfall.bad_debt),
    |world| world.waterfall.adl = off(world.waterfall.adl),
];

/// More than any rounding.
fn off(cash: Cash) -> Cash {
    cash + Cash::from_atoms(1_000_000 + cash.atoms().abs() / 100)
}

/// Two neighbours of one pass change places: first those of the same bankrupt account and size of
/// distance in rank that were told one directly after the other.
pub fn out_of_order(tape: &Tape) -> Option<Tape> {
    let told = |place: usize| match tape.0.get(place)?.1 {
        Event::Deleveraged { bankrupt, account, rank, .. } => Some((bankrupt, account, rank)),
        _ => None,
    };
    let traded = |place: usize| matches!(tape.0.get(place), Some((_, Event::Trade { .. })));
    // Trade, told, trade, told: nobody owed funding in between.
    let neighbours = |place: &usize| {
        let (Some(one), Some(other)) = (told(place + 1), told(place + 3)) else { return false };
        let same = one.0 == other.0 && one.1 != other.1 && one.2 < other.2;
        same && traded(*place) && traded(place + 2)
    };
    let place = (0..tape.0.len()).find(neighbours)?;
    let mut events = tape.0.clone();
    events[place..place + 4].rotate_left(2);
    Some(Tape(events))
}
