//! Who was liquidated, and where.

use deleverage::exchange::{AccountId, Event, Journal, Moment};
use deleverage::money::Price;

/// How many were liquidated, and a number that depends on all of them and their marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest {
    pub count: u64,
    mixed: u64,
}

impl Digest {
    pub fn take(&mut self, account: u32, mark: Price) {
        let mix = |one: u64, other: u64| (one ^ other).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = mix(mix(1, account.into()).rotate_left(29), mark.steps() as u64);
        self.count += 1;
        self.mixed = self.mixed.wrapping_add(mixed ^ (mixed >> 32));
    }
}

/// Of everything that a world tells, its triggers.
impl Journal for Digest {
    fn note(&mut self, _: Moment, event: Event) {
        if let Event::Trigger { account: AccountId::Trader(account), mark, .. } = event {
            self.take(account, mark);
        }
    }
}
