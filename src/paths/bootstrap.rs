//! Recorded bars in another order, all symbols together. Rules `PTH-007` to `PTH-009`.

use super::displace::{Layout, Logs, Row, displaced};
use super::generated::{Draws, Generated, Making, Purpose, unbroken, unfit};
use crate::fault::Result;
use crate::history::{Funding, History, rfc3339};
use crate::scenario::draws::{Stream, below, unit};
use std::fmt;

pub(super) const DAY: i64 = 86_400_000;
/// Days in different orders are paths; one day is not.
const FEWEST_DAYS: usize = 2;

/// What stays together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// Whole days, from midnight to midnight UTC.
    Days,
    /// Blocks of geometric length, so many bars in the mean, from anywhere: the stationary
    /// bootstrap of Politis and Romano (1994). What follows the last bar is the first.
    Stationary { mean: usize },
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days => f.write_str("whole days"),
            Self::Stationary { mean } => write!(f, "blocks of {mean} bars in the mean"),
        }
    }
}

/// `length` bars of each history, made of blocks that are drawn with replacement, the same for
/// all symbols.
///
/// A row is a bar relative to the mark's close before it: the logs of open, high, low and close of
/// the mark, the log distances of trade and index to it, the volume, and the funding that was
/// settled within the bar. Prices are rebuilt from the mark that the first block's history starts
/// from; the first recorded bar, which has none before it, is relative to its own open. Bars follow
/// each other without a gap from the first bar, or the first midnight, of the record.
///
/// Keeps: the shape of every bar, what all symbols did in it, the basis and the funding with it;
/// inside a block also the clustering of volatility and what leads to what. Changes: everything
/// that lasts longer than a block, such as trends, falls and volatile weeks. No bar is deeper than
/// the deepest recorded one.
///
/// # Errors
/// No histories, histories with gaps or with different bars, no bars asked for, a block without
/// bars, for days fewer than 2 whole ones or bars that do not divide a day, a price that leaves the
/// grid.
pub fn bootstrap(
    histories: &[&History],
    blocks: Blocks,
    length: usize,
    draws: Draws,
) -> Result<Vec<Generated>> {
    let source = Source::of(histories, blocks)?;
    if length == 0 {
        let fault = unfit("bootstrap: no bars are asked for").found(length);
        return Err(fault.accepted("a length of at least 1").into());
    }
    let bars = source.drawn(blocks, length, draws);
    let making = Making::Blocks { blocks, draws };
    let rebuilt = |history: &&History| {
        let layout = laid_out(history, source.first, &bars);
        Ok(Generated::by(displaced(history, layout)?, making))
    };
    histories.iter().map(rebuilt).collect()
}

/// What blocks are drawn from.
struct Source {
    /// First bar of the record that belongs to a block.
    first: usize,
    /// Bars from there on that do.
    count: usize,
    per_day: usize,
}

impl Source {
    fn of(histories: &[&History], blocks: Blocks) -> Result<Self> {
        let Some((first, others)) = histories.split_first() else {
            return Err(unfit("bootstrap: no histories").accepted("at least one").into());
        };
        histories.iter().try_for_each(|history| unbroken(history))?;
        if let Some(other) = others.iter().find(|other| other.time != first.time) {
            let fault = unfit("bootstrap: other bars than those of the first symbol");
            let accepted = format!("the bars of {}", first.symbol);
            return Err(fault.found(&other.symbol).accepted(accepted).into());
        }
        match blocks {
            Blocks::Days => Self::days(first),
            Blocks::Stationary { mean: 0 } => {
                let fault = unfit("bootstrap: blocks without bars").found(0);
                Err(fault.accepted("a mean of at least 1 bar").into())
            }
            Blocks::Stationary { .. } => Ok(Self { first: 0, count: first.len(), per_day: 0 }),
        }
    }

    fn days(history: &History) -> Result<Self> {
        let interval = history.interval.millis();
        if DAY % interval != 0 {
            let fault = unfit("bootstrap: bars that do not divide a day").found(history.interval);
            return Err(fault.accepted("bars of a second to a day").into());
        }
        let per_day = (DAY / interval) as usize;
        let first = history.time.iter().position(|time| time.rem_euclid(DAY) == 0);
        let days = first.map_or(0, |first| (history.len() - first) / per_day);
        if days < FEWEST_DAYS {
            let last = history.time.last().map_or(String::new(), |last| rfc3339(*last));
            let fault = unfit("bootstrap: too few whole days")
                .found(format!("{days} from {} to {last}", rfc3339(history.time[0])));
            return Err(fault.accepted(format!("at least {FEWEST_DAYS} days, UTC")).into());
        }
        Ok(Self { first: first.unwrap_or_default(), count: days * per_day, per_day })
    }

    /// Recorded bars, in the order of the path.
    fn drawn(&self, blocks: Blocks, length: usize, draws: Draws) -> Vec<usize> {
        let mut stream = draws.stream(Purpose::Blocks);
        match blocks {
            Blocks::Days => self.days_drawn(length, &mut stream),
            Blocks::Stationary { mean } => self.stationary(mean, length, &mut stream),
        }
    }

    fn days_drawn(&self, length: usize, stream: &mut Stream) -> Vec<usize> {
        let days = (self.count / self.per_day) as u64;
        let day = |_| below(stream.bits(), days) as usize * self.per_day + self.first;
        let starts = (0..length.div_ceil(self.per_day)).map(day);
        starts.flat_map(|start| start..start + self.per_day).take(length).collect()
    }

    fn stationary(&self, mean: usize, length: usize, stream: &mut Stream) -> Vec<usize> {
        let mut bar = 0;
        let next = |at| {
            let (ends, start) = (unit(stream.bits()), stream.bits());
            bar = match at == 0 || ends * mean as f64 <= 1.0 {
                true => below(start, self.count as u64) as usize,
                false => (bar + 1) % self.count,
            };
            bar
        };
        (0..length).map(next).collect()
    }
}

fn laid_out(history: &History, first: usize, bars: &[usize]) -> Layout {
    let logs = Logs(history);
    let mut level = logs.before(first);
    let row = |&bar: &usize| {
        let before = logs.before(bar);
        let row = Row { bar, by: [level - before; 4] };
        level += logs.close(bar) - before;
        row
    };
    let rows = bars.iter().map(row).collect();
    let step = history.interval.millis();
    let start = history.time[first];
    let time: Vec<i64> = (0..bars.len() as i64).map(|bar| start + bar * step).collect();
    let moved = time.iter().zip(bars).flat_map(|(time, bar)| settled(history, *bar, *time));
    let funding = moved.collect();
    Layout { time, rows, funding }
}

/// The settlements within a recorded bar, in the bar that opens at `time`.
fn settled(history: &History, bar: usize, time: i64) -> impl Iterator<Item = Funding> + '_ {
    let open = history.time[bar];
    let end = open + history.interval.millis();
    let first = history.funding.partition_point(|settlement| settlement.time < open);
    let within = history.funding[first..].iter().take_while(move |one| one.time < end);
    within.map(move |one| Funding { time: one.time - open + time, rate: one.rate })
}
