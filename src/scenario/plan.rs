//! A study bound to a history and a venue: which positions are opened, exactly.

use super::bracket::Opening;
use super::choices::EntryPrice;
use super::field::{List, Text};
use super::sample;
use super::side::Side;
use super::study::{Entries, Horizon, Study};
use crate::fault::{Error, Fault, Result};
use crate::history::{History, Interval, Segment, rfc3339};
use crate::money::{Cash, Leverage, Price, Rate};
use crate::venue::{Contract, Lookup, VenueRules};
use std::ops::Range;

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

/// One position that a study asks for at an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Number of its side, leverage and horizon among those of the study.
    pub cell: usize,
    pub side: Side,
    pub leverage: Leverage,
    pub notional: Cash,
    /// Horizon.
    pub bars: usize,
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
        let entries = entries(study, history)?;
        // Sizes and coins are the largest where the price is the lowest.
        if let Some(entry) = entries.iter().map(|entry| entry.price).min() {
            for (index, notional) in study.notionals.iter().enumerate() {
                let opening = Opening { notional: *notional, entry, scale: history.scale };
                allowed(study, rules, index, &opening)?;
            }
        }
        let short = |bars: &usize| entries.iter().filter(|entry| entry.room < *bars).count();
        let left_out: Vec<usize> = horizons.iter().map(short).collect();
        let plan = Self { entries, horizons, left_out };
        match plan.left_out.iter().all(|out| *out == plan.entries.len()) {
            true => Err(plan.nothing_opens(study, history).into()),
            false => Ok(plan),
        }
    }

    fn nothing_opens(&self, study: &Study, history: &History) -> Fault {
        let shortest = (0..self.horizons.len()).min_by_key(|index| self.horizons[*index]);
        let at = List::nth(study.raw.positions.horizon.as_ref(), shortest.unwrap_or_default());
        let problem = "positions.horizon: no entry has a full horizon before the history ends";
        let found = study.horizons.iter().map(|horizon| &*horizon.label).collect::<Vec<_>>();
        let longest = history.segments.iter().map(|segment| segment.end - segment.first).max();
        study.origin.fault(at, problem).found(found.join(", ")).accepted(format!(
            "a shorter horizon, an earlier entry or a longer history than {} bars of {}",
            longest.unwrap_or_default(),
            history.interval
        ))
    }

    /// The positions opened at one entry, in the order side × leverage × notional × horizon.
    pub fn wanted(&self, study: &Study, entry: &Entry) -> Vec<Wanted> {
        let horizons: Vec<(usize, usize)> = self.open(entry).collect();
        let mut all = Vec::new();
        for one in self.combinations(study) {
            let under = |(number, bars): &(usize, usize)| Wanted {
                cell: one.cell + number,
                bars: *bars,
                ..one
            };
            all.extend(horizons.iter().map(under));
        }
        all
    }

    /// The horizons that an entry has room for, with their numbers.
    pub fn open(&self, entry: &Entry) -> impl Iterator<Item = (usize, usize)> + '_ {
        let room = entry.room;
        self.horizons.iter().copied().enumerate().filter(move |(_, bars)| *bars <= room)
    }

    /// Side × leverage × notional, each with the cell of its first horizon and without bars.
    pub fn combinations<'a>(&'a self, study: &'a Study) -> impl Iterator<Item = Wanted> + 'a {
        let sides = study.sides.iter().enumerate();
        let horizons = self.horizons.len();
        sides.flat_map(move |(s, side)| {
            study.leverages.iter().enumerate().flat_map(move |(l, leverage)| {
                let cell = (s * study.leverages.len() + l) * horizons;
                study.notionals.iter().map(move |notional| Wanted {
                    cell,
                    side: *side,
                    leverage: *leverage,
                    notional: *notional,
                    bars: 0,
                })
            })
        })
    }

    /// Position `index` of the study: the one in this row of its outcomes, from 0. `None` past
    /// the last.
    pub fn position(&self, study: &Study, index: u64) -> Option<(Entry, Wanted)> {
        let combinations = study.sides.len() * study.leverages.len() * study.notionals.len();
        let mut before = index;
        for entry in &self.entries {
            let full = self.horizons.iter().filter(|bars| **bars <= entry.room).count();
            let here = (combinations * full) as u64;
            if before < here {
                let wanted = self.wanted(study, entry);
                return wanted.get(before as usize).map(|wanted| (*entry, *wanted));
            }
            before -= here;
        }
        None
    }

    /// How many positions the study opens.
    pub fn positions(&self, study: &Study) -> u64 {
        let per_entry = study.sides.len() * study.leverages.len() * study.notionals.len();
        let opened: usize = self.left_out.iter().map(|out| self.entries.len() - out).sum();
        (per_entry * opened) as u64
    }
}

/// A length of time in bars; `at` is where it was written.
fn in_bars(
    study: &Study,
    key: &str,
    at: Option<&Text>,
    (length, bar): (Interval, Interval),
) -> Result<usize> {
    if length.millis() % bar.millis() != 0 {
        let problem = format!("{key}: not a whole number of bars");
        return Err(study
            .origin
            .fault(at, problem)
            .found(length)
            .accepted(format!("a multiple of {bar}, the interval of the history"))
            .into());
    }
    Ok((length.millis() / bar.millis()) as usize)
}

fn horizons(study: &Study, bar: Interval) -> Result<Vec<usize>> {
    let bars = |(index, horizon): (usize, &Horizon)| {
        let at = List::nth(study.raw.positions.horizon.as_ref(), index);
        in_bars(study, "positions.horizon", at, (horizon.length, bar))
    };
    study.horizons.iter().enumerate().map(bars).collect()
}

/// Refuses what the venue would not let anyone open.
fn allowed(study: &Study, rules: &VenueRules, index: usize, opening: &Opening) -> Result<()> {
    let notional = opening.notional;
    if let Some(cap) = rules.tiers.cap.filter(|cap| opening.measure(rules) > *cap) {
        let at = List::nth(study.raw.positions.notional.as_ref(), index);
        let problem = format!(
            "positions.notional: above the largest position of {} for {}",
            rules.name, rules.symbol
        );
        let accepted = match (rules.tiers.lookup, rules.contract) {
            (Lookup::WholeByContracts, _) => {
                format!("an amount of at most {cap} contracts of {}", rules.face)
            }
            (_, Contract::Inverse) => {
                format!("an amount worth at most {cap} {}", rules.settlement)
            }
            (_, Contract::Linear) => format!("an amount of at most {cap}"),
        };
        return Err(study.origin.fault(at, problem).found(notional).accepted(accepted).into());
    }
    let initial = opening.initial(rules);
    match study.leverages.iter().position(|leverage| !opens(*leverage, initial)) {
        None => Ok(()),
        Some(index) => Err(too_high(study, rules, index, (notional, initial)).into()),
    }
}

fn too_high(
    study: &Study,
    rules: &VenueRules,
    index: usize,
    (notional, initial): (Cash, Rate),
) -> Fault {
    let at = List::nth(study.raw.positions.leverage.as_ref(), index);
    let problem = format!(
        "positions.leverage: above what {} allows for {} at a notional of {notional}",
        rules.name, rules.symbol
    );
    let highest = Rate::ONE as f64 / initial.steps() as f64;
    study
        .origin
        .fault(at, problem)
        .found(format!("{}x", study.leverages[index]))
        .accepted(format!("at most {highest:.0}x"))
}

/// Whether `1 / leverage ≥ initial rate`; the rate itself was rounded up by at most one step.
fn opens(leverage: Leverage, initial: Rate) -> bool {
    let (one, hundredths) = (i128::from(Rate::ONE), i128::from(leverage.hundredths()));
    i128::from(initial.steps() - 1) * hundredths <= one * i128::from(Leverage::ONE)
}

/// The bars that may be entries.
fn span(study: &Study, history: &History) -> Result<Range<usize>> {
    let place = |time: i64| history.time.partition_point(|open| *open < time);
    let (from, until) = study.span;
    let span = from.map_or(0, place)..until.map_or(history.len(), place);
    if !span.is_empty() {
        return Ok(span);
    }
    let raw = &study.raw.entries;
    let at = raw.from.as_ref().or(raw.until.as_ref());
    let (first, last) = (history.time[0], history.time[history.len() - 1]);
    Err(study
        .origin
        .fault(at, "entries: no bar of the history opens between `from` and `until`")
        .found(at.map_or("", |text| &text.text))
        .accepted(format!("times from {} to {}", rfc3339(first), rfc3339(last)))
        .into())
}

fn entries(study: &Study, history: &History) -> Result<Vec<Entry>> {
    let span = span(study, history)?;
    let bars: Vec<usize> = match &study.entries {
        Entries::EveryBar => span.collect(),
        Entries::Every(stride) => {
            let (key, at) = ("entries.every", study.raw.entries.every.as_ref());
            let stride = in_bars(study, key, at, (*stride, history.interval))?;
            span.step_by(stride).collect()
        }
        Entries::At(times) => {
            let mut bars = at_times(study, history, times)?;
            bars.retain(|bar| span.contains(bar));
            bars
        }
        Entries::Sample(count) => sampled(study, span, *count as usize)?,
    };
    let mut entries = Vec::with_capacity(bars.len());
    let mut rest = bars.as_slice();
    for segment in &history.segments {
        let (inside, after) = rest.split_at(rest.partition_point(|bar| *bar < segment.end));
        entries.extend(inside.iter().map(|bar| entry(study, history, *segment, *bar)));
        rest = after;
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
    let find = |(index, time): (usize, &i64)| {
        let found = history.time.binary_search(time);
        found.map_err(|_| Error::from(no_such_bar(study, history, index)))
    };
    let mut bars: Vec<usize> = times.iter().enumerate().map(find).collect::<Result<_>>()?;
    bars.sort_unstable();
    Ok(bars)
}

fn no_such_bar(study: &Study, history: &History, index: usize) -> Fault {
    let at = List::nth(study.raw.entries.at.as_ref(), index);
    study
        .origin
        .fault(at, "entries.at: not the open of a bar of the history")
        .found(at.map_or("", |text| &text.text))
        .accepted(format!(
            "opens of {} bars from {} to {}",
            history.interval,
            rfc3339(history.time[0]),
            rfc3339(history.time[history.len() - 1])
        ))
}

fn sampled(study: &Study, span: Range<usize>, count: usize) -> Result<Vec<usize>> {
    if count > span.len() {
        let at = study.raw.entries.sample.as_ref().map_or(Text::NOWHERE, |sample| sample.span());
        let problem = "entries.sample: more entries than the history has bars";
        return Err(Fault::new(study.origin.place(&at), problem)
            .found(count)
            .accepted(format!("at most {}", span.len()))
            .into());
    }
    let drawn = sample::distinct(study.seed, count, span.len());
    Ok(drawn.into_iter().map(|bar| span.start + bar).collect())
}
