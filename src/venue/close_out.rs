//! Section `[close_out]`: how much is closed, at what price, and who keeps what is left.

use super::number::{self, Bounds};
use super::origin::Origin;
use super::payload::Payload;
use super::raw::RawCloseOut;
use super::vocabulary::{CloseOut, OrderPrice, Residual};
use crate::fault::Result;
use crate::money::Rate;
use std::ops::{Range, RangeInclusive};

const STYLES: [&str; 8] = [
    "full",
    "ioc-then-takeover",
    "lower-tier",
    "two-tiers",
    "to-first-tier",
    "fraction",
    "restore",
    "block-cap",
];
/// Keys of single styles; a scenario that replaces the style drops them.
pub(super) const OF_STYLE: [&str; 6] = ["share", "above", "cooldown", "buffer", "least", "most"];
const PRICES: [&str; 4] = ["market", "bankruptcy-limit", "fillable-limit", "transfer"];
pub(super) const OF_PRICE: [&str; 2] = ["adjustment", "spread"];
const RESIDUALS: [&str; 4] = ["fund-keeps", "fee-then-return", "returned", "backstop"];
pub(super) const OF_RESIDUAL: [&str; 1] = ["backstop_below"];

/// A share of a position that leaves something.
const SHARE: Bounds<Range<i64>> =
    Bounds { what: "a share", range: 1..Rate::ONE, accepted: "a share between 0 and 1" };
const BUFFER: Bounds<Range<i64>> =
    Bounds { what: "a buffer", range: 0..Rate::ONE, accepted: "a rate from 0 to below 1" };
const LEAST: Bounds<RangeInclusive<i64>> =
    Bounds { what: "a share", range: 0..=Rate::ONE, accepted: "a share from 0 to 1" };
const FACTOR: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a factor",
    range: 1..=1_000 * Rate::ONE,
    accepted: "a number above 0 and at most 1000",
};
const BELOW: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a share of the maintenance margin",
    range: 1..=Rate::ONE,
    accepted: "a share above 0 and at most 1, such as 2/3",
};

pub(super) fn style(raw: &RawCloseOut, origin: &Origin) -> Result<CloseOut> {
    let given = [&raw.share, &raw.above, &raw.cooldown, &raw.buffer, &raw.least, &raw.most];
    let given = OF_STYLE.into_iter().zip(given.map(Option::as_ref)).collect();
    let mut payload = Payload { choice: "style", word: &raw.style, given, origin };
    let style = match raw.style.get_ref().as_str() {
        "full" => CloseOut::Full,
        "ioc-then-takeover" => CloseOut::IocThenTakeover,
        "lower-tier" => CloseOut::LowerTier,
        "two-tiers" => CloseOut::TwoTiers { cooldown: cooldown(&mut payload)? },
        "to-first-tier" => CloseOut::ToFirstTier { cooldown: cooldown(&mut payload)? },
        "fraction" => CloseOut::Fraction {
            share: SHARE.read(payload.need("share")?, origin)?,
            above: number::amount(payload.need("above")?, origin)?,
            cooldown: cooldown(&mut payload)?,
        },
        "restore" => restore(&mut payload)?,
        "block-cap" => block_cap(&mut payload)?,
        _ => return payload.unknown(&STYLES),
    };
    payload.end()?;
    Ok(style)
}

fn cooldown(payload: &mut Payload) -> Result<crate::history::Interval> {
    number::interval(payload.need("cooldown")?, payload.origin)
}

/// With neither a buffer nor a least share a step could close nothing, for ever.
fn restore(payload: &mut Payload) -> Result<CloseOut> {
    let origin = payload.origin;
    let buffer = BUFFER.read(payload.need("buffer")?, origin)?;
    let text = payload.need("least")?;
    let least = LEAST.read(text, origin)?;
    if buffer == Rate::ZERO && least == Rate::ZERO {
        let fault = origin.fault_at(text, "a step that need not close anything");
        return Err(fault.accepted("a `buffer` or a `least` share above 0").into());
    }
    Ok(CloseOut::Restore { buffer, least, cooldown: cooldown(payload)? })
}

fn block_cap(payload: &mut Payload) -> Result<CloseOut> {
    let origin = payload.origin;
    let share = SHARE.read(payload.need("share")?, origin)?;
    let least = number::amount(payload.need("least")?, origin)?;
    let text = payload.need("most")?;
    let most = number::amount_above_zero(text, origin)?;
    if most < least {
        let fault = origin.fault_at(text, "the most of a block is below its least");
        return Err(fault.accepted(format!("an amount of at least {least}")).into());
    }
    Ok(CloseOut::BlockCap { share, least, most, cooldown: cooldown(payload)? })
}

pub(super) fn price(raw: &RawCloseOut, origin: &Origin) -> Result<OrderPrice> {
    let given = [&raw.adjustment, &raw.spread];
    let given = OF_PRICE.into_iter().zip(given.map(Option::as_ref)).collect();
    let mut payload = Payload { choice: "price", word: &raw.price, given, origin };
    let price = match raw.price.get_ref().as_str() {
        "market" => OrderPrice::Market,
        "bankruptcy-limit" => OrderPrice::BankruptcyLimit,
        "fillable-limit" => OrderPrice::FillableLimit {
            adjustment: FACTOR.read(payload.need("adjustment")?, origin)?,
            spread: FACTOR.read(payload.need("spread")?, origin)?,
        },
        "transfer" => OrderPrice::Transfer,
        _ => return payload.unknown(&PRICES),
    };
    payload.end()?;
    Ok(price)
}

pub(super) fn residual(raw: &RawCloseOut, origin: &Origin) -> Result<Residual> {
    let given = vec![(OF_RESIDUAL[0], raw.backstop_below.as_ref())];
    let mut payload = Payload { choice: "residual", word: &raw.residual, given, origin };
    let residual = match raw.residual.get_ref().as_str() {
        "fund-keeps" => Residual::FundKeeps,
        "fee-then-return" => Residual::FeeThenReturn,
        "returned" => Residual::Returned,
        "backstop" => {
            Residual::Backstop { below: BELOW.read(payload.need("backstop_below")?, origin)? }
        }
        _ => return payload.unknown(&RESIDUALS),
    };
    payload.end()?;
    Ok(residual)
}
