//! Cross accounts with positions in several symbols. Rule `EXC-013`.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use super::queue::Standing;
use crate::engine::{FundingPerUnit, Holding};
use crate::money::Cash;

impl<J: Journal> Floor<'_, J> {
    /// Notes how far the marks must move before the account needs another look.
    pub fn arm_scattered(&mut self, trader: u32) {
        self.note_marks();
        let standing = self.standing(trader);
        match standing.is_due(self.market(0).rules.edge) {
            true => self.state.cross.call(trader),
            false => self.arm_safe(trader, standing),
        }
    }

    /// A settlement of a symbol, before it accrues.
    pub fn note_settlement(&mut self, symbol: u16, per_unit: FundingPerUnit) {
        self.note_marks();
        let share = self.law(symbol).share(per_unit, self.mark(symbol));
        self.state.cross.settled(share);
    }

    fn arm_safe(&mut self, trader: u32, standing: Standing) {
        let ledger = &self.state.ledger;
        let held = ledger.symbols_of(trader).filter_map(|symbol| {
            let (position, _) = ledger.bare(AccountId::Trader(trader), symbol)?;
            Some((symbol, position.side))
        });
        self.state.cross.arm(trader, standing.slack(), held);
    }

    fn note_marks(&mut self) {
        self.state.cross.see(self.prices.iter().map(|prices| prices.mark));
    }

    fn standing(&self, trader: u32) -> Standing {
        let (ledger, account) = (&self.state.ledger, AccountId::Trader(trader));
        let held = ledger.symbols_of(trader).filter_map(|symbol| {
            let (position, _) = ledger.bare(account, symbol)?;
            Some(Holding { law: *self.law(symbol), position, mark: self.mark(symbol) })
        });
        Standing::of(self.equity(account), held)
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
        let edge = self.market(0).rules.edge;
        while let Some(trader) = self.state.cross.pop() {
            if self.is_flat(trader) {
                continue;
            }
            let standing = self.standing(trader);
            match standing.is_due(edge) {
                true => self.liquidate_largest(trader),
                false => self.arm_safe(trader, standing),
            }
            self.note_marks();
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
