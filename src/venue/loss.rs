//! Sections `[fund]`, `[adl]`, `[last_resort]` and `[protection]`: losses beyond the margin.

use super::number::Bounds;
use super::origin::Origin;
use super::payload::Payload;
use super::raw::{RawAdl, RawVenue};
use super::rules::LossRules;
use super::vocabulary::AdlStart;
use crate::fault::Result;
use crate::money::Rate;
use std::ops::RangeInclusive;

const STARTS: [&str; 5] =
    ["fund-empty", "peak-drawdown", "symbol-drawdown", "negative-equity", "never"];
/// Keys of single starts; a scenario that replaces the start drops them.
pub(super) const OF_START: [&str; 2] = ["drawdown", "until"];
const DRAWDOWN: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a drawdown",
    range: 1..=Rate::ONE,
    accepted: "a share of the peak, above 0 and at most 1",
};

pub(super) fn rules(raw: &RawVenue, origin: &Origin) -> Result<LossRules> {
    Ok(LossRules {
        negative_balance: raw.protection.negative_balance,
        fund: raw.fund.scope,
        adl_start: start(&raw.adl, origin)?,
        adl_rank: raw.adl.rank,
        adl_price: raw.adl.price,
        last_rung: raw.last_resort.rung,
    })
}

fn start(raw: &RawAdl, origin: &Origin) -> Result<AdlStart> {
    let given = OF_START.into_iter().zip([raw.drawdown.as_ref(), raw.until.as_ref()]).collect();
    let mut payload = Payload { choice: "start", word: &raw.start, given, origin };
    let start = match raw.start.get_ref().as_str() {
        "fund-empty" => AdlStart::FundEmpty,
        "peak-drawdown" => {
            AdlStart::PeakDrawdown { start: DRAWDOWN.read(payload.need("drawdown")?, origin)? }
        }
        "symbol-drawdown" => symbol_drawdown(&mut payload)?,
        "negative-equity" => AdlStart::NegativeEquity,
        "never" => AdlStart::Never,
        _ => return payload.unknown(&STARTS),
    };
    payload.end()?;
    Ok(start)
}

fn symbol_drawdown(payload: &mut Payload) -> Result<AdlStart> {
    let start = DRAWDOWN.read(payload.need("drawdown")?, payload.origin)?;
    let text = payload.need("until")?;
    let stop = DRAWDOWN.read(text, payload.origin)?;
    if stop <= start {
        return Ok(AdlStart::SymbolDrawdown { start, stop });
    }
    let fault = payload.origin.fault_at(text, "deleveraging would end before it starts");
    Err(fault.accepted(format!("a drawdown of at most {start}")).into())
}
