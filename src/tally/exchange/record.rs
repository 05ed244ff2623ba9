//! Everything that a world tells, kept.

use crate::exchange::{Event, Journal, Moment};

/// One event and when it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    pub moment: Moment,
    pub event: Event,
}

/// A journal that keeps all.
#[derive(Debug, Clone, Default)]
pub struct Record {
    pub events: Vec<Noted>,
}

impl Journal for Record {
    fn note(&mut self, moment: Moment, event: Event) {
        self.events.push(Noted { moment, event });
    }
}
