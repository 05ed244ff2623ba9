//! How large a fund would have had to be. Rule `EXC-033`.

use crate::money::Cash;

/// What the tranches would have had to begin with together, divided as the study divides them, in
/// the settlement asset. The rules of a larger fund are looked at on the same path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Need {
    /// For its cash never to be below zero.
    pub cash: Cash,
    /// For its worth, inventory at the marks, never to be below zero.
    pub marked: Cash,
    /// For no rule ever to send losses to the queue, and every loss to be paid.
    pub rule: Cash,
    /// For nothing at all to be refused or held back for want of money: then every larger fund
    /// leaves the same world.
    pub whole: Cash,
}

impl Need {
    /// The larger ones.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            cash: self.cash.max(other.cash),
            marked: self.marked.max(other.marked),
            rule: self.rule.max(other.rule),
            whole: self.whole.max(other.whole),
        }
    }

    /// Of a fund, from that of a tranche which holds this share of it: rounded up.
    #[must_use]
    pub fn of_fund(self, tranche: Cash, fund: Cash) -> Self {
        let scale = |need: Cash| {
            let product = i128::from(need.atoms()) * i128::from(fund.atoms());
            let whole = match (need, tranche) {
                (Cash::ZERO, _) => 0,
                (_, Cash::ZERO) => i128::from(i64::MAX),
                _ => crate::money::Round::Ceil.div(product, i128::from(tranche.atoms())),
            };
            clamped(whole)
        };
        Self {
            cash: scale(self.cash),
            marked: scale(self.marked),
            rule: scale(self.rule),
            whole: scale(self.whole),
        }
    }
}

/// One tranche's needs while its world runs: what it began with, and by how much that was too
/// much or too little.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Watch {
    start: Cash,
    need: Need,
}

impl Watch {
    pub fn of(start: Cash) -> Self {
        Self { start, need: Need::default() }
    }

    /// The tranche holds this much cash, and that must not be below zero.
    pub fn holds_cash(&mut self, cash: Cash) {
        let need = self.start - cash;
        self.need.cash = self.need.cash.max(need);
        self.need.whole = self.need.whole.max(need);
    }

    pub fn is_worth(&mut self, worth: Cash) {
        self.need.marked = self.need.marked.max(self.start - worth);
    }

    /// A rule would have been content with so much more (below zero: with less).
    pub fn lacks(&mut self, atoms: i128) {
        let need = clamped(i128::from(self.start.atoms()) + atoms);
        self.need.rule = self.need.rule.max(need);
        self.need.whole = self.need.whole.max(need);
    }

    /// Something would have been held back with so much less than `cash`.
    pub fn spares(&mut self, cash: Cash) {
        self.need.whole = self.need.whole.max(self.start - cash);
    }

    pub fn need(&self) -> Need {
        self.need
    }
}

fn clamped(atoms: i128) -> Cash {
    let highest = i128::from(i64::MAX);
    Cash::from_atoms(atoms.clamp(-highest, highest) as i64)
}
