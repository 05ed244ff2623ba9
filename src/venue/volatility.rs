//! Section `[volatility]`: maintenance that rises in stormy hours.

use super::number::{self, Bounds};
use super::origin::Origin;
use super::raw::RawVolatility;
use super::vocabulary::Volatility;
use crate::fault::Result;
use crate::money::Rate;
use std::ops::RangeInclusive;

const SLOPE: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a slope",
    range: 1..=1_000 * Rate::ONE,
    accepted: "a number above 0 and at most 1000",
};
const REFERENCE: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a standard deviation",
    range: 1..=Rate::ONE,
    accepted: "a rate above 0 and at most 1",
};
const AT_MOST: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a largest factor",
    range: Rate::ONE..=1_000 * Rate::ONE,
    accepted: "a number from 1 to 1000",
};

pub(super) fn read(raw: &RawVolatility, origin: &Origin) -> Result<Volatility> {
    Ok(Volatility {
        slope: SLOPE.read(&raw.slope, origin)?,
        window: number::interval(&raw.window, origin)?,
        reference: REFERENCE.read(&raw.reference, origin)?,
        at_most: AT_MOST.read(&raw.at_most, origin)?,
        lag: number::interval(&raw.lag, origin)?,
        applies: raw.applies,
    })
}
