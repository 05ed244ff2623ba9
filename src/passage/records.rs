//! Suffix records: of the bars ahead, those with a value lower than all before them.

/// The records ahead of a bar that walks backwards. Places and values are the caller's.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Nearest last: values rise from the first to the last, places fall.
    all: Vec<Record>,
    /// Records before this one lie beyond the window.
    bottom: usize,
}

#[derive(Debug, Clone, Copy)]
struct Record {
    value: i32,
    place: u32,
}

impl Records {
    /// Forgets all, for another walk.
    pub fn clear(&mut self) {
        self.all.clear();
        self.bottom = 0;
    }

    /// Takes the next place, which lies before all others.
    #[inline]
    pub fn push(&mut self, place: u32, value: i32) {
        while self.all.len() > self.bottom
            && self.all.last().is_some_and(|last| last.value >= value)
        {
            self.all.pop();
        }
        self.all.push(Record { value, place });
    }

    /// Leaves out the places from `end` on, for good.
    #[inline]
    pub fn close(&mut self, end: u32) {
        while self.all.get(self.bottom).is_some_and(|record| record.place >= end) {
            self.bottom += 1;
        }
    }

    /// The least value ahead; `None`: the window is empty.
    #[inline]
    pub fn least(&self) -> Option<i32> {
        self.all.get(self.bottom).map(|record| record.value)
    }

    /// The least value of the places before `end`; `None`: the window up to there is empty.
    ///
    /// `near` is the number of the record that the last question for a similar end came to; it
    /// saves steps and changes no answer.
    #[inline]
    pub fn least_before(&self, end: u32, near: &mut usize) -> Option<i32> {
        let lies_beyond = |number: usize| self.all.get(number).is_some_and(|at| at.place >= end);
        let mut at = (*near).clamp(self.bottom, self.all.len().max(self.bottom));
        while lies_beyond(at) {
            at += 1;
        }
        while at > self.bottom && !lies_beyond(at - 1) {
            at -= 1;
        }
        *near = at;
        self.all.get(at).map(|record| record.value)
    }

    /// The first place with a value of at most this, and the value; `None`: there is none.
    ///
    /// `near` is where the last search for a similar level ended; it saves steps and changes no
    /// answer.
    #[inline]
    pub fn first_at_most(&self, most: i32, near: &mut usize) -> Option<(u32, i32)> {
        if self.least()? > most {
            return None;
        }
        let records = &self.all[self.bottom..];
        let reaches = |record: &Record| record.value <= most;
        let split = near.saturating_sub(self.bottom).min(records.len() - 1) + 1;
        let (farther, nearer) = records.split_at(split);
        let at = match farther.last().is_some_and(reaches) {
            true => split - 1 + nearer.iter().take_while(|record| reaches(record)).count(),
            false => farther.iter().rposition(reaches)?,
        };
        *near = self.bottom + at;
        records.get(at).map(|record| (record.place, record.value))
    }
}

#[cfg(test)]
mod tests {
    use super::Records;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn records_find_what_a_walk_finds(
            values in prop::collection::vec(-30_i32..30, 1..400),
            window in 0_usize..80,
            levels in prop::collection::vec(-35_i32..35, 1..400),
            stride in 1_usize..4,
        ) {
            let (mut records, mut near) = (Records::default(), 0);
            let mut shorter = (0, 0);
            for start in (0..values.len()).rev() {
                records.push(start as u32, values[start]);
                if start % stride != 0 {
                    continue;
                }
                let end = values.len().min(start + window);
                records.close(end as u32);
                let level = levels[start % levels.len()];
                let ahead = &values[start..end];
                let walked = ahead.iter().position(|value| *value <= level);
                let found = records.first_at_most(level, &mut near);
                let walked = walked.map(|offset| ((start + offset) as u32, ahead[offset]));
                prop_assert_eq!(found, walked);
                prop_assert_eq!(records.least(), ahead.iter().min().copied());
                for (share, near) in [(2, &mut shorter.0), (5, &mut shorter.1)] {
                    let ahead = &ahead[..ahead.len() / share];
                    let end = (start + ahead.len()) as u32;
                    prop_assert_eq!(records.least_before(end, near), ahead.iter().min().copied());
                }
            }
        }
    }
}
