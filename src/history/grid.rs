//! The steps of a history, and which row of each series falls on which step.

use super::bars::Interval;
use super::raw::Kind;
use super::stamp::show;
use super::track::Track;
use crate::fault::{Fault, Result};

/// Steps that a history may span beyond the bars it has: 95 years of minutes.
const LARGEST_HOLE: i64 = 50_000_000;
const ABSENT: u32 = u32::MAX;

/// Row of a series for each step; none where it lacks the bar.
pub(super) struct Slots(Vec<u32>);

impl Slots {
    #[inline]
    pub fn row(&self, slot: usize) -> Option<usize> {
        Some(self.0[slot]).filter(|&row| row != ABSENT).map(|row| row as usize)
    }

    /// Whether slot and row are the same number throughout.
    pub fn are_rows(&self) -> bool {
        self.0.iter().enumerate().all(|(slot, &row)| slot == row as usize)
    }

    fn has(&self, slot: usize) -> bool {
        self.0[slot] != ABSENT
    }
}

/// Uniform steps from the first to the last trade bar.
pub(super) struct Grid {
    first: i64,
    step: i64,
    pub trade: Slots,
    pub mark: Option<Slots>,
    pub index: Option<Slots>,
    /// Steps that some series lacks.
    pub missing: u64,
}

impl Grid {
    pub fn of(
        interval: Interval,
        trade: &Track,
        mark: Option<&Track>,
        index: Option<&Track>,
    ) -> Result<Self> {
        let time = &trade.series.time;
        let step = interval.millis();
        let (first, last) = (time[0], time[time.len() - 1]);
        let count = (last - first) / step + 1;
        if count - time.len() as i64 > LARGEST_HOLE || count >= i64::from(ABSENT) {
            let row = time.len() - 1;
            return Err(trade
                .at_time(row, "too far from the first bar")
                .found(show(last))
                .accepted("one history without holes of decades")
                .into());
        }
        let span = Span { first, step, count: count as usize };
        let mark = mark.map(|track| span.covered(track)).transpose()?;
        let index = index.map(|track| span.covered(track)).transpose()?;
        let trade = span.slots(trade)?;
        let mut grid = Self { first, step, trade, mark, index, missing: 0 };
        grid.missing = (0..grid.len()).filter(|&slot| !grid.is_whole(slot)).count() as u64;
        Ok(grid)
    }

    pub fn len(&self) -> usize {
        self.trade.0.len()
    }

    pub fn time(&self, slot: usize) -> i64 {
        self.first + slot as i64 * self.step
    }

    /// Whether `time` falls into one of the bars or between them.
    pub fn spans(&self, time: i64) -> bool {
        (self.first..self.time(self.len())).contains(&time)
    }

    /// Whether every series has this bar.
    pub fn is_whole(&self, slot: usize) -> bool {
        self.lacks(slot).is_none()
    }

    /// The first series that lacks this bar.
    pub fn lacks(&self, slot: usize) -> Option<Kind> {
        let lacks = |slots: &Option<Slots>| slots.as_ref().is_some_and(|slots| !slots.has(slot));
        match self.trade.has(slot) {
            false => Some(Kind::Trade),
            true if lacks(&self.mark) => Some(Kind::Mark),
            true => lacks(&self.index).then_some(Kind::Index),
        }
    }
}

struct Span {
    first: i64,
    step: i64,
    count: usize,
}

impl Span {
    /// Bars sit on their step; single prices count for the step in which they fall, the last of
    /// them as its close.
    fn slots(&self, track: &Track) -> Result<Slots> {
        let mut slots = vec![ABSENT; self.count];
        for (row, &time) in track.series.time.iter().enumerate() {
            let offset = time - self.first;
            if track.interval.is_some() && offset % self.step != 0 {
                return Err(self.off_step(track, row).into());
            }
            let slot = usize::try_from(offset.div_euclid(self.step)).ok();
            if let Some(slot) = slot.filter(|&slot| slot < self.count) {
                slots[slot] = row as u32;
            }
        }
        Ok(Slots(slots))
    }

    fn off_step(&self, track: &Track, row: usize) -> Fault {
        let time = track.series.time[row];
        track
            .at_time(row, "bar between the steps of the trade bars")
            .found(show(time))
            .accepted(format!("{} and whole steps from it", show(self.first)))
    }

    /// [`Span::slots`] of a series that must reach from the first to the last trade bar.
    fn covered(&self, track: &Track) -> Result<Slots> {
        let slots = self.slots(track)?;
        let uncovered = match (slots.has(0), slots.has(self.count - 1)) {
            (false, _) => 0,
            (_, false) => slots.0.iter().rposition(|&row| row != ABSENT).map_or(0, |slot| slot + 1),
            _ => return Ok(slots),
        };
        let kind = track.series.kind;
        let time = |slot: usize| show(self.first + slot as i64 * self.step);
        Err(track
            .at_time(
                if uncovered == 0 { 0 } else { track.series.len() - 1 },
                &format!("{kind} does not cover the trade bars: none at {}", time(uncovered)),
            )
            .accepted(format!(
                "{kind} from {} to {}; leave it out, or cut the trade bars",
                time(0),
                time(self.count - 1)
            ))
            .into())
    }
}
