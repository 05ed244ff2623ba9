//! Cross accounts with positions in several symbols. Rule `EXC-013`.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use crate::money::{Cash, Rate, Round};
use crate::venue::Edge;

impl<J: Journal> Floor<'_, J> {
    /// Notes how far the marks must move before the account needs another look.
    pub fn arm_scattered(&mut self, trader: u32) {
        let account = AccountId::Trader(trader);
        let slack = (self.equity(account) - self.required_of_all(trader)).gain();
        let gross = self.gross(trader);
        let share = i128::from(slack.atoms()) * i128::from(Rate::ONE);
        let share = Round::Floor.div(share, i128::from(gross.atoms()).max(1));
        let room = Rate::from_steps(i64::try_from(share).unwrap_or(i64::MAX));
        self.state.cross.arm(trader, room);
    }

    fn required_of_all(&self, trader: u32) -> Cash {
        let symbols = self.state.ledger.symbols_of(trader);
        symbols
            .fold(Cash::ZERO, |sum, symbol| sum + self.required(AccountId::Trader(trader), symbol))
    }

    /// Value of all positions in the settlement asset.
    fn gross(&self, trader: u32) -> Cash {
        let ledger = &self.state.ledger;
        let held = |symbol| {
            let lots = ledger.lots(AccountId::Trader(trader), symbol).abs();
            self.law(symbol).notional(crate::money::Quantity::from_lots(lots), self.mark(symbol))
        };
        ledger.symbols_of(trader).fold(Cash::ZERO, |sum, symbol| sum + held(symbol))
    }

    /// Looks at every account that the marks may have reached.
    pub fn look_at_scattered(&mut self) {
        while let Some(trader) = self.state.cross.next() {
            if self.is_flat(trader) {
                continue;
            }
            match self.is_due(trader) {
                true => self.liquidate_largest(trader),
                false => self.arm_scattered(trader),
            }
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
