//! Numbers of a venue file: from text to exact values, with what would have been accepted.

use super::origin::Origin;
use super::raw::Text;
use crate::fault::Result;
use crate::history::Interval;
use crate::money::{Cash, Leverage, Quantity, Rate, Round, decimal};
use std::ops::RangeBounds;

const AMOUNT: &str = "an amount of at least 0 with at most 8 decimals";
const QUOTIENT: &str = "a fraction such as 0.4%, or a quotient of whole numbers such as 1/30";

/// A fraction in any of the ways that [`Rate::parse`] reads.
pub(super) fn rate(text: &Text, origin: &Origin) -> Result<Rate> {
    Rate::parse(text.get_ref())
        .map_err(|bad| origin.fault_at(text, bad.to_string()).accepted(Rate::ACCEPTED).into())
}

/// As [`rate`], or a quotient of whole numbers: `2/3`, rounded up in the twelfth decimal. What is
/// written so are shares of a margin requirement; a larger one favours the venue.
pub(super) fn quotient(text: &Text, origin: &Origin) -> Result<Rate> {
    let Some((above, below)) = text.get_ref().split_once('/') else { return rate(text, origin) };
    let whole = |part: &str| decimal::parse_scaled(part, 0).ok().filter(|number| *number > 0);
    let parts = whole(above).zip(whole(below));
    let steps = parts.and_then(|(above, below)| {
        let steps = Round::Ceil.div(i128::from(above) * i128::from(Rate::ONE), i128::from(below));
        i64::try_from(steps).ok()
    });
    steps
        .map(Rate::from_steps)
        .ok_or_else(|| origin.fault_at(text, "not a quotient").accepted(QUOTIENT).into())
}

/// What a rate must be: its name and its bounds, in steps and in words.
pub(super) struct Bounds<R> {
    pub what: &'static str,
    pub range: R,
    pub accepted: &'static str,
}

impl<R: RangeBounds<i64>> Bounds<R> {
    /// Reads a rate, or a quotient, inside the bounds.
    pub fn read(&self, text: &Text, origin: &Origin) -> Result<Rate> {
        let rate = quotient(text, origin)?;
        if self.range.contains(&rate.steps()) {
            return Ok(rate);
        }
        let problem = format!("not {}", self.what);
        Err(origin.fault_at(text, problem).accepted(self.accepted).into())
    }
}

/// An amount of the settlement asset, or a number of contracts, at least 0.
pub(super) fn amount(text: &Text, origin: &Origin) -> Result<Cash> {
    match Cash::parse(text.get_ref()) {
        Ok(amount) if amount >= Cash::ZERO => Ok(amount),
        Ok(_) => Err(origin.fault_at(text, "below 0").accepted(AMOUNT).into()),
        Err(bad) => Err(origin.fault_at(text, bad.to_string()).accepted(AMOUNT).into()),
    }
}

/// An amount above 0.
pub(super) fn amount_above_zero(text: &Text, origin: &Origin) -> Result<Cash> {
    let amount = amount(text, origin)?;
    if amount > Cash::ZERO {
        return Ok(amount);
    }
    Err(origin.fault_at(text, "an amount of nothing").accepted("an amount above 0").into())
}

/// The size of one contract.
pub(super) fn face(text: &Text, origin: &Origin) -> Result<Quantity> {
    let accepted = "a size above 0 with at most 8 decimals";
    match Quantity::parse(text.get_ref()) {
        Ok(face) if face > Quantity::ZERO => Ok(face),
        _ => Err(origin.fault_at(text, "not a contract size").accepted(accepted).into()),
    }
}

/// 1 / highest leverage, rounded up: against the trader.
pub(super) fn initial_of_leverage(text: &Text, origin: &Origin) -> Result<Rate> {
    let leverage = Leverage::parse(text.get_ref())
        .map_err(|_| origin.fault_at(text, "not a leverage").accepted(Leverage::ACCEPTED))?;
    let one = i128::from(Rate::ONE) * i128::from(Leverage::ONE);
    let steps = Round::Ceil.div(one, i128::from(leverage.hundredths()));
    Ok(Rate::from_steps(i64::try_from(steps).unwrap_or(Rate::ONE)))
}

pub(super) fn interval(text: &Text, origin: &Origin) -> Result<Interval> {
    Interval::parse(text.get_ref()).ok_or_else(|| {
        origin.fault_at(text, "not a length of time").accepted(Interval::ACCEPTED).into()
    })
}
