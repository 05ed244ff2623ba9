//! Cross accounts with positions in several symbols. Rule `EXC-013`.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use super::queue::{Standing, cautious_mark, times};
use super::rough;
use crate::engine::{FundingPerUnit, Holding};
use crate::money::{Cash, Rate, Round};
use std::cmp::Reverse;

impl<J: Journal> Floor<'_, J> {
    /// Notes how far the marks must move before the account needs another look.
    pub fn arm_scattered(&mut self, trader: u32) {
        self.note_marks();
        if self.arm_rich(trader) {
            return;
        }
        let standing = self.standing(trader);
        match standing.is_due(self.market(0).rules.edge) {
            true => self.state.cross.call(trader),
            false => self.arm_safe(trader, standing.slack()),
        }
    }

    /// Arms an account that has a room above its requirement even by a rough look.
    fn arm_rich(&mut self, trader: u32) -> bool {
        let rough = self.rough(AccountId::Trader(trader));
        let held = self.state.ledger.held(AccountId::Trader(trader));
        let (mut weight, mut room, mut off) = (0.0, rough.worth, rough.off);
        for (symbol, position, _) in held {
            let (law, mark) = (self.law(symbol), self.mark(symbol));
            let (required, rounded) = rough::required(law, &position, cautious_mark(law, mark));
            let value = rough::value(law, position.quantity, mark);
            weight += f64::from(times(law, position.side)) * value;
            room -= required;
            off += rounded;
        }
        let slack = ((room - off) / (weight + off)).min(1.0);
        let slack = Rate::quantise(slack, Round::Floor).filter(|slack| *slack > Rate::ZERO);
        if let Some(slack) = slack {
            self.arm_safe(trader, slack);
        }
        slack.is_some()
    }

    /// A settlement of a symbol, before it accrues.
    pub fn note_settlement(&mut self, symbol: u16, per_unit: FundingPerUnit) {
        self.note_marks();
        let share = self.law(symbol).share(per_unit, self.mark(symbol));
        self.state.cross.settled(share);
    }

    fn arm_safe(&mut self, trader: u32, slack: Rate) {
        let ledger = &self.state.ledger;
        let held = ledger.held(AccountId::Trader(trader));
        let held = held.map(|(symbol, position, _)| (symbol, position.side));
        self.state.cross.arm(trader, slack, held);
    }

    fn note_marks(&mut self) {
        self.state.cross.see(self.prices.iter().map(|prices| prices.mark));
    }

    fn standing(&self, trader: u32) -> Standing {
        let account = AccountId::Trader(trader);
        let held = self.state.ledger.held(account).map(|(symbol, position, _)| Holding {
            law: *self.law(symbol),
            position,
            mark: self.mark(symbol),
        });
        Standing::of(self.equity(account), held)
    }

    /// Maintenance margin of all positions of a trader.
    pub fn required_of_all(&self, trader: u32) -> Cash {
        let held = self.state.ledger.held(AccountId::Trader(trader));
        held.fold(Cash::ZERO, |sum, (symbol, position, _)| sum + self.required(symbol, &position))
    }

    /// Looks at every account that the marks may have reached.
    pub fn look_at_scattered(&mut self) {
        self.note_marks();
        let edge = self.market(0).rules.edge;
        while let Some(trader) = self.state.cross.pop() {
            if self.is_flat(trader) || self.arm_rich(trader) {
                continue;
            }
            let standing = self.standing(trader);
            match standing.is_due(edge) {
                true => self.liquidate_largest(trader),
                false => self.arm_safe(trader, standing.slack()),
            }
            self.note_marks();
        }
    }

    /// The position with the largest maintenance margin first.
    fn liquidate_largest(&mut self, trader: u32) {
        let held = self.state.ledger.held(AccountId::Trader(trader));
        let largest = held
            .map(|(symbol, position, _)| (self.required(symbol, &position), Reverse(symbol)))
            .max();
        if let Some((_, Reverse(symbol))) = largest {
            self.liquidate(trader, symbol);
        }
    }
}
