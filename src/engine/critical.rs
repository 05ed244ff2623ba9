//! The critical leverage: the smallest one at which a position does not outlive its horizon.
//!
//! A higher leverage is less margin behind the same size. Every mark that liquidates a position
//! liquidates the same one with less margin, so the leverages that are liquidated are all from one
//! on: that one is the answer, and half of those in question are left out at each look.

use super::opening::opened;
use super::walk::{Exposure, Market, Outlook, Search};
use crate::money::{Leverage, Price};
use crate::scenario::{MarginMode, Study, Wanted};

/// Whether a position that a study asks for becomes liquidatable within its horizon, opened at a
/// price and first exposed to bar `first`. Rule `CRT-001`.
pub fn is_critical(
    market: &Market,
    study: &Study,
    wanted: &Wanted,
    (price, first): (Price, usize),
) -> bool {
    let exposure = Exposure { first, bars: wanted.bars };
    opened(study, &market.law, wanted, price).is_some_and(|position| {
        Search::new(market, exposure).begin(&position, Outlook::Unknown).is_some()
    })
}

/// The smallest leverage, on its grid of 1/100 ×, at which such a position is liquidated, up to
/// the highest in question; the leverage of `wanted` itself does not count. Rule `CRT-002`.
///
/// `None`: none is liquidated, or the margin does not follow from the leverage because a whole
/// wallet stands behind the position.
pub fn critical_leverage(
    market: &Market,
    study: &Study,
    wanted: &Wanted,
    entry: (Price, usize),
    highest: Leverage,
) -> Option<Leverage> {
    let fails = |hundredths: u32| {
        Leverage::from_hundredths(hundredths).is_some_and(|leverage| {
            is_critical(market, study, &Wanted { leverage, ..*wanted }, entry)
        })
    };
    let (mut low, mut high) = (Leverage::ONE, highest.hundredths());
    if matches!(study.margin, MarginMode::Cross { .. }) || !fails(high) {
        return None;
    }
    while low < high {
        let middle = low.midpoint(high);
        match fails(middle) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Leverage::from_hundredths(high)
}
