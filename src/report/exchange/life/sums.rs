//! A whole world's events counted by kind.

use super::{Life, line};
use crate::exchange::{Event, Reason};
use crate::money::Cash;
use std::collections::BTreeMap;

/// Number and sum of the events of one kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    pub count: u64,
    /// `None`: they have no amount.
    pub amount: Option<Cash>,
}

/// By the word of the kind, in alphabetical order.
pub fn sums(life: &Life) -> BTreeMap<&'static str, Sum> {
    let mut sums: BTreeMap<&'static str, Sum> = BTreeMap::new();
    for noted in life.events {
        let (kind, _) = line::told(life, &noted.event);
        let sum = sums.entry(kind).or_default();
        sum.count += 1;
        if let Some(amount) = amount(&noted.event) {
            sum.amount = Some(sum.amount.unwrap_or_default() + amount);
        }
    }
    sums
}

fn amount(event: &Event) -> Option<Cash> {
    match *event {
        Event::Deposit { amount, .. }
        | Event::Post { amount, .. }
        | Event::Deficit { amount, .. }
        | Event::LastRung { amount, .. } => Some(amount),
        Event::Trade { value, .. } => Some(value),
        _ => None,
    }
}

/// Whether a reader of a whole world wants to see the event itself.
pub fn is_of_note(event: &Event) -> bool {
    match *event {
        Event::Trigger { .. }
        | Event::Deleveraged { .. }
        | Event::Deficit { .. }
        | Event::LastRung { .. }
        | Event::Rule { .. }
        | Event::Reaction { .. } => true,
        Event::Trade { reason, .. } => {
            matches!(reason, Reason::Takeover | Reason::Backstop | Reason::Remainder)
        }
        Event::Post { reason, .. } => matches!(reason, Reason::Injection | Reason::Clawback),
        _ => false,
    }
}
