//! All facts of a set of histories, and whether a record is long enough for them.

use super::fact::{Fact, Measure, Sample};
use crate::fault::Result;
use crate::history::{History, rfc3339};
use crate::paths::bootstrap::DAY;
use crate::paths::generated::{unbroken, unfit};

/// Days below which hardly a fact has a figure.
pub const FEWEST_DAYS: usize = 3;
/// The record is ten blocks of its own resamples, of a day at least.
const BLOCKS: usize = 10;

/// One measure a fact, in the order of [`Fact::all`].
#[derive(Debug, Clone, PartialEq)]
pub struct Battery(Vec<Measure>);

impl Battery {
    pub fn of(&self, fact: Fact) -> Measure {
        self.0[fact as usize]
    }

    /// One measure for each fact, in order.
    pub(super) fn from(measure: impl Fn(Fact) -> Measure) -> Self {
        Self(Fact::all().map(measure).collect())
    }
}

/// Measures histories with the same bars, one a symbol, without gaps.
pub fn battery(histories: &[&History]) -> Battery {
    let sample = Sample::of(histories);
    Battery::from(|fact| fact.measure(&sample))
}

/// Whether a record has facts that can be told.
///
/// # Errors
/// Histories with gaps, with bars of a day and more, or shorter than [`FEWEST_DAYS`].
pub fn check(histories: &[&History]) -> Result<()> {
    histories.iter().try_for_each(|history| unbroken(history))?;
    let coarse = |history: &&&History| {
        let interval = history.interval.millis();
        DAY % interval != 0 || interval == DAY
    };
    if let Some(coarse) = histories.iter().find(coarse) {
        let fault = unfit("facts: bars that are no part of a day").found(coarse.interval);
        return Err(fault.accepted("bars of 12h or less that divide a day").into());
    }
    let short = histories.iter().find(|history| span(history) < FEWEST_DAYS as i64 * DAY);
    let Some(short) = short else { return Ok(()) };
    let first = short.time.first().copied().unwrap_or_default();
    Err(unfit("facts: too short a history")
        .found(format!("{} bars of {} from {}", short.len(), short.interval, rfc3339(first)))
        .accepted(format!("at least {FEWEST_DAYS} days"))
        .into())
}

fn span(history: &History) -> i64 {
    history.len() as i64 * history.interval.millis()
}

/// Mean length in bars of the blocks whose resamples tell the error of the record's own facts: a
/// tenth of the record, and at least a day.
pub fn reference_block(history: &History) -> usize {
    let day = (DAY / history.interval.millis()).max(1) as usize;
    (history.len() / BLOCKS).max(day)
}
