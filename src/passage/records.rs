//! Suffix records: of the bars ahead, those with a value lower than all before them.

/// The records ahead of a bar that walks backwards. Places and values are the caller's.
///
/// Nearest last: values rise from the first to the last, places fall.
#[derive(Debug, Clone, Default)]
pub struct Records {
    values: Vec<i32>,
    places: Vec<u32>,
    /// Records before this one lie beyond the window.
    bottom: usize,
}

impl Records {
    /// Forgets all, for another walk.
    pub fn clear(&mut self) {
        self.values.clear();
        self.places.clear();
        self.bottom = 0;
    }

    /// Takes the next place, which lies before all others.
    pub fn push(&mut self, place: u32, value: i32) {
        while self.values.len() > self.bottom && self.values.last().is_some_and(|v| *v >= value) {
            self.values.pop();
            self.places.pop();
        }
        self.values.push(value);
        self.places.push(place);
    }

    /// Leaves out the places from `end` on, for good.
    pub fn close(&mut self, end: u32) {
        while self.places.get(self.bottom).is_some_and(|place| *place >= end) {
            self.bottom += 1;
        }
    }

    /// The least value ahead; `None`: the window is empty.
    pub fn least(&self) -> Option<i32> {
        self.values.get(self.bottom).copied()
    }

    /// The first place with a value of at most this; `None`: there is none.
    ///
    /// `near` is where the last search for a similar level ended; it saves steps and changes no
    /// answer.
    pub fn first_at_most(&self, most: i32, near: &mut usize) -> Option<u32> {
        if self.least()? > most {
            return None;
        }
        let values = &self.values[self.bottom..];
        let mut at = near.saturating_sub(self.bottom).min(values.len() - 1);
        while values[at] > most {
            at -= 1;
        }
        while values.get(at + 1).is_some_and(|value| *value <= most) {
            at += 1;
        }
        *near = self.bottom + at;
        Some(self.places[*near])
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
                prop_assert_eq!(found, walked.map(|offset| (start + offset) as u32));
                prop_assert_eq!(records.least(), ahead.iter().min().copied());
            }
        }
    }
}
