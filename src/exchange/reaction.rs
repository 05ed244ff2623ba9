//! What traders do themselves: stops, take-profits, top-ups, cuts. Rule `EXC-030`.

use super::floor::Floor;
use super::journal::{Event, Journal};
use super::ledger::{AccountId, Reason, Transfer};
use super::liquidity::Impact;
use super::queue::{Kind, Order, Tide, Watched, Way};
use crate::engine::{ForcedOrder, Position};
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::population::ReactionKind;
use crate::scenario::Side;
use std::cmp::Reverse;

/// What a trader does at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    React,
    /// Goes on with a stop or take-profit that was not filled whole.
    Leave(Kind),
}

impl<J: Journal> Floor<'_, J> {
    /// Puts everything that a trader has prepared into the queue of its first position.
    pub fn prepare(&mut self, trader: u32) {
        let entry = &self.population.traders[trader as usize];
        let plan = entry.plan;
        let Some(held) = self.population.holdings.get(entry.holdings.start as usize) else {
            return;
        };
        let (symbol, side) = (held.symbol, held.side);
        let (worse, better) = match side {
            Side::Long => (Way::Falls, Way::Rises),
            Side::Short => (Way::Rises, Way::Falls),
        };
        let alert = plan.reaction.and_then(|_| self.alert_price(trader, symbol));
        let queue = &mut self.state.queues[usize::from(symbol)];
        let prices = [
            (Kind::Stop, worse, plan.stop),
            (Kind::TakeProfit, better, plan.take_profit),
            (Kind::Alert, worse, alert),
        ];
        for (kind, way, price) in prices {
            if let Some(price) = price {
                queue.await_price(trader, Order { kind, way, price });
            }
        }
    }

    /// Half way from the mark to the liquidation price.
    fn alert_price(&self, trader: u32, symbol: u16) -> Option<Price> {
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let (position, due) = self.state.ledger.position(AccountId::Trader(trader), symbol)?;
        let edge = law.edge_from(&position, due, mark)?;
        Some(Price::from_steps((mark.steps() / 2) + (edge.steps() / 2)).max(Price::from_steps(1)))
    }

    /// A price that a trader waited for was reached.
    pub fn react(&mut self, trader: u32, symbol: u16, kind: Kind) {
        match kind {
            Kind::Liquidation => self.liquidate(trader, symbol),
            Kind::Stop => self.leave(trader, symbol, (Kind::Stop, Reason::Stop)),
            Kind::TakeProfit => self.leave(trader, symbol, (Kind::TakeProfit, Reason::TakeProfit)),
            Kind::Alert => {
                let plan = self.population.traders[trader as usize].plan;
                if let Some(reaction) = plan.reaction {
                    let time = self.now().time.saturating_add(reaction.delay);
                    self.state.reactions.push(Reverse((time, trader, Act::React)));
                }
            }
        }
    }

    /// Closes a whole position; what the book does not take is offered again in the next sub-step.
    fn leave(&mut self, trader: u32, symbol: u16, (kind, reason): (Kind, Reason)) {
        let Some((position, _)) = self.backed(AccountId::Trader(trader), symbol) else { return };
        let filled = self.close_part(trader, symbol, (&position, position.quantity, reason));
        if filled < position.quantity && !self.is_flat(trader) {
            self.state.reactions.push(Reverse((self.now().time + 1, trader, Act::Leave(kind))));
        }
    }

    /// An order at the market, its taker fee, and what is left of the account.
    fn close_part(
        &mut self,
        trader: u32,
        symbol: u16,
        (position, quantity, reason): (&Position, Quantity, Reason),
    ) -> Quantity {
        let (account, place) = (AccountId::Trader(trader), usize::from(symbol));
        let (law, base) = (self.law(symbol), self.prices[place].last);
        let choice = &self.scene.markets[place].book.liquidity;
        let order = ForcedOrder { side: position.side, quantity, base, limit: None };
        let fill = self.state.books[place].fill(choice, law, order, Impact::Leaves);
        if fill.quantity == Quantity::ZERO {
            return fill.quantity;
        }
        self.to.tell(Event::Reaction { account, symbol, what: reason });
        self.trade_with_book(account, symbol, (position.side, fill), reason);
        let due = law.charge(fill.quantity, fill.price, self.market(symbol).rules.fees.taker);
        let worth = self.equity(account).gain();
        let (from, to) = (account, AccountId::Fees);
        let amount = due.min(worth);
        self.post_for(symbol, Transfer { from, to, amount, reason: Reason::TakerFee });
        if self.is_flat(trader) {
            self.cover(account, symbol);
            self.retire(trader);
        } else {
            self.rearm(trader, symbol);
        }
        fill.quantity
    }

    /// Carries out the reactions whose delay has passed.
    pub fn carry_out(&mut self) {
        while let Some(Reverse((time, trader, act))) = self.state.reactions.peek().copied() {
            if time > self.now().time {
                break;
            }
            self.state.reactions.pop();
            match act {
                Act::React => self.act(trader),
                Act::Leave(kind) => self.go_on_leaving(trader, kind),
            }
        }
    }

    fn go_on_leaving(&mut self, trader: u32, kind: Kind) {
        let first = self.population.traders[trader as usize].holdings.start as usize;
        let Some(symbol) = self.population.holdings.get(first).map(|held| held.symbol) else {
            return;
        };
        let reason = if kind == Kind::Stop { Reason::Stop } else { Reason::TakeProfit };
        self.leave(trader, symbol, (kind, reason));
    }

    fn act(&mut self, trader: u32) {
        let entry = &self.population.traders[trader as usize];
        let Some(held) = self.population.holdings.get(entry.holdings.start as usize) else {
            return;
        };
        let (account, symbol) = (AccountId::Trader(trader), held.symbol);
        let Some((position, _)) = self.backed(account, symbol) else { return };
        match entry.plan.reaction.map(|reaction| reaction.kind) {
            None => {}
            Some(ReactionKind::TopUp(share)) => {
                let amount = Cash::from_atoms(part(entry.margin.atoms(), share));
                self.to.tell(Event::Reaction { account, symbol, what: Reason::TopUp });
                self.state.ledger.deposit(account, amount, &mut self.to);
                let sum = &mut self.state.topped_up[trader as usize];
                *sum = *sum + amount;
                if let Some(window) = self.state.window.get_mut(trader as usize) {
                    *window = *window + amount;
                }
                self.rearm_all(trader);
            }
            Some(ReactionKind::Cut(share)) => {
                let lots = part(position.quantity.lots(), share).min(position.quantity.lots());
                let quantity = Quantity::from_lots(lots);
                if quantity > Quantity::ZERO {
                    self.close_part(trader, symbol, (&position, quantity, Reason::Cut));
                }
            }
        }
    }

    /// Puts what is left of a position back into its queue.
    pub fn rearm(&mut self, trader: u32, symbol: u16) {
        if self.is_flat(trader) {
            return self.retire(trader);
        }
        if self.is_scattered(trader) {
            return self.arm_scattered(trader);
        }
        let law = self.law(symbol);
        let funding = self.state.ledger.funding(symbol);
        let held = self.state.ledger.position(AccountId::Trader(trader), symbol);
        if let Some((position, due)) = held {
            let watched = Watched { position, due };
            let queue = &mut self.state.queues[usize::from(symbol)];
            queue.watch(Tide { law, funding }, trader, &watched);
        }
    }

    pub fn rearm_all(&mut self, trader: u32) {
        let first = self.population.traders[trader as usize].holdings.start as usize;
        if let Some(symbol) = self.population.holdings.get(first).map(|held| held.symbol) {
            self.rearm(trader, symbol);
        }
    }

    /// Nothing of an account is due any more.
    pub fn retire(&mut self, trader: u32) {
        for place in self.population.traders[trader as usize].holdings.clone() {
            let symbol = self.population.holdings[place as usize].symbol;
            self.state.queues[usize::from(symbol)].forget(trader);
        }
    }

    /// A position waits until a time: a cooldown, or the next sub-step.
    pub fn park(&mut self, trader: u32, symbol: u16, until: i64) {
        self.state.parked.push(Reverse((until, trader, symbol)));
    }

    /// Looks at the positions whose wait is over.
    pub fn unpark(&mut self) {
        while let Some(Reverse((until, trader, symbol))) = self.state.parked.peek().copied() {
            if until > self.now().time {
                break;
            }
            self.state.parked.pop();
            self.rearm(trader, symbol);
        }
    }
}

/// A share of a size, rounded up.
fn part(whole: i64, share: Rate) -> i64 {
    let product = i128::from(whole) * i128::from(share.steps());
    Round::Ceil.div(product, i128::from(Rate::ONE)) as i64
}
