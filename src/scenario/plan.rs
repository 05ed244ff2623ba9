//! A study bound to a history and a venue: which positions are opened, exactly.

use super::choices::EntryPrice;
use super::sample;
use super::study::{Entries, Study};
use crate::fault::{Error, Fault, Place, Result};
use crate::history::{History, Interval, Segment};
use crate::money::{Cash, Leverage, Price, Rate};
use crate::venue::VenueRules;
use jiff::Timestamp;

/// One moment at which the study's positions are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// UTC milliseconds.
    pub time: i64,
    /// First bar that the position is exposed to.
    pub first: usize,
    pub price: Price,
    /// Bars from `first` to the end of the history or to the next gap.
    pub room: usize,
}

/// The positions of a study, in order: entry × side × leverage × notional × horizon.
#[derive(Debug, Clone)]
pub struct Plan {
    pub entries: Vec<Entry>,
    /// Horizons in bars, in the order of the study.
    pub horizons: Vec<usize>,
    /// Entries without a full horizon, per horizon: not opened, but counted.
    pub left_out: Vec<usize>,
}

impl Plan {
    /// # Errors
    /// A horizon, a stride or an entry does not lie on the history's bars; a leverage or a
    /// notional is more than the venue allows; nothing is left to open.
    pub fn bind(study: &Study, history: &History, rules: &VenueRules) -> Result<Self> {
        let horizons = horizons(study, history.interval)?;
        for notional in &study.notionals {
            allowed(study, rules, *notional)?;
        }
        let entries = entries(study, history)?;
        let short = |bars: &usize| entries.iter().filter(|entry| entry.room < *bars).count();
        let left_out: Vec<usize> = horizons.iter().map(short).collect();
        if left_out.iter().all(|out| *out == entries.len()) {
            return Err(fault(study, "no entry has a full horizon before the history ends")
                .found(format!("{} bars of {}", history.len(), history.interval))
                .accepted("a shorter `positions.horizon` or a longer history")
                .into());
        }
        Ok(Self { entries, horizons, left_out })
    }

    /// How many positions the study opens.
    pub fn positions(&self, study: &Study) -> u64 {
        let per_entry = study.sides.len() * study.leverages.len() * study.notionals.len();
        let opened: usize = self.left_out.iter().map(|out| self.entries.len() - out).sum();
        (per_entry * opened) as u64
    }
}

fn fault(study: &Study, problem: impl Into<String>) -> Fault {
    Fault::new(Place::file(&study.file), problem)
}

fn in_bars(study: &Study, key: &str, length: Interval, bar: Interval) -> Result<usize> {
    if length.millis() % bar.millis() != 0 {
        return Err(fault(study, format!("{key} is not a whole number of bars"))
            .found(length)
            .accepted(format!("a multiple of {bar}, the interval of the history"))
            .into());
    }
    Ok((length.millis() / bar.millis()) as usize)
}

fn horizons(study: &Study, bar: Interval) -> Result<Vec<usize>> {
    let bars = |horizon: &super::Horizon| in_bars(study, "positions.horizon", horizon.length, bar);
    study.horizons.iter().map(bars).collect()
}

/// Refuses what the venue would not let anyone open.
fn allowed(study: &Study, rules: &VenueRules, notional: Cash) -> Result<()> {
    if rules.tiers.cap.is_some_and(|cap| notional > cap) {
        return Err(fault(study, "positions.notional is above the venue's largest position")
            .found(notional)
            .accepted(format!("at most {}", rules.tiers.cap.unwrap_or_default()))
            .into());
    }
    let tier = &rules.tiers.steps[rules.tiers.index_of(notional)];
    match study.leverages.iter().find(|leverage| !opens(**leverage, tier.initial)) {
        None => Ok(()),
        Some(leverage) => {
            let problem = format!(
                "positions.leverage is above what {} allows for {} at a notional of {notional}",
                rules.name, rules.symbol
            );
            let highest = Rate::ONE as f64 / tier.initial.steps() as f64;
            Err(fault(study, problem)
                .found(format!("{leverage}x"))
                .accepted(format!("at most {highest:.0}x"))
                .into())
        }
    }
}

/// Whether `1 / leverage ≥ initial rate`; the rate itself was rounded up by at most one step.
fn opens(leverage: Leverage, initial: Rate) -> bool {
    let (one, hundredths) = (i128::from(Rate::ONE), i128::from(leverage.hundredths()));
    i128::from(initial.steps() - 1) * hundredths <= one * i128::from(Leverage::ONE)
}

fn entries(study: &Study, history: &History) -> Result<Vec<Entry>> {
    let bars = match &study.entries {
        Entries::EveryBar => (0..history.len()).collect(),
        Entries::Every(stride) => {
            let stride = in_bars(study, "entries.every", *stride, history.interval)?;
            (0..history.len()).step_by(stride).collect()
        }
        Entries::At(times) => at_times(study, history, times)?,
        Entries::Sample(count) => sampled(study, history, *count as usize)?,
    };
    let mut entries = Vec::with_capacity(bars.len());
    for segment in &history.segments {
        let inside = bars.iter().filter(|bar| (segment.first..segment.end).contains(*bar));
        entries.extend(inside.map(|bar| entry(study, history, *segment, *bar)));
    }
    Ok(entries)
}

fn entry(study: &Study, history: &History, segment: Segment, bar: usize) -> Entry {
    let (price, first) = match study.entry_price {
        EntryPrice::Open => (history.trade.open[bar], bar),
        EntryPrice::Close => (history.trade.close[bar], bar + 1),
    };
    let wait = (first - bar) as i64 * history.interval.millis();
    Entry { time: history.time[bar] + wait, first, price, room: segment.end - first }
}

fn at_times(study: &Study, history: &History, times: &[i64]) -> Result<Vec<usize>> {
    let find = |time: &i64| {
        history.time.binary_search(time).map_err(|_| {
            Error::from(
                fault(study, "entries.at is not the open of a bar of the history")
                    .found(stamp(*time))
                    .accepted(format!(
                        "opens of {} bars from {} to {}",
                        history.interval,
                        stamp(history.time[0]),
                        stamp(history.time[history.len() - 1])
                    )),
            )
        })
    };
    let mut bars: Vec<usize> = times.iter().map(find).collect::<Result<_>>()?;
    bars.sort_unstable();
    Ok(bars)
}

fn sampled(study: &Study, history: &History, count: usize) -> Result<Vec<usize>> {
    if count > history.len() {
        return Err(fault(study, "entries.sample asks for more entries than there are bars")
            .found(count)
            .accepted(format!("at most {}", history.len()))
            .into());
    }
    Ok(sample::distinct(study.seed, count, history.len()))
}

fn stamp(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |t| t.to_string())
}
