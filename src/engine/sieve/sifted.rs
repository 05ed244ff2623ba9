//! What comes through the sieve.

use crate::engine::walk::Outlook;
use crate::money::Quantity;
use crate::passage::Records;

/// No bar.
pub const NEVER: u32 = u32::MAX;
/// Set where the bar surely liquidates after its open and leaves nothing.
pub const SPENT: u32 = 1 << 31;

/// What a [`Sieve`](super::Sieve) let through: of each entry, side, leverage and notional the first
/// bar. Kept from one call to the next, it saves the memory.
#[derive(Debug, Clone, Default)]
pub struct Sifted {
    pub(super) combinations: usize,
    pub(super) first: Vec<u32>,
    /// Lots of each entry and notional; 0: nothing that can be held.
    pub(super) sizes: Vec<i64>,
    pub(super) notionals: usize,
    pub(super) scratch: Scratch,
}

/// The first bar that is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub bar: usize,
    /// It surely liquidates, and nothing comes back and nothing is owed.
    pub is_spent: bool,
}

impl Look {
    fn of(found: u32) -> Self {
        Self { bar: (found & !SPENT) as usize, is_spent: found & SPENT != 0 }
    }
}

/// What a pass needs of memory.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    pub values: Vec<i32>,
    /// The left side at the opens of the bars, where somebody asks whether it is reached there.
    pub opens: Vec<i32>,
    pub records: Records,
    /// Where each asker found its last record.
    pub near: Vec<usize>,
}

impl Sifted {
    /// What lies ahead of the position of an entry with a number among side × leverage × notional.
    pub fn outlook(&self, entry: usize, combination: usize) -> Outlook {
        match self.first[entry * self.combinations + combination] {
            NEVER => Outlook::Quiet,
            found => Outlook::Looks { bar: Look::of(found).bar },
        }
    }

    /// The positions of an entry that are worth a look, by number among side × leverage ×
    /// notional.
    pub fn looks(&self, entry: usize) -> impl Iterator<Item = (usize, Look)> + '_ {
        let row = entry * self.combinations..(entry + 1) * self.combinations;
        let numbered = self.first[row].iter().enumerate();
        numbered.filter(|(_, found)| **found != NEVER).map(|(n, found)| (n, Look::of(*found)))
    }

    /// What the notional of a combination buys at an entry; `None`: nothing that can be held.
    pub fn size(&self, entry: usize, combination: usize) -> Option<Quantity> {
        let lots = self.sizes[entry * self.notionals + combination % self.notionals];
        Some(lots).filter(|lots| *lots > 0).map(Quantity::from_lots)
    }
}
