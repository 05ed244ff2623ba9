//! The same path in less time. Rule `PTH-006`.

use super::generated::{Generated, Making, unbroken, unfit};
use crate::fault::Result;
use crate::history::{Bars, History, MarkSource, Segment};
use crate::money::Price;
use std::ops::Range;
use std::sync::Arc;

/// From bar `first` on `factor` bars become one, in the time of one.
///
/// The new bar opens as the first of them, closes as the last, and spans the extremes of all; the
/// volumes are added. The last one holds what is left, which may be fewer. Settlements of funding
/// stay where the clock has them, at their recorded rates, and those beyond the new end are
/// dropped: a market that falls faster pays no more funding an hour. `factor` 1 gives the history
/// itself, and says so. How many bars are left is the length of the result.
///
/// Keeps: every level and the order of bars' extremes, so excursions and drawdowns counted in
/// levels, and which symbols fall together. Changes: all that is counted in time, and which extreme
/// of a bar came first. It is one path that was asked for; it says how much, never how often.
///
/// # Errors
/// A factor of 0, a bar outside the history, a history with gaps.
pub fn speed(history: &History, factor: usize, first: usize) -> Result<Generated> {
    if factor == 0 {
        let fault = unfit("speed: no bars in one").found(factor).accepted("a factor of at least 1");
        return Err(fault.into());
    }
    if first >= history.len() {
        let fault = unfit("speed: begins outside the bars").found(first);
        return Err(fault.accepted(format!("a bar below {}", history.len())).into());
    }
    if factor == 1 {
        return Ok(Generated::recorded(history.clone()));
    }
    unbroken(history)?;
    let making = Making::Speed { from: history.time[first], factor };
    Ok(Generated::by(hastened(history, factor, first), making))
}

fn hastened(history: &History, factor: usize, first: usize) -> History {
    let groups = groups(history.len(), factor, first);
    let time = history.time[..groups.len()].to_vec();
    let trade = Arc::new(joined(&history.trade, &groups));
    let mark = match history.mark_source {
        MarkSource::Recorded => Arc::new(joined(&history.mark, &groups)),
        MarkSource::TradeStandsIn => Arc::clone(&trade),
    };
    let total = |volume: &[i64], group: &Range<usize>| {
        volume[group.clone()].iter().fold(0_i64, |sum, volume| sum.saturating_add(*volume))
    };
    let volumes = |volume: &Vec<i64>| groups.iter().map(|group| total(volume, group)).collect();
    let closes = |index: &Vec<Price>| last_of(index, &groups);
    let end = time.last().map_or(i64::MIN, |last| last + history.interval.millis());
    let settled = history.funding.iter().filter(|settlement| settlement.time < end);
    History {
        trade,
        mark,
        volume: history.volume.as_ref().map(volumes),
        index: history.index.as_ref().map(closes),
        funding: settled.copied().collect(),
        segments: vec![Segment { first: 0, end: groups.len() }],
        time,
        ..history.clone()
    }
}

/// The recorded bars of each bar.
fn groups(bars: usize, factor: usize, first: usize) -> Vec<Range<usize>> {
    let alone = (0..first).map(|bar| bar..bar + 1);
    let joined = (first..bars).step_by(factor);
    alone.chain(joined.map(|bar| bar..bar.saturating_add(factor).min(bars))).collect()
}

fn joined(bars: &Bars, groups: &[Range<usize>]) -> Bars {
    let over = |prices: &[Price], pick: fn(Price, Price) -> Price| {
        let of = |group: &Range<usize>| {
            prices[group.clone()].iter().fold(prices[group.start], |best, price| pick(best, *price))
        };
        groups.iter().map(of).collect()
    };
    Bars {
        open: groups.iter().map(|group| bars.open[group.start]).collect(),
        high: over(&bars.high, Price::max),
        low: over(&bars.low, Price::min),
        close: last_of(&bars.close, groups),
    }
}

fn last_of(prices: &[Price], groups: &[Range<usize>]) -> Vec<Price> {
    groups.iter().map(|group| prices[group.end - 1]).collect()
}
