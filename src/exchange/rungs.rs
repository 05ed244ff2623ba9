//! Who pays for less than nothing. Rules `EXC-019`, `EXC-028` and `EXC-029`.

use super::floor::Floor;
use super::journal::{Event, Journal, LastPayer};
use super::ledger::{AccountId, Reason, Transfer};
use crate::money::{Cash, Quantity, Round};
use crate::venue::{LastRung, NegativeBalance};
use crate::waterfall::{per_unit, pro_rata};

impl<J: Journal> Floor<'_, J> {
    /// Brings a flat account that is below zero back to zero.
    pub fn cover(&mut self, account: AccountId, symbol: u16) {
        let deficit = self.state.ledger.cash(account).loss();
        if deficit == Cash::ZERO {
            return;
        }
        self.to.tell(Event::Deficit { account, amount: deficit });
        let rules = self.market(symbol).rules;
        if rules.loss.negative_balance == NegativeBalance::Owed {
            return self.pay(account, (LastPayer::Owed, AccountId::Owed), deficit);
        }
        let left = deficit - self.fund_pays(account, symbol, deficit);
        if left > Cash::ZERO {
            self.last_rung(account, symbol, left);
        }
    }

    /// The venue's last rung pays for an account.
    pub fn last_rung(&mut self, account: AccountId, symbol: u16, left: Cash) {
        match self.market(symbol).rules.loss.last_rung {
            LastRung::ProfitClawback => {
                self.pay(account, (LastPayer::Socialised, AccountId::Socialised), left);
            }
            LastRung::Injection => {
                self.pay(account, (LastPayer::Exchange, AccountId::Exchange), left);
            }
            LastRung::BadDebt => self.pay(account, (LastPayer::BadDebt, AccountId::BadDebt), left),
            LastRung::PerUnit => self.holders_pay(account, symbol, left),
        }
    }

    fn fund_pays(&mut self, account: AccountId, symbol: u16, deficit: Cash) -> Cash {
        let Some(tranche) = self.tranche(symbol) else { return Cash::ZERO };
        let cash = self.tranche_cash(tranche);
        self.purses[tranche].watch.spares(cash - deficit);
        let amount = deficit.min(cash.gain());
        let from = AccountId::Tranche(tranche as u8);
        self.post_for(symbol, Transfer { from, to: account, amount, reason: Reason::Deficit });
        self.record.waterfall.fund = self.record.waterfall.fund + amount;
        self.charge_to(account, amount);
        amount
    }

    /// A loss of the fund is on a trader's account.
    pub fn charge_to(&mut self, account: AccountId, loss: Cash) {
        if let AccountId::Trader(trader) = account {
            let charged = &mut self.state.charged[trader as usize];
            *charged = *charged + loss;
        }
    }

    fn pay(&mut self, account: AccountId, (payer, from): (LastPayer, AccountId), amount: Cash) {
        self.to.tell(Event::LastRung { payer, amount });
        let transfer = Transfer { from, to: account, amount, reason: Reason::Deficit };
        self.state.ledger.post(transfer, &mut self.to);
        let waterfall = &mut self.record.waterfall;
        let rung = match payer {
            LastPayer::Owed => &mut waterfall.owed,
            LastPayer::Exchange => &mut waterfall.injected,
            LastPayer::Socialised | LastPayer::Holders => &mut waterfall.socialised,
            LastPayer::BadDebt => &mut waterfall.bad_debt,
        };
        *rung = *rung + amount;
    }

    /// Everybody who holds the symbol pays per unit of open interest.
    fn holders_pay(&mut self, account: AccountId, symbol: u16, loss: Cash) {
        let holders = self.state.ledger.holders(symbol);
        let held: Vec<(u32, i64)> = holders.filter(|(_, lots)| *lots != 0).collect();
        let sum = |side: i64| {
            let lots = held.iter().map(|(_, lots)| lots).filter(|lots| lots.signum() == side);
            Quantity::from_lots(lots.map(|lots| lots.abs()).sum())
        };
        let rate = per_unit(loss, sum(1), sum(-1));
        let mut left = loss;
        for (trader, lots) in held {
            let from = AccountId::Trader(trader);
            let due = share_of(rate.unwrap_or_default(), lots);
            let amount = due.min(self.equity(from).gain()).min(left);
            left = left - amount;
            if amount > Cash::ZERO {
                self.pay(account, (LastPayer::Holders, from), amount);
                self.rearm(trader, symbol);
            }
        }
        if left > Cash::ZERO {
            self.pay(account, (LastPayer::BadDebt, AccountId::BadDebt), left);
        }
    }

    /// The end of a settlement window, and the beginning of the next one.
    pub fn settle_window(&mut self) {
        self.close_window();
        self.open_window();
    }

    /// What was socialised is taken back from the winners of the window.
    pub fn close_window(&mut self) {
        self.socialise_inventory();
        let loss = self.state.ledger.cash(AccountId::Socialised).loss();
        if loss > Cash::ZERO {
            let now = self.worth();
            let profits = now.iter().zip(&self.state.window);
            let profits: Vec<Cash> = profits.map(|(now, before)| (*now - *before).gain()).collect();
            self.claw_back(loss, &profits);
        }
    }

    /// From now on profits count anew, where anything is ever taken back from them.
    pub fn open_window(&mut self) {
        let mut rungs = self.scene.markets.iter().map(|market| market.rules.loss.last_rung);
        if rungs.any(|rung| rung == LastRung::ProfitClawback) {
            self.state.window = self.worth();
        }
    }

    /// What each trader has; below zero it is somebody else's.
    fn worth(&self) -> Vec<Cash> {
        let traders = 0..self.state.ledger.traders() as u32;
        traders.map(|trader| self.equity(AccountId::Trader(trader)).gain()).collect()
    }

    /// A fund that claws back is made whole at the marks of the settlement.
    fn socialise_inventory(&mut self) {
        for tranche in 0..self.purses.len() {
            let to = AccountId::Tranche(tranche as u8);
            let symbol = self.scene.study.fund.tranches[tranche].symbols.first();
            let claws_back = symbol.is_some_and(|symbol| {
                self.scene.markets[*symbol].rules.loss.last_rung == LastRung::ProfitClawback
            });
            let worth = self.equity(to);
            if claws_back {
                self.purses[tranche].watch.lacks(-i128::from(worth.atoms()));
            }
            let amount = worth.loss();
            if claws_back && amount > Cash::ZERO {
                self.pay(to, (LastPayer::Socialised, AccountId::Socialised), amount);
                self.record.added = self.record.added + amount;
            }
        }
    }

    fn claw_back(&mut self, loss: Cash, profits: &[Cash]) {
        let to = AccountId::Socialised;
        let mut left = loss;
        if let Some(shares) = pro_rata(loss, profits) {
            for (trader, amount) in shares.taken.into_iter().enumerate() {
                if amount > Cash::ZERO {
                    let from = AccountId::Trader(trader as u32);
                    let transfer = Transfer { from, to, amount, reason: Reason::Clawback };
                    self.state.ledger.post(transfer, &mut self.to);
                    self.rearm_all(trader as u32);
                }
            }
            left = shares.left;
        }
        let transfer =
            Transfer { from: AccountId::BadDebt, to, amount: left, reason: Reason::Clawback };
        self.state.ledger.post(transfer, &mut self.to);
        let waterfall = &mut self.record.waterfall;
        waterfall.socialised = waterfall.socialised - left;
        waterfall.bad_debt = waterfall.bad_debt + left;
    }
}

/// What `lots` pay at a rate per unit, rounded up.
fn share_of(rate: Cash, lots: i64) -> Cash {
    let unit = 10_i128.pow(Quantity::DECIMALS);
    let atoms = i128::from(rate.atoms()) * i128::from(lots.unsigned_abs() as i64);
    let atoms = Round::Ceil.div(atoms, unit);
    Cash::from_atoms(i64::try_from(atoms).unwrap_or(i64::MAX))
}
