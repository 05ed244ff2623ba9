//! Who pays for a deficit: EXC-019, EXC-028, EXC-029. Laws P6, P7.

use super::Auditor;
use super::facts::cash;
use super::primitives::Posted;
use crate::reference::Exact;
use deleverage::exchange::{AccountId, LastPayer};
use deleverage::venue::{LastRung, NegativeBalance};

/// A deficit that is being paid.
#[derive(Debug, Clone)]
pub struct Loss {
    account: AccountId,
    symbol: Option<u16>,
    left: i128,
    /// Asked of each last rung, and paid by it.
    asked: Rungs,
    paid: Rungs,
}

type Rungs = [i128; 5];

fn place(payer: LastPayer) -> usize {
    match payer {
        LastPayer::Owed => 0,
        LastPayer::Exchange => 1,
        LastPayer::Socialised => 2,
        LastPayer::BadDebt => 3,
        LastPayer::Holders => 4,
    }
}

fn payer(account: AccountId) -> Option<LastPayer> {
    match account {
        AccountId::Owed => Some(LastPayer::Owed),
        AccountId::Exchange => Some(LastPayer::Exchange),
        AccountId::Socialised => Some(LastPayer::Socialised),
        AccountId::BadDebt => Some(LastPayer::BadDebt),
        AccountId::Trader(_) => Some(LastPayer::Holders),
        _ => None,
    }
}

impl Auditor<'_> {
    pub(super) fn deficit(&mut self, account: AccountId, amount: i128) {
        let held = self.sheet.account(account);
        let symbol = held.held.first().map(|lot| lot.symbol);
        let left = self.sheet.at_cost(account);
        let is_fund = matches!(account, AccountId::Tranche(_));
        if cash(-amount) != left || amount <= 0 || !is_fund && !held.is_flat() {
            let what = format!("{amount} atoms for {account:?}, who has {left:?}");
            self.object("EXC-019", what);
        }
        let own = self.step.as_ref().filter(|step| step.at.account == account);
        let symbol = match account {
            AccountId::Tranche(number) => self.first_symbol(number),
            _ => own.map(|step| step.at.symbol).or(symbol),
        };
        let (asked, paid) = (Rungs::default(), Rungs::default());
        self.loss = Some(Loss { account, symbol, left: amount, asked, paid });
    }

    /// A payment towards a deficit, before it is booked.
    pub(super) fn covered(&mut self, post: &Posted) {
        let is_own = |loss: &&mut Loss| loss.account == post.to;
        // A fund that claws back is made whole at its settlements.
        let restored = matches!(post.to, AccountId::Tranche(_));
        if restored && post.from == AccountId::Socialised && self.loss.is_none() {
            // EXC-010: the state is recorded before a settlement, too. From one tranche to the next
            // the fund only gains: what lies between is no extreme.
            self.sample_fund();
            return;
        }
        let Some(loss) = self.loss.as_mut().filter(is_own) else {
            self.object("P7", format!("no deficit for {post:?}"));
            return;
        };
        loss.left -= post.atoms;
        let is_over = loss.left < 0;
        let (symbol, is_late) = (loss.symbol, loss.asked != Rungs::default());
        if let Some(payer) = payer(post.from) {
            loss.paid[place(payer)] += post.atoms;
        }
        if is_over {
            self.object("P7", format!("more than the deficit: {post:?}"));
        }
        match (post.from, symbol.and_then(|symbol| self.facts.tranche(symbol))) {
            (AccountId::Tranche(own), Some(tranche)) if own == tranche => {
                let owed = self.protection(symbol) == NegativeBalance::Owed;
                if is_late || owed {
                    self.object("P6", format!("the fund after the last rung: {post:?}"));
                }
            }
            (AccountId::Tranche(_), _) => {
                self.object("P6", format!("not the fund of symbol {symbol:?}: {post:?}"));
            }
            _ => {}
        }
    }

    fn first_symbol(&self, tranche: u8) -> Option<u16> {
        let tranche = self.facts.study.fund.tranches.get(usize::from(tranche))?;
        tranche.symbols.first().map(|symbol| *symbol as u16)
    }

    fn protection(&self, symbol: Option<u16>) -> NegativeBalance {
        let rules = symbol.map(|symbol| self.facts.symbol(symbol).rules.loss.negative_balance);
        self.facts.study.protection.or(rules).unwrap_or(NegativeBalance::Protected)
    }

    /// A rung is asked only when the fund has nothing left, and by name.
    pub(super) fn last_rung(&mut self, payer: LastPayer, amount: i128) {
        if self.loss.as_ref().is_some_and(|loss| loss.left == 0 && loss.asked == loss.paid) {
            self.close_loss();
        }
        let symbol = self.loss.as_ref().and_then(|loss| loss.symbol);
        let of_fund =
            self.loss.as_ref().is_some_and(|loss| matches!(loss.account, AccountId::Tranche(_)));
        let Some(loss) = self.loss.as_mut() else {
            // A fund that claws back is made whole at its settlements.
            if payer != LastPayer::Socialised {
                self.object("P6", format!("{payer:?} asked for {amount} atoms without a deficit"));
            }
            return;
        };
        loss.asked[place(payer)] += amount;
        let expected = match (self.protection(symbol), symbol) {
            (NegativeBalance::Owed, _) if !of_fund => LastPayer::Owed,
            (_, None) => return,
            (_, Some(symbol)) => self.rung(symbol),
        };
        let falls_through = expected == LastPayer::Holders && payer == LastPayer::BadDebt;
        if payer != expected && !falls_through {
            self.object("P6", format!("{payer:?} asked, {expected:?} is the last rung"));
        }
        let tranche = symbol.and_then(|symbol| self.facts.tranche(symbol));
        if let Some(tranche) = tranche.filter(|_| payer != LastPayer::Owed && !of_fund) {
            let left = self.sheet.at_cost(AccountId::Tranche(tranche));
            if left > Exact::ZERO {
                self.object("P6", format!("{payer:?} asked while the fund has {left:?}"));
            }
        }
    }

    fn rung(&self, symbol: u16) -> LastPayer {
        match self.facts.symbol(symbol).rules.loss.last_rung {
            LastRung::ProfitClawback => LastPayer::Socialised,
            LastRung::Injection => LastPayer::Exchange,
            LastRung::BadDebt => LastPayer::BadDebt,
            LastRung::PerUnit => LastPayer::Holders,
        }
    }

    /// P7: nothing of a deficit is left when something else happens.
    pub(super) fn close_loss(&mut self) {
        let Some(loss) = self.loss.take() else { return };
        let left = self.sheet.at_cost(loss.account);
        if loss.left != 0 || loss.asked != loss.paid {
            self.object("P7", format!("{left:?} after {loss:?}"));
        }
    }
}
