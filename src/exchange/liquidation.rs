//! A forced close-out in a market: order, takeover, what is left. Rules `EXC-017` to `EXC-019`.

use super::floor::{Floor, Life, near};
use super::fund::sides;
use super::journal::{Event, Journal};
use super::ledger::{AccountId, Deal, Reason, Transfer};
use super::liquidity::Impact;
use crate::engine::{
    Demand, Desk, Extent, Fill, ForcedOrder, FundingPerUnit, HAIRS, Moment, Position, Progress,
    Stricken, cooldown, demand, fee_rate,
};
use crate::money::{Cash, Price, Quantity};
use crate::scenario::exchange::Driver;
use crate::scenario::{FillBase, Side, Slippage, SlippageModel};
use crate::venue::{AdlStart, NegativeBalance, OrderPrice, Residual};

/// The book of a world takes the place of a slippage model.
const NO_MODEL: Slippage = Slippage { model: SlippageModel::None, base: FillBase::Last };

/// A position that is being closed.
#[derive(Debug, Clone, Copy)]
struct Victim {
    trader: u32,
    symbol: u16,
    /// With all that backs it.
    position: Position,
    due: FundingPerUnit,
    /// Where the fund takes it over; the mark, where nothing bankrupts it.
    bankruptcy: Price,
    /// At the trigger.
    mark: Price,
}

/// What a step closed.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    closed: i64,
    unfilled: i64,
    /// Fee that the venue asks for it.
    fee: Cash,
}

impl<J: Journal> Floor<'_, J> {
    /// A position of an account with the profit of its other positions in its margin.
    pub fn backed(&self, account: AccountId, symbol: u16) -> Option<(Position, FundingPerUnit)> {
        let ledger = &self.state.ledger;
        let (position, due) = ledger.position(account, symbol)?;
        if matches!(account, AccountId::Trader(trader) if !self.is_scattered(trader)) {
            return Some((position, due));
        }
        let own = ledger.carried(self.law(symbol), account, symbol, self.mark(symbol));
        let others = self.equity(account) - ledger.cash(account) - own;
        Some((Position { margin: position.margin + others, ..position }, due))
    }

    /// What backs a position, less what the account's other ones must keep.
    fn judged(&self, trader: u32, symbol: u16, backed: Position) -> Position {
        let held = self.state.ledger.held(AccountId::Trader(trader));
        let others = held.filter(|(other, ..)| *other != symbol);
        let margin = others.fold(backed.margin, |left, (other, position, _)| {
            left - self.required(other, &position)
        });
        Position { margin, ..backed }
    }

    /// Maintenance margin of a position at the mark, rounded up.
    pub fn required(&self, symbol: u16, position: &Position) -> Cash {
        let law = self.law(symbol);
        law.cash_ceil(law.maintenance(position, self.mark(symbol)))
    }

    /// One step of the venue's procedure with a position that is liquidatable.
    pub fn liquidate(&mut self, trader: u32, symbol: u16) {
        let Some(place) = self.place(trader, symbol) else { return };
        let account = AccountId::Trader(trader);
        let Some((position, due)) = self.backed(account, symbol) else { return };
        let judged = self.judged(trader, symbol, position);
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let rules = self.market(symbol).rules;
        self.begin(trader, place, &position);
        let life = self.state.lives[place];
        let at = Stricken { position: &judged, paid: due, mark };
        let progress = Progress { first_size: Quantity::from_lots(life.first), steps: life.steps };
        let demand = demand(law, rules, at, progress);
        let extent = demand.extent;
        self.to.tell(Event::Trigger { account, symbol, mark, extent, rule: demand.rule });
        let bankruptcy =
            law.bankruptcy_price(&position, due).map_or(mark, |price| near(price, mark));
        let victim = Victim { trader, symbol, position, due, bankruptcy, mark };
        let step = match demand.extent {
            Extent::Backstop => self.backstop(victim),
            _ => self.forced(victim, demand),
        };
        self.state.lives[place].steps += 1;
        self.conclude(victim, step);
    }

    fn begin(&mut self, trader: u32, place: usize, position: &Position) {
        if self.state.lives[place].first == 0 {
            let first = position.quantity.lots();
            self.state.lives[place] = Life { first, steps: 0 };
            let held = self.population.traders[trader as usize].holdings.clone();
            let mut others = held.filter(|other| *other as usize != place);
            let is_new = !others.any(|other| self.state.lives[other as usize].first > 0);
            self.record.liquidations += u32::from(is_new);
            self.record.first_liquidation.get_or_insert(self.to.now.time);
        }
    }

    /// An order, and what becomes of what it leaves.
    fn forced(&mut self, victim: Victim, demand: Demand) -> Step {
        let Victim { trader, symbol, position, .. } = victim;
        let rules = self.market(symbol).rules;
        let wanted = match demand.extent {
            Extent::Whole | Extent::Takeover | Extent::Backstop => position.quantity,
            Extent::Part(part) | Extent::FillOrKill(part) => part,
        };
        let is_order = rules.order != OrderPrice::Transfer && demand.extent != Extent::Takeover;
        let fill = match is_order {
            true => self.order(victim, wanted, demand.extent),
            false => Fill { quantity: Quantity::ZERO, price: self.mark(symbol) },
        };
        let mut step = Step { closed: fill.quantity.lots(), ..Step::default() };
        if fill.quantity > Quantity::ZERO {
            let account = AccountId::Trader(trader);
            self.trade_with_book(account, symbol, (position.side, fill), Reason::Liquidation);
            step.fee = self.fee(symbol, fill);
            self.count_liquidated(victim, fill.quantity);
        }
        let whole = match demand.extent {
            Extent::Whole if self.takes_rest(victim) => position.quantity,
            Extent::Takeover => position.quantity,
            Extent::FillOrKill(_) if fill.quantity < wanted => position.quantity,
            Extent::Part(part) if rules.order == OrderPrice::Transfer => part,
            _ => fill.quantity,
        };
        let rest = Quantity::from_lots(whole.lots() - fill.quantity.lots());
        if rest > Quantity::ZERO {
            step.closed = whole.lots();
            step.fee = step.fee + self.take_over(victim, rest);
        }
        step.unfilled = (wanted.lots() - step.closed).max(0);
        step
    }

    /// What the book gives for a forced order within the venue's limit, or, where the fund cannot
    /// bear the difference, within the bankruptcy price.
    fn order(&mut self, victim: Victim, wanted: Quantity, extent: Extent) -> Fill {
        let Victim { trader, symbol, position, due, bankruptcy, .. } = victim;
        let (law, place) = (self.law(symbol), usize::from(symbol));
        let rules = self.market(symbol).rules;
        let choice = &self.scene.markets[place].book.liquidity;
        let base = self.prices[place].last;
        let moment = Moment { bar: self.now().bar, mark: self.mark(symbol), base, paid: due };
        let limit = Desk { law: *law, rules, slippage: &NO_MODEL }.limit(&position, moment);
        let impact = self.impact(symbol, wanted);
        let before = self.state.books[place];
        let mut order = ForcedOrder { side: position.side, quantity: wanted, base, limit };
        let mut fill = self.state.books[place].fill(choice, law, order, impact);
        let beyond = self.beyond(symbol, &position, (bankruptcy, fill));
        if beyond > Cash::ZERO && !self.bears(symbol, beyond) {
            self.state.books[place] = before;
            order.limit = Some(bankruptcy);
            fill = self.state.books[place].fill(choice, law, order, impact);
        }
        if matches!(extent, Extent::FillOrKill(_)) && fill.quantity < wanted {
            self.state.books[place] = before;
            fill = Fill { quantity: Quantity::ZERO, price: base };
        }
        let (account, filled, price) = (AccountId::Trader(trader), fill.quantity, fill.price);
        let limit = order.limit;
        self.to.tell(Event::Order { account, symbol, asked: wanted, limit, filled, price });
        fill
    }

    /// How far a fill is worse than the bankruptcy price: a loss that is not the trader's.
    fn beyond(&self, symbol: u16, position: &Position, (bankruptcy, fill): (Price, Fill)) -> Cash {
        let law = self.law(symbol);
        let part = Position {
            quantity: fill.quantity,
            entry: bankruptcy,
            margin: Cash::ZERO,
            ..*position
        };
        law.cash_floor(law.equity(&part, FundingPerUnit::NONE, fill.price)).loss()
    }

    /// Whether the fund can pay a loss now; where traders owe their losses nobody is asked.
    fn bears(&mut self, symbol: u16, loss: Cash) -> bool {
        let rules = self.market(symbol).rules;
        if rules.loss.negative_balance == NegativeBalance::Owed {
            return true;
        }
        match self.tranche(symbol) {
            Some(tranche) => !self.sends_to_queue(tranche, symbol, loss),
            None => rules.loss.adl_start == AdlStart::Never,
        }
    }

    fn takes_rest(&self, victim: Victim) -> bool {
        let Victim { symbol, position, due, .. } = victim;
        let base = self.prices[usize::from(symbol)].last;
        let moment = Moment { bar: self.to.now.bar, mark: self.mark(symbol), base, paid: due };
        let rules = self.market(symbol).rules;
        Desk { law: *self.law(symbol), rules, slippage: &NO_MODEL }.takes_rest(&position, moment)
    }

    /// Whether an order moves the market: what history liquidated itself, does not.
    fn impact(&mut self, symbol: u16, quantity: Quantity) -> Impact {
        let Driver::Counterfactual { .. } = self.scene.study.driver else { return Impact::Leaves };
        let notional = self.notional(symbol, quantity).atoms() as f64 / 1e8;
        if notional > self.allowance {
            return Impact::Leaves;
        }
        self.allowance -= notional;
        Impact::LeavesNothing
    }

    /// A trade between an account that closes and the book.
    pub fn trade_with_book(
        &mut self,
        account: AccountId,
        symbol: u16,
        (side, fill): (Side, Fill),
        reason: Reason,
    ) {
        let (buyer, seller) = sides(side, account, AccountId::Book);
        let Fill { quantity, price } = fill;
        self.trade(Deal { symbol, buyer, seller, quantity, price, reason });
        self.refresh(symbol);
    }

    fn fee(&self, symbol: u16, fill: Fill) -> Cash {
        self.law(symbol).charge(fill.quantity, fill.price, fee_rate(self.market(symbol).rules))
    }

    fn count_liquidated(&mut self, victim: Victim, quantity: Quantity) {
        let notional = self.notional_at(victim.symbol, quantity, victim.mark);
        self.record.liquidated = self.record.liquidated + notional;
    }

    /// What the book left goes to the fund at the bankruptcy price, or to the queue, or, when both
    /// are exhausted, to the book at any price. The venue's fee for it.
    fn take_over(&mut self, victim: Victim, quantity: Quantity) -> Cash {
        let Victim { trader, symbol, position, bankruptcy, .. } = victim;
        self.count_liquidated(victim, quantity);
        if self.takes(symbol, position.side, (quantity, bankruptcy)) {
            self.hand_over(victim, (quantity, bankruptcy));
            return self.fee(symbol, Fill { quantity, price: bankruptcy });
        }
        let account = AccountId::Trader(trader);
        let (left, price) = self.deleverage(account, symbol, (quantity, bankruptcy));
        let closed = Quantity::from_lots(quantity.lots() - left.lots());
        let fee = self.fee(symbol, Fill { quantity: closed, price });
        if left == Quantity::ZERO {
            return fee;
        }
        let fill = Fill { quantity: left, price: self.mark(symbol) };
        self.trade_with_book(account, symbol, (position.side, fill), Reason::Remainder);
        fee + self.fee(symbol, fill)
    }

    fn hand_over(&mut self, victim: Victim, (quantity, price): (Quantity, Price)) {
        let Victim { trader, symbol, position, mark, .. } = victim;
        let account = AccountId::Trader(trader);
        let fill = Fill { quantity, price: mark };
        let loss = self.beyond(symbol, &position, (price, fill));
        self.charge_to(account, loss);
        let (buyer, seller) = sides(position.side, account, self.venue_account(symbol));
        self.trade(Deal { symbol, buyer, seller, quantity, price, reason: Reason::Takeover });
        self.record.taken_over = self.record.taken_over + self.notional_at(symbol, quantity, mark);
    }

    /// The vault takes position and margin as they stand, unless there is less than nothing.
    fn backstop(&mut self, victim: Victim) -> Step {
        let Victim { trader, symbol, position, due, .. } = victim;
        let (account, mark) = (AccountId::Trader(trader), self.mark(symbol));
        let (law, quantity) = (self.law(symbol), position.quantity);
        let solvent = law.cash_floor(law.equity(&position, due, mark)) >= Cash::ZERO;
        if solvent && self.takes(symbol, position.side, (quantity, mark)) {
            self.count_liquidated(victim, quantity);
            self.hand_over(victim, (quantity, mark));
            let amount = self.state.ledger.cash(account).gain();
            if self.is_flat(trader) {
                let to = self.venue_account(symbol);
                let reason = Reason::Backstop;
                self.post_for(symbol, Transfer { from: account, to, amount, reason });
            }
        } else {
            self.take_over(victim, quantity);
        }
        Step { closed: quantity.lots(), ..Step::default() }
    }

    pub fn is_flat(&self, trader: u32) -> bool {
        self.state.ledger.is_flat(AccountId::Trader(trader))
    }

    /// Fee, residual, deficit; or what goes on with the rest.
    fn conclude(&mut self, victim: Victim, step: Step) {
        let Victim { trader, symbol, .. } = victim;
        let account = AccountId::Trader(trader);
        let ledger = &self.state.ledger;
        if self.is_flat(trader) {
            let left = ledger.cash(account).gain();
            match self.market(symbol).rules.residual {
                Residual::FundKeeps => self.keep_residual(account, symbol, left),
                _ => self.charge(account, symbol, step.fee.min(left)),
            }
            self.cover(account, symbol);
            return self.retire(trader);
        }
        let margin = match self.is_scattered(trader) {
            true => self.equity(account),
            false => {
                ledger.position(account, symbol).map_or(Cash::ZERO, |(position, _)| position.margin)
            }
        };
        self.charge(account, symbol, step.fee.min(margin.gain()));
        let first = self.place(trader, symbol).map_or(0, |place| self.state.lives[place].first);
        let is_hair = i128::from(step.closed) * HAIRS < i128::from(first);
        let wait = cooldown(self.market(symbol).rules.close_out).map_or(0, |wait| wait.millis());
        if wait > 0 || step.unfilled > 0 || is_hair {
            self.park(trader, symbol, self.now().time + wait.max(1));
        } else {
            self.rearm(trader, symbol);
        }
    }

    fn charge(&mut self, account: AccountId, symbol: u16, amount: Cash) {
        let to = self.venue_account(symbol);
        self.post_for(
            symbol,
            Transfer { from: account, to, amount, reason: Reason::LiquidationFee },
        );
    }

    fn keep_residual(&mut self, account: AccountId, symbol: u16, amount: Cash) {
        let to = self.venue_account(symbol);
        self.post_for(symbol, Transfer { from: account, to, amount, reason: Reason::Residual });
    }
}
