//! Mistakes found in a file.

use crate::fault::{Fault, Result};

/// How many mistakes to bear before giving up on a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    None,
    Endless,
}

/// Faults kept in full; further ones are counted.
const KEPT: usize = 1_000;

/// Collects the faults of one file, or stops at the first.
#[derive(Debug)]
pub(super) struct Defects {
    patience: Patience,
    pub kept: Vec<Fault>,
    pub count: u64,
}

impl Defects {
    /// The first fault is an error.
    pub fn stop_at_first() -> Self {
        Self { patience: Patience::None, kept: Vec::new(), count: 0 }
    }

    /// All faults are listed.
    pub fn list_all() -> Self {
        Self { patience: Patience::Endless, kept: Vec::new(), count: 0 }
    }

    pub fn note(&mut self, fault: Fault) -> Result<()> {
        if self.patience == Patience::None {
            return Err(fault.into());
        }
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(fault);
        }
        Ok(())
    }
}
