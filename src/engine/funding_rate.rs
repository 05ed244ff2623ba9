//! How venues form a funding rate, and what a position pays at one.
//!
//! In decimals, for the exchange study and for people; a history's settlements carry finished
//! rates and go through [`super::FundingBook`]. Rules: `docs/model/funding-rate.md`.

use super::Leg;
use crate::money::{Rate, Round};
use crate::venue::FundingCap;
use rust_decimal::Decimal;

/// Premium of the contract over its index, `(max(0, bid − I) − max(0, I − ask)) / I`, from the
/// average prices at which the impact notional would be sold and bought. `None`: index of zero.
pub fn premium(bid: Decimal, ask: Decimal, index: Decimal) -> Option<Decimal> {
    let above = bid.checked_sub(index)?.max(Decimal::ZERO);
    let below = index.checked_sub(ask)?.max(Decimal::ZERO);
    above.checked_sub(below)?.checked_div(index)
}

/// `P + clamp(I − P, −band, band)`: within the band the premium gives way to the interest
/// (BitMEX, Binance, Hyperliquid).
pub fn clamped(premium: Decimal, interest: Decimal, band: Decimal) -> Decimal {
    premium + (interest - premium).clamp(-band.abs(), band.abs())
}

/// `max(band, P) + min(−band, P)`: within the band nobody pays (Deribit).
pub fn dead_band(premium: Decimal, band: Decimal) -> Decimal {
    premium.max(band) + premium.min(-band)
}

/// What borrowing the quote costs beyond what lending the base earns, for one of `settlements`
/// a day: `(quote − base) / settlements`, of daily rates (BitMEX).
pub fn interest(quote: Decimal, base: Decimal, settlements: u32) -> Option<Decimal> {
    quote.checked_sub(base)?.checked_div(Decimal::from(settlements))
}

/// Highest absolute rate of one settlement, from the lowest tier's rates, rounded down (FND-007);
/// `None` where there is no cap.
pub fn cap(cap: FundingCap, initial: Rate, maintenance: Rate) -> Option<Rate> {
    let times = |multiple: Rate, steps: i64| {
        let product = i128::from(multiple.steps()) * i128::from(steps);
        let steps = Round::Floor.div(product, i128::from(Rate::ONE));
        Rate::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
    };
    match cap {
        FundingCap::None => None,
        FundingCap::Rate(rate) => Some(rate),
        FundingCap::OfMaintenance(multiple) => Some(times(multiple, maintenance.steps())),
        FundingCap::OfSpread(multiple) => {
            Some(times(multiple, initial.steps() - maintenance.steps()))
        }
    }
}

/// Size, in the settlement asset, for which the impact prices are taken: what a margin of that
/// much opens at the highest leverage, `margin / initial`.
pub fn impact_notional(margin: Decimal, initial: Rate) -> Option<Decimal> {
    margin.checked_div(initial.to_decimal())
}

/// What a position pays at one settlement, `s·rate·value`; below zero: receives. The price is the
/// mark, or the oracle's where the venue settles on that.
pub fn payment(leg: &Leg, rate: Decimal, price: Decimal) -> Option<Decimal> {
    leg.sign().checked_mul(rate)?.checked_mul(leg.value(price)?)
}
