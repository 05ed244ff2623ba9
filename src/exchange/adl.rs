//! Auto-deleveraging: winners are closed against a bankrupt position. Rules `EXC-024` to `EXC-027`.

use super::floor::Floor;
use super::fund::sides;
use super::journal::{Event, Journal};
use super::ledger::{AccountId, Deal, Reason};
use super::ranks::Candidate;
use crate::engine::{FundingPerUnit, Law, Position};
use crate::money::{Cash, Price, Quantity, Round};
use crate::scenario::Side;
use crate::venue::{AdlPrice, AdlRank, AdlStart, Contract};

pub(super) use super::ranks::Ranks;

/// A position that is closed against winners.
#[derive(Debug, Clone, Copy)]
struct Bankrupt {
    account: AccountId,
    symbol: u16,
    side: Side,
    price: Price,
}

impl<J: Journal> Floor<'_, J> {
    /// Closes `asked` of an account's position against the other side at the venue's price, which
    /// is `bankruptcy` where the venue closes there. What nobody was left for (`EXC-027`), and
    /// that price.
    pub fn deleverage(
        &mut self,
        account: AccountId,
        symbol: u16,
        (asked, bankruptcy): (Quantity, Price),
    ) -> (Quantity, Price) {
        let rules = self.market(symbol).rules;
        let prices = self.prices[usize::from(symbol)];
        let price = match rules.loss.adl_price {
            _ if matches!(account, AccountId::Tranche(_)) => bankruptcy,
            AdlPrice::Bankruptcy => bankruptcy,
            AdlPrice::Mark => prices.mark,
            AdlPrice::PreviousMark => prices.before,
        };
        let side = self.side_of(account, symbol);
        if rules.loss.adl_start == AdlStart::Never {
            return (asked, price);
        }
        let bankrupt = Bankrupt { account, symbol, side, price };
        self.rank(symbol, side.opposite());
        let left = match rules.loss.adl_rank {
            AdlRank::ProRata => self.in_proportion(bankrupt, asked),
            _ => self.take_in_order(bankrupt, asked),
        };
        (left, price)
    }

    fn take_in_order(&mut self, bankrupt: Bankrupt, asked: Quantity) -> Quantity {
        let (symbol, winners) = (bankrupt.symbol, bankrupt.side.opposite());
        let mut left = asked;
        let mut passed = std::mem::take(&mut self.state.ranks.passed);
        while left > Quantity::ZERO {
            let Some(candidate) = self.state.ranks.top(symbol, winners) else { break };
            let held = self.closable(candidate.trader, bankrupt);
            if held == Quantity::ZERO {
                self.state.ranks.pop(symbol, winners);
                if self.holds(candidate.trader, symbol, winners) {
                    passed.push(candidate);
                }
                continue;
            }
            let quantity = held.min(left);
            self.close_against(bankrupt, candidate, quantity);
            left = Quantity::from_lots(left.lots() - quantity.lots());
            if quantity == held {
                self.state.ranks.pop(symbol, winners);
            }
        }
        // Who could not pay at this price may be able to at another.
        passed
            .drain(..)
            .for_each(|candidate| self.state.ranks.put_back(symbol, winners, candidate));
        self.state.ranks.passed = passed;
        left
    }

    /// Everybody at once, in proportion to profit; what rounding and full positions leave goes
    /// round again.
    fn in_proportion(&mut self, bankrupt: Bankrupt, asked: Quantity) -> Quantity {
        let (symbol, winners) = (bankrupt.symbol, bankrupt.side.opposite());
        let everybody = self.state.ranks.by_id(symbol, winners);
        let profits: Vec<(Candidate, i128)> = everybody
            .into_iter()
            .filter(|candidate| self.closable(candidate.trader, bankrupt) > Quantity::ZERO)
            .map(|candidate| {
                let profit = self.unrealised(AccountId::Trader(candidate.trader), symbol);
                (candidate, i128::from(profit.atoms()))
            })
            .filter(|(_, profit)| *profit > 0)
            .collect();
        let all: i128 = profits.iter().map(|(_, profit)| profit).sum();
        let (mut sum, mut given) = (0, 0);
        let mut left = asked.lots();
        for (candidate, profit) in &profits {
            sum += profit;
            let up_to = Round::Floor.div(i128::from(asked.lots()) * sum, all.max(1)) as i64;
            let wanted = Quantity::from_lots(up_to - given);
            given = up_to;
            left -= self.close_up_to(bankrupt, *candidate, wanted).lots();
        }
        for (candidate, _) in &profits {
            left -= self.close_up_to(bankrupt, *candidate, Quantity::from_lots(left)).lots();
        }
        Quantity::from_lots(left)
    }

    fn close_up_to(&mut self, bankrupt: Bankrupt, with: Candidate, most: Quantity) -> Quantity {
        let quantity = self.closable(with.trader, bankrupt).min(most);
        if quantity > Quantity::ZERO {
            self.close_against(bankrupt, with, quantity);
        }
        quantity
    }

    fn holds(&self, trader: u32, symbol: u16, side: Side) -> bool {
        let lots = self.state.ledger.lots(AccountId::Trader(trader), symbol);
        i128::from(lots.signum()) == side.sign()
    }

    /// What of a winner's position may be closed: all of it, or nothing if the account would then
    /// be worth less than nothing.
    fn closable(&self, trader: u32, bankrupt: Bankrupt) -> Quantity {
        let account = AccountId::Trader(trader);
        let Bankrupt { symbol, price, side, .. } = bankrupt;
        let solvent = || self.left_without(trader, symbol, price) >= Cash::ZERO;
        match account != bankrupt.account
            && self.holds(trader, symbol, side.opposite())
            && solvent()
        {
            true => Quantity::from_lots(self.state.ledger.lots(account, symbol).abs()),
            false => Quantity::ZERO,
        }
    }

    /// What an account is worth when its position in a symbol is closed at a price. Funding and
    /// value are rounded each by itself, as the ledger will: together they can take an atom more
    /// than a position's equity at that price, which is rounded once.
    fn left_without(&self, trader: u32, symbol: u16, price: Price) -> Cash {
        let (account, ledger) = (AccountId::Trader(trader), &self.state.ledger);
        ledger.held(account).fold(ledger.cash(account), |sum, (other, held, due)| {
            let law = self.law(other);
            sum + match other == symbol {
                true => closed_at(law, (held, due), price),
                false => law.carried(&held, due, self.mark(other)),
            }
        })
    }

    fn close_against(&mut self, bankrupt: Bankrupt, with: Candidate, quantity: Quantity) {
        let Bankrupt { account, symbol, side, price } = bankrupt;
        let winner = AccountId::Trader(with.trader);
        let (buyer, seller) = sides(side, account, winner);
        self.trade(Deal { symbol, buyer, seller, quantity, price, reason: Reason::Deleveraging });
        let mark = self.mark(symbol);
        let rank = with.rank;
        self.to.tell(Event::Deleveraged {
            bankrupt: account,
            account: winner,
            symbol,
            quantity,
            price,
            mark,
            rank,
        });
        self.count_deleveraged(with.trader, symbol, (quantity, price, side));
        self.rearm(with.trader, symbol);
    }

    fn count_deleveraged(
        &mut self,
        trader: u32,
        symbol: u16,
        (quantity, price, side): (Quantity, Price, Side),
    ) {
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        // What the winner would have had more at the mark.
        let bare = Position { side, quantity, entry: price, margin: Cash::ZERO };
        let gap = law.cash_floor(law.equity(&bare, FundingPerUnit::NONE, mark)).loss();
        let (notional, time) = (self.notional(symbol, quantity), self.now().time);
        let record = &mut self.record;
        record.adl = record.adl + notional;
        record.adl_events += 1;
        record.waterfall.adl = record.waterfall.adl + gap;
        record.first_adl.get_or_insert(time);
        let seen = &mut self.state.deleveraged[trader as usize];
        record.adl_accounts += u32::from(!*seen);
        *seen = true;
    }
}

/// What closing a whole position at a price brings its account, net of the funding it owes.
fn closed_at(law: &Law, (held, due): (Position, FundingPerUnit), price: Price) -> Cash {
    let value = law.notional(held.quantity, price);
    let brings = match (law.contract, held.side) {
        (Contract::Linear, Side::Long) | (Contract::Inverse, Side::Short) => value,
        (Contract::Linear, Side::Short) | (Contract::Inverse, Side::Long) => -value,
    };
    brings - law.funding(&held, due)
}
