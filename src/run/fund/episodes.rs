//! How many crashes a year brings: as the study says, or counted in a history.

use crate::fault::Result;
use crate::history::{Cache, History, Interval};
use crate::money::Rate;
use crate::run::inputs::Request;
use crate::scenario::FundStudy;
use crate::scenario::fund::Episodes;
use crate::tally::sizing::Frequency;

const YEAR: f64 = 365.25 * 86_400_000.0;

/// # Errors
/// A history that cannot be read.
pub fn frequency(study: &FundStudy, cache: Option<&Cache>) -> Result<Frequency> {
    Ok(match &study.episodes {
        Episodes::Rate { yearly, .. } => Frequency::Given(yearly.to_f64()),
        Episodes::Counted { count, years } => {
            Frequency::Observed { episodes: u64::from(*count), years: years.to_f64() }
        }
        Episodes::Found { history, fall, within } => {
            let exchange = &study.crashes[0].study;
            let request = Request {
                origin: &study.origin,
                folder: &exchange.folder,
                history,
                interval: None,
                raw_venue: &exchange.raw.venue,
                venue: &exchange.venue,
                protection: None,
                cache,
            };
            let history = request.load()?.history;
            let span = history.time[history.len() - 1] - history.time[0];
            let years = (span + history.interval.millis()) as f64 / YEAR;
            Frequency::Observed { episodes: falls(&history, *fall, *within), years }
        }
    })
}

/// Falls of the mark by a share within a time; after one, the next is looked for from the same time
/// later on.
fn falls(history: &History, fall: Rate, within: Interval) -> u64 {
    let (low, high) = (&history.mark.low, &history.mark.high);
    let left = i128::from(Rate::ONE - fall.steps());
    let (mut count, mut from) = (0, 0);
    let mut bar = 0;
    while bar < history.len() {
        let since = history.time[bar] - within.millis();
        let first = from.max(history.time[..bar].partition_point(|time| *time <= since));
        let peak = high[first..=bar].iter().map(|price| price.steps()).max().unwrap_or(0);
        let floor = i128::from(peak) * left / i128::from(Rate::ONE);
        if i128::from(low[bar].steps()) <= floor {
            count += 1;
            let until = history.time[bar] + within.millis();
            from = history.time.partition_point(|time| *time < until);
            bar = from;
        } else {
            bar += 1;
        }
    }
    count
}
