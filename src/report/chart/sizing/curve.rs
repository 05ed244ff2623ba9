//! Shares of scenarios over the size of the fund: steps with their interval.

use crate::report::chart::{ChartError, check};

/// A share of scenarios with its interval, from a fund on until the next point's.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    pub fund: f64,
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// Points by ascending fund, the first without a fund: so that the share is known everywhere.
pub fn check(points: &[Point]) -> Result<(), ChartError> {
    let first = points.first().ok_or(ChartError::NoData("a curve without points"))?;
    if first.fund != 0.0 {
        return Err(check::bad_number("fund at the start of a curve, which must be 0", first.fund));
    }
    for point in points {
        check::amount("fund", point.fund)?;
        check::share("share of scenarios", point.share)?;
        interval(point.low, point.high)?;
    }
    ascending("fund, which must rise from point to point", points.iter().map(|point| point.fund))
}

pub fn interval(low: f64, high: f64) -> Result<(), ChartError> {
    check::share("lower end of an interval", low)?;
    check::share("upper end of an interval", high)?;
    ordered("upper end below the lower end of an interval", low, high)
}

pub fn ordered(what: &'static str, low: f64, high: f64) -> Result<(), ChartError> {
    if low <= high { Ok(()) } else { Err(check::bad_number(what, high)) }
}

/// Whether each value is above the one before it.
pub fn ascending(
    what: &'static str,
    values: impl Iterator<Item = f64> + Clone,
) -> Result<(), ChartError> {
    let fallen = values.clone().zip(values.skip(1)).find(|(before, after)| after <= before);
    fallen.map_or(Ok(()), |(_, after)| Err(check::bad_number(what, after)))
}
