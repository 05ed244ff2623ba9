//! Balances and quantities, rebuilt from what was told.

use super::facts::{Facts, cash};
use crate::reference::{Exact, GRID};
use deleverage::exchange::AccountId;
use std::collections::BTreeMap;

/// One signed quantity of one account.
#[derive(Debug, Clone, Copy)]
pub struct Lot {
    pub symbol: u16,
    pub lots: i128,
    pub entry: Exact,
    /// Atoms that went into what is held; below zero: that it brought.
    pub cost: i128,
    /// The symbol's funding per unit up to which the account has paid.
    pub funded: Exact,
}

#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Atoms.
    pub cash: i128,
    /// Deposits and top-ups, atoms.
    pub deposited: i128,
    pub held: Vec<Lot>,
}

impl Account {
    pub fn lots(&self, symbol: u16) -> i128 {
        self.lot(symbol).map_or(0, |lot| lot.lots)
    }

    pub fn lot(&self, symbol: u16) -> Option<&Lot> {
        self.held.iter().find(|lot| lot.symbol == symbol)
    }

    pub fn is_flat(&self) -> bool {
        self.held.iter().all(|lot| lot.lots == 0)
    }

    /// Number of symbols that are held.
    pub fn breadth(&self) -> usize {
        self.held.iter().filter(|lot| lot.lots != 0).count()
    }
}

/// All accounts of a world.
pub struct Sheet {
    pub accounts: BTreeMap<AccountId, Account>,
    /// Everything that came from outside, atoms.
    pub deposits: i128,
    /// Running sums over all accounts.
    pub cash: i128,
    pub lots: Vec<i128>,
    /// Σ of all longs of each symbol.
    pub open_interest: Vec<i128>,
    /// Each symbol's funding per unit since the start.
    pub funding: Vec<Exact>,
    /// Last mark told, and the one at the end of the sub-step before.
    pub marks: Vec<Option<Exact>>,
    pub marks_before: Vec<Option<Exact>>,
}

static NOBODY: Account = Account { cash: 0, deposited: 0, held: Vec::new() };

impl Sheet {
    pub fn of(symbols: usize) -> Self {
        Self {
            accounts: BTreeMap::new(),
            deposits: 0,
            cash: 0,
            lots: vec![0; symbols],
            open_interest: vec![0; symbols],
            funding: vec![Exact::ZERO; symbols],
            marks: vec![None; symbols],
            marks_before: vec![None; symbols],
        }
    }

    pub fn account(&self, id: AccountId) -> &Account {
        self.accounts.get(&id).unwrap_or(&NOBODY)
    }

    pub fn lots(&self, id: AccountId, symbol: u16) -> i128 {
        self.account(id).lots(symbol)
    }

    pub fn deposit(&mut self, to: AccountId, atoms: i128) {
        self.deposits += atoms;
        self.accounts.entry(to).or_default().deposited += atoms;
        self.pay(to, atoms);
    }

    /// Adds to an account's cash; below zero: takes from it.
    pub fn pay(&mut self, to: AccountId, atoms: i128) {
        self.cash += atoms;
        self.accounts.entry(to).or_default().cash += atoms;
    }

    /// Adds signed lots to a position, `paid` atoms having been paid for them.
    pub fn move_lots(
        &mut self,
        facts: &Facts,
        (id, symbol): (AccountId, u16),
        moved: (i128, Exact),
        paid: i128,
    ) {
        let at = usize::from(symbol);
        let funded = self.funding[at];
        let account = self.accounts.entry(id).or_default();
        if account.lot(symbol).is_none() {
            account.held.push(Lot { symbol, lots: 0, entry: moved.1, cost: 0, funded });
        }
        let Some(lot) = account.held.iter_mut().find(|lot| lot.symbol == symbol) else { return };
        let before = lot.lots;
        let after = before + moved.0;
        if before != 0 && before.signum() == moved.0.signum() {
            lot.entry = facts.symbol(symbol).average((before, lot.entry), moved);
        } else if after.signum() == moved.0.signum() {
            lot.entry = moved.1;
        }
        lot.cost = cost_after((before, lot.cost), (moved.0, paid));
        lot.lots = after;
        self.lots[at] += moved.0;
        self.open_interest[at] += after.max(0) - before.max(0);
    }

    /// Funding per unit that a position has not paid yet.
    pub fn unpaid(&self, lot: &Lot) -> Exact {
        self.funding[usize::from(lot.symbol)] - lot.funded
    }

    /// What an account owes in a symbol, in atoms; below zero: is owed.
    pub fn due(&self, facts: &Facts, id: AccountId, symbol: u16) -> i128 {
        let Some(lot) = self.account(id).lot(symbol) else { return 0 };
        facts.symbol(symbol).owed(lot.lots, self.unpaid(lot))
    }

    pub fn settle(&mut self, id: AccountId, symbol: u16) {
        let now = self.funding[usize::from(symbol)];
        let held = self.accounts.entry(id).or_default().held.iter_mut();
        held.filter(|lot| lot.symbol == symbol).for_each(|lot| lot.funded = now);
    }

    /// EXC-004 without its rounding, one symbol valued at a price of its own; `None`: a mark is
    /// not known.
    pub fn equity(&self, facts: &Facts, id: AccountId, at: Option<(u16, Exact)>) -> Option<Exact> {
        let account = self.account(id);
        let mut equity = cash(account.cash);
        for lot in account.held.iter().filter(|lot| lot.lots != 0) {
            let mark = match at {
                Some((symbol, price)) if symbol == lot.symbol => price,
                _ => self.marks[usize::from(lot.symbol)]?,
            };
            let due = self.unpaid(lot);
            equity = equity + facts.symbol(lot.symbol).carried(lot.lots, due, mark);
        }
        Some(equity)
    }

    /// Cash with what is held at its cost.
    pub fn at_cost(&self, id: AccountId) -> Exact {
        let account = self.account(id);
        cash(account.cash + account.held.iter().map(|lot| lot.cost).sum::<i128>())
    }

    /// The requirement of all that an account holds.
    pub fn required(&self, facts: &Facts, id: AccountId, at: (u16, Exact)) -> Option<Exact> {
        let mut required = Exact::ZERO;
        for lot in self.account(id).held.iter().filter(|lot| lot.lots != 0) {
            let own = lot.symbol == at.0;
            let mark = if own { at.1 } else { self.marks[usize::from(lot.symbol)]? };
            required = required + facts.symbol(lot.symbol).maintenance(lot.lots, mark);
        }
        Some(required)
    }

    /// P1, P2 and P3 summed up anew over all accounts: `Σ q = 0`, and `Σ (c + q·v) = D` whatever
    /// one unit of each symbol is worth (of an inverse contract: costs).
    pub fn adds_up(&self, unit: &[Exact]) -> bool {
        let mut lots = vec![0; self.lots.len()];
        let mut worth = Exact::ZERO;
        for account in self.accounts.values() {
            worth = worth + cash(account.cash);
            for lot in &account.held {
                let at = usize::from(lot.symbol);
                lots[at] += lot.lots;
                worth = worth + Exact::new(lot.lots, GRID) * unit[at];
            }
        }
        worth == cash(self.deposits) && lots == self.lots && lots.iter().all(|sum| *sum == 0)
    }
}

/// EXC-020: what is sold takes its share of the cost with it, rounded up; what turns a position
/// round enters anew with its share of what was paid, rounded down.
fn cost_after((held, cost): (i128, i128), (moved, paid): (i128, i128)) -> i128 {
    if held == 0 || held.signum() == moved.signum() {
        cost + paid
    } else if moved.abs() > held.abs() {
        (paid * (held + moved).abs()).div_euclid(moved.abs())
    } else {
        // The ceiling of a quotient is the floor of its opposite, turned round.
        cost + (-cost * moved.abs()).div_euclid(held.abs())
    }
}
