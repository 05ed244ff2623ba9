//! Minima of blocks of blocks.

use std::ops::Range;

/// Entries of a block.
const FAN: usize = 16;

/// Rows of minima: the values themselves, the least of each [`FAN`] of them, and so on, until a row
/// is one block.
#[derive(Debug, Clone)]
pub struct Pyramid {
    rows: Vec<Vec<i64>>,
}

impl Pyramid {
    pub fn of(values: Vec<i64>) -> Self {
        let mut rows = vec![values];
        while let Some(row) = rows.last().filter(|row| row.len() > FAN) {
            rows.push(row.chunks(FAN).map(least).collect());
        }
        Self { rows }
    }

    /// The first place of a range, which may end beyond the values, with a value of at most this.
    pub fn first_at_most(&self, range: Range<usize>, most: i64) -> Option<usize> {
        let (mut height, mut at, mut stretch) = (0, range.start, 1_usize);
        while at.saturating_mul(stretch) < range.end {
            let row = &self.rows[height];
            let end = row.len().min((at / FAN + 1) * FAN);
            if let Some(hit) = first_in(row.get(at..end)?, most) {
                let place = self.below(height, at + hit, most);
                return Some(place).filter(|place| *place < range.end);
            }
            if end == row.len() || height + 1 == self.rows.len() {
                return None;
            }
            (height, at, stretch) = (height + 1, end / FAN, stretch * FAN);
        }
        None
    }

    /// The first value of at most this under a node that has one.
    fn below(&self, height: usize, node: usize, most: i64) -> usize {
        (0..height).rev().fold(node, |node, height| {
            let row = &self.rows[height];
            let block = &row[node * FAN..row.len().min((node + 1) * FAN)];
            node * FAN + first_in(block, most).unwrap_or_default()
        })
    }

    /// The least value of a range; `None`: the range is empty or ends beyond the values.
    pub fn least(&self, range: Range<usize>) -> Option<i64> {
        let Range { mut start, mut end } = range;
        if start >= end || end > self.rows[0].len() {
            return None;
        }
        let (mut found, top) = (i64::MAX, self.rows.len() - 1);
        for (height, row) in self.rows.iter().enumerate() {
            let (up, down) = (start.next_multiple_of(FAN), end / FAN * FAN);
            if up >= down || height == top {
                return Some(found.min(least(&row[start..end])));
            }
            found = found.min(least(&row[start..up])).min(least(&row[down..end]));
            (start, end) = (up / FAN, down / FAN);
        }
        Some(found)
    }
}

fn least(block: &[i64]) -> i64 {
    block.iter().fold(i64::MAX, |least, value| least.min(*value))
}

/// Without a branch a value: most blocks hold no such value or hold it anywhere.
fn first_in(block: &[i64], most: i64) -> Option<usize> {
    let hits = block.iter().rev().fold(0_u32, |hits, value| hits << 1 | u32::from(*value <= most));
    (hits != 0).then(|| hits.trailing_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::Pyramid;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_pyramid_finds_what_a_walk_finds(
            values in prop::collection::vec(-40_i64..40, 1..6_000),
            ranges in prop::collection::vec((0_usize..6_000, 0_usize..6_200, -45_i64..45), 1..40),
        ) {
            let pyramid = Pyramid::of(values.clone());
            for (start, length, most) in ranges {
                let start = start % values.len();
                let range = start..start + length;
                let inside = &values[start..values.len().min(range.end)];
                let walked = inside.iter().position(|value| *value <= most);
                let walked = walked.map(|offset| start + offset);
                prop_assert_eq!(pyramid.first_at_most(range.clone(), most), walked);
                let whole = range.end <= values.len();
                let least = inside.iter().min().copied().filter(|_| whole);
                prop_assert_eq!(pyramid.least(range), least);
            }
        }

        #[test]
        fn whole_blocks_have_a_least_value(
            values in prop::collection::vec(-40_i64..40, 2 * 4_096),
            (first, blocks) in (0_usize..4, 1_usize..4),
            size in prop_oneof![Just(16_usize), Just(256), Just(2_048)],
        ) {
            let range = first * size..(first + blocks).min(4) * size;
            let pyramid = Pyramid::of(values[..4 * size].to_vec());
            let least = values[range.clone()].iter().min().copied();
            prop_assert_eq!(pyramid.least(range), least);
            prop_assert_eq!(pyramid.least(0..4 * size), values[..4 * size].iter().min().copied());
        }

        /// Rare values: most of the pyramid is passed over.
        #[test]
        fn one_value_far_away_is_found(
            place in 0_usize..70_000,
            start in 0_usize..70_000,
            end in 0_usize..80_000,
        ) {
            let mut values = vec![7_i64; 70_000];
            values[place] = -1;
            let pyramid = Pyramid::of(values);
            let expected = (start..end).contains(&place).then_some(place);
            prop_assert_eq!(pyramid.first_at_most(start..end, 0), expected);
        }
    }
}
