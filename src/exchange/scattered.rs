//! Cross accounts with positions in several symbols. Rule `EXC-013`.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use super::queue::slack;
use crate::engine::Holding;
use crate::money::Cash;
use crate::venue::Edge;

impl<J: Journal> Floor<'_, J> {
    /// Notes how far the marks must move before the account needs another look.
    pub fn arm_scattered(&mut self, trader: u32) {
        self.note_marks();
        if self.is_due(trader) {
            return self.state.cross.call(trader);
        }
        self.arm_safe(trader);
    }

    fn arm_safe(&mut self, trader: u32) {
        let room = slack(self.equity(AccountId::Trader(trader)), self.held(trader));
        self.state.cross.arm(trader, room);
    }

    fn note_marks(&mut self) {
        self.state.cross.see(self.prices.iter().map(|prices| prices.mark));
    }

    fn held(&self, trader: u32) -> impl Iterator<Item = Holding<'_>> {
        let ledger = &self.state.ledger;
        ledger.symbols_of(trader).filter_map(move |symbol| {
            let law = *self.law(symbol);
            let (position, _) = ledger.bare(AccountId::Trader(trader), symbol)?;
            Some(Holding { law, position, mark: self.mark(symbol) })
        })
    }

    /// Maintenance margin of all positions of a trader.
    pub fn required_of_all(&self, trader: u32) -> Cash {
        let symbols = self.state.ledger.symbols_of(trader);
        symbols
            .fold(Cash::ZERO, |sum, symbol| sum + self.required(AccountId::Trader(trader), symbol))
    }

    /// Looks at every account that the marks may have reached.
    pub fn look_at_scattered(&mut self) {
        self.note_marks();
        while let Some(trader) = self.state.cross.pop() {
            if self.is_flat(trader) {
                continue;
            }
            match self.is_due(trader) {
                true => self.liquidate_largest(trader),
                false => self.arm_safe(trader),
            }
            self.note_marks();
        }
    }

    fn is_due(&self, trader: u32) -> bool {
        let worth = self.equity(AccountId::Trader(trader));
        let required = self.required_of_all(trader);
        match self.market(0).rules.edge {
            Edge::AtOrBelow => worth <= required,
            Edge::Below => worth < required,
        }
    }

    /// The position with the largest maintenance margin first.
    fn liquidate_largest(&mut self, trader: u32) {
        let account = AccountId::Trader(trader);
        let held = self.state.ledger.symbols_of(trader);
        let open = held.filter(|symbol| self.state.ledger.lots(account, *symbol) != 0);
        let largest =
            open.max_by_key(|symbol| (self.required(account, *symbol), std::cmp::Reverse(*symbol)));
        if let Some(symbol) = largest {
            self.liquidate(trader, symbol);
        }
    }
}
