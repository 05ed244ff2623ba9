//! The steps of a history, and which row of each series falls on which step.

use super::bars::Interval;
use super::raw::Kind;
use super::stamp::rfc3339;
use super::track::Track;
use crate::fault::{Fault, Result};

/// Steps that a history may span beyond the bars it has: 95 years of minutes.
const LARGEST_HOLE: i64 = 50_000_000;
const ABSENT: u32 = u32::MAX;

/// Row of a series for each step.
pub(super) enum Slots {
    /// So many steps, and each has the row of its own number.
    Rows(usize),
    /// One entry a step; [`ABSENT`] where the series lacks the bar.
    Sparse(Vec<u32>),
}

impl Slots {
    #[inline]
    pub fn row(&self, slot: usize) -> Option<usize> {
        match self {
            Self::Rows(rows) => (slot < *rows).then_some(slot),
            Self::Sparse(rows) => {
                Some(rows[slot]).filter(|&row| row != ABSENT).map(|row| row as usize)
            }
        }
    }

    fn has(&self, slot: usize) -> bool {
        self.row(slot).is_some()
    }

    fn len(&self) -> usize {
        match self {
            Self::Rows(rows) => *rows,
            Self::Sparse(rows) => rows.len(),
        }
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
                .found(rfc3339(last))
                .accepted("one history without holes of decades")
                .into());
        }
        let span = Span { first, step, count: count as usize };
        let mark = mark.map(|track| span.covered(track)).transpose()?;
        let index = index.map(|track| span.covered(track)).transpose()?;
        let trade = span.slots(trade)?;
        let mut grid = Self { first, step, trade, mark, index, missing: 0 };
        grid.missing = grid.count_missing();
        Ok(grid)
    }

    fn count_missing(&self) -> u64 {
        let mut all = [Some(&self.trade), self.mark.as_ref(), self.index.as_ref()].into_iter();
        if all.all(|slots| slots.is_none_or(|slots| matches!(slots, Slots::Rows(_)))) {
            return 0;
        }
        (0..self.len()).filter(|&slot| !self.is_whole(slot)).count() as u64
    }

    pub fn len(&self) -> usize {
        self.trade.len()
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
        if self.is_filled_by(track) {
            return Ok(Slots::Rows(self.count));
        }
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
        Ok(Slots::Sparse(slots))
    }

    /// Rising bars of this step from the first to the last, and as many as there are steps.
    fn is_filled_by(&self, track: &Track) -> bool {
        let time = &track.series.time;
        track.interval.is_some()
            && time.len() == self.count
            && time.first() == Some(&self.first)
            && time.last() == Some(&(self.first + (self.count as i64 - 1) * self.step))
    }

    fn off_step(&self, track: &Track, row: usize) -> Fault {
        let time = track.series.time[row];
        track
            .at_time(row, "bar between the steps of the trade bars")
            .found(rfc3339(time))
            .accepted(format!("{} and whole steps from it", rfc3339(self.first)))
    }

    /// [`Span::slots`] of a series that must reach from the first to the last trade bar.
    fn covered(&self, track: &Track) -> Result<Slots> {
        let slots = self.slots(track)?;
        let uncovered = match (slots.has(0), slots.has(self.count - 1)) {
            (false, _) => 0,
            (_, false) => (0..self.count).rfind(|&slot| slots.has(slot)).map_or(0, |slot| slot + 1),
            _ => return Ok(slots),
        };
        let kind = track.series.kind;
        let time = |slot: usize| rfc3339(self.first + slot as i64 * self.step);
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
